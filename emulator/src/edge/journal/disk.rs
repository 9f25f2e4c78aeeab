//! The port to the file system, so that tests can make it fail.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::settings::JournalError;

/// A folder of files.
pub(in crate::edge) trait Disk: Send + Sync + 'static {
    fn list(&self) -> io::Result<Vec<String>>;
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;
    /// An empty file, whatever was there.
    fn create(&self, name: &str) -> io::Result<Arc<dyn DiskFile>>;
    fn cut(&self, name: &str, length: u64) -> io::Result<()>;
    /// Gives a file its name for good: it has it after a power loss too.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Lets a power loss leave the names as they are.
    fn sync(&self) -> io::Result<()>;
}

/// A file that is written from front to back.
pub(in crate::edge) trait DiskFile: Send + Sync {
    /// Writes some of the bytes; says how many.
    fn write(&self, bytes: &[u8]) -> io::Result<usize>;
    /// Goes on at this place, and cuts off what lies behind it.
    fn go_back(&self, to: u64) -> io::Result<()>;
    fn sync(&self) -> io::Result<()>;
}

/// A folder of the machine, held by this program alone.
pub(in crate::edge) struct Folder {
    path: PathBuf,
    /// Locked for as long as this lives.
    _lock: File,
}

impl Folder {
    /// Makes it if need be, and takes it.
    pub(in crate::edge) fn hold(path: &Path) -> Result<Self, JournalError> {
        let shown = path.display();
        let made = make_folder(path);
        made.map_err(JournalError::io(format!("cannot make the folder {shown}")))?;
        let cannot = || JournalError::io(format!("cannot write in the folder {shown}"));
        let lock = private().create(true).open(path.join("lock")).map_err(cannot())?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(JournalError::InUse(path.to_owned())),
            Err(TryLockError::Error(reason)) => Err(cannot()(reason)),
        }
    }
}

/// Files hold what was sent and the keys that were issued: nobody else may read them.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

impl Disk for Folder {
    fn list(&self) -> io::Result<Vec<String>> {
        let names = fs::read_dir(&self.path)?.map(|entry| entry.map(|entry| entry.file_name()));
        let names: Vec<_> = names.collect::<io::Result<_>>()?;
        Ok(names.into_iter().filter_map(|name| name.into_string().ok()).collect())
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.path.join(name))
    }

    fn create(&self, name: &str) -> io::Result<Arc<dyn DiskFile>> {
        let file = private().create(true).truncate(true).open(self.path.join(name))?;
        Ok(Arc::new(file))
    }

    fn cut(&self, name: &str, length: u64) -> io::Result<()> {
        let file = private().open(self.path.join(name))?;
        file.set_len(length)?;
        file.sync_all()
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path.join(from), self.path.join(to))?;
        self.sync()
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path.join(name))
    }

    fn sync(&self) -> io::Result<()> {
        // Elsewhere folders cannot be opened, and names are kept with the file.
        if cfg!(unix) { File::open(&self.path)?.sync_all() } else { Ok(()) }
    }
}

impl DiskFile for File {
    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        (&mut &*self).write(bytes)
    }

    fn go_back(&self, to: u64) -> io::Result<()> {
        self.set_len(to)?;
        (&mut &*self).seek(SeekFrom::Start(to)).map(drop)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }
}

/// Writes a whole file so that it is either there or not.
pub(super) fn write_whole(disk: &dyn Disk, name: &str, parts: &[&[u8]]) -> io::Result<()> {
    let draft = format!("{name}.new");
    let file = disk.create(&draft)?;
    for part in parts {
        write_all(&*file, part)?;
    }
    file.sync()?;
    disk.rename(&draft, name)
}

/// Writes all bytes, however many calls it takes.
pub(super) fn write_all(file: &dyn DiskFile, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match file.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
