//! UpdatePipe: changes a pipe; what is not given stays. The source can't be changed.
//!
//! Errors: `ConflictException` while its state passes, `NotFoundException`, `ValidationException`.
//! Source: API reference "UpdatePipe".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Arn, Context};
use crate::services::pipes::constraint;
use crate::services::pipes::error::PipesError;
use crate::services::pipes::pipe::{Deed, Told};
use crate::services::pipes::settings::{Settings, Wanted};
use crate::services::pipes::shapes::{
    EnrichmentParameters, LogConfiguration, TargetParameters, UpdateSourceParameters,
};
use crate::services::pipes::source;
use crate::services::pipes::state::Pipes;
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
    pub source_parameters: Option<UpdateSourceParameters>,
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
    let name = constraint::name(request.name.clone())?;
    constraint::desired(request.desired_state.as_deref())?;
    constraint::role(request.role_arn.as_deref())?;
    let pipe = pipes.pipe(ctx, &name)?;
    pipe.check_not_busy(ctx)?;
    let settings = Settings::read(ctx, wanted(&pipe.settings, &request))?;
    let pipe = pipes.pipe(ctx, &name)?;
    if let Some(state) = request.desired_state {
        pipe.is_wanted = state == "RUNNING";
    }
    let changed = pipe.change(ctx, settings);
    let news = pipe.pass(ctx, Deed::Update);
    let told = pipe.told(ctx);
    pipes.deal(ctx, &name, changed);
    pipes.deal(ctx, &name, news);
    Ok(told.into())
}

/// The settings that there are, with those that the request names.
fn wanted(old: &Settings, request: &Request) -> Wanted {
    let old = old.clone();
    let mut source_parameters = old.source_parameters;
    if let Some(update) = request.source_parameters.clone() {
        source_parameters = source::updated(&source_parameters, &update);
    }
    let enrichment = old.enrichment.as_ref().map(Arn::to_string);
    Wanted {
        description: request.description.clone().or(old.description),
        role: request.role_arn.clone(),
        source: Some(old.source),
        source_parameters: Some(source_parameters),
        enrichment: request.enrichment.clone().or(enrichment),
        enrichment_parameters: request.enrichment_parameters.clone().or(old.enrichment_parameters),
        target: request.target.clone().or_else(|| Some(old.target.to_string())),
        target_parameters: request.target_parameters.clone().or(old.target_parameters),
        kms_key: request.kms_key_identifier.clone().or(old.kms_key),
        log: request.log_configuration.clone().or(old.log),
    }
}
