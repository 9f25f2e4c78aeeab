//! Free text from outside: how much of it there may be. It goes into events, messages and tables.

/// A text that cannot be taken. The text itself is not repeated: it may be private.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {what} {flaw}")]
pub struct InvalidText {
    what: &'static str,
    flaw: Flaw,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Flaw {
    #[error("is missing")]
    Missing,
    #[error("has more than {0} characters")]
    TooLong(usize),
    #[error("has control characters")]
    Control,
}

/// Whether `text` has something in it, and at most `most` characters.
pub(super) fn needed(what: &'static str, text: &str, most: usize) -> Result<(), InvalidText> {
    match text.trim().is_empty() {
        true => Err(InvalidText { what, flaw: Flaw::Missing }),
        false => bounded(what, text, most),
    }
}

/// Whether `text`, which may be empty, has at most `most` characters.
pub(super) fn bounded(what: &'static str, text: &str, most: usize) -> Result<(), InvalidText> {
    let flaw = if text.chars().nth(most).is_some() {
        Flaw::TooLong(most)
    } else if text.chars().any(char::is_control) {
        Flaw::Control
    } else {
        return Ok(());
    };
    Err(InvalidText { what, flaw })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_bounded_in_characters() {
        let check = |text: &str, expected: &str| {
            let found = needed("street", text, 4).map_err(|error| error.to_string());
            let expected = if expected.is_empty() { Ok(()) } else { Err(expected.to_owned()) };
            assert_eq!(found, expected, "{text:?}");
        };
        check("abcd", "");
        check("éééé", "");
        check("abcde", "the street has more than 4 characters");
        check("", "the street is missing");
        check(" \t", "the street is missing");
        check("a\nb", "the street has control characters");
        assert_eq!(bounded("state", "", 4), Ok(()));
    }
}
