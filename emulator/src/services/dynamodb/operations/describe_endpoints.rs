//! DescribeEndpoints: this emulator itself, for clients with endpoint discovery.
//!
//! Source: API reference "DescribeEndpoints".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Caller, Context};
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::state::DynamoDb;

/// For how long clients may keep the answer.
const CACHE_PERIOD_MINUTES: i64 = 1440;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub endpoints: Option<Vec<Endpoint>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Endpoint {
    pub address: Option<String>,
    pub cache_period_in_minutes: Option<i64>,
}

pub fn run(
    ctx: &mut Context<'_>,
    _db: &mut DynamoDb,
    _request: Request,
) -> Result<Response, DynamoDbError> {
    let own = ctx.caller().map(Caller::endpoint);
    let address = own.as_ref().and_then(|own| own.split_once("://")).map(|(_, address)| address);
    let address = address.unwrap_or("localhost");
    Ok(Response {
        endpoints: Some(vec![Endpoint {
            address: Some(address.to_owned()),
            cache_period_in_minutes: Some(CACHE_PERIOD_MINUTES),
        }]),
    })
}
