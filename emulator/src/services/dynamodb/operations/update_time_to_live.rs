//! UpdateTimeToLive: lets items expire by an attribute, or no longer.
//!
//! Limits: with `--lifecycle timed`, one change an hour.
//! Errors: `ResourceNotFoundException`, `ResourceInUseException`, `ValidationException`.
//! Source: API reference "UpdateTimeToLive"; texts from users' reports.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_with::skip_serializing_none;

use crate::kernel::{Context, Passing};
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::item_write::missing;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::replica_update;
use crate::services::dynamodb::shapes::TimeToLiveSpecification;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::store::TimeToLive;
use crate::services::dynamodb::time_to_live;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub table_name: Option<String>,
    pub time_to_live_specification: Option<TimeToLiveSpecification>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub time_to_live_specification: Option<TimeToLiveSpecification>,
}

/// How long a change takes, during which there is no other.
const CHANGES: Duration = Duration::from_secs(3600);

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::UPDATE_TIME_TO_LIVE, &request)?;
    let given = request.time_to_live_specification;
    let given = given.ok_or_else(|| missing("timeToLiveSpecification"))?;
    let member = |name: &str| missing(&format!("timeToLiveSpecification.{name}"));
    let enabled = given.enabled.ok_or_else(|| member("enabled"))?;
    let attribute = given.attribute_name.clone().ok_or_else(|| member("attributeName"))?;
    let table = db.described(ctx, request.table_name.as_deref())?;
    table.check_not_busy(ctx)?;
    check_change(ctx, &table.options.time_to_live, enabled, &attribute)?;
    let status = if enabled { "ENABLING" } else { "DISABLING" };
    table.options.time_to_live.passing = Some(Passing::begin(ctx, status, CHANGES));
    table.options.time_to_live.former = (!enabled).then(|| attribute.clone());
    table.expire_by(enabled.then_some(attribute));
    time_to_live::wake(ctx, table);
    let shared = json!({"TableName": table.name, "TimeToLiveSpecification": given});
    replica_update::call_replicas(ctx, table, "UpdateTimeToLive", shared);
    Ok(Response { time_to_live_specification: Some(given) })
}

/// # Errors
/// Validation: nothing would change, or the last change is still under way.
fn check_change(
    ctx: &Context<'_>,
    current: &TimeToLive,
    enabled: bool,
    attribute: &str,
) -> Result<(), DynamoDbError> {
    let text = match (&current.attribute, enabled) {
        (Some(name), _) if name != attribute => {
            format!(
                "TimeToLive is active on a different AttributeName: current AttributeName is {name}"
            )
        }
        (Some(_), true) => "TimeToLive is already enabled".to_owned(),
        (None, false) => "TimeToLive is already disabled".to_owned(),
        _ if current.passing.as_ref().is_some_and(|it| it.lasts(ctx)) => {
            "Time to live has been modified multiple times within a fixed interval".to_owned()
        }
        _ => return Ok(()),
    };
    Err(DynamoDbError::Validation(text))
}
