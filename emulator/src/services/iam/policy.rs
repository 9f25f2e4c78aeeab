//! Managed policies: the account's own with their versions, and those of AWS, of which only the
//! names are known.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::document::Document;
use super::entity::{Entity, key};
use super::error::IamError;
use super::shapes::{Policy as Shown, PolicyVersion};
use super::state::Iam;
use super::tagging::Tags;
use crate::kernel::{Account, Context};
use crate::wire::Timestamp;

/// Source: IAM user guide "IAM and AWS STS quotas".
const VERSIONS_MAX: usize = 5;
const POLICIES_MAX: usize = 1500;
/// Whose policies are AWS's own.
const OF_AWS: &str = "aws";

/// A policy of the account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Policy {
    pub(super) entity: Entity,
    pub(super) description: Option<String>,
    pub(super) tags: Tags,
    /// By number; the next one is never a number that was used.
    pub(super) versions: BTreeMap<u32, Version>,
    pub(super) default: u32,
    next: u32,
    updated: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Version {
    pub(super) document: Document,
    created: Timestamp,
}

impl Policy {
    pub(super) fn new(entity: Entity, document: Document, tags: Tags) -> Self {
        let created = entity.created;
        let first = Version { document, created };
        Self {
            entity,
            description: None,
            tags,
            versions: BTreeMap::from([(1, first)]),
            default: 1,
            next: 2,
            updated: created,
        }
    }

    /// Adds a version; returns its number.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub(super) fn add(
        &mut self,
        now: Timestamp,
        document: Document,
        set_as_default: bool,
    ) -> Result<u32, IamError> {
        if self.versions.len() >= VERSIONS_MAX {
            return Err(IamError::TooManyVersions(VERSIONS_MAX));
        }
        let number = self.next;
        self.versions.insert(number, Version { document, created: now });
        self.next += 1;
        self.updated = now;
        if set_as_default {
            self.default = number;
        }
        Ok(number)
    }

    /// The number of a version by its id.
    ///
    /// # Errors
    /// `NoSuchEntity`.
    pub(super) fn number(&self, id: &str) -> Result<u32, IamError> {
        let number = id.strip_prefix('v').and_then(|number| number.parse().ok());
        let missing = || IamError::VersionNotFound(self.entity.arn.clone(), id.to_owned());
        number.filter(|number| self.versions.contains_key(number)).ok_or_else(missing)
    }

    /// Makes a version the default.
    pub(super) fn set_default(&mut self, now: Timestamp, number: u32) {
        self.default = number;
        self.updated = now;
    }

    /// A version as answers show it, its document where it is asked for.
    pub(super) fn version(&self, number: u32, with_document: bool) -> PolicyVersion {
        let version = self.versions.get(&number);
        PolicyVersion {
            document: version.filter(|_| with_document).map(|it| it.document.encoded()),
            version_id: Some(format!("v{number}")),
            is_default_version: Some(number == self.default),
            create_date: version.map(|it| it.created),
        }
    }

    /// As GetPolicy shows it; lists leave out the description and the tags.
    pub(super) fn shown(&self, usage: Usage) -> Shown {
        Shown {
            description: self.description.clone(),
            tags: self.tags.shown(),
            ..self.listed(usage)
        }
    }

    pub(super) fn listed(&self, usage: Usage) -> Shown {
        let Entity { name, path, id, arn, created } = &self.entity;
        Shown {
            policy_name: Some(name.clone()),
            policy_id: Some(id.clone()),
            arn: Some(arn.clone()),
            path: Some(path.clone()),
            default_version_id: Some(format!("v{}", self.default)),
            attachment_count: Some(usage.attached),
            permissions_boundary_usage_count: Some(usage.boundaries),
            is_attachable: Some(true),
            description: None,
            create_date: Some(*created),
            update_date: Some(self.updated),
            tags: None,
        }
    }
}

/// How often a policy is attached, and how often it is a boundary.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Usage {
    pub(super) attached: i32,
    pub(super) boundaries: i32,
}

/// Whether the policy is one of AWS's own.
fn is_of_aws(arn: &str) -> bool {
    arn.split(':').nth(4) == Some(OF_AWS)
}

/// The path and the name that an ARN of a policy says.
pub(super) fn path_and_name(arn: &str) -> Option<(&str, &str)> {
    let path = arn.splitn(6, ':').nth(5)?.strip_prefix("policy")?;
    Some(path.split_at(path.rfind('/')? + 1))
}

/// A policy of AWS's own as answers show it: what its ARN says, and its use.
pub(super) fn shown_of_aws(arn: &str, usage: Usage) -> Option<Shown> {
    let (path, name) = path_and_name(arn).filter(|_| is_of_aws(arn))?;
    Some(Shown {
        policy_name: Some(name.to_owned()),
        arn: Some(arn.to_owned()),
        path: Some(path.to_owned()),
        attachment_count: Some(usage.attached),
        permissions_boundary_usage_count: Some(usage.boundaries),
        is_attachable: Some(true),
        ..Shown::default()
    })
}

