//! The archive of the bus: every event of this system, for as long as the configuration says.
//!
//! EventBridge fills it by itself; what comes back out of it is the business of `replays`.

use aws_sdk_eventbridge::Client;
use serde_json::json;

use super::bus::Buses;
use crate::adapters::aws::Aws;
use crate::config::{Config, Names};
use crate::contracts::SOURCE_PREFIX;
use crate::failure::{Dependency, Failure};

pub(super) struct Archives {
    client: Client,
}

/// An archive as EventBridge knows it.
pub(super) struct Archive {
    pub(super) arn: String,
    pub(super) bus_arn: String,
}

impl Archives {
    pub(super) fn new(aws: &Aws) -> Self {
        Self { client: aws.eventbridge() }
    }

    /// Makes the archive of the bus, or sets it to what it should be. Answers its name.
    pub(super) async fn apply(&self, buses: &Buses, config: &Config) -> Result<String, Failure> {
        let name = config.names.archive();
        let bus_arn = buses.arn(&config.names.bus()).await?;
        let days = i32::from(config.archive_days);
        let pattern = json!({"source": [{"prefix": SOURCE_PREFIX}]}).to_string();
        let made = self
            .client
            .create_archive()
            .archive_name(&name)
            .event_source_arn(bus_arn)
            .event_pattern(&pattern)
            .retention_days(days)
            .send()
            .await;
        let exists = match made {
            Ok(_) => false,
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_resource_already_exists_exception()) =>
            {
                true
            }
            Err(error) => {
                return Err(Failure::of_call(Dependency::EventBridge, "CreateArchive", &error));
            }
        };
        if exists {
            let changed = self.client.update_archive().archive_name(&name);
            let changed = changed.event_pattern(pattern).retention_days(days).send().await;
            changed.map_err(|error| {
                Failure::of_call(Dependency::EventBridge, "UpdateArchive", &error)
            })?;
        }
        Ok(name)
    }

    /// `None` when there is no such archive.
    pub(super) async fn find(&self, name: &str) -> Result<Option<Archive>, Failure> {
        match self.client.describe_archive().archive_name(name).send().await {
            Ok(found) => Ok(Some(Archive {
                arn: found.archive_arn.unwrap_or_default(),
                bus_arn: found.event_source_arn.unwrap_or_default(),
            })),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_resource_not_found_exception()) =>
            {
                Ok(None)
            }
            Err(error) => Err(Failure::of_call(Dependency::EventBridge, "DescribeArchive", &error)),
        }
    }

    /// Removes the archive with its events. `false` when there was none.
    pub(super) async fn destroy(&self, names: &Names) -> Result<bool, Failure> {
        match self.client.delete_archive().archive_name(names.archive()).send().await {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_resource_not_found_exception()) =>
            {
                Ok(false)
            }
            Err(error) => Err(Failure::of_call(Dependency::EventBridge, "DeleteArchive", &error)),
        }
    }
}
