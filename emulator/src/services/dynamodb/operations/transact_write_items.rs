//! TransactWriteItems: up to 100 writes and checks, all or none.
//!
//! Limits: 1 to 100 actions, no item twice, 4 MB; a token counts for 10 minutes.
//! Errors: `TransactionCanceledException`, `IdempotentParameterMismatchException`,
//! `ValidationException`, `ResourceNotFoundException`.
//! Source: API reference "TransactWriteItems"; recordings of 2025-10-08.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::capacity::{Told, Usage, tell_transaction};
use crate::services::dynamodb::collection_metrics;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::shapes::{ConsumedCapacity, ItemCollectionMetrics};
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::transact;
use crate::services::dynamodb::transaction;
use crate::services::dynamodb::transaction::{Planned, TransactWriteItem};
use crate::services::dynamodb::validation::{self, Constraints};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub client_request_token: Option<String>,
    pub return_consumed_capacity: Option<String>,
    pub return_item_collection_metrics: Option<String>,
    pub transact_items: Option<Vec<TransactWriteItem>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub consumed_capacity: Option<Vec<ConsumedCapacity>>,
    pub item_collection_metrics: Option<BTreeMap<String, Vec<ItemCollectionMetrics>>>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    let mut check = Constraints::default();
    validation::told(&mut check, request.return_consumed_capacity.as_deref());
    let metrics = request.return_item_collection_metrics.as_deref();
    check.one_of("returnItemCollectionMetrics", metrics, &["SIZE", "NONE"]);
    check.required("transactItems", request.transact_items.as_ref());
    check.done()?;
    let told = Told::parse(request.return_consumed_capacity.as_deref())?;
    let wanted = collection_metrics::wanted(metrics)?;
    let items = request.transact_items.unwrap_or_default();
    transaction::check_count(&items, "TransactWriteItem")?;
    transaction::check_members(&items)?;
    let token = request.client_request_token;
    let digest = token.as_ref().map(|_| transaction::digest(&items));
    let digest = digest.unwrap_or_default();
    let repeated = transaction::is_repeated(ctx, db, token.as_deref(), &digest)?;
    let planned = (1..).zip(items).map(|(at, item)| transaction::plan(at, item));
    let planned: Vec<Planned> = planned.collect::<Result<_, _>>()?;
    if repeated {
        let units = transact::read_units(ctx, db, planned)?;
        let consumed_capacity = tell_transaction(&units, told, Usage::Read);
        return Ok(Response { consumed_capacity, ..Response::default() });
    }
    let decided = transact::decide(ctx, db, planned)?;
    let (units, metrics) = transact::commit(ctx, db, decided, wanted)?;
    if let Some(token) = token {
        db.tokens.insert(ctx.now(), token, digest);
    }
    db.answered_all(ctx, "TransactWriteItems", Usage::Write, &units);
    Ok(Response {
        consumed_capacity: tell_transaction(&units, told, Usage::Write),
        item_collection_metrics: (!metrics.is_empty()).then_some(metrics),
    })
}