/// # Errors
/// `InvalidInput` for what is no ARN of a policy.
pub(super) fn check_arn(arn: &str) -> Result<(), IamError> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", _, "iam", "", account, resource]
            if (*account == OF_AWS || Account::is_number(account))
                && resource.strip_prefix("policy/").is_some_and(|it| !it.ends_with('/')) =>
        {
            Ok(())
        }
        _ => Err(IamError::InvalidInput(format!("ARN {arn} is not valid."))),
    }
}

impl Iam {
    /// The account's policy with this ARN.
    pub(super) fn find_policy(&self, arn: &str) -> Option<&Policy> {
        let name = arn.rsplit('/').next()?;
        self.policies.get(&*key(name)).filter(|policy| policy.entity.arn == arn)
    }

    /// The same to be changed.
    ///
    /// # Errors
    /// `InvalidInput`, `NoSuchEntity`; `AccessDenied` for one of AWS's own.
    pub(super) fn policy(&mut self, ctx: &Context<'_>, arn: &str) -> Result<&mut Policy, IamError> {
        check_arn(arn)?;
        if is_of_aws(arn) {
            return Err(IamError::AccessDenied(format!(
                "User: {} is not authorized to perform: {} on resource: policy {arn}",
                ctx.caller_arn(),
                ctx.action()
            )));
        }
        let missing = || IamError::PolicyNotFound(arn.to_owned());
        let name = arn.rsplit('/').next().unwrap_or_default();
        let policy = self.policies.get_mut(&*key(name)).ok_or_else(missing)?;
        if policy.entity.arn == arn { Ok(policy) } else { Err(missing()) }
    }

    /// Whether a policy can be attached, or be a boundary. Every name of a policy of AWS's own is
    /// believed.
    ///
    /// # Errors
    /// `InvalidInput`, `NoSuchEntity`.
    pub(super) fn check_attachable(&self, arn: &str) -> Result<(), IamError> {
        check_arn(arn)?;
        match is_of_aws(arn) || self.find_policy(arn).is_some() {
            true => Ok(()),
            false => Err(IamError::PolicyNotUsable(arn.to_owned())),
        }
    }

    /// The same for a permissions boundary, if there is one.
    ///
    /// # Errors
    /// `InvalidInput`, `NoSuchEntity`.
    pub(super) fn check_boundary(&self, arn: Option<&str>) -> Result<(), IamError> {
        let Some(arn) = arn else { return Ok(()) };
        self.check_attachable(arn).map_err(|error| match error {
            IamError::PolicyNotUsable(arn) => IamError::BoundaryNotFound(arn),
            other => other,
        })
    }

    /// Whether there is such a policy.
    ///
    /// # Errors
    /// `InvalidInput`, `NoSuchEntity`.
    pub(super) fn check_known(&self, arn: &str) -> Result<(), IamError> {
        check_arn(arn)?;
        match is_of_aws(arn) || self.find_policy(arn).is_some() {
            true => Ok(()),
            false => Err(IamError::PolicyNotFound(arn.to_owned())),
        }
    }

    /// # Errors
    /// `EntityAlreadyExists`, `LimitExceeded`.
    pub(super) fn check_new_policy(&self, name: &str) -> Result<(), IamError> {
        if self.policies.contains_key(&*key(name)) {
            return Err(IamError::PolicyExists(name.to_owned()));
        }
        if self.policies.len() >= POLICIES_MAX {
            return Err(IamError::Quota("PoliciesPerAccount", POLICIES_MAX));
        }
        Ok(())
    }

    /// How often each policy is used.
    pub(super) fn usages(&self) -> BTreeMap<&str, Usage> {
        let mut usages: BTreeMap<&str, Usage> = BTreeMap::new();
        for held in self.holders() {
            for arn in &held.attached {
                usages.entry(arn).or_default().attached += 1;
            }
            if let Some(arn) = &held.boundary {
                usages.entry(arn).or_default().boundaries += 1;
            }
        }
        usages
    }

    /// How often one policy is used.
    pub(super) fn usage(&self, arn: &str) -> Usage {
        let mut usage = Usage::default();
        for held in self.holders() {
            usage.attached += i32::from(held.attached.contains(arn));
            usage.boundaries += i32::from(held.boundary.as_deref() == Some(arn));
        }
        usage
    }

    /// The policy with this ARN whose versions are asked for.
    ///
    /// # Errors
    /// `InvalidInput`, `NoSuchEntity`; those of AWS's own policies are not known.
    pub(super) fn with_versions(&self, arn: &str) -> Result<&Policy, IamError> {
        check_arn(arn)?;
        if is_of_aws(arn) {
            let text = format!("{arn}: a version of a policy of AWS's own");
            return Err(IamError::NotImplemented(text));
        }
        self.find_policy(arn).ok_or_else(|| IamError::PolicyNotFound(arn.to_owned()))
    }
}
