//! The words of a refusal: what is missing, and the statement that would help.

use std::fmt::Write as _;

use serde_json::json;

use super::condition::Outcome;
use super::decide::{Decision, Miss, PolicyRequest};
use super::document::{Condition, Policy};

impl Policy {
    /// No statement allowed the request; `near` is the one that came closest.
    pub(super) fn unanswered(
        &self,
        near: Option<(usize, Miss<'_>)>,
        request: &PolicyRequest<'_>,
    ) -> Decision {
        let reason = match near {
            Some((position, miss)) => self.near_miss(position, &miss, request),
            None => format!(
                "{} of {} has no statement that allows {} to {}{}",
                policy_noun(request.resource),
                request.resource,
                request.principal,
                request.action,
                for_source(request),
            ),
        };
        let reason = format!("{reason}; add {}", missing_statement(request));
        Decision::Denied { reason, explicit: false }
    }

    /// A statement denied the request, or might have: its condition can't be evaluated.
    pub(super) fn refused(
        &self,
        position: usize,
        request: &PolicyRequest<'_>,
        unsupported: Option<&Condition>,
    ) -> Decision {
        let mut reason = format!(
            "{} of the {} of {} denies {} to {}",
            self.name(position),
            policy_noun(request.resource),
            request.resource,
            request.principal,
            request.action,
        );
        if let Some(condition) = unsupported {
            let _ = write!(reason, ": its condition {condition} is not supported");
        }
        Decision::Denied { reason, explicit: true }
    }

    fn near_miss(&self, position: usize, miss: &Miss<'_>, request: &PolicyRequest<'_>) -> String {
        let cause = match miss {
            Miss::Resource(resources) => {
                format!("its Resource {} does not cover {}", quoted(resources), request.resource)
            }
            Miss::Condition(condition, Outcome::Unsupported) => {
                format!("its condition {condition} is not supported")
            }
            Miss::Condition(condition, _) => format!(
                "its condition {condition} is not met by {}",
                match request.key(&condition.key) {
                    Some(value) => format!("\"{value}\""),
                    None => "a request without that key".to_owned(),
                }
            ),
            Miss::Other => unreachable!("only one failing element makes a near miss"),
        };
        format!(
            "{} of the {} of {} would allow {} to {}, but {cause}",
            self.name(position),
            policy_noun(request.resource),
            request.resource,
            request.principal,
            request.action,
        )
    }

    fn name(&self, position: usize) -> String {
        match &self.statements[position].sid {
            Some(sid) => format!("statement \"{sid}\""),
            None => format!("statement {}", position + 1),
        }
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.operator, self.key, quoted(&self.values))
    }
}

fn policy_noun(resource: &str) -> &'static str {
    match resource.split(':').nth(2) {
        Some("sqs") => "queue policy",
        Some("sns") => "topic policy",
        Some("events") => "event bus policy",
        Some("lambda") => "function policy",
        _ => "resource policy",
    }
}

fn for_source(request: &PolicyRequest<'_>) -> String {
    match (request.source_arn, request.source_account) {
        (Some(arn), _) => format!(" for aws:SourceArn {arn}"),
        (None, Some(account)) => format!(" for aws:SourceAccount {account}"),
        (None, None) => String::new(),
    }
}

fn quoted(values: &[String]) -> String {
    let mut text = String::new();
    for (position, value) in values.iter().enumerate() {
        let _ = write!(text, "{}\"{value}\"", if position == 0 { "" } else { ", " });
    }
    text
}

/// A statement that would allow the request, ready to be pasted into the policy.
///
/// Written by hand so that the members keep the order in which people write them.
fn missing_statement(request: &PolicyRequest<'_>) -> String {
    let kind = if request.is_service() { "Service" } else { "AWS" };
    let mut text = format!(
        r#"{{"Effect":"Allow","Principal":{},"Action":{},"Resource":{}"#,
        json!({ kind: request.principal }),
        json!(request.action),
        json!(request.resource),
    );
    if let Some(arn) = request.source_arn {
        let condition = json!({"ArnEquals": {"aws:SourceArn": arn}});
        let _ = write!(text, r#","Condition":{condition}"#);
    } else if let Some(account) = request.source_account {
        let condition = json!({"StringEquals": {"aws:SourceAccount": account}});
        let _ = write!(text, r#","Condition":{condition}"#);
    }
    text.push('}');
    text
}
