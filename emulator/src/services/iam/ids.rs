//! Unique ids and keys, from the seed.

use crate::kernel::Ids;

const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Characters of a unique id behind its prefix, of an access key id too.
const UNIQUE: usize = 17;
const ACCESS_KEY: usize = 16;
const SECRET: usize = 40;

/// A unique id: the prefix and 17 characters.
pub(super) fn unique(ids: &mut Ids, prefix: &str) -> String {
    format!("{prefix}{}", letters(ids, BASE32, UNIQUE))
}

/// The id of an access key.
pub(super) fn access_key(ids: &mut Ids) -> String {
    format!("AKIA{}", letters(ids, BASE32, ACCESS_KEY))
}

/// The secret of an access key.
pub(super) fn secret(ids: &mut Ids) -> String {
    letters(ids, BASE64, SECRET)
}

fn letters(ids: &mut Ids, alphabet: &[u8], count: usize) -> String {
    let letter = |ids: &mut Ids| char::from(alphabet[ids.next_u64() as usize % alphabet.len()]);
    (0..count).map(|_| letter(ids)).collect()
}
