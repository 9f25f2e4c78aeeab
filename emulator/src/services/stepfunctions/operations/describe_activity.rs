//! DescribeActivity: an activity as it is.
//!
//! Errors: `ActivityDoesNotExist`, `InvalidArn`.
//! Source: API reference "DescribeActivity"; recordings of 2024-03-17 and 2024-11-25.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::describing;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::shapes::EncryptionConfiguration;
use crate::services::stepfunctions::state::StepFunctions;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub activity_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub activity_arn: Option<String>,
    pub creation_date: Option<Timestamp>,
    pub encryption_configuration: Option<EncryptionConfiguration>,
    pub name: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("activityArn", request.activity_arn.as_ref());
    constraints.done()?;
    let activity = states.activity(ctx, request.activity_arn.as_deref())?;
    Ok(Response {
        activity_arn: Some(activity.arn.to_string()),
        creation_date: Some(activity.created),
        encryption_configuration: Some(describing::encryption(activity.encryption.as_ref())),
        name: Some(activity.name.clone()),
    })
}
