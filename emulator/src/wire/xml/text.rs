//! The text of scalars: escapes, numbers and points in time.

use std::fmt::Write as _;

use crate::wire::primitives::Timestamp;

/// Appends `text` so that an XML parser reads it back as element content.
///
/// The carriage return becomes a reference, as a parser would otherwise turn it into a line feed.
/// Characters that XML 1.0 does not have, not even as references, become U+FFFD: a parser would
/// refuse the whole document.
pub fn escape(text: &str, out: &mut String) {
    let mut plain_from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let (instead, bytes) = match byte {
            b'&' => ("&amp;", 1),
            b'<' => ("&lt;", 1),
            b'>' => ("&gt;", 1),
            b'"' => ("&quot;", 1),
            b'\r' => ("&#13;", 1),
            b'\n' | b'\t' => continue,
            0..0x20 => ("\u{fffd}", 1),
            0xef if text[at..].starts_with(['\u{fffe}', '\u{ffff}']) => ("\u{fffd}", 3),
            _ => continue,
        };
        out.push_str(&text[plain_from..at]);
        out.push_str(instead);
        plain_from = at + bytes;
    }
    out.push_str(&text[plain_from..]);
}

/// Appends what needs no escapes.
pub(super) fn push_display(value: impl std::fmt::Display, out: &mut String) {
    write!(out, "{value}").expect("writing to a String cannot fail");
}

/// The shortest text that reads back as `number`, always with a fraction or an exponent.
pub(super) fn push_float(number: f64, out: &mut String) {
    if number.is_infinite() {
        out.push_str(if number > 0.0 { "Infinity" } else { "-Infinity" });
    } else {
        push_display(format_args!("{number:?}"), out);
    }
}

/// ISO 8601, with milliseconds only where there are some.
pub(super) fn push_timestamp(at: Timestamp, out: &mut String) {
    out.push_str(&if at.millis().rem_euclid(1000) == 0 {
        at.iso_seconds()
    } else {
        at.iso_millis()
    });
}
