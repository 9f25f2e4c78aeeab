//! Zip archives on the disk: a function's code in one folder, its layers in another.
//!
//! Nothing leaves the folder and nothing grows without end: what an archive says of itself is not
//! believed, and the bytes that come out are counted.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{self, Cursor, Read, Write};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use sha2::{Digest as _, Sha256};
use zip::ZipArchive;
use zip::read::ZipFile;

use crate::kernel::{FunctionVersion, Package};
use crate::wire::hex;

/// Most bytes of a function and its layers, unpacked.
///
/// Source: Lambda's developer guide, "Lambda quotas": 250 MB.
const UNPACKED_BYTES_MAX: u64 = 262_144_000;
/// Most entries of all archives of a function.
const ENTRIES_MAX: usize = 200_000;
const MODE: u32 = 0o644;

/// Why code can't be unpacked.
#[derive(Debug, thiserror::Error)]
pub(super) enum UnpackError {
    #[error("the zip archive can't be read: {0}")]
    Zip(#[from] zip::result::ZipError),
    #[error("the zip archive holds {0:?}, which would lie outside of the function's folder")]
    Outside(String),
    #[error("the zip archive holds {0:?}, which is a link or no file; those are not unpacked")]
    Link(String),
    #[error("Unzipped size must be smaller than {UNPACKED_BYTES_MAX} bytes")]
    TooLong,
    #[error("the zip archives hold more than {ENTRIES_MAX} files")]
    TooMany,
    #[error("cannot unpack {0:?}: {1}")]
    Write(String, io::Error),
    #[error("cannot make a folder for a function's code: {0}")]
    Folder(#[from] io::Error),
}

/// Code and layers in a folder, which is removed when nobody holds this.
#[derive(Debug)]
pub(super) struct Unpacked {
    folder: PathBuf,
}

impl Unpacked {
    /// Where the code is.
    pub(super) fn task(&self) -> PathBuf {
        self.folder.join("task")
    }

    /// Where the layers are.
    pub(super) fn opt(&self) -> PathBuf {
        self.folder.join("opt")
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.folder);
    }
}

/// What is unpacked, so that environments of one version share it.
pub(super) struct Unpacker {
    folder: PathBuf,
    known: Mutex<HashMap<String, Weak<Unpacked>>>,
}

impl Unpacker {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, known: Mutex::default() }
    }

    /// The code of a version. One is unpacked at a time.
    ///
    /// # Errors
    /// [`UnpackError`] with the reason; nothing is left behind.
    pub(super) fn unpacked(&self, version: &FunctionVersion) -> Result<Arc<Unpacked>, UnpackError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let name = name(version);
        if let Some(unpacked) = known.get(&name).and_then(Weak::upgrade) {
            return Ok(unpacked);
        }
        known.retain(|_, unpacked| unpacked.strong_count() > 0);
        // The former one of that name may just be removed: this one has another folder.
        let folder = (0..).map(|number| self.folder.join(format!("{name}-{number}")));
        let folder = folder.into_iter().find(|folder| !folder.exists()).unwrap_or_default();
        let unpacked = Arc::new(Unpacked { folder });
        private(&unpacked.folder)?;
        let mut room = Room { bytes: UNPACKED_BYTES_MAX, entries: ENTRIES_MAX };
        private(&unpacked.task())?;
        private(&unpacked.opt())?;
        if let Some(package) = &version.code {
            unpack(package, &unpacked.task(), &mut room)?;
        }
        for layer in &version.layers {
            unpack(layer, &unpacked.opt(), &mut room)?;
        }
        known.insert(name, Arc::downgrade(&unpacked));
        Ok(unpacked)
    }
}

/// One for each set of archives.
fn name(version: &FunctionVersion) -> String {
    let mut digest = Sha256::new();
    for (kind, package) in version.code.iter().map(|it| ("code", it)).chain(layers(version)) {
        digest.update(kind.as_bytes());
        digest.update(package.sha256.as_bytes());
    }
    hex(&digest.finalize()[..16])
}

fn layers(version: &FunctionVersion) -> impl Iterator<Item = (&'static str, &Package)> {
    version.layers.iter().map(|it| ("layer", it))
}

/// Makes a folder that only its owner can look into.
pub(super) fn private(folder: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).recursive(true).create(folder)
}

/// What may still be unpacked.
struct Room {
    bytes: u64,
    entries: usize,
}

fn unpack(package: &Package, folder: &Path, room: &mut Room) -> Result<(), UnpackError> {
    let mut archive = ZipArchive::new(Cursor::new(&package.zip))?;
    room.entries = room.entries.checked_sub(archive.len()).ok_or(UnpackError::TooMany)?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        unpack_entry(&mut entry, folder, room)?;
    }
    Ok(())
}

fn unpack_entry<R: Read>(
    entry: &mut ZipFile<'_, R>,
    folder: &Path,
    room: &mut Room,
) -> Result<(), UnpackError> {
    let name = entry.name()?.into_owned();
    let outside = || UnpackError::Outside(name.clone());
    if name.starts_with('/') || name.contains('\\') || name.split('/').any(|it| it == "..") {
        return Err(outside());
    }
    let path = folder.join(entry.enclosed_name().ok_or_else(outside)?);
    // The upper bits say what it is, where a Unix has made the archive.
    let kind = entry.unix_mode().map_or(0, |mode| mode & 0o170_000);
    if entry.is_symlink() || !matches!(kind, 0 | 0o100_000 | 0o040_000) {
        return Err(UnpackError::Link(name));
    }
    let failed = |error| UnpackError::Write(name.clone(), error);
    if entry.is_dir() {
        return private(&path).map_err(failed);
    }
    if let Some(parent) = path.parent() {
        private(parent).map_err(failed)?;
    }
    let mode = entry.unix_mode().map_or(MODE, |mode| mode & 0o777);
    let mut file = File::create(&path).map_err(failed)?;
    copy(entry, &mut file, &name, room)?;
    // Its owner may always read it, or it could be neither run nor removed.
    file.set_permissions(Permissions::from_mode(mode | 0o400)).map_err(failed)
}

