//! DeleteDashboards: removes dashboards, all of them or none.
//!
//! Errors: `ResourceNotFound`, `InvalidParameterValue`.
//! Source: API reference "DeleteDashboards".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::dashboard::check_name;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::state::CloudWatch;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub dashboard_names: Option<Vec<String>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {}

pub fn run(
    _ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let names = request.dashboard_names.unwrap_or_default();
    if names.is_empty() {
        // Unverified: the text.
        let text = "The parameter DashboardNames is required.".to_owned();
        return Err(CloudWatchError::InvalidParameterValue(text));
    }
    let dashboards = &mut cloudwatch.dashboards.by_name;
    for name in &names {
        check_name(Some(name))?;
        if !dashboards.contains_key(name) {
            return Err(CloudWatchError::DashboardNotFound(name.clone()));
        }
    }
    dashboards.retain(|name, _| !names.contains(name));
    Ok(Response {})
}
