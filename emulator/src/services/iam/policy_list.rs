//! Lists of managed policies, and of those who have one.

use std::collections::BTreeMap;

use super::entity::{Entity, Kind};
use super::held::Held;
use super::policy::{Usage, shown_of_aws};
use super::shapes::Policy;
use super::state::Iam;

/// Which policies are asked for.
pub(super) struct Wanted {
    /// `All`, `AWS` or `Local`; empty for all.
    pub(super) scope: String,
    /// What the path begins with.
    pub(super) prefix: String,
    /// `PermissionsPolicy` or `PermissionsBoundary`: those that are used so.
    pub(super) usage: Option<String>,
    pub(super) only_attached: bool,
}

impl Wanted {
    /// The policies, the account's own before those of AWS.
    pub(super) fn of(&self, iam: &Iam) -> BTreeMap<String, Policy> {
        let usages = iam.usages();
        let usage = |arn: &str| usages.get(arn).copied().unwrap_or_default();
        let own = iam
            .policies
            .iter()
            .map(|(key, policy)| (format!("0{key}"), policy.listed(usage(&policy.entity.arn))));
        let of_aws = usages
            .iter()
            .filter_map(|(arn, usage)| Some((format!("1{arn}"), shown_of_aws(arn, *usage)?)));
        let own = own.filter(|_| self.scope != "AWS");
        let of_aws = of_aws.filter(|_| self.scope != "Local");
        own.chain(of_aws).filter(|(_, policy)| self.takes(policy)).collect()
    }

    fn takes(&self, policy: &Policy) -> bool {
        let attached = policy.attachment_count.unwrap_or_default() > 0;
        let bounds = policy.permissions_boundary_usage_count.unwrap_or_default() > 0;
        let used = match self.usage.as_deref() {
            Some("PermissionsBoundary") => bounds,
            Some(_) => attached,
            None => !self.only_attached || attached,
        };
        used && policy.path.as_deref().unwrap_or_default().starts_with(&self.prefix)
    }
}

/// Whom of those who have a policy is asked for.
pub(super) struct Users<'a> {
    pub(super) arn: &'a str,
    /// `Role`, `User` or `Group`.
    pub(super) kind: Option<&'a str>,
    /// `PermissionsPolicy` or `PermissionsBoundary`.
    pub(super) usage: Option<&'a str>,
    /// What the path begins with.
    pub(super) prefix: &'a str,
}

/// Somebody who has a policy.
pub(super) struct User {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) id: String,
}

impl Users<'_> {
    /// They, each by its kind and name.
    pub(super) fn of(&self, iam: &Iam) -> BTreeMap<String, User> {
        let groups = iam.groups.values().map(|it| (Kind::Group, &it.entity, &it.held));
        let roles = iam.roles.values().map(|it| (Kind::Role, &it.entity, &it.held));
        let users = iam.users.values().map(|it| (Kind::User, &it.entity, &it.held));
        let mut all = BTreeMap::new();
        for (kind, entity, held) in groups.chain(roles).chain(users) {
            if self.takes(kind, entity, held) {
                let user = User { kind, name: entity.name.clone(), id: entity.id.clone() };
                all.insert(format!("{}/{}", kind.word(), entity.name), user);
            }
        }
        all
    }

    fn takes(&self, kind: Kind, entity: &Entity, held: &Held) -> bool {
        let usage = Usage {
            attached: i32::from(held.attached.contains(self.arn)),
            boundaries: i32::from(held.boundary.as_deref() == Some(self.arn)),
        };
        let used = match self.usage {
            Some("PermissionsBoundary") => usage.boundaries,
            Some(_) => usage.attached,
            None => usage.attached + usage.boundaries,
        };
        // What a filter says of policies (`LocalManagedPolicy`) says nothing of who has them.
        let of_kind = match self.kind {
            Some(wanted @ ("Role" | "User" | "Group")) => wanted == kind.title(),
            _ => true,
        };
        used > 0 && of_kind && entity.path.starts_with(self.prefix)
    }
}
