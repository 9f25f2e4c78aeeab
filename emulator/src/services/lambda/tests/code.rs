//! Archives, and where else code may come from.

use super::*;
use crate::services::lambda::package::{ENTRIES_MAX, PackageError, UNPACKED_BYTES_MAX, check};

#[test]
fn archives_are_checked() {
    let good = archive(&[("a/b.py", "12345"), ("c", "")]);
    let unpacked = check(&good).unwrap();
    assert_eq!((unpacked.entries, unpacked.bytes), (2, 5));
    for name in ["../a", "a/../../b", "/etc/passwd", "a\\..\\b", "c:/x"] {
        let refused = check(&archive(&[("ok", ""), (name, "")]));
        assert_eq!(refused, Err(PackageError::Outside(name.to_owned())), "{name}");
    }
    assert_eq!(check(&archive(&[])), Err(PackageError::Empty));
    for bytes in [&b""[..], b"PK", b"no zip at all", &good[..good.len() - 1]] {
        assert!(matches!(check(bytes), Err(PackageError::NoZip(_))), "{bytes:?}");
    }
}

#[test]
fn links_and_too_many_entries_are_refused() {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("link", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let zip = writer.finish().unwrap().into_inner();
    assert_eq!(check(&zip), Err(PackageError::Link("link".to_owned())));
    let many = b"PK\x01\x02".repeat(ENTRIES_MAX + 1);
    assert_eq!(check(&many), Err(PackageError::TooManyEntries));
}

/// An archive says itself how large its entries are: here the directory lies.
#[test]
fn what_would_be_too_large_is_refused() {
    let mut zip = archive(&[("a", "12345")]);
    let record = zip.windows(4).position(|it| it == b"PK\x01\x02").unwrap();
    let size = |zip: &mut [u8], bytes: u64| {
        let bytes = u32::try_from(bytes).unwrap().to_le_bytes();
        zip[record + 24..record + 28].copy_from_slice(&bytes);
    };
    size(&mut zip, UNPACKED_BYTES_MAX - 1);
    assert!(check(&zip).is_ok());
    size(&mut zip, UNPACKED_BYTES_MAX);
    assert_eq!(check(&zip), Err(PackageError::TooLarge(UNPACKED_BYTES_MAX)));
    let body = function("f", &json!({"Code": {"ZipFile": STANDARD.encode(&zip)}}));
    let (_, error, told) = Lambda::new().err("POST", FUNCTIONS, &body);
    assert_eq!(error, "InvalidParameterValueException");
    assert_eq!(told, "Unzipped size must be smaller than 262144000 bytes");
}

#[test]
fn code_comes_from_one_place() {
    let mut lambda = Lambda::new();
    let zip = zip_of(&[("a", "b")]);
    for (code, more, told) in [
        (json!({}), json!({}), "Please provide a source for function code."),
        (
            json!({"S3Bucket": "bucket", "S3Key": "k"}),
            json!({}),
            "is not implemented by this emulator",
        ),
        (json!({"ZipFile": ""}), json!({}), "Uploaded file must be a non-empty zip"),
        (json!({"ZipFile": "bm8gemlw"}), json!({}), "Could not unzip uploaded file."),
        (json!({"ImageUri": "i"}), json!({}), "packageType Zip"),
        (json!({"ZipFile": zip}), json!({"PackageType": "Image"}), "packageType Image"),
        (json!({"ZipFile": zip, "ImageUri": "i"}), json!({}), "Please do not provide other"),
        (json!({"ZipFile": zip}), json!({"Handler": null}), "Runtime and Handler are mandatory"),
        (json!({"ZipFile": zip}), json!({"Runtime": null}), "Runtime and Handler are mandatory"),
    ] {
        let mut body = function("f", &more);
        body["Code"] = code;
        let (status, error, message) = lambda.err("POST", FUNCTIONS, &body);
        assert_eq!((status, &*error), (400, "InvalidParameterValueException"), "{body}");
        assert!(message.contains(told), "{message}");
    }
    let image = json!({
        "FunctionName": "i", "Role": ROLE, "PackageType": "Image", "Code": {"ImageUri": "repo:tag"},
    });
    lambda.ok("POST", FUNCTIONS, &image);
    let seen = lambda.look(&format!("{FUNCTIONS}/i"));
    assert_eq!(seen["Code"]["ImageUri"], "repo:tag");
    assert_eq!(seen["Configuration"]["PackageType"], "Image");
    assert_eq!(seen["Configuration"]["Runtime"], Value::Null);
}
