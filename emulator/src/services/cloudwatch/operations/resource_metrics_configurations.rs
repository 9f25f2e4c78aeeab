//! GetResourceMetricsConfiguration, DeleteResourceMetricsConfiguration.
//!
//! Errors: `ValidationError`, `ResourceNotFoundException`.
//! Source: AWS's model.

use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::held::ResourceMetricsConfiguration;
use crate::services::cloudwatch::state::CloudWatch;

fn found(
    cloudwatch: &CloudWatch,
    arn: Option<String>,
) -> Result<ResourceMetricsConfiguration, CloudWatchError> {
    let mut constraints = Constraints::default();
    constraints.required("resourceArn", arn.as_ref());
    constraints.done()?;
    let arn = arn.unwrap_or_default();
    let known = cloudwatch.held.selections.get(&arn).cloned();
    known.ok_or(CloudWatchError::ResourceNotFound("resource-metrics-configuration", arn))
}

/// GetResourceMetricsConfiguration.
pub mod get {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use super::found;
    use crate::kernel::Context;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::held::ResourceMetricsConfiguration;
    use crate::services::cloudwatch::state::CloudWatch;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub resource_arn: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub resource_metrics_configuration: Option<ResourceMetricsConfiguration>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        let known = found(cloudwatch, request.resource_arn)?;
        Ok(Response { resource_metrics_configuration: Some(known) })
    }
}

/// DeleteResourceMetricsConfiguration.
pub mod delete {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use super::found;
    use crate::kernel::Context;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::state::CloudWatch;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub resource_arn: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        let known = found(cloudwatch, request.resource_arn)?;
        cloudwatch.held.selections.remove(&known.resource_arn.unwrap_or_default());
        Ok(Response {})
    }
}
