//! Roles: who may assume them, and for how long.

use serde::{Deserialize, Serialize};

use super::document::Document;
use super::entity::{Entity, Kind, key};
use super::error::IamError;
use super::held::Held;
use super::shapes::{AttachedPermissionsBoundary, Role as Shown, RoleLastUsed};
use super::state::Iam;
use super::tagging::Tags;
use crate::kernel::{Context, KnownRole};

/// Source: IAM user guide "IAM and AWS STS quotas".
const ROLES_MAX: usize = 1000;
/// Source: API reference "CreateRole", `MaxSessionDuration`.
const SESSION_SECONDS: i32 = 3600;

/// One role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Role {
    pub(super) entity: Entity,
    pub(super) trust: Document,
    pub(super) description: Option<String>,
    pub(super) session_seconds_max: i32,
    pub(super) signin_seconds_max: Option<i32>,
    pub(super) tags: Tags,
    pub(super) held: Held,
    /// The service that it is linked to: only AWS changes it then.
    pub(super) linked_to: Option<String>,
}

impl Role {
    pub(super) fn new(entity: Entity, trust: Document) -> Self {
        Self {
            entity,
            trust,
            description: None,
            session_seconds_max: SESSION_SECONDS,
            signin_seconds_max: None,
            tags: Tags::default(),
            held: Held::default(),
            linked_to: None,
        }
    }

    /// As instance profiles show it: without what came after them.
    pub(super) fn listed_in_profile(&self) -> Shown {
        Shown {
            description: None,
            max_session_duration: None,
            max_signin_session_duration: None,
            ..self.listed()
        }
    }

    /// As lists show it.
    pub(super) fn listed(&self) -> Shown {
        let Entity { name, path, id, arn, created } = &self.entity;
        Shown {
            path: Some(path.clone()),
            role_name: Some(name.clone()),
            role_id: Some(id.clone()),
            arn: Some(arn.clone()),
            create_date: Some(*created),
            assume_role_policy_document: Some(self.trust.encoded()),
            description: self.description.clone(),
            max_session_duration: Some(self.session_seconds_max),
            max_signin_session_duration: self.signin_seconds_max,
            ..Shown::default()
        }
    }

    /// As GetRole shows it. Uses of a role are not kept.
    pub(super) fn shown(&self) -> Shown {
        Shown {
            permissions_boundary: boundary(&self.held),
            tags: self.tags.shown(),
            role_last_used: Some(RoleLastUsed::default()),
            ..self.listed()
        }
    }

    /// # Errors
    /// `UnmodifiableEntity`.
    pub(super) fn check_modifiable(&self) -> Result<(), IamError> {
        match self.linked_to {
            None => Ok(()),
            Some(_) => Err(IamError::Protected(self.entity.name.clone())),
        }
    }

    /// Tells others of it.
    pub(super) fn make_known(&self, ctx: &mut Context<'_>) {
        let id = self.entity.id.as_str().into();
        let known = KnownRole { id, session_seconds_max: self.session_seconds_max };
        ctx.identities().insert_role(&self.entity.arn, known);
    }
}

/// A permissions boundary as answers show it.
pub(super) fn boundary(held: &Held) -> Option<AttachedPermissionsBoundary> {
    let arn = held.boundary.clone()?;
    Some(AttachedPermissionsBoundary {
        permissions_boundary_type: Some("PermissionsBoundaryPolicy".to_owned()),
        permissions_boundary_arn: Some(arn),
    })
}

impl Iam {
    /// # Errors
    /// `NoSuchEntity`.
    pub(super) fn role(&mut self, name: &str) -> Result<&mut Role, IamError> {
        let missing = || IamError::NotFound(Kind::Role, name.to_owned());
        self.roles.get_mut(&*key(name)).ok_or_else(missing)
    }

    /// A role that is not linked to a service.
    ///
    /// # Errors
    /// `NoSuchEntity`, `UnmodifiableEntity`.
    pub(super) fn modifiable_role(&mut self, name: &str) -> Result<&mut Role, IamError> {
        let role = self.role(name)?;
        role.check_modifiable()?;
        Ok(role)
    }

    /// # Errors
    /// `EntityAlreadyExists`, `LimitExceeded`.
    pub(super) fn check_new_role(&self, name: &str) -> Result<(), IamError> {
        if self.roles.contains_key(&*key(name)) {
            return Err(IamError::Exists(Kind::Role, name.to_owned()));
        }
        if self.roles.len() >= ROLES_MAX {
            return Err(IamError::Quota("RolesPerAccount", ROLES_MAX));
        }
        Ok(())
    }

    /// Puts a new role in.
    pub(super) fn insert_role(&mut self, ctx: &mut Context<'_>, role: Role) {
        role.make_known(ctx);
        self.roles.insert(key(&role.entity.name).into_owned(), role);
    }

    /// Takes a role out.
    ///
    /// # Errors
    /// `NoSuchEntity`.
    pub(super) fn remove_role(
        &mut self,
        ctx: &mut Context<'_>,
        name: &str,
    ) -> Result<(), IamError> {
        let missing = || IamError::NotFound(Kind::Role, name.to_owned());
        let role = self.roles.remove(&*key(name)).ok_or_else(missing)?;
        ctx.identities().remove_role(&role.entity.arn);
        Ok(())
    }
}
