//! DeleteAlarms: removes alarms, all of them or none.
//!
//! Limits: 100 names, one of a composite alarm among them.
//! Errors: `ResourceNotFound`, `ValidationError`.
//! Source: API reference "DeleteAlarms"; recordings of 2025-09-19.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::alarm_actions::check_names;
use crate::kernel::Context;
use crate::services::cloudwatch::alarm::AlarmKind;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::state::CloudWatch;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub alarm_names: Option<Vec<String>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let names = check_names(request.alarm_names)?;
    if names.iter().any(|name| cloudwatch.alarms.get(name).is_none()) {
        return Err(CloudWatchError::AlarmNotFound);
    }
    check_dependents(cloudwatch, &names)?;
    names.iter().for_each(|name| cloudwatch.alarms.delete(ctx, name));
    Ok(Response {})
}

/// No composite alarm that stays may name one that goes.
///
/// Source: the text as users of AWS report it. Unverified: that of the limit.
fn check_dependents(cloudwatch: &CloudWatch, names: &[String]) -> Result<(), CloudWatchError> {
    let is_composite = |name: &&String| {
        let alarm = cloudwatch.alarms.get(name);
        alarm.is_some_and(|alarm| alarm.config.kind() == AlarmKind::Composite)
    };
    let composites: BTreeSet<&String> = names.iter().filter(is_composite).collect();
    if composites.len() > 1 {
        let text = "DeleteAlarms deletes at most one composite alarm at a time.".to_owned();
        return Err(CloudWatchError::Validation(text));
    }
    let is_needed = |name: &&String| {
        let mut parents = cloudwatch.alarms.parents_of(name);
        parents.any(|parent| !names.iter().any(|going| going == parent))
    };
    let needed: BTreeSet<&str> = names.iter().filter(is_needed).map(String::as_str).collect();
    if needed.is_empty() {
        return Ok(());
    }
    let they = if needed.len() == 1 { "it" } else { "them" };
    let needed = needed.into_iter().collect::<Vec<_>>().join(",");
    let text =
        format!("Cannot delete {needed} as there are composite alarm(s) depending on {they}.");
    Err(CloudWatchError::Validation(text))
}
