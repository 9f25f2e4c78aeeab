//! What roles, users, groups, instance profiles and policies have in common: a name, a path, an id.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::ids;
use crate::kernel::Context;
use crate::wire::Timestamp;

/// Who may have policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Role,
    User,
    Group,
}

impl Kind {
    /// As messages name it in a sentence.
    pub fn word(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::User => "user",
            Self::Group => "group",
        }
    }

    /// As messages name it where they begin.
    pub fn title(self) -> &'static str {
        match self {
            Self::Role => "Role",
            Self::User => "User",
            Self::Group => "Group",
        }
    }
}

/// The names of one thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Entity {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) id: String,
    pub(super) arn: String,
    pub(super) created: Timestamp,
}

/// What an id begins with, and what an ARN says before the path.
#[derive(Clone, Copy)]
pub(super) struct Sort {
    prefix: &'static str,
    resource: &'static str,
}

/// Source: IAM user guide "IAM identifiers", unique identifiers.
pub(super) const ROLE: Sort = Sort { prefix: "AROA", resource: "role" };
pub(super) const USER: Sort = Sort { prefix: "AIDA", resource: "user" };
pub(super) const GROUP: Sort = Sort { prefix: "AGPA", resource: "group" };
pub(super) const PROFILE: Sort = Sort { prefix: "AIPA", resource: "instance-profile" };
pub(super) const POLICY: Sort = Sort { prefix: "ANPA", resource: "policy" };

impl Entity {
    pub(super) fn new(ctx: &mut Context<'_>, sort: Sort, path: Option<&str>, name: &str) -> Self {
        let path = path.unwrap_or("/").to_owned();
        Self {
            id: ids::unique(ctx.ids(), sort.prefix),
            arn: arn(ctx, sort, &path, name),
            created: ctx.now(),
            name: name.to_owned(),
            path,
        }
    }

    /// Changes name and path, and with them the ARN; the id stays.
    pub(super) fn rename(&mut self, ctx: &Context<'_>, sort: Sort, path: String, name: String) {
        self.arn = arn(ctx, sort, &path, &name);
        (self.path, self.name) = (path, name);
    }
}

fn arn(ctx: &Context<'_>, sort: Sort, path: &str, name: &str) -> String {
    let (partition, account) = (ctx.scope().region.partition(), ctx.account());
    format!("arn:{partition}:iam::{account}:{}{path}{name}", sort.resource)
}

/// By what something is found: names ignore case.
///
/// Source: IAM user guide "IAM and AWS STS quotas", name requirements.
pub(super) fn key(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    }
}
