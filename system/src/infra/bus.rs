//! The event bus, and which rules on it route to which queue.

use aws_sdk_eventbridge::Client;
use serde_json::{Value, json};

use super::resource::{Found, Identity, Kind, Resource, id, reference_to};
use super::rules::{object, sdk_tags, tags};
use crate::adapters::aws::Aws;
use crate::config::Names;
use crate::failure::{Dependency, Failure};
use crate::role::{Role, Saga, Subscription, subscriptions_in};

/// Each rule has one target.
const TARGET_ID: &str = "queue";

pub(super) struct Buses {
    client: Client,
}

pub(super) fn describe(names: &Names) -> Resource {
    let bus = names.bus();
    Resource::new(Kind::Bus, names, bus.clone(), json!({ "Name": bus }))
}

/// The rules of one role, with this form of the saga.
pub(super) fn rules(names: &Names, saga: Saga, role: Role, queue_arn: &Value) -> Vec<Resource> {
    let rule = |Subscription { suffix, pattern }| {
        let about = format!("Events for {role}");
        rule(names, names.rule(role, suffix), &about, pattern, json!({ "Arn": queue_arn }))
    };
    subscriptions_in(saga, role).into_iter().map(rule).collect()
}

/// A rule whose one target gets the events, or what an input transformer makes of them.
pub(super) fn rule(
    names: &Names,
    name: String,
    about: &str,
    pattern: Value,
    mut target: Value,
) -> Resource {
    target["Id"] = json!(TARGET_ID);
    let properties = json!({
        "Name": name,
        "EventBusName": reference_to(&id(Kind::Bus, names, &names.bus())),
        "Description": about,
        "State": "ENABLED",
        "EventPattern": pattern,
        "Targets": [target],
    });
    Resource::new(Kind::Rule, names, name, properties)
}

impl Buses {
    pub(super) fn new(aws: &Aws) -> Self {
        Self { client: aws.eventbridge() }
    }

    pub(super) async fn read(&self, name: &str) -> Result<Option<Found>, Failure> {
        let found = match self.client.describe_event_bus().name(name).send().await {
            Ok(found) => found,
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_resource_not_found_exception()) =>
            {
                return Ok(None);
            }
            Err(error) => {
                return Err(Failure::of_call(Dependency::EventBridge, "DescribeEventBus", &error));
            }
        };
        let arn = found.arn.unwrap_or_default();
        Ok(Some(Found {
            properties: object(json!({ "Name": found.name })),
            tags: tags(&self.client, &arn).await?,
            identity: Identity { arn, reference: name.to_owned() },
        }))
    }

    pub(super) async fn create(&self, wanted: &Resource) -> Result<Identity, Failure> {
        let created = self.client.create_event_bus().name(&wanted.name);
        let created = created.set_tags(Some(sdk_tags(&wanted.tags))).send().await;
        let created = created
            .map_err(|error| Failure::of_call(Dependency::EventBridge, "CreateEventBus", &error))?;
        let arn = created.event_bus_arn.unwrap_or_default();
        Ok(Identity { arn, reference: wanted.name.clone() })
    }

    /// `None` when there is no such rule.
    pub(super) async fn rule_arn(&self, bus: &str, rule: &str) -> Result<Option<String>, Failure> {
        match self.client.describe_rule().event_bus_name(bus).name(rule).send().await {
            Ok(found) => Ok(found.arn),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_resource_not_found_exception()) =>
            {
                Ok(None)
            }
            Err(error) => Err(Failure::of_call(Dependency::EventBridge, "DescribeRule", &error)),
        }
    }

    /// Deleting a bus that does not exist is no error on AWS, so it is looked for first.
    pub(super) async fn remove(&self, name: &str) -> Result<bool, Failure> {
        if self.read(name).await?.is_none() {
            return Ok(false);
        }
        let deleted = self.client.delete_event_bus().name(name).send().await;
        deleted
            .map_err(|error| Failure::of_call(Dependency::EventBridge, "DeleteEventBus", &error))?;
        Ok(true)
    }
}
