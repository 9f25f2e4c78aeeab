//! The server under test.

use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::time::Instant;

use super::bad::Kind;

/// A `skyrig serve`; ended when dropped.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: String,
}

impl Server {
    /// Starts it on a free port, with the log and the descriptors that the kind wants.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(crate) fn start(program: &Path, kind: &Kind) -> io::Result<Self> {
        let mut shell = Command::new("sh");
        let limit = match kind.files {
            Some(files) => format!("ulimit -n {files} && exec \"$0\" \"$@\""),
            None => "exec \"$0\" \"$@\"".to_owned(),
        };
        shell.arg("-c").arg(limit).arg(program).args(["serve", "--listen", "127.0.0.1:0"]);
        shell.stdin(Stdio::null()).stdout(Stdio::piped());
        match kind.log_is_full {
            true => shell.env("RUST_LOG", "skyrig=debug,warn").stderr(Stdio::piped()),
            false => shell.stderr(Stdio::null()),
        };
        let mut process = shell.spawn()?;
        let out = process.stdout.take().expect("stdout is piped above");
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        let mut server = Self { process, address: String::new() };
        let Some((_, address)) = line.trim().split_once("listening on http://") else {
            return Err(io::Error::other(format!("{} did not start", program.display())));
        };
        address.clone_into(&mut server.address);
        Ok(server)
    }

    /// Resident memory in MiB; 0 where it is unknown.
    pub(crate) fn resident_mib(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let status = status.unwrap_or_default();
        let row = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = row.and_then(|row| row.split_whitespace().next()?.parse::<f64>().ok());
        kibibytes.unwrap_or(0.0) / 1024.0
    }

    /// Ends it with a signal; how long it took.
    pub(crate) fn stop(mut self) -> Duration {
        let begun = Instant::now();
        let id = self.process.id().to_string();
        // If there is no such program, the wait below is for nothing, and the time tells.
        let _not_sent = Command::new("kill").args(["-TERM", &id]).status();
        let _reaped = self.process.wait();
        begun.elapsed()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}
