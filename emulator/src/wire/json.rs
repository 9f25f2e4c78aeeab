//! JSON as answers have it.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::EncodeError;

/// Room for an answer of usual length, so that writing it does not move it.
const ANSWER_BYTES: usize = 1024;
/// Integers below are all exact in a double, and none is written with an exponent.
const EXACT_BELOW: u64 = 1 << 53;

/// Writes a value without blanks.
///
/// # Errors
/// [`EncodeError`] when a value has no form in JSON.
pub(super) fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, EncodeError> {
    let mut out = Vec::with_capacity(ANSWER_BYTES);
    let mut serializer = Serializer::with_formatter(&mut out, WholeNumbers);
    value.serialize(&mut serializer).map_err(EncodeError::new)?;
    Ok(out)
}

/// The same text as serde_json's, sooner: most doubles of answers, times and sums, are whole
/// numbers, for which the shortest text need not be searched.
struct WholeNumbers;

impl Formatter for WholeNumbers {
    fn write_f64<W: io::Write + ?Sized>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        let whole = value as i64;
        let is_whole = whole as f64 == value && whole.unsigned_abs() < EXACT_BELOW;
        if !is_whole || (whole == 0 && value.is_sign_negative()) {
            return serde_json::ser::CompactFormatter.write_f64(writer, value);
        }
        let mut digits = itoa::Buffer::new();
        let digits = digits.format(whole).as_bytes();
        let mut text = [0; 24];
        text[..digits.len()].copy_from_slice(digits);
        text[digits.len()..][..2].copy_from_slice(b".0");
        write_short(writer, &text[..digits.len() + 2])
    }
}

/// Writes up to 24 bytes. Of a length that is known when it is compiled, they are copied without a
/// call, which counts where an answer has thousands of numbers.
fn write_short<W: io::Write + ?Sized>(writer: &mut W, text: &[u8]) -> io::Result<()> {
    macro_rules! by_length {
        ($($length:literal)*) => {
            match text.len() {
                $($length => writer.write_all(&text[..$length]),)*
                _ => writer.write_all(text),
            }
        };
    }
    by_length!(3 4 5 6 7 8 9 10 11 12 13 14 15)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_as_elsewhere(value: f64) {
        let text = String::from_utf8(to_vec(&value).unwrap()).unwrap();
        assert_eq!(text, serde_json::to_string(&value).unwrap(), "{value:e}");
    }

    #[test]
    fn numbers_at_borders_are_written_as_elsewhere() {
        let border = EXACT_BELOW as f64;
        for value in [0.0, 0.1, 1.0, 1e15, 1e16, border, border - 1.0, border * 2.0, f64::MAX] {
            is_as_elsewhere(value);
            is_as_elsewhere(-value);
        }
        for value in [f64::NAN, f64::INFINITY, f64::MIN_POSITIVE, i64::MIN as f64] {
            is_as_elsewhere(value);
        }
    }

    proptest! {
        #[test]
        fn numbers_are_written_as_elsewhere(value: f64, whole: i64, part in -1e6..1e6_f64) {
            [value, whole as f64, part, part.round()].into_iter().for_each(is_as_elsewhere);
        }
    }
}
