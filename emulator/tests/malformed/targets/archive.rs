//! Zip archives of functions and layers: any bytes. What is let through may be unpacked.

use std::io::Cursor;
use std::path::{Component, Path};

use skyrig::services::lambda::package::{ENTRIES_MAX, PackageError, UNPACKED_BYTES_MAX, check};
use zip::ZipArchive;

pub(crate) fn run(input: &[u8]) {
    let found = check(input);
    assert_eq!(check(input), found, "what it says depends on how often it is asked");
    let unpacked = match found {
        Ok(unpacked) => unpacked,
        // Its reason is told, whatever stands in the archive.
        Err(PackageError::NoZip(reason)) => return assert!(!reason.is_empty()),
        Err(_) => return,
    };
    assert!((1..=ENTRIES_MAX).contains(&unpacked.entries), "{unpacked:?}");
    assert!(unpacked.bytes < UNPACKED_BYTES_MAX, "{unpacked:?}");
    let archive = ZipArchive::new(Cursor::new(input)).expect("it was read before");
    assert_eq!(archive.len(), unpacked.entries);
    for number in 0..archive.len() {
        let entry = archive.by_index_data(number).expect("it was read before");
        let name = entry.name().expect("it was read before");
        let stays = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        assert!(Path::new(&*name).components().all(stays), "{name} leaves the directory");
        assert!(!entry.is_symlink(), "{name} is a link");
    }
}
