//! CreateActivity: makes an activity; the same once more gives the same one.
//!
//! Limits: 10,000 activities, names of 80 characters.
//! Errors: `ActivityAlreadyExists`, `ActivityLimitExceeded`, `InvalidEncryptionConfiguration`,
//! `InvalidName`, `TooManyTags`.
//! Source: API reference "CreateActivity"; recordings of 2024-11-25.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::activity::{ACTIVITIES_MAX, Activity};
use crate::services::stepfunctions::creating;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::names;
use crate::services::stepfunctions::shapes::{EncryptionConfiguration, Tag};
use crate::services::stepfunctions::state::StepFunctions;
use crate::services::stepfunctions::tagging;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub encryption_configuration: Option<EncryptionConfiguration>,
    pub name: Option<String>,
    pub tags: Option<Vec<Tag>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub activity_arn: Option<String>,
    pub creation_date: Option<Timestamp>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.required("name", request.name.as_ref());
    constraints.states_name("name", request.name.as_ref());
    constraints.states_tags(request.tags.as_ref());
    constraints.done()?;
    let name = names::check(request.name.as_deref())?;
    creating::check_stored(ctx, None, request.encryption_configuration.as_ref())?;
    if let Some(known) = states.activities.get(&name) {
        if known.encryption != request.encryption_configuration {
            return Err(StepFunctionsError::ActivityAlreadyExists(known.arn.to_string()));
        }
        return Ok(response(known));
    }
    if states.activities.len() >= ACTIVITIES_MAX {
        return Err(StepFunctionsError::ActivityLimitExceeded);
    }
    let mut activity = Activity::new(ctx, &name);
    activity.tags = tagging::joined(&activity.tags, request.tags, activity.arn.as_str())?;
    activity.encryption = request.encryption_configuration;
    let response = response(&activity);
    states.activities.insert(name, activity);
    Ok(response)
}

fn response(activity: &Activity) -> Response {
    Response { activity_arn: Some(activity.arn.to_string()), creation_date: Some(activity.created) }
}
