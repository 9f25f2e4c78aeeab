//! Destinations: streams that other accounts may subscribe. Stored only.
//!
//! Limits: names of 512 letters; pages of 50.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`.
//! Source: API references of these names; recordings of 2026-02-05. Unverified: the text on a
//! destination that is not there.

use crate::services::logs::error::LogsError;

const NOT_FOUND: LogsError = LogsError::NotFound("The specified destination does not exist.");

/// PutDestination: makes or changes one.
pub mod put {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::logs::constraint::{Constraints, NOT_EMPTY, STREAM_NAME, given};
    use crate::services::logs::destination::Destination as Held;
    use crate::services::logs::error::LogsError;
    use crate::services::logs::shapes::Destination;
    use crate::services::logs::state::Logs;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        pub destination_name: Option<String>,
        pub role_arn: Option<String>,
        pub tags: Option<BTreeMap<String, String>>,
        pub target_arn: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Response {
        pub destination: Option<Destination>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        logs: &mut Logs,
        request: Request,
    ) -> Result<Response, LogsError> {
        let mut check = Constraints::default();
        STREAM_NAME.required(&mut check, "destinationName", request.destination_name.as_ref());
        NOT_EMPTY.required(&mut check, "targetArn", request.target_arn.as_ref());
        NOT_EMPTY.required(&mut check, "roleArn", request.role_arn.as_ref());
        check.done()?;
        let name = given("destinationName", request.destination_name)?;
        ctx.not_honoured("targetArn")?;
        let old = logs.destinations.remove(&name);
        let tags = request.tags.unwrap_or_default();
        let destination = Held {
            arn: ctx.arn(format!("destination:{name}")),
            target_arn: given("targetArn", request.target_arn)?,
            role_arn: given("roleArn", request.role_arn)?,
            access_policy: old.as_ref().and_then(|old| old.access_policy.clone()),
            created: old.as_ref().map_or(ctx.now().millis(), |old| old.created),
            tags: old.map_or(tags, |old| old.tags),
        };
        let described = destination.described(&name);
        logs.destinations.insert(name, destination);
        Ok(Response { destination: Some(described) })
    }
}

/// PutDestinationPolicy: sets its policy.
pub mod put_policy {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::logs::constraint::given;
    use crate::services::logs::error::LogsError;
    use crate::services::logs::state::Logs;
    use crate::services::shared::policy::Policy;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        pub access_policy: Option<String>,
        pub destination_name: Option<String>,
        pub force_update: Option<bool>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        logs: &mut Logs,
        request: Request,
    ) -> Result<Response, LogsError> {
        let name = given("destinationName", request.destination_name)?;
        let text = given("accessPolicy", request.access_policy)?;
        let invalid = |error| LogsError::parameter(format!("Invalid policy document: {error}"));
        Policy::parse(&text).map_err(invalid)?;
        logs.destinations.get(&name).ok_or(super::NOT_FOUND)?;
        ctx.not_honoured("accessPolicy")?;
        let destination = logs.destinations.get_mut(&name).ok_or(super::NOT_FOUND)?;
        destination.access_policy = Some(text);
        Ok(Response {})
    }
}

/// DescribeDestinations: all.
pub mod describe {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::logs::error::LogsError;
    use crate::services::logs::paging::Page;
    use crate::services::logs::shapes::Destination;
    use crate::services::logs::state::Logs;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        #[serde(rename = "DestinationNamePrefix")]
        pub destination_name_prefix: Option<String>,
        pub limit: Option<i32>,
        pub next_token: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Response {
        pub destinations: Option<Vec<Destination>>,
        pub next_token: Option<String>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        logs: &mut Logs,
        request: Request,
    ) -> Result<Response, LogsError> {
        let page = Page::of(ctx, request.next_token.as_deref(), request.limit)?;
        let prefix = request.destination_name_prefix.as_deref();
        let all = logs.destinations.iter();
        let all = all.filter(|(name, _)| prefix.is_none_or(|prefix| name.starts_with(prefix)));
        let all = all.map(|(name, destination)| (name.clone(), destination.described(name)));
        let (destinations, next_token) = page.cut(ctx, all);
        Ok(Response { destinations: Some(destinations), next_token })
    }
}

/// DeleteDestination: deletes one.
pub mod delete {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::logs::constraint::given;
    use crate::services::logs::error::LogsError;
    use crate::services::logs::state::Logs;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        pub destination_name: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        logs: &mut Logs,
        request: Request,
    ) -> Result<Response, LogsError> {
        let name = given("destinationName", request.destination_name)?;
        logs.destinations.remove(&name).map(|_| Response {}).ok_or(super::NOT_FOUND)
    }
}
