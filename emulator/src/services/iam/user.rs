//! Users, and who calls without saying a user's name.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::access_key::AccessKey;
use super::entity::{Entity, Kind, key};
use super::error::IamError;
use super::held::Held;
use super::role::boundary;
use super::shapes::User as Shown;
use super::state::Iam;
use super::tagging::Tags;
use crate::kernel::{Account, Context, Identity, UserKey};

/// Source: IAM user guide "IAM and AWS STS quotas".
const USERS_MAX: usize = 5000;
const GROUPS_MAX: usize = 10;

/// One user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) entity: Entity,
    pub(super) tags: Tags,
    pub(super) held: Held,
    pub(super) keys: Vec<AccessKey>,
    /// The groups that it is in, by their keys.
    pub(super) groups: BTreeSet<String>,
}

impl User {
    pub(super) fn new(entity: Entity) -> Self {
        Self {
            entity,
            tags: Tags::default(),
            held: Held::default(),
            keys: Vec::new(),
            groups: BTreeSet::new(),
        }
    }

    /// As lists show it.
    pub(super) fn listed(&self) -> Shown {
        let Entity { name, path, id, arn, created } = &self.entity;
        Shown {
            path: Some(path.clone()),
            user_name: Some(name.clone()),
            user_id: Some(id.clone()),
            arn: Some(arn.clone()),
            create_date: Some(*created),
            ..Shown::default()
        }
    }

    /// As GetUser shows it.
    pub(super) fn shown(&self) -> Shown {
        let permissions_boundary = boundary(&self.held);
        Shown { permissions_boundary, tags: self.tags.shown(), ..self.listed() }
    }

    /// Tells others whose its active keys are.
    pub(super) fn make_known(&self, ctx: &mut Context<'_>) {
        let (arn, user_id) = (self.entity.arn.as_str().into(), self.entity.id.as_str().into());
        let user = Arc::new(Identity { arn, user_id, role: None });
        let account = Account(ctx.account().into());
        for key in &self.keys {
            if !key.is_active {
                ctx.identities().remove_key(&key.id);
                continue;
            }
            let (account, user) = (account.clone(), Arc::clone(&user));
            let known = UserKey { account, user, secret: key.secret.clone() };
            ctx.identities().insert_key(&key.id, known);
        }
    }

    /// # Errors
    /// `LimitExceeded`.
    pub(super) fn join(&mut self, group: String) -> Result<(), IamError> {
        if !self.groups.contains(&group) && self.groups.len() >= GROUPS_MAX {
            return Err(IamError::Quota("GroupsPerUser", GROUPS_MAX));
        }
        self.groups.insert(group);
        Ok(())
    }
}

impl Iam {
    /// # Errors
    /// `NoSuchEntity`.
    pub(super) fn user(&mut self, name: &str) -> Result<&mut User, IamError> {
        let missing = || IamError::NotFound(Kind::User, name.to_owned());
        self.users.get_mut(&*key(name)).ok_or_else(missing)
    }

    /// # Errors
    /// `EntityAlreadyExists`.
    pub(super) fn check_free_user(&self, name: &str) -> Result<(), IamError> {
        match self.users.contains_key(&*key(name)) {
            true => Err(IamError::Exists(Kind::User, name.to_owned())),
            false => Ok(()),
        }
    }

    /// # Errors
    /// `LimitExceeded`.
    pub(super) fn check_user_quota(&self) -> Result<(), IamError> {
        match self.users.len() >= USERS_MAX {
            true => Err(IamError::Quota("UsersPerAccount", USERS_MAX)),
            false => Ok(()),
        }
    }

    pub(super) fn insert_user(&mut self, user: User) {
        self.users.insert(key(&user.entity.name).into_owned(), user);
    }
}

/// The user whose name a request says, or who calls.
///
/// # Errors
/// `ValidationError` for a caller who is no user.
pub(super) fn named_or_calling(
    ctx: &Context<'_>,
    name: Option<String>,
) -> Result<String, IamError> {
    if let Some(name) = name {
        return Ok(name);
    }
    if ctx.session().is_some() {
        let text = "Must specify userName when calling with non-User credentials";
        return Err(IamError::Validation(text.to_owned()));
    }
    let arn = ctx.caller_arn();
    Ok(arn.rsplit('/').next().unwrap_or_default().to_owned())
}

/// The user that everybody is who calls with an account's own keys, unless IAM has made a user of
/// that name.
pub(super) fn of_account(ctx: &Context<'_>, name: &str) -> Option<Shown> {
    let arn = ctx.scope().region.user_arn(ctx.account());
    (arn.rsplit('/').next() == Some(name)).then(|| Shown {
        path: Some("/".to_owned()),
        user_name: Some(name.to_owned()),
        user_id: Some(ctx.account().to_owned()),
        arn: Some(arn),
        create_date: Some(ctx.settings().start),
        ..Shown::default()
    })
}
