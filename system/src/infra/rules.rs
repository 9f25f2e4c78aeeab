//! Rules of the bus as EventBridge has them, with their targets.

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::{InputTransformer, RuleState, SqsParameters, Tag, Target};
use serde_json::{Map, Value, json};

use super::resource::{Found, Identity, Resource, Tags, is_known};
use crate::adapters::aws::Aws;
use crate::failure::{Dependency, Failure};

pub(super) struct Rules {
    client: Client,
}

impl Rules {
    pub(super) fn new(aws: &Aws) -> Self {
        Self { client: aws.eventbridge() }
    }

    pub(super) async fn read(&self, wanted: &Resource) -> Result<Option<Found>, Failure> {
        if !is_known(&wanted.properties["EventBusName"]) {
            return Ok(None);
        }
        let bus = text(&wanted.properties["EventBusName"]);
        let asked = self.client.describe_rule().event_bus_name(bus).name(&wanted.name);
        let found = match asked.send().await {
            Ok(found) => found,
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_resource_not_found_exception()) =>
            {
                return Ok(None);
            }
            Err(error) => {
                return Err(Failure::of_call(Dependency::EventBridge, "DescribeRule", &error));
            }
        };
        let pattern = found.event_pattern().and_then(|text| serde_json::from_str(text).ok());
        let arn = found.arn.clone().unwrap_or_default();
        let properties = json!({
            "Name": found.name,
            "EventBusName": found.event_bus_name,
            "Description": found.description,
            "State": found.state.as_ref().map(RuleState::as_str),
            "EventPattern": pattern.unwrap_or(Value::Null),
            "Targets": self.targets(bus, &wanted.name).await?,
        });
        Ok(Some(Found {
            properties: object(properties),
            tags: tags(&self.client, &arn).await?,
            identity: Identity { arn, reference: wanted.name.clone() },
        }))
    }

    async fn targets(&self, bus: &str, rule: &str) -> Result<Vec<Value>, Failure> {
        let (mut all, mut next) = (Vec::new(), None);
        loop {
            let asked = self.client.list_targets_by_rule().event_bus_name(bus).rule(rule);
            let page = asked.set_next_token(next).send().await.map_err(|error| {
                Failure::of_call(Dependency::EventBridge, "ListTargetsByRule", &error)
            })?;
            all.extend(page.targets().iter().map(shown));
            next = page.next_token;
            if next.is_none() {
                return Ok(all);
            }
        }
    }

    pub(super) async fn create(&self, wanted: &Resource) -> Result<Identity, Failure> {
        let arn = self.put(wanted, sdk_tags(&wanted.tags)).await?;
        self.put_targets(wanted).await?;
        Ok(Identity { arn, reference: wanted.name.clone() })
    }

    pub(super) async fn change(
        &self,
        wanted: &Resource,
        found: &Found,
        differing: &[&str],
    ) -> Result<(), Failure> {
        if differing.iter().any(|name| *name != "Targets") {
            // Those of a rule that exists are set by TagResource.
            self.put(wanted, Vec::new()).await?;
        }
        if differing.contains(&"Targets") {
            self.put_targets(wanted).await?;
            let ids = |of: &Map<String, Value>| -> Vec<String> {
                let targets = of["Targets"].as_array().into_iter().flatten();
                targets.map(|target| text(&target["Id"]).to_owned()).collect()
            };
            let wanted_ids = ids(&wanted.properties);
            let others = ids(&found.properties).into_iter().filter(|id| !wanted_ids.contains(id));
            let bus = text(&wanted.properties["EventBusName"]);
            self.remove_targets(bus, &wanted.name, others.collect()).await?;
        }
        Ok(())
    }

    async fn put(&self, wanted: &Resource, tags: Vec<Tag>) -> Result<String, Failure> {
        let of = |name: &str| text(&wanted.properties[name]);
        let put = self
            .client
            .put_rule()
            .name(&wanted.name)
            .event_bus_name(of("EventBusName"))
            .event_pattern(wanted.properties["EventPattern"].to_string())
            .state(RuleState::from(of("State")))
            .description(of("Description"))
            .set_tags((!tags.is_empty()).then_some(tags))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::EventBridge, "PutRule", &error))?;
        Ok(put.rule_arn.unwrap_or_default())
    }

    async fn put_targets(&self, wanted: &Resource) -> Result<(), Failure> {
        let targets = wanted.properties["Targets"].as_array().into_iter().flatten();
        let put = self
            .client
            .put_targets()
            .rule(&wanted.name)
            .event_bus_name(text(&wanted.properties["EventBusName"]))
            .set_targets(Some(targets.map(target).collect()))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::EventBridge, "PutTargets", &error))?;
        match put.failed_entries().first() {
            Some(failed) => {
                let why = failed.error_message().unwrap_or("no message");
                Err(Failure::GiveUp(format!("PutTargets of {:?}: {why}", wanted.name)))
            }
            None => Ok(()),
        }
    }

    async fn remove_targets(&self, bus: &str, rule: &str, ids: Vec<String>) -> Result<(), Failure> {
        if ids.is_empty() {
            return Ok(());
        }
        let removed = self.client.remove_targets().rule(rule).event_bus_name(bus);
        let removed = removed.set_ids(Some(ids)).send().await;
        removed
            .map_err(|error| Failure::of_call(Dependency::EventBridge, "RemoveTargets", &error))?;
        Ok(())
    }

    /// The names of all rules of a bus; none where there is no such bus.
    pub(super) async fn list(&self, bus: &str) -> Result<Vec<String>, Failure> {
        let (mut all, mut next) = (Vec::new(), None);
        loop {
            let page = self.client.list_rules().event_bus_name(bus).set_next_token(next);
            let page = match page.send().await {
                Ok(page) => page,
                Err(error)
                    if error
                        .as_service_error()
                        .is_some_and(|error| error.is_resource_not_found_exception()) =>
                {
                    return Ok(all);
                }
                Err(error) => {
                    return Err(Failure::of_call(Dependency::EventBridge, "ListRules", &error));
                }
            };
            all.extend(page.rules().iter().filter_map(|rule| rule.name.clone()));
            next = page.next_token;
            if next.is_none() {
                return Ok(all);
            }
        }
    }

    /// With its targets, of which a rule must be free.
    pub(super) async fn remove(&self, bus: &str, rule: &str) -> Result<(), Failure> {
        let targets = self.targets(bus, rule).await?;
        let ids = targets.iter().map(|target| text(&target["Id"]).to_owned()).collect();
        self.remove_targets(bus, rule, ids).await?;
        let deleted = self.client.delete_rule().name(rule).event_bus_name(bus).send().await;
        deleted.map_err(|error| Failure::of_call(Dependency::EventBridge, "DeleteRule", &error))?;
        Ok(())
    }

    /// Of a rule or a bus.
    pub(super) async fn tag(&self, arn: &str, tags: &Tags) -> Result<(), Failure> {
        let tagged = self.client.tag_resource().resource_arn(arn);
        let tagged = tagged.set_tags(Some(sdk_tags(tags))).send().await;
        tagged.map_err(|error| Failure::of_call(Dependency::EventBridge, "TagResource", &error))?;
        Ok(())
    }
}

