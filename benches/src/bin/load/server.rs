//! The servers under test: started and stopped here, or somebody else's at an endpoint.

use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::{clock, machine, sqs};

/// Where servers come from.
pub(crate) struct Lab {
    /// `host:port` of a server that runs already, and its process if it is known.
    pub(crate) endpoint: Option<(String, Option<u32>)>,
    /// The program to start otherwise.
    pub(crate) skyrig: PathBuf,
}

/// A server under test.
pub(crate) struct Server {
    pub(crate) address: String,
    pub(crate) pid: Option<u32>,
    /// Whether it has pages below `/_skyrig/`.
    pub(crate) is_skyrig: bool,
    _process: Option<Process>,
}

impl Lab {
    /// A server without any state: a new process; at an endpoint, whatever is there.
    ///
    /// # Errors
    /// When none can be started or reached.
    pub(crate) async fn server(&self) -> io::Result<Server> {
        if let Some((address, pid)) = &self.endpoint {
            let health = sqs::get(address, "/_skyrig/health").await;
            let is_skyrig = health.is_ok_and(|(status, _)| status == 200);
            return Ok(Server { address: address.clone(), pid: *pid, is_skyrig, _process: None });
        }
        let process = Process::skyrig(&self.skyrig)?;
        Ok(Server {
            address: process.address.clone(),
            pid: Some(process.child.id()),
            is_skyrig: true,
            _process: Some(process),
        })
    }

    /// Seconds from starting the program to its first answer.
    ///
    /// # Errors
    /// When it does not start.
    pub(crate) async fn start_time(&self) -> io::Result<Duration> {
        let begun = clock::now();
        let process = Process::skyrig(&self.skyrig)?;
        let mut client = sqs::Client::open(&process.address).await?;
        client.ask("ListQueues", &serde_json::json!({})).await?;
        Ok(begun.elapsed())
    }
}

impl Server {
    pub(crate) fn cpu_time(&self) -> Option<Duration> {
        machine::cpu_time(self.pid?)
    }

    pub(crate) fn resident_bytes(&self) -> Option<u64> {
        machine::resident_bytes(self.pid?)
    }
}

/// A child process that listens; ended when dropped.
pub(crate) struct Process {
    pub(crate) child: Child,
    pub(crate) address: String,
}

impl Process {
    /// Starts `skyrig serve` on a free port and with no other flags.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub(crate) fn skyrig(program: &Path) -> io::Result<Self> {
        Self::start(program, &["serve", "--listen", "127.0.0.1:0"])
    }

    /// Starts this program's own bare server.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub(crate) fn bare() -> io::Result<Self> {
        Self::start(&std::env::current_exe()?, &["bare"])
    }

    fn start(program: &Path, arguments: &[&str]) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| {
            io::Error::new(error.kind(), format!("{}: {error}", program.display()))
        })?;
        let out = child.stdout.take().expect("stdout is piped above");
        let mut process = Self { child, address: String::new() };
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        let Some((_, address)) = line.trim().split_once("listening on http://") else {
            let text = format!("{} did not say where it listens", program.display());
            return Err(io::Error::other(text));
        };
        address.clone_into(&mut process.address);
        Ok(process)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}
