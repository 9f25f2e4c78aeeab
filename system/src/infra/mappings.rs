//! The event source mapping that brings the function that notifies the messages of its queue, as
//! Lambda has it. It has no name: it is known by its function.

use aws_sdk_lambda::Client;
use aws_sdk_lambda::types::{EventSourceMappingConfiguration, FunctionResponseType};
use serde_json::{Value, json};

use super::function::failed;
use super::resource::{Found, Identity, Kind, Resource, arn_of, id, is_known, reference_to};
use super::rules::{object, text};
use crate::adapters::aws::Aws;
use crate::adapters::sqs::BATCH_MAX;
use crate::config::Config;
use crate::failure::Failure;
use crate::role::Role;

pub(super) struct Mappings {
    client: Client,
}

pub(super) fn describe(config: &Config, function: &Resource) -> Resource {
    let names = &config.names;
    let queue = id(Kind::Queue, names, &names.queue(Role::Notifications));
    let properties = json!({
        "FunctionName": reference_to(&function.id),
        "EventSourceArn": arn_of(&queue),
        "BatchSize": BATCH_MAX,
        "FunctionResponseTypes": [FunctionResponseType::ReportBatchItemFailures.as_str()],
        "Enabled": true,
    });
    Resource::new(Kind::Mapping, names, function.name.clone(), properties)
}

impl Mappings {
    pub(super) fn new(aws: &Aws) -> Self {
        Self { client: aws.lambda() }
    }

    pub(super) async fn read(&self, wanted: &Resource) -> Result<Option<Found>, Failure> {
        let of = &wanted.properties;
        if !is_known(&of["FunctionName"]) || !is_known(&of["EventSourceArn"]) {
            return Ok(None);
        }
        let all = self.of_function(&wanted.name).await?.into_iter();
        let mut of_queue = all.filter(|it| it.event_source_arn() == of["EventSourceArn"].as_str());
        Ok(of_queue.next().map(|found| {
            let function = found.function_arn().and_then(|arn| arn.split(':').nth(6));
            let state = found.state().unwrap_or_default();
            let kinds = found.function_response_types().iter();
            let kinds: Vec<_> = kinds.map(FunctionResponseType::as_str).collect();
            let properties = json!({
                "FunctionName": function,
                "EventSourceArn": found.event_source_arn(),
                "BatchSize": found.batch_size(),
                "FunctionResponseTypes": kinds,
                "Enabled": !state.starts_with("Disabl"),
            });
            let text = |it: Option<&str>| it.unwrap_or_default().to_owned();
            let arn = text(found.event_source_mapping_arn());
            let identity = Identity { arn, reference: text(found.uuid()) };
            Found { identity, properties: object(properties), ..Found::default() }
        }))
    }

    pub(super) async fn create(&self, wanted: &Resource) -> Result<Identity, Failure> {
        let of = &wanted.properties;
        let made = self.client.create_event_source_mapping();
        let made = made
            .function_name(text(&of["FunctionName"]))
            .event_source_arn(text(&of["EventSourceArn"]))
            .set_batch_size(batch_size(of.get("BatchSize")))
            .set_function_response_types(Some(response_types(wanted)))
            .set_enabled(of["Enabled"].as_bool());
        let made = made.send().await;
        let made = made.map_err(|error| failed("CreateEventSourceMapping", &error))?;
        let arn = made.event_source_mapping_arn.unwrap_or_default();
        Ok(Identity { arn, reference: made.uuid.unwrap_or_default() })
    }

    pub(super) async fn change(&self, wanted: &Resource, found: &Found) -> Result<(), Failure> {
        let of = &wanted.properties;
        let changed = self.client.update_event_source_mapping();
        let changed = changed
            .uuid(&found.identity.reference)
            .set_batch_size(batch_size(of.get("BatchSize")))
            .set_function_response_types(Some(response_types(wanted)))
            .set_enabled(of["Enabled"].as_bool());
        let changed = changed.send().await;
        changed.map_err(|error| failed("UpdateEventSourceMapping", &error))?;
        Ok(())
    }

    /// All of the function. `false` when there was none.
    pub(super) async fn remove(&self, function: &str) -> Result<bool, Failure> {
        let all = self.of_function(function).await?;
        for uuid in all.iter().filter_map(|it| it.uuid()) {
            let deleted = self.client.delete_event_source_mapping().uuid(uuid).send().await;
            deleted.map_err(|error| failed("DeleteEventSourceMapping", &error))?;
        }
        Ok(!all.is_empty())
    }

    /// Those that stay; none where there is no such function.
    async fn of_function(
        &self,
        name: &str,
    ) -> Result<Vec<EventSourceMappingConfiguration>, Failure> {
        let (mut all, mut next) = (Vec::new(), None);
        loop {
            let page = self.client.list_event_source_mappings().function_name(name);
            let page = match page.set_marker(next).send().await {
                Ok(page) => page,
                Err(error)
                    if error
                        .as_service_error()
                        .is_some_and(|error| error.is_resource_not_found_exception()) =>
                {
                    return Ok(all);
                }
                Err(error) => return Err(failed("ListEventSourceMappings", &error)),
            };
            let stays = |it: &EventSourceMappingConfiguration| it.state() != Some("Deleting");
            all.extend(page.event_source_mappings.unwrap_or_default().into_iter().filter(stays));
            next = page.next_marker;
            if next.is_none() {
                return Ok(all);
            }
        }
    }
}

fn batch_size(value: Option<&Value>) -> Option<i32> {
    value.and_then(Value::as_i64).and_then(|size| size.try_into().ok())
}

fn response_types(wanted: &Resource) -> Vec<FunctionResponseType> {
    let all = wanted.properties["FunctionResponseTypes"].as_array().into_iter().flatten();
    all.map(|one| FunctionResponseType::from(text(one))).collect()
}
