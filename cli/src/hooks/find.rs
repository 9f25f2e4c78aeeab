//! Which scripts there are, and in which order they are run.

use std::io;
use std::path::{Path, PathBuf};

use super::Script;
use skyrig::edge::Stage;

/// Deepest folder below that of a stage.
const DEPTH_MAX: usize = 8;
/// Most entries of folders that are looked at.
const ENTRIES_MAX: usize = 10_000;

/// A folder whose scripts cannot be listed.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the scripts of {folder}: {reason}")]
pub(crate) struct FindError {
    folder: String,
    reason: io::Error,
}

fn folder_of(stage: Stage) -> &'static str {
    match stage {
        Stage::Boot => "boot.d",
        Stage::Start => "start.d",
        Stage::Ready => "ready.d",
        Stage::Shutdown => "shutdown.d",
    }
}

/// The scripts below `folder`, as they are run: by stage; of each folder first its files by name,
/// then its folders by name.
///
/// # Errors
/// [`FindError`] if a folder cannot be read, or there is too much in it.
pub(super) fn scripts(folder: &Path) -> Result<Vec<Script>, FindError> {
    let failed = |reason| FindError { folder: folder.display().to_string(), reason };
    if !folder.is_dir() {
        return Err(failed(io::Error::other("it is no folder")));
    }
    let mut scripts = Vec::new();
    let mut entries = 0;
    for stage in Stage::ALL {
        let root = folder.join(folder_of(stage));
        if !root.is_dir() {
            continue;
        }
        let mut paths = Vec::new();
        walk(&root, (0, &mut entries), &mut paths).map_err(failed)?;
        scripts.extend(paths.into_iter().map(|path| {
            let name = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
            Script { stage, name, path }
        }));
    }
    Ok(scripts)
}

fn walk(
    folder: &Path,
    (depth, entries): (usize, &mut usize),
    found: &mut Vec<PathBuf>,
) -> io::Result<()> {
    let mut paths = Vec::new();
    for entry in folder.read_dir()? {
        *entries += 1;
        if *entries > ENTRIES_MAX {
            return Err(io::Error::other(format!("there are more than {ENTRIES_MAX} files")));
        }
        paths.push(entry?.path());
    }
    paths.sort();
    let (folders, files): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.is_dir());
    for path in files {
        let extension = path.extension().and_then(|it| it.to_str());
        match extension {
            Some("sh" | "py") => found.push(path),
            _ => tracing::warn!("{} is not run: scripts end with .sh or .py", path.display()),
        }
    }
    if depth < DEPTH_MAX {
        folders.iter().try_for_each(|folder| walk(folder, (depth + 1, entries), found))?;
    }
    Ok(())
}
