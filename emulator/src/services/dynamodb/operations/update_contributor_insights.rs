//! UpdateContributorInsights: turns the contributor insights of a table or an index on and off.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "UpdateContributorInsights".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, Passing};
use crate::services::dynamodb::contributor_insights::{check_index_name, of, status};
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::store::{Insights, PASSING_TIME};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub contributor_insights_action: Option<String>,
    pub contributor_insights_mode: Option<String>,
    pub index_name: Option<String>,
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub contributor_insights_mode: Option<String>,
    pub contributor_insights_status: Option<String>,
    pub index_name: Option<String>,
    pub table_name: Option<String>,
}

const MODES: [&str; 2] = ["ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS"];

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::UPDATE_INSIGHTS, &request)?;
    let (action, mode) = (request.contributor_insights_action, request.contributor_insights_mode);
    check_index_name(request.index_name.as_deref())?;
    ctx.not_honoured("ContributorInsightsAction")?;
    let enabled = action.as_deref() == Some("ENABLE");
    let table = db.described(ctx, request.table_name.as_deref())?;
    let index = request.index_name;
    let old = of(table, index.as_deref())?.cloned();
    if !enabled && old.as_ref().is_none_or(|old| !old.enabled) {
        return Ok(Response {
            contributor_insights_mode: None,
            contributor_insights_status: Some(status(ctx, old.as_ref())),
            index_name: index,
            table_name: Some(table.name.clone()),
        });
    }
    let passing = Passing::begin(ctx, if enabled { "ENABLING" } else { "DISABLING" }, PASSING_TIME);
    let new = Insights {
        index: index.clone(),
        enabled,
        mode: mode.unwrap_or_else(|| MODES[0].to_owned()),
        changed: ctx.now(),
        passing: old.as_ref().is_none_or(|old| old.enabled != enabled).then_some(passing),
    };
    let status = status(ctx, Some(&new));
    table.options.insights.retain(|it| it.index != index);
    let mode = Some(new.mode.clone());
    table.options.insights.push(new);
    Ok(Response {
        contributor_insights_mode: mode,
        contributor_insights_status: Some(status),
        index_name: index,
        table_name: Some(table.name.clone()),
    })
}
