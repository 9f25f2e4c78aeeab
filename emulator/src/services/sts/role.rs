//! A role by its ARN, and a session of it.

use std::fmt::Write as _;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::error::StsError;
use super::shapes::AssumedRoleUser;
use crate::kernel::{Account, Context, Identity};

/// `arn:<partition>:iam::<account>:role/<path><name>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Role<'a> {
    partition: &'a str,
    arn: &'a str,
    pub(super) account: Account,
    name: &'a str,
}

impl<'a> Role<'a> {
    /// Reads an ARN of a role; `caller` is who wants to have the role.
    ///
    /// # Errors
    /// `ValidationError` for what is no ARN (source: answers recorded on AWS, 2025-07-21), and
    /// `AccessDenied` for an ARN of something else, which AWS says of every role that is not there.
    pub(super) fn parse(arn: &'a str, caller: &str, action: &str) -> Result<Self, StsError> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let &["arn", partition, service, region, account, resource] = parts.as_slice() else {
            return Err(StsError::Validation(format!("{arn} is invalid")));
        };
        if partition.is_empty() || service.is_empty() || resource.is_empty() {
            return Err(StsError::Validation(format!("{arn} is invalid")));
        }
        let name = resource.strip_prefix("role/").and_then(|path| path.rsplit('/').next());
        match name.filter(|name| !name.is_empty()) {
            Some(name) if service == "iam" && region.is_empty() && Account::is_number(account) => {
                Ok(Self { partition, arn, account: Account(account.into()), name })
            }
            _ => Err(StsError::AccessDenied(format!(
                "User: {caller} is not authorized to perform: {action} on resource: {arn}"
            ))),
        }
    }

    /// Refuses a session that is longer than the role permits, if IAM has made the role.
    ///
    /// # Errors
    /// `ValidationError`. Source: IAM user guide "Update the maximum session duration for a role";
    /// the text from users' reports.
    pub(super) fn check_seconds(&self, ctx: &Context<'_>, seconds: i32) -> Result<(), StsError> {
        let known = ctx.known_role(self.arn);
        if known.is_some_and(|role| seconds > role.session_seconds_max) {
            let text = "The requested DurationSeconds exceeds the MaxSessionDuration set for this \
                        role.";
            return Err(StsError::Validation(text.to_owned()));
        }
        Ok(())
    }

    /// Who a session of this role is.
    pub(super) fn session(&self, ctx: &Context<'_>, name: &str) -> Identity {
        let Self { partition, account, name: role, .. } = self;
        let arn = format!("arn:{partition}:sts::{account}:assumed-role/{role}/{name}");
        let known = ctx.known_role(self.arn).map(|role| role.id.to_string());
        let user_id = format!("{}:{name}", known.unwrap_or_else(|| self.id())).into();
        Identity { arn: arn.into(), user_id, role: Some(self.arn.into()) }
    }

    /// The unique id of a role that IAM has not made; the same for the same role.
    ///
    /// Source: IAM user guide "IAM identifiers", unique identifiers.
    fn id(&self) -> String {
        const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        const LENGTH: usize = 17;
        let hash = Sha256::digest(format!("{}/{}", self.account, self.name));
        let mut id = String::from("AROA");
        for byte in hash.iter().take(LENGTH) {
            let _ = write!(id, "{}", char::from(DIGITS[usize::from(byte % 32)]));
        }
        id
    }
}

/// The `AssumedRoleUser` of an answer.
pub(super) fn user(identity: &Identity) -> AssumedRoleUser {
    let text = |text: &Arc<str>| Some(text.to_string());
    AssumedRoleUser { assumed_role_id: text(&identity.user_id), arn: text(&identity.arn) }
}
