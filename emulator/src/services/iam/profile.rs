//! Instance profiles: a name under which one role is handed to a machine.

use serde::{Deserialize, Serialize};

use super::entity::{Entity, key};
use super::error::IamError;
use super::shapes::InstanceProfile as Shown;
use super::state::Iam;
use super::tagging::Tags;

/// Source: IAM user guide "IAM and AWS STS quotas".
const PROFILES_MAX: usize = 1000;

/// One instance profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Profile {
    pub(super) entity: Entity,
    pub(super) tags: Tags,
    /// The role's key.
    pub(super) role: Option<String>,
}

impl Iam {
    /// # Errors
    /// `NoSuchEntity`.
    pub(super) fn profile(&mut self, name: &str) -> Result<&mut Profile, IamError> {
        let missing = || IamError::ProfileNotFound(name.to_owned());
        self.profiles.get_mut(&*key(name)).ok_or_else(missing)
    }

    /// # Errors
    /// `EntityAlreadyExists`, `LimitExceeded`.
    pub(super) fn check_new_profile(&self, name: &str) -> Result<(), IamError> {
        if self.profiles.contains_key(&*key(name)) {
            return Err(IamError::ProfileExists(name.to_owned()));
        }
        if self.profiles.len() >= PROFILES_MAX {
            return Err(IamError::Quota("InstanceProfilesPerAccount", PROFILES_MAX));
        }
        Ok(())
    }

    pub(super) fn insert_profile(&mut self, profile: Profile) {
        self.profiles.insert(key(&profile.entity.name).into_owned(), profile);
    }

    /// An instance profile with its role, as lists show it.
    pub(super) fn listed_profile(&self, profile: &Profile) -> Shown {
        let Entity { name, path, id, arn, created } = &profile.entity;
        let role = profile.role.as_ref().and_then(|role| self.roles.get(role));
        Shown {
            path: Some(path.clone()),
            instance_profile_name: Some(name.clone()),
            instance_profile_id: Some(id.clone()),
            arn: Some(arn.clone()),
            create_date: Some(*created),
            roles: Some(role.map(|role| role.listed_in_profile()).into_iter().collect()),
            tags: None,
        }
    }

    /// The same with its tags.
    pub(super) fn shown_profile(&self, profile: &Profile) -> Shown {
        Shown { tags: profile.tags.shown(), ..self.listed_profile(profile) }
    }

    /// Whether a role is in an instance profile.
    pub(super) fn is_in_profile(&self, role: &str) -> bool {
        self.profiles.values().any(|profile| profile.role.as_deref() == Some(&*key(role)))
    }
}
