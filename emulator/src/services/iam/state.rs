//! IAM in one account. Regions share it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::entity::Kind;
use super::error::IamError;
use super::group::Group;
use super::held::Held;
use super::policy::Policy;
use super::profile::Profile;
use super::role::Role;
use super::user::User;
use crate::kernel::Hooks;

/// All that the account has, each by its name in small letters.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Iam {
    pub(super) roles: BTreeMap<String, Role>,
    pub(super) users: BTreeMap<String, User>,
    pub(super) groups: BTreeMap<String, Group>,
    pub(super) profiles: BTreeMap<String, Profile>,
    pub(super) policies: BTreeMap<String, Policy>,
    /// Tasks that deleted service-linked roles.
    pub(super) deletions: BTreeSet<String>,
}

impl Hooks for Iam {}

impl Iam {
    /// The policies of a role, a user or a group.
    ///
    /// # Errors
    /// `NoSuchEntity`.
    pub(super) fn held(&mut self, kind: Kind, name: &str) -> Result<&mut Held, IamError> {
        Ok(match kind {
            Kind::Role => &mut self.role(name)?.held,
            Kind::User => &mut self.user(name)?.held,
            Kind::Group => &mut self.group(name)?.held,
        })
    }

    /// The same to be changed.
    ///
    /// # Errors
    /// `NoSuchEntity`; `UnmodifiableEntity` for a role that is linked to a service.
    pub(super) fn own(&mut self, kind: Kind, name: &str) -> Result<&mut Held, IamError> {
        if kind == Kind::Role {
            self.modifiable_role(name)?;
        }
        self.held(kind, name)
    }

    /// The policies of everybody.
    pub(super) fn holders(&self) -> impl Iterator<Item = &Held> {
        let roles = self.roles.values().map(|role| &role.held);
        let users = self.users.values().map(|user| &user.held);
        roles.chain(users).chain(self.groups.values().map(|group| &group.held))
    }
}
