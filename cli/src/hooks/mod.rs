//! Scripts that are run on the server's way, as LocalStack runs them: those of `boot.d` and
//! `start.d` before it takes its port, those of `ready.d` when it serves, those of `shutdown.d`
//! before it ends.
//!
//! Only files of the folder that the user named, or of LocalStack's own if there is one.
//!
//! Source: docs.localstack.cloud, "Initialization Hooks".

mod find;
mod tools;

use std::ffi::OsString;
use std::io;
use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use skyrig::edge::{ScriptState, Stage, Stages};

pub(crate) use find::FindError;
use tools::Tools;

/// Where LocalStack's image has them.
const USUAL: &str = "/etc/localstack/init";
/// How long each script may take that is run at the end: the whole end may take some seconds.
const AT_THE_END: Duration = Duration::from_millis(2500);

/// The scripts of a server.
pub(crate) struct Hooks {
    scripts: Vec<Script>,
    stages: Stages,
    /// Whether scripts call with keys of their own.
    signs: bool,
    tools: Option<Tools>,
    /// The process of the script that runs, and whether no more are to be run.
    running: Mutex<(Option<Pid>, bool)>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Script {
    stage: Stage,
    /// Below the stage's folder.
    name: String,
    path: PathBuf,
}

impl Hooks {
    /// Finds them; `folder` is the one that the user named.
    ///
    /// # Errors
    /// [`FindError`] if that folder cannot be read.
    pub(crate) fn find(folder: Option<&Path>, signs: bool) -> Result<Arc<Self>, FindError> {
        let usual = Path::new(USUAL);
        let folder = folder.or_else(|| usual.is_dir().then_some(usual));
        let scripts = folder.map(find::scripts).transpose()?.unwrap_or_default();
        let stages = Stages::awaited();
        scripts.iter().for_each(|script| stages.found(script.stage, &script.name));
        let tools = if scripts.is_empty() { None } else { Tools::make() };
        let running = Mutex::default();
        Ok(Arc::new(Self { scripts, stages, signs, tools, running }))
    }

    /// What the server shows of them.
    pub(crate) fn stages(&self) -> Stages {
        self.stages.clone()
    }

    pub(crate) fn has(&self, stage: Stage) -> bool {
        self.scripts.iter().any(|script| script.stage == stage)
    }

    /// Runs those of a stage, one after the other, whatever becomes of them. They are told of the
    /// server's address, if it has one already.
    pub(crate) fn run(&self, stage: Stage, server: Option<SocketAddr>) {
        for script in self.scripts.iter().filter(|script| script.stage == stage) {
            self.stages.came_to(stage, &script.name, ScriptState::Running);
            let state = match self.run_one(script, server) {
                Ok(()) => ScriptState::Successful,
                Err(reason) => {
                    let path = script.path.display();
                    tracing::error!("the {} script {path} failed: {reason}", stage.name());
                    ScriptState::Error
                }
            };
            self.stages.came_to(stage, &script.name, state);
        }
        self.stages.complete(stage);
    }

    fn run_one(&self, script: &Script, server: Option<SocketAddr>) -> Result<(), String> {
        let is_python = script.path.extension().is_some_and(|it| it == "py");
        let mut command = match is_python {
            true => Command::new("python3"),
            false => Command::new(&script.path),
        };
        if is_python {
            command.arg(&script.path);
        }
        self.set_up(&mut command, server);
        let last = script.stage == Stage::Shutdown;
        let mut child = {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            if running.1 && !last {
                return Err("the server ends".to_owned());
            }
            let begun = command.spawn().map_err(|error| unable(script, is_python, &error))?;
            running.0 = Pid::from_raw(begun.id().cast_signed());
            begun
        };
        let ended = match last {
            true => within(child, AT_THE_END),
            false => child.wait().map_err(|error| error.to_string()),
        };
        self.running.lock().unwrap_or_else(PoisonError::into_inner).0 = None;
        match ended? {
            status if status.success() => Ok(()),
            status => Err(status.to_string()),
        }
    }

    /// A group of its own, so that all that it has begun can be ended with it; and the server as
    /// what AWS's tools talk to.
    fn set_up(&self, command: &mut Command, server: Option<SocketAddr>) {
        command.stdin(Stdio::null()).stdout(io::stderr()).process_group(0);
        if let Some(tools) = &self.tools {
            command.env("PATH", tools.path());
        }
        let Some(address) = server else { return };
        let address = reachable(address);
        command.env("AWS_ENDPOINT_URL", format!("http://{address}"));
        command.env("LOCALSTACK_HOST", address.to_string());
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        if std::env::var_os("AWS_DEFAULT_REGION").is_none() {
            command.env("AWS_DEFAULT_REGION", "us-east-1");
        }
        if !self.signs {
            let test = OsString::from("test");
            command.env("AWS_ACCESS_KEY_ID", &test).env("AWS_SECRET_ACCESS_KEY", &test);
            command.env_remove("AWS_SESSION_TOKEN").env_remove("AWS_PROFILE");
        }
    }

    /// Ends the script that runs, and lets none but those of the end be run.
    pub(crate) fn stop(&self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.1 = true;
        running.0.into_iter().for_each(kill);
    }
}

/// An address at which the server can be reached from this machine.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

fn kill(group: Pid) {
    // It may have ended by itself.
    let _gone = kill_process_group(group, Signal::KILL);
}

fn unable(script: &Script, is_python: bool, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound if is_python => "python3 is not here".to_owned(),
        io::ErrorKind::NotFound => "the interpreter of its first line is not here".to_owned(),
        io::ErrorKind::PermissionDenied => {
            format!("it is not executable: chmod +x {}", script.path.display())
        }
        _ => format!("{error}; its first line has to be like #!/bin/sh"),
    }
}

/// Waits for so long; then ends it with all that it has begun.
fn within(mut child: Child, longest: Duration) -> Result<ExitStatus, String> {
    let group = Pid::from_raw(child.id().cast_signed());
    let (tell, told) = channel();
    let wait = move || {
        // Nobody may listen any more.
        let _late = tell.send(child.wait());
    };
    let begun = std::thread::Builder::new().name("hook".to_owned()).spawn(wait);
    begun.map_err(|error| error.to_string())?;
    match told.recv_timeout(longest) {
        Ok(ended) => ended.map_err(|error| error.to_string()),
        Err(_) => {
            group.into_iter().for_each(kill);
            Err(format!("it took longer than {} ms", longest.as_millis()))
        }
    }
}
