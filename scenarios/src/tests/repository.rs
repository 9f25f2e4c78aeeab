//! Files of the repository, by their paths from its root.

use std::fs;
use std::path::{Path, PathBuf};

pub(super) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().expect("the package is a folder of the root").to_owned()
}

pub(super) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Compares a file with what it should be, or writes it where `UPDATE_DOCS` says so. `tests` names
/// the tests that do so.
pub(super) fn is_fresh(path: &str, text: &str, tests: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(root().join(path), text).expect("it can be written");
        return;
    }
    let command = format!("UPDATE_DOCS=1 cargo test --workspace --bin scenario {tests}");
    assert!(read(path) == text, "{path} is out of date: run {command}");
}

/// Every file under a folder with this extension.
pub(super) fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let is_ours = path.file_name().is_some_and(|name| name != "target");
            if path.is_dir() && is_ours {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == extension) {
                found.push(path);
            }
        }
    }
    found
}
