//! TagResource, UntagResource, ListTagsForResource: the tags of buses and rules.
//!
//! Limits: 50 tags a resource; keys of 1 to 128 characters, values of up to 256.
//! Errors: `ResourceNotFoundException`, `LimitExceededException`, `ValidationException`.
//! Source: API reference "TagResource"; recordings of 2024-06-19.

/// TagResource: adds tags or replaces their values.
pub mod tag_resource {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::eventbridge::constraint;
    use crate::services::eventbridge::error::EventsError;
    use crate::services::eventbridge::state::EventBridge;
    use crate::services::eventbridge::tagging::{TAGS_MAX, Tag, checked};

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
        events: &mut EventBridge,
        request: Request,
    ) -> Result<Response, EventsError> {
        let arn = constraint::required("resourceARN", request.resource_arn)?;
        let new = checked(request.tags.unwrap_or_default())?;
        let tags = events.tags(ctx, &arn)?;
        let mut all = tags.clone();
        all.extend(new);
        if all.len() > TAGS_MAX {
            return Err(EventsError::LimitExceeded);
        }
        *tags = all;
        Ok(Response {})
    }
}

/// UntagResource: removes tags by key; unknown keys are no error.
pub mod untag_resource {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::eventbridge::constraint;
    use crate::services::eventbridge::error::EventsError;
    use crate::services::eventbridge::state::EventBridge;

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
        events: &mut EventBridge,
        request: Request,
    ) -> Result<Response, EventsError> {
        let arn = constraint::required("resourceARN", request.resource_arn)?;
        let keys = request.tag_keys.unwrap_or_default();
        events.tags(ctx, &arn)?.retain(|key, _| !keys.contains(key));
        Ok(Response {})
    }
}

/// ListTagsForResource: all tags of a bus or rule.
pub mod list_tags_for_resource {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::eventbridge::constraint;
    use crate::services::eventbridge::error::EventsError;
    use crate::services::eventbridge::state::EventBridge;
    use crate::services::eventbridge::tagging::Tag;

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
        events: &mut EventBridge,
        request: Request,
    ) -> Result<Response, EventsError> {
        let arn = constraint::required("resourceARN", request.resource_arn)?;
        let tags = events.tags(ctx, &arn)?;
        let tags = tags
            .iter()
            .map(|(key, value)| Tag { key: Some(key.clone()), value: Some(value.clone()) });
        Ok(Response { tags: Some(tags.collect()) })
    }
}
