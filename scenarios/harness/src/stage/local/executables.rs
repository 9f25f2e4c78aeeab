//! Where the executables are: next to this one. Under cargo they are built first, because running
//! one binary of a workspace does not build the others.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A directory with executables.
#[derive(Clone, Debug)]
pub struct Executables(PathBuf);

impl Executables {
    /// Finds the directory of the running executable. With `cargo` (the variable `CARGO` that
    /// cargo sets for what it runs), builds the binaries of `packages` there, in its profile.
    pub fn find(cargo: Option<&OsStr>, packages: &[&str]) -> Result<Self, String> {
        let this = std::env::current_exe().map_err(|error| format!("which am I? {error}"))?;
        let directory = directory_of(&this).ok_or("the running executable is in no directory")?;
        if let Some(cargo) = cargo {
            build(cargo, packages, directory)?;
        }
        Ok(Self(directory.to_owned()))
    }

    /// The path of `name`, or an error that says where it was looked for.
    pub fn path(&self, name: &str) -> Result<PathBuf, String> {
        let path = self.0.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
        if path.is_file() {
            return Ok(path);
        }
        Err(format!("there is no `{name}` in {}: build it, or run under cargo", self.0.display()))
    }
}

/// Test executables are one level deeper, in `deps`.
fn directory_of(executable: &Path) -> Option<&Path> {
    let directory = executable.parent()?;
    if directory.ends_with("deps") { directory.parent() } else { Some(directory) }
}

fn build(cargo: &OsStr, packages: &[&str], directory: &Path) -> Result<(), String> {
    let profile = match directory.file_name().and_then(OsStr::to_str) {
        None | Some("debug") => "dev",
        Some(name) => name,
    };
    let mut command = Command::new(cargo);
    command.args(["build", "--offline", "-q", "--bins", "--profile", profile]);
    for package in packages {
        command.args(["-p", package]);
    }
    let status = command.status().map_err(|error| format!("can't run cargo: {error}"))?;
    if status.success() { Ok(()) } else { Err("cargo could not build the executables".to_owned()) }
}
