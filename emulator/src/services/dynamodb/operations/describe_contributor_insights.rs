//! DescribeContributorInsights: whether a table or an index has contributor insights.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "DescribeContributorInsights"; recordings of 2025-10-08.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::contributor_insights::{check_index_name, of, rules, status};
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::state::DynamoDb;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub index_name: Option<String>,
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub contributor_insights_mode: Option<String>,
    pub contributor_insights_rule_list: Option<Vec<String>>,
    pub contributor_insights_status: Option<String>,
    pub failure_exception: Option<FailureException>,
    pub index_name: Option<String>,
    pub last_update_date_time: Option<Timestamp>,
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FailureException {
    pub exception_description: Option<String>,
    pub exception_name: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::OF_TABLE, &request)?;
    check_index_name(request.index_name.as_deref())?;
    let table = db.described(ctx, request.table_name.as_deref())?;
    let insights = of(table, request.index_name.as_deref())?;
    let told = insights.filter(|it| it.enabled);
    Ok(Response {
        contributor_insights_mode: told.map(|it| it.mode.clone()),
        contributor_insights_rule_list: told.map(|it| rules(table, it)),
        contributor_insights_status: Some(status(ctx, insights)),
        failure_exception: None,
        index_name: request.index_name,
        last_update_date_time: insights.map(|it| it.changed),
        table_name: Some(table.name.clone()),
    })
}