/// Of a rule or a bus.
pub(super) async fn tags(client: &Client, arn: &str) -> Result<Tags, Failure> {
    let listed = client.list_tags_for_resource().resource_arn(arn).send().await;
    let listed = listed.map_err(|error| {
        Failure::of_call(Dependency::EventBridge, "ListTagsForResource", &error)
    })?;
    let pair = |tag: &Tag| (tag.key().to_owned(), tag.value().to_owned());
    Ok(listed.tags().iter().map(pair).collect())
}

pub(super) fn sdk_tags(tags: &Tags) -> Vec<Tag> {
    let tag = |(key, value): (&String, &String)| {
        Tag::builder().key(key).value(value).build().expect("key and value are given")
    };
    tags.iter().map(tag).collect()
}

/// As the description has it.
fn shown(target: &Target) -> Value {
    let mut shown = json!({ "Id": target.id(), "Arn": target.arn() });
    if let Some(transformer) = target.input_transformer() {
        let paths = transformer.input_paths_map().into_iter().flatten();
        let paths: Map<_, _> = paths.map(|(name, path)| (name.clone(), json!(path))).collect();
        let template = transformer.input_template();
        shown["InputTransformer"] = json!({ "InputPathsMap": paths, "InputTemplate": template });
    }
    if let Some(group) = target.sqs_parameters().and_then(SqsParameters::message_group_id) {
        shown["SqsParameters"] = json!({ "MessageGroupId": group });
    }
    if let Some(role) = target.role_arn() {
        shown["RoleArn"] = json!(role);
    }
    shown
}

fn target(described: &Value) -> Target {
    let transformer = described.get("InputTransformer").map(|of| {
        let mut made = InputTransformer::builder().input_template(text(&of["InputTemplate"]));
        for (name, path) in of["InputPathsMap"].as_object().into_iter().flatten() {
            made = made.input_paths_map(name, text(path));
        }
        made.build().expect("there is a template")
    });
    let group = described.get("SqsParameters").map(|of| text(&of["MessageGroupId"]));
    Target::builder()
        .id(text(&described["Id"]))
        .arn(text(&described["Arn"]))
        .set_role_arn(described.get("RoleArn").map(|arn| text(arn).to_owned()))
        .set_input_transformer(transformer)
        .set_sqs_parameters(
            group.map(|group| SqsParameters::builder().message_group_id(group).build()),
        )
        .build()
        .expect("id and ARN are given")
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
