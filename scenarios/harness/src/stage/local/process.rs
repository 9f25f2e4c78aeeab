//! One process: started with its output captured, ended when dropped.

use crate::stage::http::call;
use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout, timeout_at};

/// Only the end of a log is kept.
const LOG_BYTES_MAX: usize = 64 * 1024;
const HEALTH_EVERY: Duration = Duration::from_millis(50);

/// A running process. Dropping it kills it.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: watch::Receiver<String>,
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
        let mut child = Command::new(program)
            .args(arguments)
            .envs(settings)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("can't start {name} ({}): {error}", program.display()))?;
        let (log, receiver) = watch::channel(String::new());
        if let Some(output) = child.stdout.take() {
            tokio::spawn(capture(output, log.clone()));
        }
        if let Some(output) = child.stderr.take() {
            tokio::spawn(capture(output, log));
        }
        Ok(Self { name: name.to_owned(), child, log: receiver })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it wrote to both outputs so far, or the end of that.
    pub fn log(&self) -> String {
        self.log.borrow().clone()
    }

    /// What follows `marker` up to the next white space, as soon as the process writes it: the
    /// way to learn the port that the system chose for it.
    pub async fn word_after(&mut self, marker: &str, within: Duration) -> Result<String, String> {
        let find = |log: &String| {
            let (_, after) = log.split_once(marker)?;
            after.split_once(char::is_whitespace).map(|(word, _)| word.to_owned())
        };
        let waited = timeout(within, self.log.wait_for(|log| find(log).is_some())).await;
        match waited {
            Ok(Ok(log)) => Ok(find(&log).unwrap_or_default()),
            Ok(Err(_)) => Err(format!("{} ended before it was ready", self.name)),
            Err(_) => Err(format!("{} did not write `{marker}` in {within:?}", self.name)),
        }
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

    /// Kills it at once, as a crash would.
    pub async fn kill(&mut self) -> Result<(), String> {
        self.child.kill().await.map_err(|error| format!("can't kill {}: {error}", self.name))
    }
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
