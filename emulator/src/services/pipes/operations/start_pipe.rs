//! StartPipe: lets a pipe run that does not.
//!
//! Errors: `ConflictException` while its state passes, `NotFoundException`.
//! Source: API reference "StartPipe".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::pipes::constraint;
use crate::services::pipes::error::PipesError;
use crate::services::pipes::pipe::{Deed, Told};
use crate::services::pipes::state::Pipes;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub arn: Option<String>,
    pub creation_time: Option<Timestamp>,
    pub current_state: Option<String>,
    pub desired_state: Option<String>,
    pub last_modified_time: Option<Timestamp>,
    pub name: Option<String>,
}

impl From<Told> for Response {
    fn from(told: Told) -> Self {
        Self {
            arn: Some(told.arn),
            creation_time: Some(told.created),
            current_state: Some(told.current),
            desired_state: Some(told.desired),
            last_modified_time: Some(told.modified),
            name: Some(told.name),
        }
    }
}

pub fn run(
    ctx: &mut Context<'_>,
    pipes: &mut Pipes,
    request: Request,
) -> Result<Response, PipesError> {
    let name = constraint::name(request.name)?;
    let pipe = pipes.pipe(ctx, &name)?;
    pipe.check_not_busy(ctx)?;
    if pipe.is_running() {
        return Ok(pipe.told(ctx).into());
    }
    pipe.is_wanted = true;
    let news = pipe.pass(ctx, Deed::Start);
    let told = pipe.told(ctx);
    pipes.deal(ctx, &name, news);
    Ok(told.into())
}
