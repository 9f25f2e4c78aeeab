//! Access keys that a cloud knows from the start, and whether requests must be signed with them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Account;

/// Whether the signatures of requests are verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignatureMode {
    /// An access key id is believed; nothing need be signed.
    #[default]
    Ignore,
    /// As AWS does: every request must be signed with a key that is known here.
    Verify,
}

/// A text that is not shown in logs, and compared in a time that does not depend on where it
/// differs.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(Arc<str>);

impl Secret {
    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether `text` is the same.
    pub fn is(&self, text: &str) -> bool {
        let (own, other) = (self.0.as_bytes(), text.as_bytes());
        let differing = own.iter().zip(other).fold(0, |found, (a, b)| found | (a ^ b));
        own.len() == other.len() && differing == 0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.0)
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What is known of one access key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessKey {
    pub secret: Secret,
    /// Only of temporary credentials that come from elsewhere.
    pub token: Option<Secret>,
    /// Whose it is, if not the account that its id says.
    pub account: Option<Account>,
}

/// The access keys that a cloud knows without having issued them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessKeys {
    pub by_id: BTreeMap<String, AccessKey>,
    /// The secret of every id that says its account's twelve digits.
    pub of_accounts: Option<Secret>,
}

impl AccessKeys {
    /// Adds a key of the account that its id says.
    pub fn insert(&mut self, id: impl Into<String>, secret: impl Into<Secret>) {
        let key = AccessKey { secret: secret.into(), token: None, account: None };
        self.by_id.insert(id.into(), key);
    }

    /// The secret of an access key id, and the token that must come with it.
    pub(super) fn secret(&self, id: &str) -> Option<(&Secret, Option<&Secret>)> {
        let known = self.by_id.get(id).map(|key| (&key.secret, key.token.as_ref()));
        let of_accounts = self.of_accounts.as_ref().filter(|_| Account::in_key(id).is_some());
        known.or_else(|| Some((of_accounts?, None)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_compared_whole_and_not_shown() {
        let secret = Secret::from("abc");
        for (text, same) in [("abc", true), ("abd", false), ("ab", false), ("abcd", false)] {
            assert_eq!(secret.is(text), same, "{text}");
        }
        assert_eq!(format!("{secret:?}"), "***");
    }

    #[test]
    fn keys_are_known_by_id_or_as_an_accounts() {
        let mut keys = AccessKeys { of_accounts: Some("all".into()), ..AccessKeys::default() };
        keys.insert("AKIA", "one");
        let found = |id| keys.secret(id).map(|(secret, _)| secret.reveal());
        assert_eq!(found("AKIA"), Some("one"));
        assert_eq!(found("123456789012"), Some("all"));
        assert_eq!(found("world-123456789012"), Some("all"));
        assert_eq!(found("12345678901"), None);
        assert_eq!(found("12345678901x"), None);
    }
}
