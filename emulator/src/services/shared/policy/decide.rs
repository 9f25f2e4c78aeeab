//! The decision: which statements apply to a request, and which one element kept one from it.

use std::borrow::Cow;

use super::condition::Outcome;
use super::document::{Condition, Match, Policy, Principals, Statement};
use super::glob::{any_glob, like};
use super::variables::{Filled, fill};
use crate::kernel::Session;
use crate::wire::Timestamp;

/// Who asks for what, as plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyRequest<'a> {
    /// A service (`sns.amazonaws.com`), an ARN of IAM or STS, or an account number.
    pub principal: &'a str,
    /// The session that the principal is, if it is one.
    pub session: Option<&'a Session>,
    /// `sqs:SendMessage`.
    pub action: &'a str,
    /// The ARN that is acted on.
    pub resource: &'a str,
    /// The ARN on whose behalf a service acts (`aws:SourceArn`).
    pub source_arn: Option<&'a str>,
    /// That ARN's account (`aws:SourceAccount`).
    pub source_account: Option<&'a str>,
    /// The account that owns what the service acts on (`aws:SourceOwner`); only some services
    /// say so.
    pub source_owner: Option<&'a str>,
    /// Condition keys of the service itself that this request has, in small letters, with values.
    pub own_keys: &'a [(&'a str, &'a str)],
    /// When it asks (`aws:CurrentTime`).
    pub now: Timestamp,
}

/// The answer of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    Allowed,
    Denied {
        /// One sentence on what is missing, and the statement that would help.
        reason: String,
        /// A statement denies it; otherwise none allows it.
        explicit: bool,
    },
}

impl Decision {
    /// Whether the policy lets the request pass.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed)
    }
}
/// Which one element kept a statement from applying.
pub(super) enum Miss<'p> {
    Resource(&'p [String]),
    Condition(&'p Condition, Outcome),
    Other,
}

impl Policy {
    /// Whether a statement denies something to somebody.
    pub fn denies(&self) -> bool {
        self.denies
    }

    /// A statement that denies wins, then one that allows; without either the request is denied.
    pub fn evaluate(&self, request: &PolicyRequest<'_>) -> Decision {
        let mut allowed = false;
        let mut near = None;
        for (position, statement) in self.statements.iter().enumerate() {
            let miss = statement.miss(request, self.has_variables);
            match (statement.allows, miss) {
                (true, None) => allowed = true,
                (true, Some(Miss::Other)) => {}
                (true, Some(miss)) => near = near.or(Some((position, miss))),
                (false, None) => return self.refused(position, request, None),
                // A refusal that can't be evaluated must not become a silent permission.
                (false, Some(Miss::Condition(condition, Outcome::Unsupported))) => {
                    return self.refused(position, request, Some(condition));
                }
                (false, Some(_)) => {}
            }
        }
        if allowed {
            return Decision::Allowed;
        }
        self.unanswered(near, request)
    }
}

impl PolicyRequest<'_> {
    pub(super) fn is_service(&self) -> bool {
        self.principal.ends_with(".amazonaws.com")
    }

    fn principal_account(&self) -> Option<&str> {
        if self.is_service() {
            return None;
        }
        match self.principal.strip_prefix("arn:") {
            Some(_) => self.principal.split(':').nth(4),
            None => Some(self.principal),
        }
    }

    /// The value of a condition key of this request; key names ignore case.
    pub(super) fn key(&self, name: &str) -> Option<Cow<'_, str>> {
        let is_client = !self.is_service();
        let text = match name.to_ascii_lowercase().as_str() {
            "aws:sourcearn" => self.source_arn,
            "aws:sourceaccount" => self.source_account,
            "aws:sourceowner" => self.source_owner,
            "aws:principalarn" => is_client.then(|| self.role().unwrap_or(self.principal)),
            "aws:userid" => self.user_id(),
            "aws:sourceidentity" => self.session.and_then(|it| it.source_identity.as_deref()),
            "aws:principalaccount" => self.principal_account(),
            "aws:principaltype" => self.principal_type(),
            "aws:principalisawsservice" => Some(if is_client { "false" } else { "true" }),
            "aws:principalservicename" => (!is_client).then_some(self.principal),
            "aws:username" => {
                self.principal.split_once(":user/").and_then(|(_, path)| path.rsplit('/').next())
            }
            "aws:viaawsservice" => Some("false"),
            // Differs from AWS: every request counts as made over TLS.
            "aws:securetransport" => Some("true"),
            "aws:currenttime" => return Some(self.now.iso_seconds().into()),
            "aws:epochtime" => return Some(self.now.seconds().to_string().into()),
            "aws:resourceaccount" => self.resource.split(':').nth(4),
            "aws:requestedregion" => self.resource.split(':').nth(3),
            // Differs from AWS: every other condition key is absent from every request.
            other => {
                let tag = || other.strip_prefix("aws:principaltag/").and_then(|key| self.tag(key));
                let own = self.own_keys.iter().find(|(key, _)| *key == other);
                own.map(|(_, value)| *value).or_else(tag)
            }
        };
        text.map(Cow::Borrowed)
    }

    /// The role that the principal is a session of.
    fn role(&self) -> Option<&str> {
        self.session.and_then(|session| session.identity.role.as_deref())
    }

    fn user_id(&self) -> Option<&str> {
        match self.session {
            Some(session) => Some(&session.identity.user_id),
            None => self.principal_account(),
        }
    }

    /// The value of a session's tag; keys ignore case.
    fn tag(&self, key: &str) -> Option<&str> {
        let tags = &self.session?.tags;
        let found = tags.iter().find(|tag| tag.key.eq_ignore_ascii_case(key));
        found.map(|tag| tag.value.as_str())
    }

    /// Source: IAM user guide, "AWS global condition context keys", `aws:PrincipalType`.
    fn principal_type(&self) -> Option<&str> {
        let resource = self.principal.strip_prefix("arn:")?.splitn(5, ':').nth(4)?;
        match resource.split('/').next()? {
            "root" => Some("Account"),
            "user" => Some("User"),
            "assumed-role" => Some("AssumedRole"),
            "federated-user" => Some("FederatedUser"),
            _ => None,
        }
    }
}

