//! The folder of a runner's functions, removed when it is dropped.

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use super::languages::CLIENTS;
use super::unpack::{Unpacker, private};

/// The folder of all functions.
pub(super) struct Home {
    pub(super) folder: PathBuf,
    pub(super) unpacker: Unpacker,
}

impl Drop for Home {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.folder);
    }
}

impl Home {
    pub(super) fn new() -> io::Result<Self> {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let parent = std::env::temp_dir();
        loop {
            let number = MADE.fetch_add(1, Ordering::Relaxed);
            let name = format!("skyrig-functions-{}-{number}", std::process::id());
            let folder = parent.join(name);
            // One that is there already may be another user's, who could look into it.
            match fs::DirBuilder::new().mode(0o700).create(&folder) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error),
                Ok(()) => {}
            }
            let clients = folder.join("runtimes");
            private(&clients)?;
            for (name, text) in CLIENTS {
                fs::write(clients.join(name), text)?;
            }
            private(&folder.join("environments"))?;
            let unpacker = Unpacker::new(folder.join("code"));
            return Ok(Self { folder, unpacker });
        }
    }
}
