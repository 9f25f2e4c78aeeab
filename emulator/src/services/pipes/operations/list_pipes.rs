//! ListPipes: pipes by name, a page at a time.
//!
//! Limits: 1 to 100 pipes a page.
//! Errors: `ValidationException`.
//! Source: API reference "ListPipes".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Arn, Context};
use crate::services::pipes::error::PipesError;
use crate::services::pipes::pipe::Pipe;
use crate::services::pipes::state::Pipes;
use crate::services::shared::constraint::Constraints;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub current_state: Option<String>,
    pub desired_state: Option<String>,
    pub limit: Option<i32>,
    pub name_prefix: Option<String>,
    pub next_token: Option<String>,
    pub source_prefix: Option<String>,
    pub target_prefix: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub next_token: Option<String>,
    pub pipes: Option<Vec<ListedPipe>>,
}

/// One pipe of the list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListedPipe {
    pub arn: Option<String>,
    pub creation_time: Option<Timestamp>,
    pub current_state: Option<String>,
    pub desired_state: Option<String>,
    pub enrichment: Option<String>,
    pub last_modified_time: Option<Timestamp>,
    pub name: Option<String>,
    pub source: Option<String>,
    pub state_reason: Option<String>,
    pub target: Option<String>,
}

const PAGE: (i32, i32) = (1, 100);

pub fn run(
    ctx: &mut Context<'_>,
    pipes: &mut Pipes,
    request: Request,
) -> Result<Response, PipesError> {
    let mut constraints = Constraints::default();
    constraints.range("limit", request.limit, PAGE);
    constraints.one_of("desiredState", request.desired_state.as_deref(), &["RUNNING", "STOPPED"]);
    constraints.done()?;
    pipes.forget_deleted(ctx);
    // Unverified: the text.
    let no_token = || PipesError::validation("Invalid NextToken.");
    let token = request.next_token.as_deref();
    let from = token.map(|it| ctx.page_position(it).ok_or_else(no_token)).transpose()?;
    let limit = request.limit.unwrap_or(PAGE.1).unsigned_abs() as usize;
    let mut rest = pipes.pipes.values().filter(|pipe| {
        is_wanted(ctx, pipe, &request)
            && from.as_ref().is_none_or(|from| &*pipe.name > from.as_str())
    });
    let shown: Vec<_> = rest.by_ref().take(limit).collect();
    let last = shown.last().filter(|_| rest.next().is_some());
    let next_token = last.map(|pipe| ctx.page_token(&pipe.name));
    let listed = shown.into_iter().map(|pipe| listed(ctx, pipe)).collect();
    Ok(Response { next_token, pipes: Some(listed) })
}

fn is_wanted(ctx: &Context<'_>, pipe: &Pipe, request: &Request) -> bool {
    let begins =
        |text: &str, prefix: &Option<String>| prefix.as_ref().is_none_or(|it| text.starts_with(it));
    begins(&pipe.name, &request.name_prefix)
        && begins(&pipe.settings.source, &request.source_prefix)
        && begins(pipe.settings.target.as_str(), &request.target_prefix)
        && request.current_state.as_ref().is_none_or(|state| *state == pipe.state(ctx))
        && request.desired_state.as_ref().is_none_or(|state| *state == pipe.desired())
}

fn listed(ctx: &Context<'_>, pipe: &Pipe) -> ListedPipe {
    ListedPipe {
        arn: Some(pipe.arn.to_string()),
        creation_time: Some(pipe.created),
        current_state: Some(pipe.state(ctx)),
        desired_state: Some(pipe.desired()),
        enrichment: pipe.settings.enrichment.as_ref().map(Arn::to_string),
        last_modified_time: Some(pipe.modified),
        name: Some(pipe.name.to_string()),
        source: Some(pipe.settings.source.clone()),
        state_reason: pipe.reason(ctx),
        target: Some(pipe.settings.target.to_string()),
    }
}
