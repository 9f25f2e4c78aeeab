//! How hard the wildcards of a pattern make matching; AWS refuses patterns that are too complex.
//!
//! The measure is event-ruler's: how many beginnings of wildcards, at most, one text can match at
//! the same time, over all wildcards of a field. `*a*a` has four after `aa`: each star that has
//! been passed, and each part that fits what was read last.
//!
//! Where the same wildcard stands several times, or below several branches of `$or`, event-ruler
//! counts parts of it again; here each place in the pattern counts once.
//!
//! Source: documentation and behaviour of event-ruler 1.8.1 (`MachineComplexityEvaluator`).

use std::collections::{BTreeMap, BTreeSet};

use super::PatternError;
use super::compile::Parts;
use super::matcher::{Matcher, Wildcard};
use crate::wire::Gather as _;

/// The highest complexity that is taken.
// Unverified: rules of 9 are known to be taken by AWS, and rules of 12 to be refused.
const COMPLEXITY_MAX: usize = 10;

/// Most steps of looking for a worse text. Patterns that need more are taken.
const STEPS_MAX: usize = 20_000;

const TOO_COMPLEX: &str = "Rule is too complex - try using fewer wildcard characters or fewer \
                           repeating character sequences after a wildcard character";

/// Refuses a pattern with a field whose wildcards are too complex.
pub(super) fn check(parts: &Parts) -> Result<(), PatternError> {
    let mut by_path: BTreeMap<&str, Vec<Tokens>> = BTreeMap::new();
    for (path, condition) in parts.conditions() {
        for matcher in &condition.matchers {
            let listed = match matcher {
                Matcher::AnythingBut(not) => not.as_slice(),
                one => std::slice::from_ref(one),
            };
            // A list of what it may not be is a set.
            let wildcards = listed.iter().filter_map(|matcher| match matcher {
                Matcher::Wildcard(wildcard) => Some(tokens(wildcard)),
                _ => None,
            });
            let wildcards = wildcards.into_set();
            by_path.entry(path).or_default().extend(wildcards);
        }
    }
    match by_path.values().any(|wildcards| is_too_complex(wildcards)) {
        true => Err(PatternError::new(TOO_COMPLEX)),
        false => Ok(()),
    }
}

/// A wildcard as it is matched: the text's bytes between quotes, `None` for a star.
type Tokens = Vec<Option<u8>>;

/// How far each wildcard may have been read: its number, and how many of its tokens.
type Beginnings = BTreeSet<(usize, usize)>;

fn tokens(wildcard: &Wildcard) -> Tokens {
    let mut tokens = vec![Some(b'"')];
    for (number, piece) in wildcard.pieces().iter().enumerate() {
        if number > 0 {
            tokens.push(None);
        }
        tokens.extend(piece.bytes().map(Some));
    }
    tokens.push(Some(b'"'));
    tokens
}

/// Whether a text matches more beginnings at once than AWS takes. Looks at every set of beginnings
/// that a text can lead to.
fn is_too_complex(wildcards: &[Tokens]) -> bool {
    let bytes: BTreeSet<u8> = wildcards.iter().flatten().flatten().copied().collect();
    let start: Beginnings = (0..wildcards.len()).map(|number| (number, 0)).collect();
    let mut seen = BTreeSet::from([start.clone()]);
    let mut todo = vec![start];
    let mut steps = 0;
    while let Some(beginnings) = todo.pop() {
        for byte in &bytes {
            steps += 1;
            if steps > STEPS_MAX {
                return false;
            }
            let next = after(wildcards, &beginnings, *byte);
            if next.len() > COMPLEXITY_MAX {
                return true;
            }
            if !next.is_empty() && seen.insert(next.clone()) {
                todo.push(next);
            }
        }
    }
    false
}

/// The beginnings that are matched when `byte` follows.
fn after(wildcards: &[Tokens], beginnings: &Beginnings, byte: u8) -> Beginnings {
    let mut next = Beginnings::new();
    for &(number, read) in beginnings {
        let tokens = &wildcards[number];
        if read > 0 && tokens[read - 1].is_none() {
            next.insert((number, read));
        }
        if tokens.get(read) == Some(&Some(byte)) {
            next.insert((number, read + 1));
            // A star may stand for nothing.
            if tokens.get(read + 1) == Some(&None) {
                next.insert((number, read + 2));
            }
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::super::EventPattern;

    /// The numbers are event-ruler's.
    #[test]
    fn complex_wildcards_are_refused() {
        let stack = |name: &str| format!("*:stack/{name}/*");
        let stacks: Vec<_> = ["Shared", "Web", "Data", "Monitoring"].map(stack).into();
        for (wildcards, complexity) in [
            (vec!["*".to_owned()], 2),
            (vec!["/Users/*/dir/dir/dir/dir/dir/doc.txt".to_owned()], 7),
            (vec!["*a*a*a*a".to_owned()], 8),
            (vec!["*a*a*a*a*a".to_owned()], 10),
            (vec!["*.*.*.*.*.*".to_owned()], 11),
            (vec!["a*aaaaaaaaa".to_owned()], 10),
            (vec!["a*aaaaaaaaaa".to_owned()], 11),
            (["*.bif", "*.tiff", "*.tif", "*.svs"].map(str::to_owned).into(), 8),
            (stacks[..3].to_vec(), 9),
            (stacks.clone(), 12),
        ] {
            for negated in [false, true] {
                let list: Vec<_> = wildcards
                    .iter()
                    .map(|it| match negated {
                        false => serde_json::json!({"wildcard": it}),
                        true => serde_json::json!({"anything-but": {"wildcard": it}}),
                    })
                    .collect();
                let text = serde_json::json!({"x": list, "y": [{"wildcard": "*a*"}]}).to_string();
                let pattern = EventPattern::parse(&text);
                assert_eq!(pattern.is_ok(), complexity <= 10, "{text}");
                if let Err(error) = pattern {
                    assert!(error.to_string().starts_with(
                        "Event pattern is not valid. Reason: Rule is too complex - try using fewer"
                    ));
                }
            }
        }
    }

    #[test]
    fn looking_has_a_bound() {
        let parts: String = (0..900).map(|number| format!("{number}-")).collect();
        let text = format!("{{\"x\":[{{\"wildcard\":\"*{parts}*\"}}]}}");
        assert!(EventPattern::parse(&text).is_ok());
        let many = vec![r#"{"wildcard":"*"}"#; 4000].join(",");
        assert!(EventPattern::parse(&format!("{{\"x\":[{many}]}}")).is_err());
    }
}
