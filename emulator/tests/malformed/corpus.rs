//! A corpus as a text file: one case a line, as the inside of a Rust byte string.

/// The cases that the file holds.
pub(crate) fn unpack(packed: &str) -> Vec<Vec<u8>> {
    packed.lines().map(unescape).collect()
}

/// The file that holds `cases`, sorted and each once.
#[cfg_attr(test, expect(dead_code, reason = "only the fuzzer's tools write corpora"))]
pub(crate) fn pack(mut cases: Vec<Vec<u8>>) -> String {
    cases.sort();
    cases.dedup();
    cases.iter().map(|case| format!("{}\n", case.escape_ascii())).collect()
}

fn unescape(line: &str) -> Vec<u8> {
    let mut case = Vec::new();
    let mut rest = line.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let (byte, length) = match (first, after) {
            (b'\\', [b'x', high, low, ..]) => (hex(*high) << 4 | hex(*low), 4),
            (b'\\', [b't', ..]) => (b'\t', 2),
            (b'\\', [b'r', ..]) => (b'\r', 2),
            (b'\\', [b'n', ..]) => (b'\n', 2),
            (b'\\', [other, ..]) => (*other, 2),
            _ => (*first, 1),
        };
        case.push(byte);
        rest = &rest[length..];
    }
    case
}

fn hex(digit: u8) -> u8 {
    char::from(digit).to_digit(16).expect("two hexadecimal digits follow \\x") as u8
}
