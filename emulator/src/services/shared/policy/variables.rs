//! Policy variables: `${aws:PrincipalAccount}`, `${aws:username, 'nobody'}`, `${*}`.
//!
//! Source: IAM user guide, "IAM policy elements: Variables and tags".

use std::borrow::Cow;

use super::decide::PolicyRequest;

/// A text of a policy, its variables filled in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filled<'p> {
    text: Cow<'p, str>,
    /// Where a star or question mark is a character, no wildcard: it came from a variable.
    pub(super) literal: Vec<usize>,
}

impl<'p> Filled<'p> {
    pub(super) fn plain(text: &'p str) -> Self {
        Self { text: Cow::Borrowed(text), literal: Vec::new() }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

/// Fills in the variables of `text`. `None` where one has neither a value nor a default.
pub(super) fn fill<'p>(text: &'p str, request: &PolicyRequest<'_>) -> Option<Filled<'p>> {
    if !text.contains("${") {
        return Some(Filled::plain(text));
    }
    let (mut filled, mut literal) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        filled.push_str(before);
        let Some((variable, after)) = after.split_once('}') else {
            // No variable after all.
            filled.push_str("${");
            rest = after;
            continue;
        };
        let value = value(variable, request)?;
        let marks = value.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'*' | b'?'));
        literal.extend(marks.map(|(at, _)| filled.len() + at));
        filled.push_str(&value);
        rest = after;
    }
    filled.push_str(rest);
    Some(Filled { text: Cow::Owned(filled), literal })
}

fn value<'v>(variable: &'v str, request: &'v PolicyRequest<'_>) -> Option<Cow<'v, str>> {
    if matches!(variable, "*" | "?" | "$") {
        return Some(Cow::Borrowed(variable));
    }
    let (key, default) = match variable.split_once(',') {
        Some((key, default)) => {
            let default = default.trim().strip_prefix('\'')?.strip_suffix('\'')?;
            (key.trim(), Some(Cow::Borrowed(default)))
        }
        None => (variable.trim(), None),
    };
    request.key(key).or(default)
}
