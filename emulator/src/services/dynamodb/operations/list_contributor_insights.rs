//! ListContributorInsights: the contributor insights of all tables, or of one.
//!
//! Limits: 1 to 100 a page.
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "ListContributorInsights".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::contributor_insights::status;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::state::{DynamoDb, table_name};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub max_results: Option<i32>,
    pub next_token: Option<String>,
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub contributor_insights_summaries: Option<Vec<ContributorInsightsSummary>>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ContributorInsightsSummary {
    pub contributor_insights_mode: Option<String>,
    pub contributor_insights_status: Option<String>,
    pub index_name: Option<String>,
    pub table_name: Option<String>,
}

const PAGE_MAX: i32 = 100;

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::LIST_INSIGHTS, &request)?;
    let max = request.max_results.unwrap_or(PAGE_MAX);
    let limit = usize::try_from(max).unwrap_or_default().max(1);
    let from = match request.next_token.as_deref().map(|token| ctx.page_position(token)) {
        None => 0,
        Some(position) => position
            .and_then(|position| position.parse().ok())
            .ok_or_else(|| DynamoDbError::validation("Invalid NextToken"))?,
    };
    if let Some(name) = request.table_name.as_deref() {
        db.described(ctx, Some(name))?;
    }
    db.forget_deleted(ctx);
    let wanted =
        request.table_name.as_deref().map(|name| table_name(ctx, Some(name))).transpose()?;
    let tables = db.tables.values().filter(|table| wanted.is_none_or(|name| name == table.name));
    let all = tables.flat_map(|table| {
        let shown = table.options.insights.iter().filter(|it| status(ctx, Some(it)) != "DISABLED");
        shown.map(|insights| ContributorInsightsSummary {
            contributor_insights_mode: Some(insights.mode.clone()),
            contributor_insights_status: Some(status(ctx, Some(insights))),
            index_name: insights.index.clone(),
            table_name: Some(table.name.clone()),
        })
    });
    let mut rest = all.skip(from);
    let page: Vec<_> = rest.by_ref().take(limit).collect();
    let more = rest.next().is_some();
    Ok(Response {
        next_token: more.then(|| ctx.page_token(&(from + limit).to_string())),
        contributor_insights_summaries: Some(page),
    })
}
