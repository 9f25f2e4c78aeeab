//! Finding a word and doing what it says.

use super::actions::WORDS as DO;
use super::door::Aws;
use super::observations::WORDS as SEE;
use crate::catalog::Signature;
use crate::world::{Arguments, WorldError};
use serde_json::Value;
use std::pin::Pin;

pub(super) type Done = Result<Value, WorldError>;
pub(super) type Answer<'a> = Pin<Box<dyn Future<Output = Done> + 'a>>;

/// An action or an observation.
pub(super) struct Word {
    pub(super) signature: Signature,
    pub(super) run: for<'a> fn(&'a Aws, &'a Arguments) -> Answer<'a>,
}

/// What can be done to AWS.
pub const ACTIONS: &[Signature] = &signatures::<{ DO.len() }>(DO);
/// What can be seen of it.
pub const OBSERVATIONS: &[Signature] = &signatures::<{ SEE.len() }>(SEE);

const fn signatures<const COUNT: usize>(words: &[Word]) -> [Signature; COUNT] {
    let mut all = [Signature::new("", "", &[]); COUNT];
    let mut at = 0;
    while at < COUNT {
        all[at] = words[at].signature;
        at += 1;
    }
    all
}

/// True if `action` is one of [`ACTIONS`].
pub fn is_action(action: &str) -> bool {
    ACTIONS.iter().any(|word| word.name == action)
}

/// True if `what` is one of [`OBSERVATIONS`].
pub fn is_observation(what: &str) -> bool {
    OBSERVATIONS.iter().any(|word| word.name == what)
}

/// Does one of [`ACTIONS`].
///
/// # Errors
/// What AWS says, or that there is no such word.
pub async fn act(aws: &Aws, action: &str, with: &Arguments) -> Done {
    let word = DO.iter().find(|word| word.signature.name == action);
    let word = word.ok_or_else(|| WorldError(format!("nothing does `{action}`")))?;
    (word.run)(aws, with).await
}

/// Looks at one of [`OBSERVATIONS`].
///
/// # Errors
/// What AWS says, or that there is no such word.
pub async fn observe(aws: &Aws, what: &str, of: &Arguments) -> Done {
    let word = SEE.iter().find(|word| word.signature.name == what);
    let word = word.ok_or_else(|| WorldError(format!("nothing shows `{what}`")))?;
    (word.run)(aws, of).await
}

/// An optional argument that is a text.
pub(super) fn optional<'a>(with: &'a Arguments, name: &str) -> Option<&'a str> {
    with.get(name).and_then(Value::as_str)
}

/// A value as a message carries it: texts as they are, anything else as JSON.
pub(super) fn written(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// What a text says: JSON if it is a map or a list, else the text.
pub(super) fn read(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => value,
        _ => Value::String(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{ACTIONS, OBSERVATIONS, read, written};
    use serde_json::json;
    use std::collections::BTreeSet;

    #[test]
    fn no_word_is_there_twice() {
        for words in [ACTIONS, OBSERVATIONS] {
            let mut seen = BTreeSet::new();
            for word in words {
                assert!(seen.insert(word.name), "{} has two rows", word.name);
                assert!(word.about.ends_with('.'), "{} is not described", word.name);
            }
        }
    }

    #[test]
    fn bodies_are_written_and_read() {
        let check = |value: serde_json::Value, text: &str| {
            assert_eq!((written(Some(&value)).as_str(), read(text)), (text, value));
        };
        check(json!({ "a": 1 }), r#"{"a":1}"#);
        check(json!([1]), "[1]");
        check(json!("plain"), "plain");
        check(json!("1"), "1");
        check(json!("{broken"), "{broken");
    }
}
