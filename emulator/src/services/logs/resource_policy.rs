//! Who else may write into groups: policies of the account, and of single resources.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::shapes;
use crate::services::shared::policy::{Decision, Policy, PolicyRequest};

/// A policy with its document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ResourcePolicy {
    pub(super) document: Policy,
    /// In milliseconds since 1970.
    pub(super) updated: i64,
    /// Of one of a single resource: changes with each change.
    pub(super) revision: Option<String>,
}

/// All policies: of the account by name, of resources by ARN.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct ResourcePolicies {
    pub(super) of_account: BTreeMap<String, ResourcePolicy>,
    pub(super) of_resources: BTreeMap<String, ResourcePolicy>,
}

/// Policies of an account and region.
///
/// Source: user guide "CloudWatch Logs quotas".
pub(super) const OF_ACCOUNT_MAX: usize = 10;

impl ResourcePolicy {
    /// The policy as answers show it, `name` its own or the ARN of its resource.
    pub(super) fn described(&self, scope: &str, name: &str) -> shapes::ResourcePolicy {
        let is_resource = scope == RESOURCE;
        let name = Some(name.to_owned());
        shapes::ResourcePolicy {
            last_updated_time: Some(self.updated),
            policy_document: Some(self.document.as_str().to_owned()),
            policy_name: name.clone().filter(|_| !is_resource),
            policy_scope: Some(scope.to_owned()),
            resource_arn: name.filter(|_| is_resource),
            revision_id: self.revision.clone(),
        }
    }
}

impl ResourcePolicy {
    /// The policy as lists show it: a list of one is the one. Recorded.
    pub(super) fn listed(&self, scope: &str, name: &str) -> shapes::ResourcePolicy {
        let policy_document = Some(with_single_values(self.document.as_str()));
        shapes::ResourcePolicy { policy_document, ..self.described(scope, name) }
    }
}

/// A document in which lists of one value are that value; as it was given where there are none.
fn with_single_values(text: &str) -> String {
    let Ok(mut document) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
    let mut changed = false;
    let mut single = |value: &mut Value| {
        if let Value::Array(all) = value
            && all.len() == 1
        {
            changed = true;
            *value = all.remove(0);
        }
    };
    let statements = match &mut document["Statement"] {
        Value::Array(statements) => statements.iter_mut().collect(),
        one => vec![one],
    };
    for statement in statements.into_iter().filter_map(Value::as_object_mut) {
        for (element, value) in statement.iter_mut() {
            match (element.as_str(), value) {
                ("Principal" | "NotPrincipal", Value::Object(of)) => {
                    of.values_mut().for_each(&mut single);
                }
                ("Action" | "NotAction" | "Resource" | "NotResource", value) => single(value),
                _ => {}
            }
        }
    }
    if changed { document.to_string() } else { text.to_owned() }
}

/// The scopes of policies.
pub(super) const ACCOUNT: &str = "ACCOUNT";
pub(super) const RESOURCE: &str = "RESOURCE";

impl ResourcePolicies {
    /// Whether some policy lets a request pass and none denies it.
    pub(super) fn evaluate(&self, request: &PolicyRequest<'_>, group: &str) -> Decision {
        let of_resource = self.of_resources.get(group);
        let all = self.of_account.values().chain(of_resource);
        let decisions: Vec<Decision> = all.map(|it| it.document.evaluate(request)).collect();
        let denied = |it: &&Decision| matches!(it, Decision::Denied { explicit: true, .. });
        if let Some(denied) = decisions.iter().find(denied) {
            return denied.clone();
        }
        match decisions.iter().find(|it| it.is_allowed()) {
            Some(_) => Decision::Allowed,
            None => {
                decisions.into_iter().next().unwrap_or_else(|| Policy::default().evaluate(request))
            }
        }
    }
}
