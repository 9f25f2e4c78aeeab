//! ExecuteStatement: one statement of PartiQL.
//!
//! Limits: 8,192 characters; `Limit` items are looked at, or 1 MB.
//! Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`,
//! `DuplicateItemException`.
//! Source: API reference "ExecuteStatement"; recordings of 2025-10-08.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::attribute_value::{AttributeValue, Item};
use crate::services::dynamodb::capacity::Told;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::item_write::missing;
use crate::services::dynamodb::paging;
use crate::services::dynamodb::partiql::{self, Page, Statement};
use crate::services::dynamodb::raw_value::RawValue;
use crate::services::dynamodb::shapes::ConsumedCapacity;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::transaction;
use crate::services::dynamodb::validation::{self, Constraints};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub consistent_read: Option<bool>,
    pub limit: Option<i32>,
    pub next_token: Option<String>,
    pub parameters: Option<Vec<RawValue>>,
    pub return_consumed_capacity: Option<String>,
    pub return_values_on_condition_check_failure: Option<String>,
    pub statement: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub consumed_capacity: Option<ConsumedCapacity>,
    pub items: Option<Vec<Item>>,
    pub last_evaluated_key: Option<Item>,
    pub next_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    let mut check = Constraints::default();
    validation::told(&mut check, request.return_consumed_capacity.as_deref());
    validation::limit(&mut check, request.limit);
    validation::parameters(&mut check, request.parameters.as_deref());
    check.done()?;
    let told = Told::parse(request.return_consumed_capacity.as_deref())?;
    let statement = request.statement.ok_or_else(|| missing("statement"))?;
    let parameters = request.parameters.unwrap_or_default();
    // A token belongs to the statement and the parameters with which it was given out.
    let digest = transaction::digest(&[(&statement, &parameters)]);
    let parameters = parameters.into_iter().map(AttributeValue::try_from);
    let parameters = parameters.collect::<Result<_, _>>()?;
    let select = match partiql::parse(&statement, parameters)? {
        Statement::Select(select) => select,
        Statement::Exists(_) => {
            return Err(DynamoDbError::validation(
                "EXISTS can only be used within ExecuteTransaction",
            ));
        }
        writes => {
            let on_failure = request.return_values_on_condition_check_failure;
            let (returned, consumed_capacity) =
                partiql::write(ctx, db, writes, (told, on_failure))?;
            let items = Some(returned.into_iter().collect());
            return Ok(Response { consumed_capacity, items, ..Response::default() });
        }
    };
    let after = match request.next_token.as_deref() {
        None => None,
        Some(token) => Some(start(ctx, token, &digest)?),
    };
    let limits = (request.consistent_read, paging::limit(request.limit), told);
    let Page { items, last, consumed } = partiql::select(ctx, db, select, limits, after.as_ref())?;
    let next_token = last.as_ref().map(|last| {
        let place = serde_json::to_string(last).expect("keys have a form in JSON");
        ctx.page_token(&format!("{digest}{place}"))
    });
    Ok(Response {
        consumed_capacity: consumed,
        items: Some(items),
        last_evaluated_key: last,
        next_token,
    })
}

/// Where the page of a token begins.
///
/// # Errors
/// Validation: the token is none, or of another statement.
fn start(ctx: &Context<'_>, token: &str, digest: &str) -> Result<Item, DynamoDbError> {
    let position = ctx.page_position(token);
    let place = position.as_deref().and_then(|position| position.strip_prefix(digest));
    let item = place.and_then(|place| serde_json::from_str(place).ok());
    item.ok_or_else(|| DynamoDbError::validation("NextToken does not match request"))
}