impl Statement {
    fn miss(&self, request: &PolicyRequest<'_>, variables: bool) -> Option<Miss<'_>> {
        let actor = self.principal.holds(|p| p.covers(request));
        let action = request.action.to_ascii_lowercase();
        let act = self.action.holds(|globs| any_glob(globs, &action, str::to_ascii_lowercase));
        if !actor || !act {
            return Some(Miss::Other);
        }
        let is_resource = |pattern: &String| {
            let filled =
                if variables { fill(pattern, request) } else { Some(Filled::plain(pattern)) };
            filled.is_some_and(|filled| like(&filled, request.resource))
        };
        let covered = self
            .resource
            .as_ref()
            .is_none_or(|resource| resource.holds(|globs| globs.iter().any(is_resource)));
        let failed = self
            .conditions
            .iter()
            .map(|condition| (condition, condition.outcome(request, variables)))
            .find(|(_, outcome)| *outcome != Outcome::Holds);
        match (covered, failed) {
            (true, None) => None,
            (true, Some((condition, outcome))) => Some(Miss::Condition(condition, outcome)),
            (false, None) => match &self.resource {
                Some(Match::Is(globs)) => Some(Miss::Resource(globs)),
                _ => Some(Miss::Other),
            },
            (false, Some(_)) => Some(Miss::Other),
        }
    }
}

impl<T> Match<T> {
    fn holds(&self, test: impl Fn(&T) -> bool) -> bool {
        match self {
            Self::Is(value) => test(value),
            Self::IsNot(value) => !test(value),
        }
    }
}

impl Principals {
    fn covers(&self, request: &PolicyRequest<'_>) -> bool {
        if self.everyone {
            return true;
        }
        if request.is_service() {
            return self.services.iter().any(|s| s == request.principal);
        }
        let account = request.principal_account().unwrap_or_default();
        self.accounts.iter().any(|named| {
            named == request.principal
                || Some(named.as_str()) == request.role()
                || named == account
                || named
                    .strip_suffix(":root")
                    .is_some_and(|arn| arn.ends_with(&format!("::{account}")))
        })
    }
}
