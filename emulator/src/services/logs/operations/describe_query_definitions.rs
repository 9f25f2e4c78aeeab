//! DescribeQueryDefinitions: all, by name.
//!
//! Limits: 1,000 definitions; names of 255 letters, texts of 10,000.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`, `LimitExceededException`.
//! Source: API references of these names. Unverified: the text on a definition that is not there.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::error::LogsError;
use crate::services::logs::paging::Page;
use crate::services::logs::shapes::QueryDefinition;
use crate::services::logs::state::Logs;
use crate::wire::Gather as _;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub max_results: Option<i32>,
    pub next_token: Option<String>,
    pub query_definition_name_prefix: Option<String>,
    pub query_language: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub next_token: Option<String>,
    pub query_definitions: Option<Vec<QueryDefinition>>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let token = request.next_token.as_deref();
    let page = Page::up_to(ctx, token, ("maxResults", request.max_results), 1000)?;
    let prefix = request.query_definition_name_prefix.as_deref();
    let language = request.query_language.as_deref();
    let definitions = logs.query_definitions.values().filter(|it| {
        let name = it.name.as_deref().unwrap_or_default();
        prefix.is_none_or(|prefix| name.starts_with(prefix))
            && language.is_none_or(|language| it.query_language.as_deref() == Some(language))
    });
    let definitions = definitions.map(|it| {
        let (name, id) = (it.name.as_deref(), it.query_definition_id.as_deref());
        (format!("{}\n{}", name.unwrap_or_default(), id.unwrap_or_default()), it.clone())
    });
    let (definitions, next_token) = page.cut(ctx, definitions.into_map().into_iter());
    Ok(Response { next_token, query_definitions: Some(definitions) })
}
