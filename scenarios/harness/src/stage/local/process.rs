//! One process: started with its output captured, sent signals, started again, and ended when
//! dropped. It does not know what it is for.

use crate::stage::http::call;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout, timeout_at};

/// Only the end of a log is kept.
const LOG_BYTES_MAX: usize = 64 * 1024;
const HEALTH_EVERY: Duration = Duration::from_millis(50);

/// Stands in the log between two lives of a process.
const AGAIN: &str = "--- started again ---\n";

/// A process. Dropping it kills it.
#[derive(Debug)]
pub struct Process {
    name: String,
    program: PathBuf,
    arguments: Vec<OsString>,
    settings: Vec<(String, String)>,
    child: Child,
    /// What reads its two outputs.
    captures: Vec<JoinHandle<()>>,
    log: watch::Sender<String>,
}

/// What a process wrote to both outputs, even after it is gone.
#[derive(Clone, Debug)]
pub struct Log(watch::Receiver<String>);

/// What a process can't refuse.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Signal {
    Stop,
    Continue,
    Terminate,
}

impl Process {
    /// Starts `program`. `name` stands for it in reports. Must be called on a tokio runtime.
    pub fn start<A, E>(
        name: &str,
        program: &Path,
        arguments: A,
        settings: E,
    ) -> Result<Self, String>
    where
        A: IntoIterator<Item: AsRef<OsStr>>,
        E: IntoIterator<Item = (String, String)>,
    {
        let arguments: Vec<_> = owned(arguments);
        let settings: Vec<_> = settings.into_iter().collect();
        let log = watch::Sender::new(String::new());
        let (child, captures) = spawn(name, program, &arguments, &settings, &log)?;
        let (name, program) = (name.to_owned(), program.to_owned());
        Ok(Self { name, program, arguments, settings, child, captures, log })
    }

    /// With what arguments it is started again, if not with the same.
    pub fn again_with<A: IntoIterator<Item: AsRef<OsStr>>>(&mut self, arguments: A) {
        self.arguments = owned(arguments);
    }

    /// Starts the program again, after it ended. The log goes on.
    pub fn start_again(&mut self) -> Result<(), String> {
        self.log.send_modify(|log| log.push_str(AGAIN));
        let (arguments, settings) = (&self.arguments, &self.settings);
        let spawned = spawn(&self.name, &self.program, arguments, settings, &self.log)?;
        (self.child, self.captures) = spawned;
        Ok(())
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it wrote to both outputs so far and will write, or the end of that.
    pub fn log(&self) -> Log {
        Log(self.log.subscribe())
    }

    /// What follows `marker` up to the next white space, as soon as the process writes it: the
    /// way to learn the port that the system chose for it.
    pub async fn word_after(&mut self, marker: &str, within: Duration) -> Result<String, String> {
        let find = |log: &str| {
            let (_, after) = log.split_once(marker)?;
            after.split_once(char::is_whitespace).map(|(word, _)| word.to_owned())
        };
        self.find(marker, find, within).await
    }

    /// Waits until it writes `words`.
    pub async fn writes(&mut self, words: &str, within: Duration) -> Result<(), String> {
        self.find(words, |log| log.contains(words).then_some(()), within).await
    }

    /// What is found in the log of the present life, as soon as it is there.
    async fn find<T>(
        &mut self,
        what: &str,
        find: impl Fn(&str) -> Option<T>,
        within: Duration,
    ) -> Result<T, String> {
        let find = |log: &str| find(log.rsplit(AGAIN).next().unwrap_or(log));
        let mut log = self.log.subscribe();
        let ended = async {
            let _status = self.child.wait().await;
            for capture in &mut self.captures {
                // What it wrote last is read after its end.
                let _done = capture.await;
            }
        };
        let waited = timeout(within, async {
            tokio::select! {
                biased;
                _ = log.wait_for(|log| find(log).is_some()) => {}
                () = ended => {}
            }
        });
        let late = waited.await.is_err();
        let found = find(&self.log.borrow());
        found.ok_or_else(|| match late {
            true => format!("{} did not write `{what}` in {within:?}", self.name),
            false => format!("{} ended before it was ready", self.name),
        })
    }

    /// Waits until it has ended by itself, successfully.
    pub async fn success(&mut self, within: Duration) -> Result<(), String> {
        match timeout(within, self.child.wait()).await {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => Err(format!("{} ended with {status}", self.name)),
            Ok(Err(error)) => Err(format!("can't wait for {}: {error}", self.name)),
            Err(_) => Err(format!("{} did not end in {within:?}", self.name)),
        }
    }

    /// Kills it at once, as a crash would. What has ended already stays so.
    pub async fn kill(&mut self) -> Result<(), String> {
        if self.child.id().is_none() {
            return Ok(());
        }
        self.child.kill().await.map_err(|error| format!("can't kill {}: {error}", self.name))
    }

    /// Tells it to stop, and waits until it has ended.
    pub async fn terminate(&mut self, within: Duration) -> Result<(), String> {
        self.signal(Signal::Terminate).await?;
        match timeout(within, self.child.wait()).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(format!("can't wait for {}: {error}", self.name)),
            Err(_) => Err(format!("{} did not end in {within:?} after SIGTERM", self.name)),
        }
    }

