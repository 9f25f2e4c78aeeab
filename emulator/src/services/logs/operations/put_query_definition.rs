//! PutQueryDefinition: saves or replaces one.
//!
//! Limits: 1,000 definitions; names of 255 letters, texts of 10,000.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`, `LimitExceededException`.
//! Source: API references of these names. Unverified: the text on a definition that is not there.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{Constraints, DEFINITION_NAME, QUERY};
use crate::services::logs::error::LogsError;
use crate::services::logs::shapes::QueryDefinition;
use crate::services::logs::shapes::QueryParameter;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub client_token: Option<String>,
    pub log_group_names: Option<Vec<String>>,
    pub name: Option<String>,
    pub parameters: Option<Vec<QueryParameter>>,
    pub query_definition_id: Option<String>,
    pub query_language: Option<String>,
    pub query_string: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub query_definition_id: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    DEFINITION_NAME.required(&mut check, "name", request.name.as_ref());
    QUERY.required(&mut check, "queryString", request.query_string.as_ref());
    let language = request.query_language.as_deref();
    check.one_of("queryLanguage", language, &["CWLI", "SQL", "PPL"]);
    check.done()?;
    let known = request.query_definition_id.as_ref();
    if let Some(id) = known
        && !logs.query_definitions.contains_key(id)
    {
        return Err(LogsError::DEFINITION_NOT_FOUND);
    }
    if known.is_none() && logs.query_definitions.len() >= DEFINITIONS_MAX {
        return Err(LogsError::LimitExceeded);
    }
    if request.client_token.is_some() {
        ctx.not_honoured("clientToken")?;
    }
    let id = match request.query_definition_id {
        Some(id) => id,
        None => ctx.ids().uuid().to_string(),
    };
    let definition = QueryDefinition {
        last_modified: Some(ctx.now().millis()),
        log_group_names: Some(request.log_group_names.unwrap_or_default()),
        name: request.name,
        parameters: request.parameters,
        query_definition_id: Some(id.clone()),
        query_language: request.query_language.or_else(|| Some("CWLI".to_owned())),
        query_string: request.query_string,
    };
    logs.query_definitions.insert(id.clone(), definition);
    Ok(Response { query_definition_id: Some(id) })
}

/// Source: user guide "CloudWatch Logs quotas".
const DEFINITIONS_MAX: usize = 1000;
