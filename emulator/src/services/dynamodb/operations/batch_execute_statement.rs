//! BatchExecuteStatement: up to 25 statements of PartiQL, all reads or all writes, each for itself.
//!
//! Errors: `ValidationException`; what concerns one statement stands in its answer.
//! Source: API reference "BatchExecuteStatement"; recordings of 2025-10-08.
//! Unverified: the texts about statements of both kinds and about their number.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::attribute_value::AttributeValue;
use crate::services::dynamodb::capacity::{Read, Told, Units, tell_all};
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::item_write::missing;
use crate::services::dynamodb::partiql::{self, Statement};
use crate::services::dynamodb::shapes::{
    BatchStatementError, BatchStatementRequest, BatchStatementResponse, ConsumedCapacity,
};
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::validation::{self, Constraints};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub return_consumed_capacity: Option<String>,
    pub statements: Option<Vec<BatchStatementRequest>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub consumed_capacity: Option<Vec<ConsumedCapacity>>,
    pub responses: Option<Vec<BatchStatementResponse>>,
}

const STATEMENTS_MAX: usize = 25;

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    let mut check = Constraints::default();
    validation::told(&mut check, request.return_consumed_capacity.as_deref());
    check.required("statements", request.statements.as_ref());
    let statements = request.statements.unwrap_or_default();
    check.count("statements", "", statements.len(), (1, STATEMENTS_MAX));
    check.done()?;
    let told = Told::parse(request.return_consumed_capacity.as_deref())?;
    let parsed: Vec<_> = statements.into_iter().map(parse).collect();
    let reads = parsed.iter().flatten().filter(|(statement, ..)| statement.is_read()).count();
    let writes = parsed.iter().flatten().count() - reads;
    if reads > 0 && writes > 0 {
        return Err(DynamoDbError::validation(
            "A batch of statements can only have statements that read, or statements that write",
        ));
    }
    let mut units: BTreeMap<String, Units> = BTreeMap::new();
    let mut consumed = Vec::new();
    let mut responses = Vec::new();
    for parsed in parsed {
        responses.push(match parsed {
            Err(error) => failed(error, None),
            Ok((statement, read, on_failure)) => {
                let table = statement.table().to_owned();
                let done = match statement {
                    Statement::Select(select) => {
                        partiql::keyed(ctx, db, select, read).map(|(item, used)| {
                            units.entry(table.clone()).or_default().add(&used);
                            item
                        })
                    }
                    writes => {
                        let options = (told, on_failure);
                        partiql::write(ctx, db, writes, options).map(|(item, used)| {
                            consumed.extend(used);
                            item
                        })
                    }
                };
                match done {
                    Ok(item) => {
                        BatchStatementResponse { error: None, item, table_name: Some(table) }
                    }
                    Err(error) => failed(error, Some(table)),
                }
            }
        });
    }
    consumed.extend(tell_all(&units, told).unwrap_or_default());
    Ok(Response {
        consumed_capacity: (!consumed.is_empty()).then_some(consumed),
        responses: Some(responses),
    })
}

/// A statement, how it reads, and what it returns when its condition does not hold.
type Parsed = (Statement, Read, Option<String>);

fn parse(request: BatchStatementRequest) -> Result<Parsed, DynamoDbError> {
    let text = request.statement.ok_or_else(|| missing("statement"))?;
    let parameters = request.parameters.unwrap_or_default().into_iter();
    let parameters = parameters.map(AttributeValue::try_from).collect::<Result<_, _>>()?;
    let statement = partiql::parse(&text, parameters)?;
    if matches!(statement, Statement::Exists(_)) {
        return Err(DynamoDbError::validation("EXISTS can only be used within ExecuteTransaction"));
    }
    let read = Read::new(request.consistent_read);
    Ok((statement, read, request.return_values_on_condition_check_failure))
}

fn failed(error: DynamoDbError, table_name: Option<String>) -> BatchStatementResponse {
    let message = Some(error.to_string());
    let (code, item) = match error {
        DynamoDbError::ConditionalCheckFailed { item } => ("ConditionalCheckFailed", item),
        DynamoDbError::DuplicateItem { item } => ("DuplicateItem", item),
        DynamoDbError::NotFound | DynamoDbError::TableNotFound(_) => ("ResourceNotFound", None),
        _ => ("ValidationError", None),
    };
    let error = BatchStatementError { code: Some(code.to_owned()), item, message };
    BatchStatementResponse { error: Some(error), item: None, table_name }
}