    /// The shell's own `kill` sends it: the standard library can't.
    pub(super) async fn signal(&self, signal: Signal) -> Result<(), String> {
        let id = self.child.id().ok_or_else(|| format!("{} is not running", self.name))?;
        let signal = match signal {
            Signal::Stop => "STOP",
            Signal::Continue => "CONT",
            Signal::Terminate => "TERM",
        };
        let sent = Command::new("sh").arg("-c").arg(format!("kill -s {signal} {id}")).status();
        match sent.await {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("SIG{signal} to {}: kill ended with {status}", self.name)),
            Err(error) => Err(format!("SIG{signal} to {}: {error}", self.name)),
        }
    }
}

impl Log {
    pub fn text(&self) -> String {
        self.0.borrow().clone()
    }
}

fn owned(arguments: impl IntoIterator<Item: AsRef<OsStr>>) -> Vec<OsString> {
    arguments.into_iter().map(|argument| argument.as_ref().to_owned()).collect()
}

fn spawn(
    name: &str,
    program: &Path,
    arguments: &[OsString],
    settings: &[(String, String)],
    log: &watch::Sender<String>,
) -> Result<(Child, Vec<JoinHandle<()>>), String> {
    let mut child = Command::new(program)
        .args(arguments)
        .envs(settings.iter().cloned())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("can't start {name} ({}): {error}", program.display()))?;
    let output = child.stdout.take().map(|output| tokio::spawn(capture(output, log.clone())));
    let errors = child.stderr.take().map(|errors| tokio::spawn(capture(errors, log.clone())));
    Ok((child, output.into_iter().chain(errors).collect()))
}

/// Waits until `http://<address><path>` answers 200.
pub async fn ready(address: &str, path: &str, within: Duration) -> Result<(), String> {
    let end = Instant::now() + within;
    loop {
        let answer = timeout_at(end, status(address, path)).await;
        match answer {
            Ok(Ok(200)) => return Ok(()),
            Ok(_) if Instant::now() < end => sleep(HEALTH_EVERY).await,
            Ok(Ok(status)) => {
                return Err(format!("http://{address}{path} still answers {status}"));
            }
            Ok(Err(error)) => return Err(format!("http://{address}{path}: {error}")),
            Err(_) => {
                return Err(format!("http://{address}{path} gave no answer in {within:?}"));
            }
        }
    }
}

/// The status of one GET.
async fn status(address: &str, path: &str) -> std::io::Result<u16> {
    call(address, "GET", path, "").await.map(|(status, _)| status)
}

async fn capture(output: impl AsyncRead + Unpin, log: watch::Sender<String>) {
    let mut lines = BufReader::new(output).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        log.send_modify(|log| {
            log.push_str(&line);
            log.push('\n');
            if log.len() > LOG_BYTES_MAX {
                let cut = log.len() - LOG_BYTES_MAX / 2;
                let cut = log[..].char_indices().map(|(at, _)| at).find(|at| *at >= cut);
                log.drain(..cut.unwrap_or(0));
            }
        });
    }
}
