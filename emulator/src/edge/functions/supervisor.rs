//! `skyrig supervise`, which skyrig itself begins for each process of a function: it begins the
//! process, says how it ended, and ends it with all that it has begun when skyrig is gone, also
//! after `kill -9`.
//!
//! Standard input is a socket to skyrig. Lines go to it: `pid N`, then `exit status N` or
//! `signal: N`, or `failed: REASON`. When it ends, so does everything. After a line `end` only this
//! process's own folder is removed, otherwise skyrig is gone, and what all of them share goes too.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::process::{
    Pid, Resource, Rlimit, Signal, WaitId, WaitIdOptions, WaitOptions, kill_process,
    kill_process_group, setrlimit, wait, waitid,
};

/// Most rounds in which processes that have left the group are looked for.
const ROUNDS_MAX: usize = 100;

/// What to begin, and what to leave behind.
#[derive(Debug, clap::Args)]
pub struct Supervise {
    /// Removed at the end; it stands in a folder of such folders, which stands in one that skyrig
    /// made for all its functions.
    #[arg(long)]
    folder: PathBuf,
    /// Most bytes of data of a process; beyond it, memory is refused.
    #[arg(long)]
    data_bytes_max: Option<u64>,
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

/// Whether the process still runs, so that its number is nobody else's.
type Running = Arc<Mutex<Option<Pid>>>;

impl Supervise {
    /// Begins the process and stays until skyrig says so or is gone.
    pub fn run(&self) -> ExitCode {
        match self.supervised() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_nobody_to_tell) => ExitCode::FAILURE,
        }
    }

    fn supervised(&self) -> io::Result<()> {
        let mut line = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
        self.limit();
        let running = Running::default();
        let watching = {
            let (line, running) = (line.try_clone()?, Arc::clone(&running));
            std::thread::Builder::new().spawn(move || watch(line, &running))?
        };
        let ended = match self.begin(&running) {
            Ok((mut child, pid)) => {
                // Skyrig may be gone already; then the other thread ends what was begun.
                let _gone = writeln!(line, "pid {}", pid.as_raw_nonzero());
                // It stays in the table of processes until it is reaped, so its number is its own.
                let leave = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
                while matches!(waitid(WaitId::Pid(pid), leave), Err(rustix::io::Errno::INTR)) {}
                end_group(&running, true);
                said(child.wait()?)
            }
            Err(reason) => format!("failed: {reason}"),
        };
        end_orphans();
        // Skyrig may be gone.
        let _gone = writeln!(line, "{ended}");
        let in_order = watching.join().unwrap_or(false);
        self.clean(in_order);
        Ok(())
    }

    fn limit(&self) {
        // Where a limit can't be set, memory is watched all the same.
        let none = Rlimit { current: Some(0), maximum: Some(0) };
        let _kept = setrlimit(Resource::Core, none);
        if let Some(max) = self.data_bytes_max {
            let _kept =
                setrlimit(Resource::Data, Rlimit { current: Some(max), maximum: Some(max) });
        }
        // Who leaves the group becomes a child of this process when its parent ends.
        #[cfg(target_os = "linux")]
        let _older = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
    }

    fn begin(&self, running: &Running) -> io::Result<(std::process::Child, Pid)> {
        let (program, arguments) = self.command.split_first().ok_or(io::ErrorKind::InvalidInput)?;
        // Under the lock, so that an end that comes now waits for the number.
        let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
        let child =
            Command::new(program).args(arguments).stdin(Stdio::null()).process_group(0).spawn()?;
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let pid = pid.ok_or(io::ErrorKind::InvalidData)?;
        *running = Some(pid);
        Ok((child, pid))
    }

    fn clean(&self, in_order: bool) {
        let _gone = fs::remove_dir_all(&self.folder);
        if in_order {
            return;
        }
        // The last one removes what all have shared.
        let all = self.folder.parent();
        if let Some(root) = all.and_then(Path::parent)
            && all.is_some_and(|all| fs::remove_dir(all).is_ok())
        {
            let _gone = fs::remove_dir_all(root);
        }
    }
}

/// Reads until the end; whether skyrig has said that it comes.
fn watch(line: UnixStream, running: &Running) -> bool {
    let mut heard = Vec::new();
    // Whatever ends it, nobody is there any more.
    let _ended = line.take(1024).read_to_end(&mut heard);
    end_group(running, false);
    heard.starts_with(b"end")
}

/// Ends the process and its group. `is_over` says that it has ended by itself, and its group must
/// not stay.
fn end_group(running: &Running, is_over: bool) {
    let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(pid) = *running {
        // Nobody may be left in it.
        let _none = kill_process_group(pid, Signal::KILL);
    }
    if is_over {
        *running = None;
    }
}

/// Ends the processes that have left the group, which are this one's children now.
fn end_orphans() {
    for _ in 0..ROUNDS_MAX {
        let children = children_of(std::process::id());
        for child in &children {
            if let Some(pid) = i32::try_from(*child).ok().and_then(Pid::from_raw) {
                let _gone = kill_process(pid, Signal::KILL);
            }
        }
        if children.is_empty() || wait(WaitOptions::empty()).is_err() {
            return;
        }
    }
}

/// The processes that a process has begun, as far as the system says so.
pub(super) fn children_of(pid: u32) -> Vec<u32> {
    let Ok(tasks) = fs::read_dir(format!("/proc/{pid}/task")) else { return Vec::new() };
    let lists =
        tasks.flatten().filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    lists.flat_map(|list| numbers(&list)).collect()
}

fn numbers(list: &str) -> Vec<u32> {
    list.split_whitespace().filter_map(|it| it.parse().ok()).collect()
}

/// In Go's words, which are Lambda's: `exit status 1`, `signal: killed`.
fn said(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(signal)) => format!("signal: {}", signal_name(signal)),
        (None, None) => status.to_string(),
    }
}

fn signal_name(signal: i32) -> String {
    let named = match Signal::from_named_raw(signal) {
        Some(Signal::KILL) => "killed",
        Some(Signal::TERM) => "terminated",
        Some(Signal::INT) => "interrupt",
        Some(Signal::HUP) => "hangup",
        Some(Signal::ABORT) => "aborted",
        Some(Signal::SEGV) => "segmentation fault",
        Some(Signal::BUS) => "bus error",
        Some(Signal::FPE) => "floating point exception",
        Some(Signal::ILL) => "illegal instruction",
        Some(Signal::TRAP) => "trace/breakpoint trap",
        Some(Signal::PIPE) => "broken pipe",
        _ => return format!("signal {signal}"),
    };
    named.to_owned()
}
