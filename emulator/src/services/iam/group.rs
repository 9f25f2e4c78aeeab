//! Groups of users.

use serde::{Deserialize, Serialize};

use super::entity::{Entity, Kind, key};
use super::error::IamError;
use super::held::Held;
use super::shapes::Group as Shown;
use super::state::Iam;

/// Source: IAM user guide "IAM and AWS STS quotas".
const GROUPS_MAX: usize = 300;

/// One group. Its users know that they are in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) entity: Entity,
    pub(super) held: Held,
}

impl Group {
    pub(super) fn shown(&self) -> Shown {
        let Entity { name, path, id, arn, created } = &self.entity;
        Shown {
            path: Some(path.clone()),
            group_name: Some(name.clone()),
            group_id: Some(id.clone()),
            arn: Some(arn.clone()),
            create_date: Some(*created),
        }
    }
}

impl Iam {
    /// # Errors
    /// `NoSuchEntity`.
    pub(super) fn group(&mut self, name: &str) -> Result<&mut Group, IamError> {
        let missing = || IamError::NotFound(Kind::Group, name.to_owned());
        self.groups.get_mut(&*key(name)).ok_or_else(missing)
    }

    /// # Errors
    /// `EntityAlreadyExists`.
    pub(super) fn check_free_group(&self, name: &str) -> Result<(), IamError> {
        match self.groups.contains_key(&*key(name)) {
            true => Err(IamError::Exists(Kind::Group, name.to_owned())),
            false => Ok(()),
        }
    }

    /// # Errors
    /// `LimitExceeded`.
    pub(super) fn check_group_quota(&self) -> Result<(), IamError> {
        match self.groups.len() >= GROUPS_MAX {
            true => Err(IamError::Quota("GroupsPerAccount", GROUPS_MAX)),
            false => Ok(()),
        }
    }

    pub(super) fn insert_group(&mut self, group: Group) {
        self.groups.insert(key(&group.entity.name).into_owned(), group);
    }

    /// Whether a user is in the group.
    pub(super) fn has_users(&self, group: &str) -> bool {
        self.users.values().any(|user| user.groups.contains(&*key(group)))
    }
}
