//! ExecuteTransaction: up to 100 statements of PartiQL, all reads or all writes, all or none.
//!
//! Errors: `ValidationException`, `ResourceNotFoundException`, `TransactionCanceledException`,
//! `IdempotentParameterMismatchException`.
//! Source: API reference "ExecuteTransaction"; recordings of 2025-10-08.
//! Unverified: the text about statements of both kinds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::attribute_value::AttributeValue;
use crate::services::dynamodb::capacity::{Read, Told, Units, Usage, tell_transaction};
use crate::services::dynamodb::error::{CancellationReason, DynamoDbError};
use crate::services::dynamodb::item_write::missing;
use crate::services::dynamodb::operations::transact_get_items::ItemResponse;
use crate::services::dynamodb::partiql::{self, Statement};
use crate::services::dynamodb::raw_value::RawValue;
use crate::services::dynamodb::shapes::ConsumedCapacity;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::transact;
use crate::services::dynamodb::transaction;
use crate::services::dynamodb::validation::{self, Constraints};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub client_request_token: Option<String>,
    pub return_consumed_capacity: Option<String>,
    pub transact_statements: Option<Vec<ParameterizedStatement>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub consumed_capacity: Option<Vec<ConsumedCapacity>>,
    pub responses: Option<Vec<ItemResponse>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ParameterizedStatement {
    pub parameters: Option<Vec<RawValue>>,
    pub return_values_on_condition_check_failure: Option<String>,
    pub statement: Option<String>,
}

const STATEMENTS_MAX: usize = 100;

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    let mut check = Constraints::default();
    validation::told(&mut check, request.return_consumed_capacity.as_deref());
    check.required("transactStatements", request.transact_statements.as_ref());
    let statements = request.transact_statements.unwrap_or_default();
    check.count("transactStatements", "", statements.len(), (1, STATEMENTS_MAX));
    check.done()?;
    let told = Told::parse(request.return_consumed_capacity.as_deref())?;
    let token = request.client_request_token;
    let digest = token.as_ref().map(|_| transaction::digest(&statements));
    let digest = digest.unwrap_or_default();
    let parsed = statements.into_iter().map(parse).collect::<Result<Vec<_>, _>>()?;
    let reads = parsed.iter().filter(|(statement, _)| statement.is_read()).count();
    if reads == parsed.len() {
        return read(ctx, db, parsed, told);
    }
    if reads > 0 {
        return Err(DynamoDbError::validation(
            "A transaction can only have statements that read, or statements that write",
        ));
    }
    let repeated = transaction::is_repeated(ctx, db, token.as_deref(), &digest)?;
    let mut planned = Vec::new();
    for (statement, on_failure) in parsed {
        let table = db.table(ctx, Some(statement.table()))?;
        planned.push(partiql::planned(table, statement, on_failure)?);
    }
    let responses = Some(Vec::new());
    if repeated {
        let units = transact::read_units(ctx, db, planned)?;
        let consumed_capacity = tell_transaction(&units, told, Usage::Read);
        return Ok(Response { consumed_capacity, responses });
    }
    let decided = transact::decide(ctx, db, planned)?;
    let (units, _) = transact::commit(ctx, db, decided, false)?;
    if let Some(token) = token {
        db.tokens.insert(ctx.now(), token, digest);
    }
    let consumed_capacity = tell_transaction(&units, told, Usage::Write);
    Ok(Response { consumed_capacity, responses })
}

/// A statement, and what it returns when its condition does not hold.
type Parsed = (Statement, Option<String>);

fn parse(given: ParameterizedStatement) -> Result<Parsed, DynamoDbError> {
    let text = given.statement.ok_or_else(|| missing("statement"))?;
    let parameters = given.parameters.unwrap_or_default().into_iter();
    let parameters = parameters.map(AttributeValue::try_from).collect::<Result<_, _>>()?;
    Ok((partiql::parse(&text, parameters)?, given.return_values_on_condition_check_failure))
}

/// Reads what all statements select.
fn read(
    ctx: &Context<'_>,
    db: &DynamoDb,
    parsed: Vec<Parsed>,
    told: Told,
) -> Result<Response, DynamoDbError> {
    let mut units: BTreeMap<String, Units> = BTreeMap::new();
    let (mut responses, mut reasons) = (Vec::new(), Vec::new());
    for (statement, _) in parsed {
        let table = statement.table().to_owned();
        let Statement::Select(select) = statement else { continue };
        match partiql::keyed(ctx, db, select, Read::Transactional) {
            Ok((item, used)) => {
                units.entry(table).or_default().add(&used);
                responses.push(ItemResponse { item: item.map(Into::into) });
                reasons.push(CancellationReason::None);
            }
            Err(error @ DynamoDbError::NotFound) => return Err(error),
            Err(error) => reasons.push(CancellationReason::ValidationError(error.to_string())),
        }
    }
    if reasons.iter().any(|reason| *reason != CancellationReason::None) {
        return Err(DynamoDbError::TransactionCanceled { reasons });
    }
    Ok(Response {
        consumed_capacity: tell_transaction(&units, told, Usage::Read),
        responses: Some(responses),
    })
}
