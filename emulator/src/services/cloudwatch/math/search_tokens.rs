//! The tokens of which names consist for a search: `CustomCount1` has `custom`, `count` and `1`.
//!
//! Source: user guide "CloudWatch search expressions: Tokenization".

/// The parts of a text as they are written, by the pieces between other signs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tokens(Vec<Vec<String>>);

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Upper,
    Lower,
    Digit,
}

fn kind(letter: char) -> Option<Kind> {
    match letter {
        letter if letter.is_numeric() => Some(Kind::Digit),
        letter if letter.is_uppercase() => Some(Kind::Upper),
        letter if letter.is_alphabetic() => Some(Kind::Lower),
        _ => None,
    }
}

impl Tokens {
    pub(super) fn of(text: &str) -> Self {
        let pieces = text.split(|letter: char| kind(letter).is_none());
        Self(pieces.filter(|piece| !piece.is_empty()).map(parts).collect())
    }

    fn all(&self) -> Vec<&str> {
        self.0.iter().flatten().map(String::as_str).collect()
    }
}

/// Splits by capitals and digits; of several capitals the last belongs to what follows (`SDBFailure`).
fn parts(piece: &str) -> Vec<String> {
    let letters: Vec<char> = piece.chars().collect();
    let mut parts: Vec<String> = Vec::new();
    for (place, letter) in letters.iter().enumerate() {
        let now = kind(*letter);
        let before = place.checked_sub(1).and_then(|before| kind(letters[before]));
        let after = letters.get(place + 1).and_then(|after| kind(*after));
        let begins = match (before, now) {
            (None, _) => true,
            (Some(Kind::Upper), Some(Kind::Upper)) => after == Some(Kind::Lower),
            (Some(Kind::Upper), Some(Kind::Lower)) => false,
            (before, now) => before != now,
        };
        match parts.last_mut() {
            Some(part) if !begins => part.push(*letter),
            _ => parts.push((*letter).to_string()),
        }
    }
    parts
}

/// Whether a name has what is searched for among its tokens.
///
/// A single token matches in any case; several must follow one another, and where they were not kept
/// apart by other signs, in the same case.
pub(super) fn matches(wanted: &Tokens, name: &str) -> bool {
    let has = Tokens::of(name);
    let has = has.all();
    let parts = wanted.all();
    if parts.is_empty() {
        return false;
    }
    if let [part] = parts.as_slice() {
        let whole: String = has.concat();
        let is = |token: &str| token.to_lowercase() == part.to_lowercase();
        return is(&whole) || has.iter().any(|token| is(token));
    }
    let apart: Vec<bool> =
        wanted.0.iter().flat_map(|piece| piece.iter().map(|_| piece.len() == 1)).collect();
    has.windows(parts.len()).any(|window| {
        let mut pairs = window.iter().zip(&parts).zip(&apart);
        pairs.all(|((token, part), apart)| match apart {
            true => token.to_lowercase() == part.to_lowercase(),
            false => token == part,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_as_the_guide_says() {
        for (name, tokens) in [
            ("CustomCount1", vec!["Custom", "Count", "1"]),
            ("SDBFailure", vec!["SDB", "Failure"]),
            ("Project2-trial333", vec!["Project", "2", "trial", "333"]),
            ("couNT", vec!["cou", "NT"]),
            ("--", vec![]),
        ] {
            assert_eq!(Tokens::of(name).all(), tokens, "{name}");
        }
    }
}
