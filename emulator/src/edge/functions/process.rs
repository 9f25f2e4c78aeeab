//! A process of a function, under its supervisor.

use std::ffi::OsString;
use std::io::{self, PipeWriter, Write as _};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::process::{Child, Command};
use tokio::sync::watch;

use super::memory;

/// Longest line of a supervisor.
const LINE_BYTES_MAX: u64 = 4096;
/// Data that a process may have beyond its function's memory before the system refuses it more:
/// what interpreters set aside without using it. Memory in use is watched and bounded closer.
const SPARE_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// What to run, and with what.
#[derive(Clone, Debug)]
pub(super) struct Launch {
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<OsString>,
    pub(super) variables: Vec<(OsString, OsString)>,
    pub(super) directory: PathBuf,
    /// Removed at its end.
    pub(super) folder: PathBuf,
    pub(super) memory_megabytes: u32,
}

/// How a process ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// `exit status 1`, `signal: killed`.
    Exited(String),
    /// It could not begin.
    NotBegun(String),
}

/// A process that runs. Dropped, it is ended, with all that it has begun.
pub(super) struct Process {
    /// To the supervisor; when it is shut, the process is ended.
    line: StdUnixStream,
    pid: Arc<AtomicU32>,
    ended: watch::Receiver<Option<Ended>>,
}

impl Process {
    /// Begins it; it writes to `output`.
    pub(super) fn begin(
        supervisor: &Path,
        launch: &Launch,
        output: &PipeWriter,
    ) -> io::Result<Self> {
        let (ours, theirs) = StdUnixStream::pair()?;
        let bytes = u64::from(launch.memory_megabytes) * 2 * 1024 * 1024 + SPARE_BYTES;
        let mut command = Command::new(supervisor);
        command
            .args(["supervise", "--data-bytes-max", &bytes.to_string(), "--folder"])
            .arg(&launch.folder)
            .arg("--")
            .arg(&launch.program)
            .args(&launch.arguments)
            .current_dir(&launch.directory)
            .env_clear()
            .envs(launch.variables.iter().cloned())
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::from(output.try_clone()?))
            .stderr(Stdio::from(output.try_clone()?))
            // A signal from the keyboard is skyrig's alone: the supervisor stays to clean up.
            .process_group(0);
        let child = command.spawn()?;
        drop(command);
        ours.set_nonblocking(true)?;
        let line = ours.try_clone()?;
        let said = UnixStream::from_std(ours)?;
        let (tell, ended) = watch::channel(None);
        let pid = Arc::new(AtomicU32::new(0));
        tokio::spawn(follow(child, said, Arc::clone(&pid), tell));
        Ok(Self { line, pid, ended })
    }

    /// Waits until it has ended, without holding it.
    pub(super) fn ended(&self) -> impl Future<Output = Ended> + use<> {
        let mut ended = self.ended.clone();
        async move {
            match ended.wait_for(Option::is_some).await.map(|ended| ended.clone()) {
                Ok(Some(ended)) => ended,
                _ => Ended::Exited("signal: killed".to_owned()),
            }
        }
    }

    /// Ends it, with all that it has begun.
    pub(super) fn end(&self) {
        // So that the supervisor can tell it from the end of skyrig. It may have ended itself.
        let _gone = (&self.line).write_all(b"end\n");
        let _gone = self.line.shutdown(Shutdown::Write);
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ended.borrow().is_some() || self.ended.has_changed().is_err()
    }

    /// The most memory that it has used, in bytes.
    pub(super) fn memory_used_bytes(&self) -> u64 {
        match self.pid.load(Ordering::Relaxed) {
            0 => 0,
            pid => memory::used_bytes(pid),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// Reads what the supervisor says, until it ends.
async fn follow(
    mut child: Child,
    said: UnixStream,
    pid: Arc<AtomicU32>,
    tell: watch::Sender<Option<Ended>>,
) {
    let mut lines = BufReader::new(said.take(LINE_BYTES_MAX)).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(number) = line.strip_prefix("pid ") {
            pid.store(number.parse().unwrap_or(0), Ordering::Relaxed);
            continue;
        }
        // Its number may be another's from here on.
        pid.store(0, Ordering::Relaxed);
        let ended = match line.strip_prefix("failed: ") {
            Some(reason) => Ended::NotBegun(reason.to_owned()),
            None => Ended::Exited(line),
        };
        tell.send_replace(Some(ended));
    }
    pid.store(0, Ordering::Relaxed);
    if tell.borrow().is_none() {
        tell.send_replace(Some(Ended::Exited("signal: killed".to_owned())));
    }
    // Reaped, so that it does not stay in the table of processes.
    let _reaped = child.wait().await;
}
