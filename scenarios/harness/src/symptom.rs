//! In which way a run failed, in words that another play of a similar case would use too: what
//! failed as the script names it, and what was seen there without numbers, times and drawn ids.
//! It does not know how a script is played.

use serde::Serialize;
use std::fmt;

/// One thing that failed. Two runs with a symptom in common fail in the same way.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Symptom(String);

/// Stands for what differs from play to play.
const VARIES: char = '#';
/// So many hexadecimal digits, one of them below ten, are a drawn id.
const DRAWN_DIGITS: usize = 8;

impl Symptom {
    /// What failed, as the script says it, and what was seen there.
    pub(crate) fn new(what: impl fmt::Display, seen: &str) -> Self {
        Self(format!("{what}: {}", plain(seen)))
    }

    /// One symptom for each finding of an invariant, which are divided by semicolons; what was
    /// expected belongs to the finding before it. Of lists and maps only stays whether they are
    /// empty: they tell of the whole system, of which a smaller case has less.
    pub(crate) fn of_findings(what: &str, seen: &str) -> Vec<Self> {
        let mut findings: Vec<String> = Vec::new();
        for part in without_contents(seen).split("; ") {
            match findings.last_mut().filter(|_| part.starts_with("expected")) {
                Some(finding) => *finding += &format!("; {part}"),
                None => findings.push(part.to_owned()),
            }
        }
        findings.iter().map(|finding| Self::new(what, finding)).collect()
    }
}

impl fmt::Display for Symptom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text with its numbers and drawn ids replaced. Nothing is another thing than some, so a zero
/// stays.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|it| !is_of_word(it)).unwrap_or(rest.len());
        if end == 0 {
            plain.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let (word, after) = rest.split_at(end);
        rest = after;
        if !varies(word) {
            plain.push_str(word);
            continue;
        }
        // A time or an amount with its parts is one number.
        if plain.ends_with([':', '.']) && plain[..plain.len() - 1].ends_with(VARIES) {
            plain.truncate(plain.len() - 2);
        }
        plain.push(VARIES);
    }
    plain
}

fn is_of_word(char: char) -> bool {
    char.is_alphanumeric() || char == '-' || char == '_'
}

fn varies(word: &str) -> bool {
    let number = word.strip_prefix('-').unwrap_or(word);
    number.starts_with(|it: char| it.is_ascii_digit()) && number != "0" || has_drawn_id(word)
}

fn has_drawn_id(word: &str) -> bool {
    word.split(|it: char| !it.is_ascii_hexdigit()).any(|digits| {
        digits.len() >= DRAWN_DIGITS && digits.contains(|it: char| it.is_ascii_digit())
    })
}

/// The text with `…` for what stands between outermost brackets.
fn without_contents(text: &str) -> String {
    let mut kept = String::new();
    let mut depth = 0_usize;
    for char in text.chars() {
        if matches!(char, ']' | '}') {
            depth = depth.saturating_sub(1);
        }
        match depth {
            0 => kept.push(char),
            _ if !kept.ends_with('…') => kept.push('…'),
            _ => {}
        }
        if matches!(char, '[' | '{') {
            depth += 1;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::Symptom;

    fn of(seen: &str) -> Symptom {
        Symptom::new("x", seen)
    }

    #[test]
    fn what_differs_from_play_to_play_is_no_part_of_it() {
        let check = |one: &str, other: &str, same: bool| {
            assert_eq!(of(one) == of(other), same, "{one} {other}");
        };
        check("last seen: 39", "last seen: 7", true);
        check("last seen: 39", "last seen: 0", false);
        check("last seen: -1", "last seen: 1", true);
        check("paid 5.00 EUR", "paid 12.50 EUR", true);
        check("paid 5.00 EUR", "paid 5.00 USD", false);
        check("at 1:02:03.250", "at 17.250", true);
        check("at 2026-01-01T00:00:00Z, late", "at 2026-01-02T10:20:30.123Z, late", true);
        check("waited 5m", "waited 1m30s", true);
        let id = "a1f0c3d2-0000-4000-8000-000000000000";
        check(&format!("order {id} is lost"), "order 0b1c2d3e-0 is lost", true);
        check(&format!("inbox#{id}/ann"), "inbox#0a1b2c3d4e5f/ann", true);
        check(&format!("inbox#{id}/ann"), "inbox#0a1b2c3d4e5f/bob", false);
        // Whoever wrote the script named these.
        check("order o-0003 is lost", "order o-0004 is lost", false);
        check("order o-0003 is placed", "order o-0003 is paid", false);
        check("last seen: placed", "nothing to see: placed", false);
    }

    #[test]
    fn each_finding_stands_for_itself() {
        let found = |seen: &str| Symptom::of_findings("x", seen);
        let both = found("order o-1 was paid twice; expected once; order o-2 is lost");
        assert_eq!(both, [of("order o-1 was paid twice; expected once"), of("order o-2 is lost")]);
        assert_eq!(found("albums count {\"a\": [1, 2]}"), found("albums count {\"b\": [3]}"));
        assert_ne!(found("albums count {\"a\": 1}"), found("albums count {}"));
        assert_eq!(found("unbalanced ] stays")[0].to_string(), "x: unbalanced ] stays");
        assert_eq!(found("").len(), 1);
    }
}
