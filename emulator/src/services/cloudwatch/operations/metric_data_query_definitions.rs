//! PutMetricDataQueryDefinition and the other operations on stored queries.
//!
//! Limits: paths of 1,024 characters, expressions of 65,536; 100 a page.
//! Errors: `ValidationError`, `ResourceNotFoundException`, `LimitExceededException`.
//! Source: AWS's model. Unverified: the form of ids and ARNs.

/// PutMetricDataQueryDefinition: stores a query, under a new id unless it names one.
pub mod put {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::cloudwatch::constraint::Constraints;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::held::{Definition, check_number};
    use crate::services::cloudwatch::state::CloudWatch;
    use crate::services::cloudwatch::tagging::{Tag, checked};
    use crate::wire::Timestamp;

    const TYPES: [&str; 3] = ["PROMQL", "SQL", "METRIC_MATH"];

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub expression: Option<String>,
        pub id: Option<String>,
        pub path: Option<String>,
        pub tags: Option<Vec<Tag>>,
        pub r#type: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub arn: Option<String>,
        pub created_at: Option<Timestamp>,
        pub expression: Option<String>,
        pub id: Option<String>,
        pub path: Option<String>,
        pub r#type: Option<String>,
        pub updated_at: Option<Timestamp>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        let mut constraints = Constraints::default();
        constraints.required("type", request.r#type.as_ref());
        constraints.required("path", request.path.as_ref());
        constraints.required("expression", request.expression.as_ref());
        constraints.length("id", request.id.as_deref(), (1, 64));
        constraints.length("path", request.path.as_deref(), (1, 1024));
        constraints.one_of("type", request.r#type.as_deref(), &TYPES);
        let expression = request.expression.as_deref().unwrap_or("x");
        constraints.count("expression", "", expression.chars().count(), (1, 65_536));
        let tags = checked(constraints, request.tags)?;
        let all = &mut cloudwatch.held.definitions;
        let id = match request.id {
            Some(id) if !all.contains_key(&id) => {
                return Err(CloudWatchError::ResourceNotFound("metric-data-query-definition", id));
            }
            Some(id) => id,
            None => {
                check_number(all.len())?;
                ctx.ids().uuid().to_string()
            }
        };
        let now = ctx.now();
        let known = all.get(&id);
        let definition = Definition {
            arn: ctx.arn(format!("metric-data-query-definition/{id}")).to_string(),
            path: request.path.unwrap_or_default(),
            kind: request.r#type.unwrap_or_default(),
            expression: request.expression.unwrap_or_default(),
            created: known.map_or(now, |known| known.created),
            updated: now,
            tags: known.map_or(tags, |known| known.tags.clone()),
        };
        all.insert(id.clone(), definition.clone());
        Ok(Response {
            id: Some(id),
            arn: Some(definition.arn),
            path: Some(definition.path),
            r#type: Some(definition.kind),
            expression: Some(definition.expression),
            created_at: Some(definition.created),
            updated_at: Some(definition.updated),
        })
    }
}

/// GetMetricDataQueryDefinition, DeleteMetricDataQueryDefinition: by the id.
pub mod get {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::cloudwatch::constraint::Constraints;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::state::CloudWatch;
    use crate::wire::Timestamp;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub id: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub arn: Option<String>,
        pub created_at: Option<Timestamp>,
        pub expression: Option<String>,
        pub id: Option<String>,
        pub path: Option<String>,
        pub r#type: Option<String>,
        pub updated_at: Option<Timestamp>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        let mut constraints = Constraints::default();
        constraints.required("id", request.id.as_ref());
        constraints.done()?;
        let id = request.id.unwrap_or_default();
        let Some(definition) = cloudwatch.held.definitions.get(&id).cloned() else {
            return Err(CloudWatchError::ResourceNotFound("metric-data-query-definition", id));
        };
        Ok(Response {
            id: Some(id),
            arn: Some(definition.arn),
            path: Some(definition.path),
            r#type: Some(definition.kind),
            expression: Some(definition.expression),
            created_at: Some(definition.created),
            updated_at: Some(definition.updated),
        })
    }
}
