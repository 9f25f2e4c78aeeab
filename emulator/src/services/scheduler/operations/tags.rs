//! TagResource, UntagResource, ListTagsForResource: the tags of groups.
//!
//! Limits: 50 tags a group; keys of 1 to 128 characters, values of 1 to 256.
//! Errors: `ResourceNotFoundException`, `ServiceQuotaExceededException`, `ValidationException`.
//! Source: API reference "TagResource".

/// TagResource: adds tags or replaces their values.
pub mod tag_resource {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::scheduler::error::SchedulerError;
    use crate::services::scheduler::state::Scheduler;
    use crate::services::scheduler::tagging::{self, TAGS_MAX, Tag};
    use crate::services::shared::constraint::Constraints;

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
        scheduler: &mut Scheduler,
        request: Request,
    ) -> Result<Response, SchedulerError> {
        let mut constraints = Constraints::default();
        constraints.required("resourceArn", request.resource_arn.as_ref());
        constraints.required("tags", request.tags.as_ref());
        let new = request.tags.unwrap_or_default();
        constraints.group_tags(&new);
        constraints.done()?;
        let group = scheduler.tagged(ctx, request.resource_arn.as_deref())?;
        let mut all = group.tags.clone();
        all.extend(tagging::map(new));
        if all.len() > TAGS_MAX {
            return Err(SchedulerError::TooManyTags);
        }
        group.tags = all;
        Ok(Response {})
    }
}

/// UntagResource: removes tags by key; unknown keys are no error.
pub mod untag_resource {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::scheduler::error::SchedulerError;
    use crate::services::scheduler::state::Scheduler;
    use crate::services::shared::constraint::Constraints;

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
        scheduler: &mut Scheduler,
        request: Request,
    ) -> Result<Response, SchedulerError> {
        let mut constraints = Constraints::default();
        constraints.required("resourceArn", request.resource_arn.as_ref());
        constraints.required("tagKeys", request.tag_keys.as_ref());
        constraints.done()?;
        let keys = request.tag_keys.unwrap_or_default();
        let group = scheduler.tagged(ctx, request.resource_arn.as_deref())?;
        group.tags.retain(|key, _| !keys.contains(key));
        Ok(Response {})
    }
}

/// ListTagsForResource: all tags of a group.
pub mod list_tags_for_resource {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::scheduler::error::SchedulerError;
    use crate::services::scheduler::state::Scheduler;
    use crate::services::scheduler::tagging::Tag;

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
        scheduler: &mut Scheduler,
        request: Request,
    ) -> Result<Response, SchedulerError> {
        let group = scheduler.tagged(ctx, request.resource_arn.as_deref())?;
        let tags = group
            .tags
            .iter()
            .map(|(key, value)| Tag { key: Some(key.clone()), value: Some(value.clone()) });
        Ok(Response { tags: Some(tags.collect()) })
    }
}
