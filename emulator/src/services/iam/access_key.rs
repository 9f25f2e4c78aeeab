//! The access keys of users. One that is active may sign requests, which then are its user's.

use serde::{Deserialize, Serialize};

use super::error::IamError;
use super::ids;
use super::shapes::AccessKeyMetadata;
use super::user::User;
use crate::kernel::{Context, Secret};
use crate::wire::Timestamp;

/// Source: IAM user guide "IAM and AWS STS quotas".
const KEYS_MAX: usize = 2;

/// One access key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct AccessKey {
    pub(super) id: String,
    pub(super) secret: Secret,
    pub(super) is_active: bool,
    pub(super) created: Timestamp,
}

impl AccessKey {
    pub(super) fn status(&self) -> String {
        if self.is_active { "Active" } else { "Inactive" }.to_owned()
    }

    /// As lists show it.
    pub(super) fn listed(&self, user: &str) -> AccessKeyMetadata {
        AccessKeyMetadata {
            user_name: Some(user.to_owned()),
            access_key_id: Some(self.id.clone()),
            status: Some(self.status()),
            create_date: Some(self.created),
        }
    }
}

impl User {
    /// # Errors
    /// `LimitExceeded`.
    pub(super) fn add_key(&mut self, ctx: &mut Context<'_>) -> Result<&AccessKey, IamError> {
        if self.keys.len() >= KEYS_MAX {
            return Err(IamError::Quota("AccessKeysPerUser", KEYS_MAX));
        }
        let id = ids::access_key(ctx.ids());
        let secret = Secret::from(ids::secret(ctx.ids()));
        self.keys.push(AccessKey { id, secret, is_active: true, created: ctx.now() });
        self.make_known(ctx);
        Ok(self.keys.last().expect("it was pushed"))
    }

    /// # Errors
    /// `NoSuchEntity`.
    pub(super) fn set_key_status(
        &mut self,
        ctx: &mut Context<'_>,
        id: &str,
        is_active: bool,
    ) -> Result<(), IamError> {
        let missing = || IamError::KeyNotFound(id.to_owned());
        let key = self.keys.iter_mut().find(|key| key.id == id).ok_or_else(missing)?;
        key.is_active = is_active;
        self.make_known(ctx);
        Ok(())
    }

    /// # Errors
    /// `NoSuchEntity`.
    pub(super) fn remove_key(&mut self, ctx: &mut Context<'_>, id: &str) -> Result<(), IamError> {
        let missing = || IamError::KeyNotFound(id.to_owned());
        let place = self.keys.iter().position(|key| key.id == id).ok_or_else(missing)?;
        self.keys.remove(place);
        ctx.identities().remove_key(id);
        Ok(())
    }
}
