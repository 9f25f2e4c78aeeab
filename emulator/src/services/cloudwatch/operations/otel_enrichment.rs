//! GetOTelEnrichment, StopOTelEnrichment: what was started, and its end.
//!
//! Source: AWS's model.

/// GetOTelEnrichment.
pub mod get {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::held::OTelEnrichmentMetricSelector;
    use crate::services::cloudwatch::state::CloudWatch;
    use crate::wire::Timestamp;

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Request {}

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub created_at: Option<Timestamp>,
        pub exclude_filters: Option<Vec<OTelEnrichmentMetricSelector>>,
        pub include_filters: Option<Vec<OTelEnrichmentMetricSelector>>,
        pub status: Option<String>,
        pub updated_at: Option<Timestamp>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        _request: Request,
    ) -> Result<Response, CloudWatchError> {
        let Some(known) = cloudwatch.held.enrichment.clone() else {
            let status = Some("Stopped".to_owned());
            return Ok(Response { status, ..Response::default() });
        };
        Ok(Response {
            status: Some("Running".to_owned()),
            created_at: Some(known.created),
            updated_at: Some(known.updated),
            include_filters: known.include_filters,
            exclude_filters: known.exclude_filters,
        })
    }
}

/// StopOTelEnrichment.
pub mod stop {
    use serde::{Deserialize, Serialize};

    use crate::kernel::Context;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::state::CloudWatch;

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Request {}

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        _request: Request,
    ) -> Result<Response, CloudWatchError> {
        cloudwatch.held.enrichment = None;
        Ok(Response {})
    }
}
