//! DescribeAlarmContributors: the time series that put an alarm on several into ALARM.
//!
//! Errors: `ResourceNotFoundException`, `InvalidNextToken`, `ValidationError`.
//! Source: API reference "DescribeAlarmContributors".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::alarm::contributor_id;
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::metric::NAME_MAX;
use crate::services::cloudwatch::paging::position;
use crate::services::cloudwatch::state::CloudWatch;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub alarm_name: Option<String>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub alarm_contributors: Option<Vec<AlarmContributor>>,
    pub next_token: Option<String>,
}

/// One time series of an alarm on several.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AlarmContributor {
    pub contributor_id: Option<String>,
    pub contributor_attributes: Option<BTreeMap<String, String>>,
    pub state_reason: Option<String>,
    pub state_transitioned_timestamp: Option<Timestamp>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let mut constraints = Constraints::default();
    constraints.required("alarmName", request.alarm_name.as_ref());
    constraints.length("alarmName", request.alarm_name.as_deref(), (1, NAME_MAX));
    constraints.done()?;
    position(ctx, request.next_token.as_deref())?;
    let name = request.alarm_name.unwrap_or_default();
    let Some(alarm) = cloudwatch.alarms.get(&name) else {
        return Err(CloudWatchError::ResourceNotFound("alarm", name));
    };
    let all = alarm.contributors.in_alarm().map(|(attributes, it)| AlarmContributor {
        contributor_id: Some(contributor_id(attributes)),
        contributor_attributes: Some(attributes.iter().cloned().collect()),
        state_reason: Some(it.reason().to_owned()),
        state_transitioned_timestamp: Some(it.transitioned),
    });
    // There are as many as a query makes series: one page.
    Ok(Response { alarm_contributors: Some(all.collect()), next_token: None })
}
