//! Writes of single items with conditions, many in one call: as statements of PartiQL, which are
//! each for itself. BatchWriteItem knows no conditions, and a transaction costs twice as much.

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeValue, BatchStatementErrorCodeEnum as Code, BatchStatementRequest,
    BatchStatementResponse, ReturnValuesOnConditionCheckFailure,
};

use super::attributes::Item;
use super::gather::{Gather, parts};
use crate::failure::{Dependency, Failure};

/// Statements of one call. Source: BatchExecuteStatement, API reference.
const STATEMENTS_MAX: usize = 25;
/// Bytes of their parameters, far below the 16 MB that a request may have.
const BYTES_MAX: usize = 4 << 20;

/// Cheap to clone; all clones share their calls.
#[derive(Clone, Debug)]
pub(super) struct Statements {
    client: Client,
    gather: Arc<Gather<Statement, Result<Outcome, Failure>>>,
}

#[derive(Debug)]
pub(super) struct Statement {
    pub(super) text: Arc<str>,
    /// In the order of the text's question marks.
    pub(super) parameters: Vec<AttributeValue>,
}

/// What came of one.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    Written,
    /// The condition does not hold, or there is such an item: this one, if any.
    Refused(Option<Item>),
}

impl Statements {
    pub(super) fn new(client: Client) -> Self {
        Self { client, gather: Arc::new(Gather::new(Dependency::DynamoDb, STATEMENTS_MAX)) }
    }

    /// Runs it together with others. Two that are run at once must not be about the same item.
    pub(super) async fn run(&self, statement: Statement) -> Result<Outcome, Failure> {
        self.gather.ask(statement, async |all| self.run_all(all).await).await?
    }

    async fn run_all(&self, all: Vec<Statement>) -> Vec<Result<Outcome, Failure>> {
        let mut done = Vec::with_capacity(all.len());
        for part in parts(all, (STATEMENTS_MAX, BYTES_MAX), Statement::size) {
            let count = part.len();
            match self.send(part).await {
                Ok(responses) => {
                    let missing = || {
                        let what = "BatchExecuteStatement: an answer is missing".to_owned();
                        Err(Failure::Unavailable(Dependency::DynamoDb, what))
                    };
                    let mut responses = responses.into_iter();
                    done.extend((0..count).map(|_| responses.next().map_or_else(missing, outcome)));
                }
                Err(failure) => done.extend((0..count).map(|_| Err(failure.clone()))),
            }
        }
        done
    }

    async fn send(&self, all: Vec<Statement>) -> Result<Vec<BatchStatementResponse>, Failure> {
        let old = ReturnValuesOnConditionCheckFailure::AllOld;
        let statements = all.into_iter().map(|Statement { text, parameters }| {
            BatchStatementRequest::builder()
                .statement(&*text)
                .set_parameters(Some(parameters))
                .return_values_on_condition_check_failure(old.clone())
                .build()
                .expect("the statement is given")
        });
        let call = self.client.batch_execute_statement();
        let answer = call.set_statements(Some(statements.collect())).send().await;
        let answer = answer.map_err(|error| {
            Failure::of_call(Dependency::DynamoDb, "BatchExecuteStatement", &error)
        })?;
        Ok(answer.responses.unwrap_or_default())
    }
}

impl Statement {
    fn size(&self) -> usize {
        let bytes = |value: &AttributeValue| match value {
            AttributeValue::S(text) | AttributeValue::N(text) => text.len(),
            _ => 1,
        };
        self.text.len() + self.parameters.iter().map(bytes).sum::<usize>()
    }
}

fn outcome(response: BatchStatementResponse) -> Result<Outcome, Failure> {
    let Some(error) = response.error else { return Ok(Outcome::Written) };
    let what = || {
        let code = error.code.as_ref().map_or("no code", Code::as_str);
        let message = error.message.as_deref().unwrap_or("no message");
        format!("BatchExecuteStatement: {code}: {message}")
    };
    let dynamodb = Dependency::DynamoDb;
    match error.code {
        Some(Code::ConditionalCheckFailed | Code::DuplicateItem) => {
            Ok(Outcome::Refused(error.item.filter(|item| !item.is_empty())))
        }
        Some(
            Code::ProvisionedThroughputExceeded
            | Code::RequestLimitExceeded
            | Code::ThrottlingError,
        ) => Err(Failure::Throttled(dynamodb, what())),
        Some(Code::ItemCollectionSizeLimitExceeded | Code::ValidationError) => {
            Err(Failure::Faulty(dynamodb, what()))
        }
        _ => Err(Failure::Unavailable(dynamodb, what())),
    }
}
