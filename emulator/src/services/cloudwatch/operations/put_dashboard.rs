//! PutDashboard: stores a dashboard, or another body under the same name.
//!
//! Limits: 500 widgets; 10,000 dashboards, and 64 MiB of their bodies together, which are this
//! emulator's.
//! Errors: `InvalidParameterInput`, `InvalidParameterValue`, `LimitExceeded`.
//! Source: API reference "PutDashboard", "Dashboard body structure and syntax".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::dashboard::{
    Dashboard, DashboardValidationMessage, check_body, check_name,
};
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::state::CloudWatch;
use crate::services::cloudwatch::tagging::{self, Tag};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub dashboard_name: Option<String>,
    pub dashboard_body: Option<String>,
    /// Of a new dashboard; one that exists keeps its tags.
    pub tags: Option<Vec<Tag>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub dashboard_validation_messages: Option<Vec<DashboardValidationMessage>>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let name = check_name(request.dashboard_name.as_deref())?.to_owned();
    check_body(request.dashboard_body.as_deref())?;
    let tags = tagging::checked(Constraints::default(), request.tags)?;
    let (body, modified) = (request.dashboard_body.unwrap_or_default(), ctx.now());
    cloudwatch.dashboards.check_room(&name, &body)?;
    let dashboards = &mut cloudwatch.dashboards.by_name;
    let tags = dashboards.remove(&name).map_or(tags, |old| old.tags);
    dashboards.insert(name, Dashboard { body, modified, tags });
    Ok(Response { dashboard_validation_messages: Some(Vec::new()) })
}
