//! CreateResourceMetricsConfiguration, UpdateResourceMetricsConfiguration: which metrics a resource
//! would publish. It changes nothing here.
//!
//! Errors: `ValidationError`, `ConflictException`, `ResourceNotFoundException`.
//! Source: AWS's model.

use crate::kernel::Context;
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::held::{
    ResourceMetricSelection, ResourceMetricsConfiguration, check_number,
};
use crate::services::cloudwatch::state::CloudWatch;

const NAMES_MAX: usize = 500;

fn put(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    arn: Option<String>,
    selections: Option<Vec<ResourceMetricSelection>>,
    is_new: bool,
) -> Result<ResourceMetricsConfiguration, CloudWatchError> {
    let mut constraints = Constraints::default();
    constraints.required("resourceArn", arn.as_ref());
    constraints.length("resourceArn", arn.as_deref(), (20, 2048));
    for (number, selection) in (1..).zip(selections.iter().flatten().take(1)) {
        let member = format!("metricSelections.{number}.member.includeMetrics");
        let names = selection.include_metrics.as_deref();
        constraints.required(&member, names.as_ref());
        constraints.entries(&member, names.unwrap_or_default(), (1, NAMES_MAX));
    }
    let count = selections.as_ref().map_or(1, Vec::len);
    constraints.count("metricSelections", "", count, (1, 1));
    constraints.done()?;
    let arn = arn.unwrap_or_default();
    let all = &mut cloudwatch.held.selections;
    let known = all.get(&arn);
    match (known, is_new) {
        (Some(_), true) => return Err(CloudWatchError::Conflict(arn)),
        (None, false) => {
            return Err(CloudWatchError::ResourceNotFound("resource-metrics-configuration", arn));
        }
        (None, true) => check_number(all.len())?,
        (Some(_), false) => {}
    }
    ctx.not_honoured("MetricSelections")?;
    let now = ctx.now();
    let new = ResourceMetricsConfiguration {
        resource_arn: Some(arn.clone()),
        metric_selections: selections,
        created_at: known.map_or(Some(now), |known| known.created_at),
        updated_at: Some(now),
    };
    all.insert(arn, new.clone());
    Ok(new)
}

/// CreateResourceMetricsConfiguration.
pub mod create {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use super::put;
    use crate::kernel::Context;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::held::{
        ResourceMetricSelection, ResourceMetricsConfiguration,
    };
    use crate::services::cloudwatch::state::CloudWatch;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub metric_selections: Option<Vec<ResourceMetricSelection>>,
        pub resource_arn: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub resource_metrics_configuration: Option<ResourceMetricsConfiguration>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        let Request { resource_arn, metric_selections } = request;
        let new = put(ctx, cloudwatch, resource_arn, metric_selections, true)?;
        Ok(Response { resource_metrics_configuration: Some(new) })
    }
}

/// UpdateResourceMetricsConfiguration.
pub mod update {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use super::put;
    use crate::kernel::Context;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::held::{
        ResourceMetricSelection, ResourceMetricsConfiguration,
    };
    use crate::services::cloudwatch::state::CloudWatch;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub metric_selections: Option<Vec<ResourceMetricSelection>>,
        pub resource_arn: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub resource_metrics_configuration: Option<ResourceMetricsConfiguration>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        let Request { resource_arn, metric_selections } = request;
        let new = put(ctx, cloudwatch, resource_arn, metric_selections, false)?;
        Ok(Response { resource_metrics_configuration: Some(new) })
    }
}
