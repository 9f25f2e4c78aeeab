//! The operations on tags of pipes.
//!
//! Errors: `NotFoundException`, `ValidationException`.
//! Source: API reference "TagResource", "UntagResource", "ListTagsForResource" of Pipes.

/// TagResource: sets tags; those that are there stay.
pub mod tag_resource {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::pipes::error::PipesError;
    use crate::services::pipes::state::Pipes;
    use crate::services::pipes::tagging;
    use crate::services::shared::constraint::Constraints;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        pub resource_arn: Option<String>,
        pub tags: Option<BTreeMap<String, String>>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        pipes: &mut Pipes,
        request: Request,
    ) -> Result<Response, PipesError> {
        let mut constraints = Constraints::default();
        constraints.required("tags", request.tags.as_ref());
        constraints.done()?;
        let pipe = pipes.tagged(ctx, request.resource_arn.as_deref())?;
        let mut tags = pipe.tags.clone();
        tags.extend(request.tags.unwrap_or_default());
        tagging::check(&tags)?;
        pipe.tags = tags;
        Ok(Response {})
    }
}

/// UntagResource: removes tags by key; unknown keys are no error.
pub mod untag_resource {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::pipes::error::PipesError;
    use crate::services::pipes::state::Pipes;
    use crate::services::shared::constraint::Constraints;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        pub resource_arn: Option<String>,
        pub tag_keys: Option<Vec<String>>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        pipes: &mut Pipes,
        request: Request,
    ) -> Result<Response, PipesError> {
        let mut constraints = Constraints::default();
        constraints.required("tagKeys", request.tag_keys.as_ref());
        constraints.done()?;
        let keys = request.tag_keys.unwrap_or_default();
        let pipe = pipes.tagged(ctx, request.resource_arn.as_deref())?;
        pipe.tags.retain(|key, _| !keys.contains(key));
        Ok(Response {})
    }
}

/// ListTagsForResource: all tags of a pipe.
pub mod list_tags_for_resource {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::pipes::error::PipesError;
    use crate::services::pipes::state::Pipes;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        pub resource_arn: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Response {
        pub tags: Option<BTreeMap<String, String>>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        pipes: &mut Pipes,
        request: Request,
    ) -> Result<Response, PipesError> {
        let pipe = pipes.tagged(ctx, request.resource_arn.as_deref())?;
        Ok(Response { tags: Some(pipe.tags.clone()) })
    }
}
