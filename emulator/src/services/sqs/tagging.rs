//! The rules of a queue's tags.
//!
//! Source: developer guide "Amazon SQS standard queue quotas" ("Queue tag"). Unverified: AWS's
//! texts, which its documentation leaves out.

use std::collections::BTreeMap;

use super::error::SqsError;

/// Most tags of one queue.
const TAGS_MAX: usize = 50;
const KEY_CHARACTERS_MAX: usize = 128;
const VALUE_CHARACTERS_MAX: usize = 256;
/// What only AWS's own tags begin with, in any case.
const RESERVED_PREFIX: &str = "aws:";

/// A queue's tags once `new` ones are added.
///
/// # Errors
/// `InvalidParameterValue` for a key or value that breaks the rules, or for too many tags.
pub(super) fn merged(
    queue: &str,
    tags: &BTreeMap<String, String>,
    new: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, SqsError> {
    let invalid = |text: String| Err(SqsError::InvalidParameterValue(text));
    for (key, value) in &new {
        if key.is_empty() || key.chars().count() > KEY_CHARACTERS_MAX {
            return invalid(format!(
                "Tag keys must be between 1 and {KEY_CHARACTERS_MAX} characters in length."
            ));
        }
        if value.chars().count() > VALUE_CHARACTERS_MAX {
            return invalid(format!(
                "Tag values must be between 0 and {VALUE_CHARACTERS_MAX} characters in length."
            ));
        }
        if is_reserved(key) || is_reserved(value) {
            return invalid(format!(
                "Tag keys and values must not begin with the reserved prefix {RESERVED_PREFIX}"
            ));
        }
        if !key.chars().chain(value.chars()).all(is_allowed) {
            return invalid(
                "Tag keys and values can only contain Unicode letters, digits, white space, and \
                 the symbols _ . : / = + - @"
                    .to_owned(),
            );
        }
    }
    let mut all = tags.clone();
    all.extend(new);
    if all.len() > TAGS_MAX {
        return invalid(format!("Too many tags added for queue {queue}."));
    }
    Ok(all)
}

fn is_reserved(text: &str) -> bool {
    let start = text.get(..RESERVED_PREFIX.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(RESERVED_PREFIX))
}

fn is_allowed(c: char) -> bool {
    c.is_alphanumeric() || c.is_whitespace() || "_.:/=+-@".contains(c)
}
