//! Tags, by an ARN or, as it was before 2021, by a group's name.
//!
//! Limits: 50 tags a resource, keys of 128 and values of 256 letters.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`, `TooManyTagsException`.
//! Source: API references of these names; recordings of 2026-02-06. Unverified: the text on resources
//! that do not exist.

use std::collections::BTreeMap;

use crate::services::logs::error::LogsError;

pub(in crate::services::logs) const TAGS_MAX: usize = 50;

/// Adds tags to those that a resource has.
///
/// # Errors
/// `TooManyTagsException`, and then none is added.
fn add(
    held: &mut BTreeMap<String, String>,
    tags: BTreeMap<String, String>,
) -> Result<(), LogsError> {
    let added = tags.keys().filter(|key| !held.contains_key(*key)).count();
    if held.len() + added > TAGS_MAX {
        return Err(LogsError::TooManyTags);
    }
    held.extend(tags);
    Ok(())
}

/// TagResource: adds tags.
pub mod tag_resource {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::logs::constraint::{self, Constraints, RESOURCE_ARN, given};
    use crate::services::logs::error::LogsError;
    use crate::services::logs::state::Logs;

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
        _ctx: &mut Context<'_>,
        logs: &mut Logs,
        request: Request,
    ) -> Result<Response, LogsError> {
        let mut check = Constraints::default();
        RESOURCE_ARN.required(&mut check, "resourceArn", request.resource_arn.as_ref());
        let tags = request.tags.unwrap_or_default();
        constraint::tags(&mut check, &tags);
        check.done()?;
        let arn = given("resourceArn", request.resource_arn)?;
        let held = logs
            .tags_of(&arn)
            .ok_or(LogsError::NotFound("The specified resource does not exist."))?;
        super::add(held, tags)?;
        Ok(Response {})
    }
}

/// UntagResource: removes tags.
pub mod untag_resource {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::logs::constraint::{Constraints, RESOURCE_ARN, given};
    use crate::services::logs::error::LogsError;
    use crate::services::logs::state::Logs;

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
        _ctx: &mut Context<'_>,
        logs: &mut Logs,
        request: Request,
    ) -> Result<Response, LogsError> {
        let mut check = Constraints::default();
        RESOURCE_ARN.required(&mut check, "resourceArn", request.resource_arn.as_ref());
        check.done()?;
        let arn = given("resourceArn", request.resource_arn)?;
        let held = logs
            .tags_of(&arn)
            .ok_or(LogsError::NotFound("The specified resource does not exist."))?;
        for key in request.tag_keys.unwrap_or_default() {
            held.remove(&key);
        }
        Ok(Response {})
    }
}

/// ListTagsForResource: all tags.
pub mod list_tags_for_resource {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::logs::constraint::{Constraints, RESOURCE_ARN, given};
    use crate::services::logs::error::LogsError;
    use crate::services::logs::state::Logs;

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
        _ctx: &mut Context<'_>,
        logs: &mut Logs,
        request: Request,
    ) -> Result<Response, LogsError> {
        let mut check = Constraints::default();
        RESOURCE_ARN.required(&mut check, "resourceArn", request.resource_arn.as_ref());
        check.done()?;
        let arn = given("resourceArn", request.resource_arn)?;
        let held = logs
            .tags_of(&arn)
            .ok_or(LogsError::NotFound("The specified resource does not exist."))?;
        Ok(Response { tags: Some(held.clone()) })
    }
}

/// TagLogGroup: adds tags.
pub mod tag_log_group {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::logs::constraint::{self, Constraints, given};
    use crate::services::logs::error::LogsError;
    use crate::services::logs::state::Logs;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        pub log_group_name: Option<String>,
        pub tags: Option<BTreeMap<String, String>>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        logs: &mut Logs,
        request: Request,
    ) -> Result<Response, LogsError> {
        constraint::names(request.log_group_name.as_ref(), None)?;
        let mut check = Constraints::default();
        let tags = request.tags.unwrap_or_default();
        constraint::tags(&mut check, &tags);
        check.done()?;
        let name = given("logGroupName", request.log_group_name)?;
        super::add(&mut logs.group_mut(&name)?.tags, tags)?;
        Ok(Response {})
    }
}

/// UntagLogGroup: removes tags.
pub mod untag_log_group {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::logs::constraint::{self, given};
    use crate::services::logs::error::LogsError;
    use crate::services::logs::state::Logs;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        pub log_group_name: Option<String>,
        pub tags: Option<Vec<String>>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        logs: &mut Logs,
        request: Request,
    ) -> Result<Response, LogsError> {
        constraint::names(request.log_group_name.as_ref(), None)?;
        let name = given("logGroupName", request.log_group_name)?;
        let held = &mut logs.group_mut(&name)?.tags;
        for key in request.tags.unwrap_or_default() {
            held.remove(&key);
        }
        Ok(Response {})
    }
}

/// ListTagsLogGroup: all tags.
pub mod list_tags_log_group {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::logs::constraint::{self, given};
    use crate::services::logs::error::LogsError;
    use crate::services::logs::state::Logs;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        pub log_group_name: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Response {
        pub tags: Option<BTreeMap<String, String>>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        logs: &mut Logs,
        request: Request,
    ) -> Result<Response, LogsError> {
        constraint::names(request.log_group_name.as_ref(), None)?;
        let name = given("logGroupName", request.log_group_name)?;
        Ok(Response { tags: Some(logs.group(&name)?.tags.clone()) })
    }
}
