//! `skyrig record`: what clients do to an emulator that runs, as a file.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use crate::client::{ClientError, Endpoint};
use crate::signals;
use crate::snapshot::SnapshotError;

const PAGE: &str = "/_skyrig/recording";
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(200);

#[derive(Debug, clap::Args)]
pub(crate) struct Record {
    /// The file, which only its owner may read: it holds what clients send.
    file: PathBuf,
    #[command(flatten)]
    endpoint: Endpoint,
}

impl Record {
    /// Records until a signal comes; how much it was.
    ///
    /// # Errors
    /// [`SnapshotError`], also when somebody records that world already.
    pub(crate) fn run(&self) -> Result<String, SnapshotError> {
        let (tell, told) = mpsc::channel();
        let wrong = |error: std::io::Error| SnapshotError::of(&self.file, error);
        let signalled = signals::listen(|| std::process::exit(1)).map_err(wrong)?;
        let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(wrong)?;
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&self.file).map_err(wrong)?;
        self.endpoint.post(PAGE, &serde_json::json!({}))?;
        crate::say(&format!("recording to {}; Ctrl-C ends it", self.file.display()));
        std::thread::spawn(move || {
            runtime.block_on(signalled);
            let _ended_already = tell.send(());
        });
        let mut lines = 0;
        loop {
            let ends = told.recv_timeout(PAUSE).is_ok();
            let fetched = if ends { self.endpoint.delete(PAGE) } else { self.endpoint.page(PAGE) };
            let fetched = match fetched {
                // It ended by itself, and has said why in its last line.
                Err(ClientError::Refused(_)) if lines > 0 => break,
                fetched => fetched?,
            };
            lines += fetched.iter().filter(|byte| **byte == b'\n').count();
            file.write_all(&fetched).map_err(wrong)?;
            if ends {
                break;
            }
        }
        Ok(format!("{lines} lines are in {}", self.file.display()))
    }
}
