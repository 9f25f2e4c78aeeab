//! `skyrig init`: a first system file and a first script, by what a running emulator has.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use harness::rehearse;
use harness::say;

use crate::client::Endpoint;

/// What to write.
#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    /// A process of the system and how it is started, such as worker='python3 worker.py'.
    #[arg(long = "process", value_name = "NAME=COMMAND", value_parser = process)]
    processes: Vec<(String, String)>,
    /// Where system.yaml and first.yaml are written.
    #[arg(long, default_value = ".", value_name = "FOLDER")]
    folder: PathBuf,
    #[command(flatten)]
    endpoint: Endpoint,
}

/// Why nothing is written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InitError {
    #[error("{0}; is `skyrig serve` running?")]
    Ask(String),
    #[error("cannot write {file}: {reason}")]
    Write { file: String, reason: std::io::Error },
}

fn process(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, command)) if !name.is_empty() && !command.trim().is_empty() => {
            Ok((name.to_owned(), command.to_owned()))
        }
        _ => Err("NAME=COMMAND is wanted".to_owned()),
    }
}

impl Init {
    /// Writes both files, and says so. Files that are there stay as they are.
    ///
    /// # Errors
    /// [`InitError`] with the reason.
    pub(crate) fn run(&self) -> Result<(), InitError> {
        let url = self.endpoint.url();
        let address = url.strip_prefix("http://").unwrap_or(url).trim_end_matches('/');
        let first = rehearse::first(address, &self.processes).map_err(InitError::Ask)?;
        write(&self.folder.join("system.yaml"), &first.system)?;
        write(&self.folder.join("first.yaml"), &first.script)?;
        first.left_out.iter().for_each(|what| say!("left out: {what}"));
        let (system, script) = (self.folder.join("system.yaml"), self.folder.join("first.yaml"));
        say!("next: skyrig rehearse {} {}", system.display(), script.display());
        Ok(())
    }
}

fn write(file: &Path, text: &str) -> Result<(), InitError> {
    let failed = |reason| InitError::Write { file: file.display().to_string(), reason };
    let mut open = OpenOptions::new().write(true).create_new(true).open(file).map_err(failed)?;
    open.write_all(text.as_bytes()).map_err(failed)?;
    say!("wrote {}", file.display());
    Ok(())
}
