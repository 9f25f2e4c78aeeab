//! What a dead letter tells of a failure, in attributes that SQS takes.

/// How much of a reason a dead letter has, in bytes: as much as Lambda's.
// Unverified: how much EventBridge and Scheduler keep.
const REASON_BYTES_MAX: usize = 1024;

/// The reason as an attribute's value. It may be whatever a server or a function said; a letter
/// that SQS refused for it would be lost.
///
/// Source: API reference "SendMessage", the characters that SQS takes.
pub(crate) fn reason(text: &str) -> String {
    let kept = &text[..text.floor_char_boundary(REASON_BYTES_MAX)];
    kept.chars().map(|c| if is_taken(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

fn is_taken(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        _ => c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sqs_refuses_is_replaced() {
        for (said, told) in [
            ("refused\0", "refused\u{fffd}"),
            ("a\u{1}b\u{1f}\u{fffe}\u{ffff}", "a\u{fffd}b\u{fffd}\u{fffd}\u{fffd}"),
            ("tab\tline\r\n\u{7f}\u{fffd}😀", "tab\tline\r\n\u{7f}\u{fffd}😀"),
        ] {
            assert_eq!(reason(said), told);
        }
    }

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        let long = ["a", &"é".repeat(REASON_BYTES_MAX)].concat();
        assert_eq!(reason(&long).len(), REASON_BYTES_MAX - 1);
        let fits = "x".repeat(REASON_BYTES_MAX);
        assert_eq!(reason(&fits), fits);
    }
}
