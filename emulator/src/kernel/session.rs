//! Temporary credentials: who uses them, and until when.
//!
//! STS issues them; the core asks here who calls, and services see it as their caller. Knows no
//! operation.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Account, Secret};
use crate::wire::Timestamp;

/// How many sessions are remembered. Beyond that, those that end first are forgotten.
const SESSIONS_MAX: usize = 10_000;

/// Who a client is, as AWS names it in policies and events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// `arn:aws:sts::<account>:assumed-role/<role>/<session>` and the like.
    pub arn: Arc<str>,
    /// `aws:userid`: `AROA…:<session>` of a role, `<account>:<name>` of a federated user, the
    /// account of its root user.
    ///
    /// Source: IAM user guide "AWS global condition context keys", principal key values.
    pub user_id: Arc<str>,
    /// The ARN of the role, path included, if it is a session of one.
    pub role: Option<Arc<str>>,
}

/// Which operation a session comes from: it says what its user may ask of STS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SessionKind {
    AssumedRole,
    AssumedRoot,
    FederatedUser,
    SessionToken,
}

/// A tag of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionTag {
    pub key: String,
    pub value: String,
    /// Sessions of roles that are assumed from this one have it too.
    pub transitive: bool,
}

/// One set of temporary credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub account: Account,
    pub identity: Identity,
    pub kind: SessionKind,
    pub secret: Secret,
    pub token: Secret,
    pub expires: Timestamp,
    pub tags: Vec<SessionTag>,
    pub source_identity: Option<Arc<str>>,
    /// How many policies have narrowed it since it began.
    pub scope_down_policies: u32,
}

impl Session {
    /// Whether it has ended by `now`.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires <= now
    }
}

/// The sessions of one cloud, by access key id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sessions {
    by_key: BTreeMap<Arc<str>, Arc<Session>>,
}

impl Sessions {
    /// The session of an access key id, also after its end.
    pub fn get(&self, access_key_id: &str) -> Option<&Arc<Session>> {
        self.by_key.get(access_key_id)
    }

    /// Whether this access key id is free.
    pub fn is_free(&self, access_key_id: &str) -> bool {
        !self.by_key.contains_key(access_key_id)
    }

    /// Remembers a session.
    pub fn insert(&mut self, access_key_id: Arc<str>, session: Session) {
        if self.by_key.len() >= SESSIONS_MAX {
            let ends_first = self.by_key.iter().min_by_key(|(_, session)| session.expires);
            if let Some(key) = ends_first.map(|(key, _)| Arc::clone(key)) {
                self.by_key.remove(&key);
            }
        }
        self.by_key.insert(access_key_id, Arc::new(session));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_that_end_first_are_forgotten_first() {
        let mut sessions = Sessions::default();
        let session = |number: usize| Session {
            account: Account("000000000000".into()),
            identity: Identity { arn: "arn".into(), user_id: "id".into(), role: None },
            kind: SessionKind::AssumedRole,
            secret: Secret::from("secret"),
            token: Secret::from("token"),
            expires: Timestamp::from_millis(number as i64),
            tags: Vec::new(),
            source_identity: None,
            scope_down_policies: 0,
        };
        for number in (0..=SESSIONS_MAX).rev() {
            sessions.insert(number.to_string().into(), session(number));
        }
        // The last one, which ends at once, took the place of the one that ended first before it.
        assert_eq!(sessions.by_key.len(), SESSIONS_MAX);
        for (number, is_there) in [(0, true), (1, false), (2, true), (SESSIONS_MAX, true)] {
            assert_eq!(sessions.get(&number.to_string()).is_some(), is_there, "{number}");
        }
        let session = sessions.get("7").unwrap();
        for (now, is_over) in [(6, false), (7, true), (8, true)] {
            assert_eq!(session.is_over(Timestamp::from_millis(now)), is_over, "{now}");
        }
    }
}
