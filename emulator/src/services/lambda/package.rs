//! Zip archives of functions and layers: whether one may be unpacked, before anybody does.
//!
//! Reads the archive's directory alone and unpacks nothing. Who unpacks it still counts what comes
//! out, since an archive may lie about its sizes.

use std::io::Cursor;

use zip::ZipArchive;

/// Most bytes that the code and the layers of a function may have when they are unpacked.
///
/// Source: "Lambda quotas"; the number stands in AWS's error.
pub const UNPACKED_BYTES_MAX: u64 = 262_144_000;
/// Most bytes of a request that brings an archive, which is in base64 there.
///
/// Source: the number stands in AWS's error.
pub const REQUEST_BYTES_MAX: usize = 70_167_211;
/// Most entries of an archive. AWS knows no such bound; here it bounds what reading one costs.
pub const ENTRIES_MAX: usize = 65_536;

/// What every record of an archive's directory begins with.
const RECORD: [u8; 4] = *b"PK\x01\x02";

/// Why an archive is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    #[error("it is no zip archive: {0}")]
    NoZip(String),
    #[error("it has no entries")]
    Empty,
    #[error("it has more than {ENTRIES_MAX} entries")]
    TooManyEntries,
    /// Holds the size as far as it was counted.
    #[error("it is {0} bytes unpacked")]
    TooLarge(u64),
    #[error("the entry {0} would be unpacked outside of the function's directory")]
    Outside(String),
    #[error("the entry {0} is a link")]
    Link(String),
    #[error("the entry {0} is encrypted, or compressed in a way that is not known here")]
    Unreadable(String),
}

/// What an archive says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unpacked {
    pub entries: usize,
    pub bytes: u64,
}

/// Checks an archive: names, links, number and size of its entries.
///
/// # Errors
/// [`PackageError`] with the first entry that is refused.
pub fn check(zip: &[u8]) -> Result<Unpacked, PackageError> {
    // Before the directory is read, which takes memory by the entry.
    let records = zip.windows(RECORD.len()).filter(|bytes| **bytes == RECORD).count();
    if records > ENTRIES_MAX {
        return Err(PackageError::TooManyEntries);
    }
    let no_zip = |error: zip::result::ZipError| PackageError::NoZip(error.to_string());
    let archive = ZipArchive::new(Cursor::new(zip)).map_err(no_zip)?;
    if archive.is_empty() {
        return Err(PackageError::Empty);
    }
    let mut bytes = 0_u64;
    for number in 0..archive.len() {
        let entry = archive.by_index_data(number).map_err(no_zip)?;
        let name = entry.name().map_err(no_zip)?;
        if !is_inside(&name) {
            return Err(PackageError::Outside(name.into_owned()));
        }
        if is_special(entry.unix_mode()) {
            return Err(PackageError::Link(name.into_owned()));
        }
        let is_known = matches!(
            entry.compression(),
            zip::CompressionMethod::Stored | zip::CompressionMethod::Deflated
        );
        if entry.encrypted() || !is_known {
            return Err(PackageError::Unreadable(name.into_owned()));
        }
        bytes = bytes.saturating_add(entry.size());
        if bytes >= UNPACKED_BYTES_MAX {
            return Err(PackageError::TooLarge(bytes));
        }
    }
    Ok(Unpacked { entries: archive.len(), bytes })
}

/// Whether a name stays below the directory that it is unpacked to. A name with a backslash or a
/// drive is none of a Linux archive.
pub fn is_inside(name: &str) -> bool {
    let is_step = |part: &str| part != "..";
    !name.is_empty()
        && !name.starts_with('/')
        && !name.contains(['\\', '\0'])
        && name.as_bytes().get(1) != Some(&b':')
        && name.split('/').all(is_step)
}

/// Whether a mode is that of something else than a file or a directory.
fn is_special(mode: Option<u32>) -> bool {
    const KIND: u32 = 0o170_000;
    const FILE: u32 = 0o100_000;
    const DIRECTORY: u32 = 0o040_000;
    mode.is_some_and(|mode| !matches!(mode & KIND, 0 | FILE | DIRECTORY))
}
