//! TagResource, UntagResource, ListTagsForResource: a topic's tags.
//!
//! Limits: 50 tags a topic; keys of 1 to 128 characters, values of up to 256.
//! Errors: `InvalidParameter`, `ResourceNotFound`, `TagLimitExceeded`.
//! Source: API reference "TagResource".

/// TagResource: adds tags or replaces their values.
pub mod tag_resource {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::state::Sns;
    use crate::services::sns::tagging::{TAGS_MAX, Tag, checked};

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub resource_arn: Option<String>,
        pub tags: Option<Vec<Tag>>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let topic = sns.tagged(ctx, request.resource_arn.as_deref())?;
        let mut all = topic.tags.clone();
        all.extend(checked(request.tags.unwrap_or_default())?);
        if all.len() > TAGS_MAX {
            return Err(SnsError::TagLimitExceeded);
        }
        topic.tags = all;
        Ok(Response {})
    }
}

/// UntagResource: removes tags by key; unknown keys are no error.
pub mod untag_resource {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub resource_arn: Option<String>,
        pub tag_keys: Option<Vec<String>>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let topic = sns.tagged(ctx, request.resource_arn.as_deref())?;
        let keys = request.tag_keys.unwrap_or_default();
        topic.tags.retain(|key, _| !keys.contains(key));
        Ok(Response {})
    }
}

/// ListTagsForResource: all tags of a topic.
pub mod list_tags_for_resource {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::state::Sns;
    use crate::services::sns::tagging::Tag;

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
        pub tags: Option<Vec<Tag>>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let topic = sns.tagged(ctx, request.resource_arn.as_deref())?;
        let tags = topic
            .tags
            .iter()
            .map(|(key, value)| Tag { key: Some(key.clone()), value: Some(value.clone()) });
        Ok(Response { tags: Some(tags.collect()) })
    }
}
