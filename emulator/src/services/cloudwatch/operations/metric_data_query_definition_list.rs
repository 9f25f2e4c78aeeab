//! ListMetricDataQueryDefinitions, DeleteMetricDataQueryDefinition.
//!
//! Limits: 100 a page. One that is not there is no error to delete.
//! Errors: `ValidationError`.
//! Source: AWS's model.

/// ListMetricDataQueryDefinitions: stored queries in the order of their ids.
pub mod list {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::cloudwatch::constraint::Constraints;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::held::{Definition, MetricDataQueryDefinitionSummary, page};
    use crate::services::cloudwatch::paging::position;
    use crate::services::cloudwatch::state::CloudWatch;

    const PAGE: i32 = 100;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub max_results: Option<i32>,
        pub next_token: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub items: Option<Vec<MetricDataQueryDefinitionSummary>>,
        pub next_token: Option<String>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        let mut constraints = Constraints::default();
        constraints.range("maxResults", request.max_results, (1, PAGE));
        constraints.done()?;
        let after = position(ctx, request.next_token.as_deref())?;
        let max = request.max_results.unwrap_or(PAGE).unsigned_abs() as usize;
        let (found, more) = page(&cloudwatch.held.definitions, after.as_deref(), max);
        let last = found.last().filter(|_| more);
        let next_token = last.map(|(id, _)| ctx.page_token(id));
        let summary = |(id, definition): (&String, &Definition)| MetricDataQueryDefinitionSummary {
            id: Some(id.clone()),
            path: Some(definition.path.clone()),
            r#type: Some(definition.kind.clone()),
            updated_at: Some(definition.updated),
        };
        Ok(Response { items: Some(found.into_iter().map(summary).collect()), next_token })
    }
}

/// DeleteMetricDataQueryDefinition.
pub mod delete {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::cloudwatch::constraint::Constraints;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::state::CloudWatch;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub id: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        let mut constraints = Constraints::default();
        constraints.required("id", request.id.as_ref());
        constraints.done()?;
        cloudwatch.held.definitions.remove(&request.id.unwrap_or_default());
        Ok(Response {})
    }
}
