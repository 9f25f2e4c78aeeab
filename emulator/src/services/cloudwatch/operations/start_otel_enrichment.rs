//! StartOTelEnrichment, UpdateOTelEnrichment: which metrics would be enriched. None is here.
//!
//! Limits: 100 filters.
//! Errors: `ValidationError`, `ResourceNotFoundException` of an update before a start.
//! Source: AWS's model.

use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::held::OTelEnrichmentMetricSelector;

const FILTERS_MAX: usize = 100;

type Filters = Option<Vec<OTelEnrichmentMetricSelector>>;

fn check(include: &Filters, exclude: &Filters) -> Result<(), CloudWatchError> {
    let mut constraints = Constraints::default();
    for (member, filters) in [("includeFilters", include), ("excludeFilters", exclude)] {
        let filters = filters.as_deref().unwrap_or_default();
        constraints.count(member, "", filters.len(), (0, FILTERS_MAX));
        for (number, filter) in (1..).zip(filters.iter().take(FILTERS_MAX)) {
            let of = |name: &str| format!("{member}.{number}.member.{name}");
            constraints.required(&of("namespace"), filter.namespace.as_ref());
            constraints.length(&of("namespace"), filter.namespace.as_deref(), (1, 255));
            let names = filter.metric_names.as_deref().unwrap_or_default();
            constraints.entries(&of("metricNames"), names, (0, FILTERS_MAX));
        }
    }
    Ok(constraints.done()?)
}

/// StartOTelEnrichment.
pub mod start {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use super::check;
    use crate::kernel::Context;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::held::{Enrichment, OTelEnrichmentMetricSelector};
    use crate::services::cloudwatch::state::CloudWatch;
    use crate::wire::Timestamp;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub exclude_filters: Option<Vec<OTelEnrichmentMetricSelector>>,
        pub include_filters: Option<Vec<OTelEnrichmentMetricSelector>>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub created_at: Option<Timestamp>,
        pub exclude_filters: Option<Vec<OTelEnrichmentMetricSelector>>,
        pub include_filters: Option<Vec<OTelEnrichmentMetricSelector>>,
        pub updated_at: Option<Timestamp>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        check(&request.include_filters, &request.exclude_filters)?;
        ctx.not_honoured("IncludeFilters")?;
        let Request { include_filters, exclude_filters } = request;
        let now = ctx.now();
        let known = cloudwatch.held.enrichment.as_ref();
        let created = known.map_or(now, |known| known.created);
        let new = Enrichment { created, updated: now, include_filters, exclude_filters };
        cloudwatch.held.enrichment = Some(new.clone());
        Ok(Response {
            created_at: Some(new.created),
            updated_at: Some(new.updated),
            include_filters: new.include_filters,
            exclude_filters: new.exclude_filters,
        })
    }
}

/// UpdateOTelEnrichment.
pub mod update {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use super::check;
    use crate::kernel::Context;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::held::OTelEnrichmentMetricSelector;
    use crate::services::cloudwatch::state::CloudWatch;
    use crate::wire::Timestamp;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub exclude_filters: Option<Vec<OTelEnrichmentMetricSelector>>,
        pub include_filters: Option<Vec<OTelEnrichmentMetricSelector>>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub created_at: Option<Timestamp>,
        pub exclude_filters: Option<Vec<OTelEnrichmentMetricSelector>>,
        pub include_filters: Option<Vec<OTelEnrichmentMetricSelector>>,
        pub updated_at: Option<Timestamp>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        check(&request.include_filters, &request.exclude_filters)?;
        let Some(known) = cloudwatch.held.enrichment.as_mut() else {
            let name = "otel-enrichment".to_owned();
            return Err(CloudWatchError::ResourceNotFound("otel-enrichment", name));
        };
        ctx.not_honoured("IncludeFilters")?;
        known.updated = ctx.now();
        known.include_filters = request.include_filters;
        known.exclude_filters = request.exclude_filters;
        Ok(Response {
            created_at: Some(known.created),
            updated_at: Some(known.updated),
            include_filters: known.include_filters.clone(),
            exclude_filters: known.exclude_filters.clone(),
        })
    }
}
