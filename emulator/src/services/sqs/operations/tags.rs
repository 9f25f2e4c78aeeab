//! TagQueue, UntagQueue, ListQueueTags: a queue's tags.
//!
//! Limits: 50 tags a queue, keys of 1 to 128 characters, values of up to 256.
//! Errors: `QueueDoesNotExist`, `MissingParameter`, `InvalidParameterValue`.
//! Source: API reference "TagQueue"; recordings of 2024-04-30.

/// TagQueue: adds tags or replaces their values.
pub mod tag_queue {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sqs::error::SqsError;
    use crate::services::sqs::state::Sqs;
    use crate::services::sqs::tagging;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub queue_url: Option<String>,
        pub tags: Option<BTreeMap<String, String>>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        sqs: &mut Sqs,
        request: Request,
    ) -> Result<Response, SqsError> {
        let queue = sqs.by_url(ctx, request.queue_url.as_deref())?;
        let tags = request.tags.filter(|tags| !tags.is_empty());
        let tags = tags.ok_or_else(|| SqsError::MissingParameter("Tags".to_owned()))?;
        queue.tags = tagging::merged(&queue.name, &queue.tags, tags)?;
        Ok(Response {})
    }
}

/// UntagQueue: removes tags by key; unknown keys are no error.
pub mod untag_queue {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sqs::error::SqsError;
    use crate::services::sqs::state::Sqs;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub queue_url: Option<String>,
        pub tag_keys: Option<Vec<String>>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        sqs: &mut Sqs,
        request: Request,
    ) -> Result<Response, SqsError> {
        let queue = sqs.by_url(ctx, request.queue_url.as_deref())?;
        let keys = request.tag_keys.filter(|keys| !keys.is_empty());
        let keys = keys.ok_or_else(|| SqsError::MissingParameter("TagKeys".to_owned()))?;
        queue.tags.retain(|key, _| !keys.contains(key));
        Ok(Response {})
    }
}

/// ListQueueTags: all tags of a queue.
pub mod list_queue_tags {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sqs::error::SqsError;
    use crate::services::sqs::state::Sqs;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub queue_url: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub tags: Option<BTreeMap<String, String>>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        sqs: &mut Sqs,
        request: Request,
    ) -> Result<Response, SqsError> {
        let queue = sqs.by_url(ctx, request.queue_url.as_deref())?;
        Ok(Response { tags: (!queue.tags.is_empty()).then(|| queue.tags.clone()) })
    }
}
