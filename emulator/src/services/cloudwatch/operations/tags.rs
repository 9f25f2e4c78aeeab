//! TagResource, UntagResource, ListTagsForResource: the tags of alarms and dashboards.
//!
//! Limits: 50 tags a resource; keys of 1 to 128 characters, values of up to 256.
//! Errors: `ResourceNotFoundException`, `InvalidParameterValue`, `ValidationError`.
//! Source: API reference "TagResource"; recordings of 2025-09-19 and 2026-02-17.

/// TagResource: adds tags or replaces their values.
pub mod tag_resource {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::cloudwatch::constraint::Constraints;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::state::CloudWatch;
    use crate::services::cloudwatch::tagging::{Tag, check_number, checked};

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        #[serde(rename = "ResourceARN")]
        pub resource_arn: Option<String>,
        pub tags: Option<Vec<Tag>>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        let mut constraints = Constraints::default();
        constraints.required("resourceARN", request.resource_arn.as_ref());
        constraints.required("tags", request.tags.as_ref());
        let new = checked(constraints, request.tags)?;
        let tags = cloudwatch.tags(ctx, &request.resource_arn.unwrap_or_default())?;
        let mut all = tags.clone();
        all.extend(new);
        check_number(&all)?;
        *tags = all;
        Ok(Response {})
    }
}

/// UntagResource: removes tags by key; unknown keys are no error.
pub mod untag_resource {
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
        #[serde(rename = "ResourceARN")]
        pub resource_arn: Option<String>,
        pub tag_keys: Option<Vec<String>>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        let mut constraints = Constraints::default();
        constraints.required("resourceARN", request.resource_arn.as_ref());
        constraints.required("tagKeys", request.tag_keys.as_ref());
        constraints.done()?;
        let keys = request.tag_keys.unwrap_or_default();
        let arn = request.resource_arn.unwrap_or_default();
        cloudwatch.tags(ctx, &arn)?.retain(|key, _| !keys.contains(key));
        Ok(Response {})
    }
}

/// ListTagsForResource: the tags in the order of their keys; none of a resource that is not there.
pub mod list_tags_for_resource {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::cloudwatch::constraint::Constraints;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::state::CloudWatch;
    use crate::services::cloudwatch::tagging::Tag;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        #[serde(rename = "ResourceARN")]
        pub resource_arn: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub tags: Option<Vec<Tag>>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        let mut constraints = Constraints::default();
        constraints.required("resourceARN", request.resource_arn.as_ref());
        constraints.done()?;
        let arn = request.resource_arn.unwrap_or_default();
        let tags = match cloudwatch.tags(ctx, &arn) {
            Ok(tags) => tags.clone(),
            Err(CloudWatchError::ResourceNotFound(..)) => Default::default(),
            Err(error) => return Err(error),
        };
        let tag = |(key, value)| Tag { key: Some(key), value: Some(value) };
        Ok(Response { tags: Some(tags.into_iter().map(tag).collect()) })
    }
}
