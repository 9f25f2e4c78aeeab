//! One process: started with its output captured, sent signals, started again, and ended when
//! dropped. It does not know what it is for.

use crate::stage::http::call;
use rustix::process::{Pid, kill_process, kill_process_group};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout, timeout_at};

/// Only the end of a log is kept.
const LOG_BYTES_MAX: usize = 64 * 1024;
/// How long the outputs of a process that has ended are waited for.
const READ_WITHIN: Duration = Duration::from_millis(200);
const HEALTH_EVERY: Duration = Duration::from_millis(50);

/// Stands in the log between two lives of a process.
const AGAIN: &str = "--- started again ---\n";

/// What is started, and how.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    /// Stands for it in reports.
    pub name: String,
    pub program: PathBuf,
    pub arguments: Vec<OsString>,
    /// Beside the environment of this process.
    pub settings: Vec<(String, String)>,
    /// What of the environment of this process it does not get.
    pub removed: Vec<OsString>,
    pub directory: Option<PathBuf>,
    /// What it starts itself gets its signals and ends with it.
    pub with_descendants: bool,
}

/// A process. Dropping it kills it.
#[derive(Debug)]
pub struct Process {
    launch: Launch,
    child: Child,
    /// The group that its descendants are in too.
    group: Option<Pid>,
    /// What reads its two outputs.
    captures: Vec<JoinHandle<()>>,
    log: watch::Sender<String>,
}

/// What a process wrote to both outputs, even after it is gone.
#[derive(Clone, Debug)]
pub struct Log(watch::Receiver<String>);

/// What a process can't refuse.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Signal {
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
        Self::launch(Launch {
            name: name.to_owned(),
            program: program.to_owned(),
            arguments: owned(arguments),
            settings: settings.into_iter().collect(),
            ..Launch::default()
        })
    }

    /// Starts what `launch` says. Must be called on a tokio runtime.
    pub fn launch(launch: Launch) -> Result<Self, String> {
        let log = watch::Sender::new(String::new());
        let (child, captures) = spawn(&launch, &log)?;
        let group = group_of(&launch, &child);
        Ok(Self { launch, child, group, captures, log })
    }

    /// With what arguments it is started again, if not with the same.
    pub fn again_with<A: IntoIterator<Item: AsRef<OsStr>>>(&mut self, arguments: A) {
        self.launch.arguments = owned(arguments);
    }

    /// Starts the program again, after it ended. The log goes on.
    pub fn start_again(&mut self) -> Result<(), String> {
        self.log.send_modify(|log| log.push_str(AGAIN));
        self.end_group();
        (self.child, self.captures) = spawn(&self.launch, &self.log)?;
        self.group = group_of(&self.launch, &self.child);
        Ok(())
    }

    pub fn name(&self) -> &str {
        &self.launch.name
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
            true => format!("{} did not write `{what}` in {within:?}", self.launch.name),
            false => format!("{} ended before it was ready", self.launch.name),
        })
    }

    /// Waits until it has ended by itself, successfully.
    pub async fn success(&mut self, within: Duration) -> Result<(), String> {
        let ended = timeout(within, self.child.wait()).await;
        self.read_to_its_end().await;
        match ended {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => Err(format!("{} ended with {status}", self.launch.name)),
            Ok(Err(error)) => Err(format!("can't wait for {}: {error}", self.launch.name)),
            Err(_) => Err(format!("{} did not end in {within:?}", self.launch.name)),
        }
    }

    /// Kills it at once, as a crash would. What has ended already stays so.
    pub async fn kill(&mut self) -> Result<(), String> {
        self.end_group();
        if self.child.id().is_none() {
            return Ok(());
        }
        self.child.kill().await.map_err(|error| format!("can't kill {}: {error}", self.launch.name))
    }

    /// Tells it to stop, and waits until it has ended.
    pub async fn terminate(&mut self, within: Duration) -> Result<(), String> {
        self.signal(Signal::Terminate).await?;
        match timeout(within, self.child.wait()).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(format!("can't wait for {}: {error}", self.launch.name)),
            Err(_) => Err(format!("{} did not end in {within:?} after SIGTERM", self.launch.name)),
        }
    }

    /// What it wrote last is read after its end; what it has started may write on.
    async fn read_to_its_end(&mut self) {
        for capture in self.captures.drain(..) {
            let _late = timeout(READ_WITHIN, capture).await;
        }
    }

    /// Waits until it has ended, and says how.
    pub async fn wait(&mut self) -> String {
        let ended = self.child.wait().await;
        self.read_to_its_end().await;
        match ended {
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        }
    }

    /// How it has ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    pub(crate) async fn signal(&self, signal: Signal) -> Result<(), String> {
        let name = &self.launch.name;
        let id = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        let id = id.ok_or_else(|| format!("{name} is not running"))?;
        let signal = match signal {
            Signal::Stop => rustix::process::Signal::STOP,
            Signal::Continue => rustix::process::Signal::CONT,
            Signal::Terminate => rustix::process::Signal::TERM,
        };
        let sent = match self.group {
            Some(group) => kill_process_group(group, signal),
            None => kill_process(id, signal),
        };
        sent.map_err(|error| format!("{signal:?} to {name}: {error}"))
    }

    /// Ends whatever it has started and is still there.
    fn end_group(&mut self) {
        if let Some(group) = self.group.take() {
            let _gone = kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

impl Log {
    /// What it wrote in its present life.
    pub fn latest(&self) -> String {
        let log = self.0.borrow();
        log.rsplit(AGAIN).next().unwrap_or_default().to_owned()
    }

    pub fn text(&self) -> String {
        self.0.borrow().clone()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end_group();
    }
}

/// The group that a process was started in, if it has one of its own.
fn group_of(launch: &Launch, child: &Child) -> Option<Pid> {
    let id = child.id().filter(|_| launch.with_descendants)?;
    Pid::from_raw(i32::try_from(id).ok()?)
}

fn owned(arguments: impl IntoIterator<Item: AsRef<OsStr>>) -> Vec<OsString> {
    arguments.into_iter().map(|argument| argument.as_ref().to_owned()).collect()
}

fn spawn(
    launch: &Launch,
    log: &watch::Sender<String>,
) -> Result<(Child, Vec<JoinHandle<()>>), String> {
    let Launch { name, program, arguments, settings, removed, directory, with_descendants } =
        launch;
    let mut command = Command::new(program);
    for variable in removed {
        command.env_remove(variable);
    }
    if let Some(directory) = directory {
        command.current_dir(directory);
    }
    if *with_descendants {
        command.process_group(0);
    }
    let mut child = command
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
