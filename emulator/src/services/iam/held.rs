//! The policies of a role, a user or a group: inline ones, attached ones and the boundary.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::document::Document;
use super::entity::{Kind, key};
use super::error::IamError;

/// How many managed policies may be attached.
///
/// Source: IAM user guide "IAM and AWS STS quotas".
const ATTACHED_MAX: usize = 10;

/// The policies of one of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Held {
    /// Name and document, by [`key`].
    pub(super) inline: BTreeMap<String, (String, Document)>,
    /// ARNs.
    pub(super) attached: BTreeSet<String>,
    /// The ARN of the permissions boundary.
    pub(super) boundary: Option<String>,
}

impl Held {
    /// Puts an inline policy in, or replaces the one of that name.
    ///
    /// # Errors
    /// `LimitExceeded` when all inline policies together are too large.
    pub(super) fn put(
        &mut self,
        (kind, holder): (Kind, &str),
        name: String,
        document: Document,
    ) -> Result<(), IamError> {
        let key = key(&name).into_owned();
        let others = self.inline.iter().filter(|(other, _)| **other != key);
        let weight: usize = others.map(|(_, (_, document))| document.weight()).sum();
        let max = inline_max(kind);
        if weight + document.weight() > max {
            return Err(IamError::InlineTooLarge(max, kind, holder.to_owned()));
        }
        self.inline.insert(key, (name, document));
        Ok(())
    }

    /// # Errors
    /// `NoSuchEntity`.
    pub(super) fn get(&self, kind: Kind, name: &str) -> Result<&(String, Document), IamError> {
        let missing = || IamError::InlineNotFound(kind, name.to_owned());
        self.inline.get(&*key(name)).ok_or_else(missing)
    }

    /// # Errors
    /// `NoSuchEntity`.
    pub(super) fn remove(&mut self, kind: Kind, name: &str) -> Result<(), IamError> {
        let missing = || IamError::InlineNotFound(kind, name.to_owned());
        self.inline.remove(&*key(name)).map(drop).ok_or_else(missing)
    }

    /// Attaches a policy; one that is attached already is no error.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub(super) fn attach(&mut self, kind: Kind, arn: String) -> Result<(), IamError> {
        if !self.attached.contains(&arn) && self.attached.len() >= ATTACHED_MAX {
            let quota = match kind {
                Kind::Role => "PoliciesPerRole",
                Kind::User => "PoliciesPerUser",
                Kind::Group => "PoliciesPerGroup",
            };
            return Err(IamError::Quota(quota, ATTACHED_MAX));
        }
        self.attached.insert(arn);
        Ok(())
    }

    /// # Errors
    /// `NoSuchEntity`.
    pub(super) fn detach(&mut self, arn: &str) -> Result<(), IamError> {
        match self.attached.remove(arn) {
            true => Ok(()),
            false => Err(IamError::PolicyNotFound(arn.to_owned())),
        }
    }

    /// Whether whoever has these policies may be deleted.
    ///
    /// # Errors
    /// `DeleteConflict`.
    pub(super) fn check_empty(&self) -> Result<(), IamError> {
        if !self.attached.is_empty() {
            return Err(IamError::DeleteConflict("entity, must detach all policies first"));
        }
        if !self.inline.is_empty() {
            return Err(IamError::DeleteConflict("entity, must delete policies first"));
        }
        Ok(())
    }
}

/// Characters of all inline policies together, without white space.
///
/// Source: IAM user guide "IAM and AWS STS quotas", character limits.
fn inline_max(kind: Kind) -> usize {
    match kind {
        Kind::Role => 10_240,
        Kind::User => 2048,
        Kind::Group => 5120,
    }
}
