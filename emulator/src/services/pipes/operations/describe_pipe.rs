//! DescribePipe: what a pipe is set to, and its state.
//!
//! Errors: `NotFoundException`.
//! Source: API reference "DescribePipe".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Arn, Context};
use crate::services::pipes::constraint;
use crate::services::pipes::error::PipesError;
use crate::services::pipes::shapes::{
    EnrichmentParameters, LogConfiguration, SourceParameters, TargetParameters,
};
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
    pub description: Option<String>,
    pub desired_state: Option<String>,
    pub enrichment: Option<String>,
    pub enrichment_parameters: Option<EnrichmentParameters>,
    pub kms_key_identifier: Option<String>,
    pub last_modified_time: Option<Timestamp>,
    pub log_configuration: Option<LogConfiguration>,
    pub name: Option<String>,
    pub role_arn: Option<String>,
    pub source: Option<String>,
    pub source_parameters: Option<SourceParameters>,
    pub state_reason: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
    pub target: Option<String>,
    pub target_parameters: Option<TargetParameters>,
}

pub fn run(
    ctx: &mut Context<'_>,
    pipes: &mut Pipes,
    request: Request,
) -> Result<Response, PipesError> {
    let name = constraint::name(request.name)?;
    let pipe = pipes.pipe(ctx, &name)?;
    let it = pipe.settings.clone();
    Ok(Response {
        arn: Some(pipe.arn.to_string()),
        creation_time: Some(pipe.created),
        current_state: Some(pipe.state(ctx)),
        description: it.description,
        desired_state: Some(pipe.desired()),
        enrichment: it.enrichment.as_ref().map(Arn::to_string),
        enrichment_parameters: it.enrichment_parameters,
        kms_key_identifier: it.kms_key,
        last_modified_time: Some(pipe.modified),
        log_configuration: it.log,
        name: Some(pipe.name.to_string()),
        role_arn: Some(it.role),
        source: Some(it.source),
        source_parameters: Some(it.source_parameters),
        state_reason: pipe.reason(ctx),
        tags: Some(pipe.tags.clone()),
        target: Some(it.target.to_string()),
        target_parameters: it.target_parameters,
    })
}
