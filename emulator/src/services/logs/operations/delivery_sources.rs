//! Sources of deliveries: resources of AWS's services that write logs. Stored only.
//!
//! Limits: names of 60 letters; pages of 50.
//! Errors: `ResourceNotFoundException`, `ValidationException`, `ConflictException`.
//! Source: API references of these names; recordings of 2026-02-04.

/// PutDeliverySource: makes or replaces one.
pub mod put {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::logs::constraint::{Constraints, DELIVERY_NAME, as_validation, given};
    use crate::services::logs::error::LogsError;
    use crate::services::logs::shapes::DeliverySource;
    use crate::services::logs::state::Logs;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        pub delivery_source_configuration: Option<BTreeMap<String, String>>,
        pub log_type: Option<String>,
        pub name: Option<String>,
        pub resource_arn: Option<String>,
        pub tags: Option<BTreeMap<String, String>>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Response {
        pub delivery_source: Option<DeliverySource>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        logs: &mut Logs,
        request: Request,
    ) -> Result<Response, LogsError> {
        let mut check = Constraints::default();
        DELIVERY_NAME.required(&mut check, "name", request.name.as_ref());
        check.done().map_err(as_validation)?;
        let name = given("name", request.name)?;
        let resource = given("resourceArn", request.resource_arn)?;
        let log_type = given("logType", request.log_type)?;
        let service = resource.split(':').nth(2).filter(|service| !service.is_empty());
        let service =
            service.ok_or_else(|| LogsError::Validation("Invalid resource ARN.".to_owned()))?;
        ctx.not_honoured("resourceArn")?;
        let source = DeliverySource {
            arn: Some(ctx.arn(format!("delivery-source:{name}")).to_string()),
            delivery_source_configuration: request.delivery_source_configuration,
            log_type: Some(log_type),
            name: Some(name.clone()),
            service: Some(service.to_owned()),
            resource_arns: Some(vec![resource]),
            tags: request.tags,
            ..DeliverySource::default()
        };
        logs.deliveries.sources.insert(name, source.clone());
        Ok(Response { delivery_source: Some(source) })
    }
}

/// GetDeliverySource: one by its name.
pub mod get {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::logs::constraint::{Constraints, DELIVERY_NAME, as_validation, given};
    use crate::services::logs::error::LogsError;
    use crate::services::logs::shapes::DeliverySource;
    use crate::services::logs::state::Logs;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        pub name: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Response {
        pub delivery_source: Option<DeliverySource>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        logs: &mut Logs,
        request: Request,
    ) -> Result<Response, LogsError> {
        let mut check = Constraints::default();
        DELIVERY_NAME.required(&mut check, "name", request.name.as_ref());
        check.done().map_err(as_validation)?;
        let name = given("name", request.name)?;
        let source = logs.deliveries.sources.get(&name).cloned();
        let missing =
            LogsError::NotFound("Requested Delivery Source does not exist in this account.");
        source.map(|source| Response { delivery_source: Some(source) }).ok_or(missing)
    }
}

/// DescribeDeliverySources: all.
pub mod describe {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::logs::error::LogsError;
    use crate::services::logs::paging::Page;
    use crate::services::logs::shapes::DeliverySource;
    use crate::services::logs::state::Logs;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        pub limit: Option<i32>,
        pub next_token: Option<String>,
        pub resource_arns: Option<Vec<String>>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Response {
        pub delivery_sources: Option<Vec<DeliverySource>>,
        pub next_token: Option<String>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        logs: &mut Logs,
        request: Request,
    ) -> Result<Response, LogsError> {
        let page = Page::of(ctx, request.next_token.as_deref(), request.limit)?;
        let wanted = request.resource_arns.unwrap_or_default();
        let sources = logs.deliveries.sources.iter().filter(|(_, source)| {
            let arns = source.resource_arns.as_deref().unwrap_or_default();
            wanted.is_empty() || arns.iter().any(|arn| wanted.contains(arn))
        });
        let sources = sources.map(|(name, source)| (name.clone(), source.clone()));
        let (sources, next_token) = page.cut(ctx, sources);
        Ok(Response { delivery_sources: Some(sources), next_token })
    }
}

/// DeleteDeliverySource: deletes one that no delivery uses.
pub mod delete {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::logs::constraint::{Constraints, DELIVERY_NAME, as_validation, given};
    use crate::services::logs::error::LogsError;
    use crate::services::logs::state::Logs;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        pub name: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        logs: &mut Logs,
        request: Request,
    ) -> Result<Response, LogsError> {
        let mut check = Constraints::default();
        DELIVERY_NAME.required(&mut check, "name", request.name.as_ref());
        check.done().map_err(as_validation)?;
        let name = given("name", request.name)?;
        let used = logs
            .deliveries
            .deliveries
            .values()
            .any(|it| it.delivery_source_name.as_ref() == Some(&name));
        if used {
            return Err(LogsError::Conflict("The delivery source is used by a delivery."));
        }
        let missing =
            LogsError::NotFound("Requested Delivery Source does not exist in this account.");
        logs.deliveries.sources.remove(&name).map(|_| Response {}).ok_or(missing)
    }
}
