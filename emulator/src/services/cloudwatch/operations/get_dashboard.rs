//! GetDashboard: a dashboard's body as it was put.
//!
//! Errors: `ResourceNotFound`, `InvalidParameterValue`.
//! Source: API reference "GetDashboard".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::dashboard::{arn, check_name};
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::state::CloudWatch;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub dashboard_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub dashboard_arn: Option<String>,
    pub dashboard_body: Option<String>,
    pub dashboard_name: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let name = check_name(request.dashboard_name.as_deref())?;
    let found = cloudwatch.dashboards.by_name.get(name);
    let found = found.ok_or_else(|| CloudWatchError::DashboardNotFound(name.to_owned()))?;
    Ok(Response {
        dashboard_arn: Some(arn(ctx, name)),
        dashboard_body: Some(found.body.clone()),
        dashboard_name: Some(name.to_owned()),
    })
}
