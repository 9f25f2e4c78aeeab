//! `awslocal` for scripts that call it, where it is not installed: the AWS CLI with this server's
//! address.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::PathBuf;

/// Version 1 of the CLI has its own idea of some endpoints; the flag wins.
const AWSLOCAL: &[u8] = b"#!/bin/sh\nexec aws --endpoint-url \"$AWS_ENDPOINT_URL\" \"$@\"\n";

/// A folder that is gone with this.
pub(super) struct Tools {
    folder: PathBuf,
}

impl Tools {
    /// Makes the folder; without it scripts find what else there is.
    pub(super) fn make() -> Option<Self> {
        let folder = std::env::temp_dir().join(format!("skyrig-hooks-{}", std::process::id()));
        // A folder that is there already is somebody else's.
        fs::DirBuilder::new().mode(0o700).create(&folder).ok()?;
        let tools = Self { folder };
        let path = tools.folder.join("awslocal");
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o700).open(path).ok()?;
        file.write_all(AWSLOCAL).ok()?;
        Some(tools)
    }

    /// `PATH` with the folder at its end, so that what is installed is found first.
    pub(super) fn path(&self) -> OsString {
        let known = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&known).chain([self.folder.clone()]);
        std::env::join_paths(folders).unwrap_or(known)
    }
}

impl Drop for Tools {
    fn drop(&mut self) {
        // It lies among temporary files anyway.
        let _left = fs::remove_dir_all(&self.folder);
    }
}