fn copy(
    from: &mut impl Read,
    to: &mut File,
    name: &str,
    room: &mut Room,
) -> Result<(), UnpackError> {
    let failed = |error| UnpackError::Write(name.to_owned(), error);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = from.read(&mut buffer).map_err(failed)?;
        if length == 0 {
            return Ok(());
        }
        room.bytes = room.bytes.checked_sub(length as u64).ok_or(UnpackError::TooLong)?;
        to.write_all(&buffer[..length]).map_err(failed)?;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use bytes::Bytes;
    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::*;

    /// A folder of the test's own, removed at its end.
    struct Folder(PathBuf);

    impl Drop for Folder {
        fn drop(&mut self) {
            let _gone = fs::remove_dir_all(&self.0);
        }
    }

    impl Folder {
        fn new(name: &str) -> Self {
            let name = format!("skyrig-unpack-{name}-{}", std::process::id());
            Self(std::env::temp_dir().join(name))
        }

        fn is_empty(&self) -> bool {
            fs::read_dir(&self.0).map_or(true, |mut entries| entries.next().is_none())
        }
    }

    fn zipped(write: impl FnOnce(&mut ZipWriter<Cursor<Vec<u8>>>)) -> Package {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        write(&mut writer);
        let zip = Bytes::from(writer.finish().unwrap().into_inner());
        Package { sha256: hex(&Sha256::digest(&zip)).into(), zip }
    }

    fn deflated() -> SimpleFileOptions {
        SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)
    }

    fn file(name: &str, text: &[u8]) -> Package {
        zipped(|zip| {
            zip.start_file(name, deflated().unix_permissions(0o755)).unwrap();
            zip.write_all(text).unwrap();
        })
    }

    fn version(code: Package, layers: Vec<Package>) -> FunctionVersion {
        FunctionVersion {
            function: "arn:aws:lambda:us-east-1:000000000000:function:f".parse().unwrap(),
            name: "f".into(),
            version: "$LATEST".into(),
            revision: "1".into(),
            runtime: None,
            handler: None,
            timeout_seconds: 3,
            memory_megabytes: 128,
            ephemeral_storage_megabytes: 512,
            environment: BTreeMap::new(),
            log_group: "/aws/lambda/f".into(),
            code: Some(code),
            layers,
        }
    }

    #[test]
    fn code_and_layers_are_shared_and_go_with_the_last() {
        let folder = Folder::new("shared");
        let unpacker = Unpacker::new(folder.0.clone());
        let layers = vec![file("bin/a", b"1"), file("bin/b", b"2")];
        let version = version(file("deep/bootstrap", b"#!"), layers);
        let one = unpacker.unpacked(&version).unwrap();
        let two = unpacker.unpacked(&version).unwrap();
        assert!(Arc::ptr_eq(&one, &two));
        let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(one.task().join("deep/bootstrap")), 0o755);
        assert_eq!(mode(one.folder.clone()), 0o700);
        assert_eq!(fs::read(one.opt().join("bin/a")).unwrap(), b"1");
        assert_eq!(fs::read(one.opt().join("bin/b")).unwrap(), b"2");
        drop((one, two));
        assert!(folder.is_empty());
        assert!(unpacker.unpacked(&version).is_ok());
    }

    #[test]
    fn nothing_leaves_the_folder_and_nothing_is_left_behind() {
        let link = zipped(|zip| zip.add_symlink("link", "/etc/passwd", deflated()).unwrap());
        let broken = Package { sha256: "x".into(), zip: Bytes::from_static(b"PK no zip") };
        for (code, expected) in [
            (file("../out", b"x"), "outside"),
            (file("a/../../out", b"x"), "outside"),
            (file("/out", b"x"), "outside"),
            (file("a\\..\\out", b"x"), "outside"),
            (link, "link"),
            (broken, "can't be read"),
        ] {
            let folder = Folder::new("bad");
            let error = Unpacker::new(folder.0.clone()).unpacked(&version(code, Vec::new()));
            let error = error.unwrap_err().to_string();
            assert!(error.contains(expected), "{expected}: {error}");
            assert!(folder.is_empty(), "{expected}");
        }
    }

    #[test]
    fn what_comes_out_is_counted() {
        let zeros = vec![0; 1024 * 1024];
        let code = zipped(|zip| {
            for index in 0..4 {
                zip.start_file(format!("f{index}"), deflated()).unwrap();
                zip.write_all(&zeros).unwrap();
            }
        });
        let folder = Folder::new("bomb");
        private(&folder.0).unwrap();
        assert!(code.zip.len() < 10_000);
        for (bytes, entries, fits) in
            [(4 << 20, 4, true), ((4 << 20) - 1, 4, false), (4 << 20, 3, false)]
        {
            let unpacked = unpack(&code, &folder.0, &mut Room { bytes, entries });
            assert_eq!(unpacked.is_ok(), fits, "{bytes} {entries}: {unpacked:?}");
        }
    }
}
