//! CreatePipe: makes a pipe and, unless it is to be stopped, lets it run.
//!
//! Limits: names of 1 to 64 letters, digits, `.`, `-` and `_`; at most five filters; batches no
//! larger than enrichment and target take.
//! Errors: `ConflictException`, `ServiceQuotaExceededException`, `ValidationException`.
//! Source: API reference "CreatePipe".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::pipes::constraint;
use crate::services::pipes::error::PipesError;
use crate::services::pipes::pipe::{Deed, Pipe, Told};
use crate::services::pipes::settings::{Settings, Wanted};
use crate::services::pipes::shapes::{
    EnrichmentParameters, LogConfiguration, SourceParameters, TargetParameters,
};
use crate::services::pipes::state::Pipes;
use crate::services::pipes::tagging;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub description: Option<String>,
    pub desired_state: Option<String>,
    pub enrichment: Option<String>,
    pub enrichment_parameters: Option<EnrichmentParameters>,
    pub kms_key_identifier: Option<String>,
    pub log_configuration: Option<LogConfiguration>,
    pub name: Option<String>,
    pub role_arn: Option<String>,
    pub source: Option<String>,
    pub source_parameters: Option<SourceParameters>,
    pub tags: Option<BTreeMap<String, String>>,
    pub target: Option<String>,
    pub target_parameters: Option<TargetParameters>,
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
    constraint::desired(request.desired_state.as_deref())?;
    let tags = request.tags.unwrap_or_default();
    tagging::check(&tags)?;
    let wanted = Wanted {
        description: request.description,
        role: request.role_arn,
        source: request.source,
        source_parameters: request.source_parameters,
        enrichment: request.enrichment,
        enrichment_parameters: request.enrichment_parameters,
        target: request.target,
        target_parameters: request.target_parameters,
        kms_key: request.kms_key_identifier,
        log: request.log_configuration,
    };
    let settings = Settings::read(ctx, wanted)?;
    pipes.check_new(ctx, &name)?;
    let mut pipe = Pipe::new(ctx, &name, settings);
    pipe.tags = tags;
    pipe.is_wanted = request.desired_state.is_none_or(|state| state == "RUNNING");
    let news = pipe.pass(ctx, Deed::Create);
    let told = pipe.told(ctx);
    pipes.pipes.insert(name.as_str().into(), pipe);
    pipes.deal(ctx, &name, news);
    Ok(told.into())
}
