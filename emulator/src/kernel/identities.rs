//! Whom IAM has made known: roles by their ARN, users by their access keys.
//!
//! IAM writes here; STS and the core look, so that no service need ask another. Knows no policy.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Account, Identity, Secret};

/// What others must know of a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownRole {
    /// `AROA…`.
    pub id: Arc<str>,
    /// How long a session of it may last.
    pub session_seconds_max: i32,
}

/// An access key of a user, which is active.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserKey {
    pub account: Account,
    pub user: Arc<Identity>,
    pub secret: Secret,
}

/// The identities of one cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identities {
    roles: BTreeMap<Arc<str>, KnownRole>,
    keys: BTreeMap<Arc<str>, UserKey>,
}

impl Identities {
    /// The role with this ARN, if IAM has made it.
    pub fn role(&self, arn: &str) -> Option<&KnownRole> {
        self.roles.get(arn)
    }

    pub fn insert_role(&mut self, arn: &str, role: KnownRole) {
        self.roles.insert(arn.into(), role);
    }

    pub fn remove_role(&mut self, arn: &str) {
        self.roles.remove(arn);
    }

    /// Whose access key this is, if it is an active one of a user.
    pub fn key(&self, access_key_id: &str) -> Option<&UserKey> {
        self.keys.get(access_key_id)
    }

    pub fn insert_key(&mut self, access_key_id: &str, key: UserKey) {
        self.keys.insert(access_key_id.into(), key);
    }

    pub fn remove_key(&mut self, access_key_id: &str) {
        self.keys.remove(access_key_id);
    }
}
