//! The archive of the bus: every event of this system, for as long as the configuration says.
//!
//! EventBridge fills it by itself; what comes back out of it is the business of `replays`.

use aws_sdk_eventbridge::Client;
use serde_json::{Value, json};

use super::live::unchangeable;
use super::resource::{Found, Identity, Kind, Resource, arn_of, id};
use super::rules::{object, text};
use crate::adapters::aws::Aws;
use crate::config::Config;
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

pub(super) fn describe(config: &Config) -> Resource {
    let (names, name) = (&config.names, config.names.archive());
    let properties = json!({
        "ArchiveName": name,
        "SourceArn": arn_of(&id(Kind::Bus, names, &names.bus())),
        "EventPattern": { "source": [{ "prefix": SOURCE_PREFIX }] },
        "RetentionDays": config.archive_days,
    });
    Resource::new(Kind::Archive, names, name, properties)
}

impl Archives {
    pub(super) fn new(aws: &Aws) -> Self {
        Self { client: aws.eventbridge() }
    }

    pub(super) async fn read(&self, name: &str) -> Result<Option<Found>, Failure> {
        let found = match self.client.describe_archive().archive_name(name).send().await {
            Ok(found) => found,
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_resource_not_found_exception()) =>
            {
                return Ok(None);
            }
            Err(error) => {
                return Err(Failure::of_call(Dependency::EventBridge, "DescribeArchive", &error));
            }
        };
        let pattern = found.event_pattern().and_then(|text| serde_json::from_str(text).ok());
        let properties = json!({
            "ArchiveName": found.archive_name,
            "SourceArn": found.event_source_arn,
            "EventPattern": pattern.unwrap_or(Value::Null),
            "RetentionDays": found.retention_days.unwrap_or_default(),
        });
        let arn = found.archive_arn.unwrap_or_default();
        let identity = Identity { arn, reference: name.to_owned() };
        Ok(Some(Found { identity, properties: object(properties), ..Found::default() }))
    }

    pub(super) async fn create(&self, wanted: &Resource) -> Result<Identity, Failure> {
        let of = &wanted.properties;
        let made = self
            .client
            .create_archive()
            .archive_name(&wanted.name)
            .event_source_arn(text(&of["SourceArn"]))
            .event_pattern(of["EventPattern"].to_string())
            .retention_days(days(wanted))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::EventBridge, "CreateArchive", &error))?;
        let arn = made.archive_arn.unwrap_or_default();
        Ok(Identity { arn, reference: wanted.name.clone() })
    }

    pub(super) async fn change(
        &self,
        wanted: &Resource,
        differing: &[&str],
    ) -> Result<(), Failure> {
        if differing.contains(&"SourceArn") {
            return Err(unchangeable(wanted, &["SourceArn"]));
        }
        let pattern = wanted.properties["EventPattern"].to_string();
        let changed = self.client.update_archive().archive_name(&wanted.name);
        let changed = changed.event_pattern(pattern).retention_days(days(wanted)).send().await;
        changed
            .map_err(|error| Failure::of_call(Dependency::EventBridge, "UpdateArchive", &error))?;
        Ok(())
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
    pub(super) async fn remove(&self, name: &str) -> Result<bool, Failure> {
        match self.client.delete_archive().archive_name(name).send().await {
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

fn days(wanted: &Resource) -> i32 {
    let days = wanted.properties["RetentionDays"].as_i64().and_then(|days| days.try_into().ok());
    days.unwrap_or_default()
}
