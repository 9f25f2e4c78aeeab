//! The event bus, and rules on it that route to queues.

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::{InputTransformer, RuleState, Target};
use serde_json::Value;

use crate::adapters::aws::Aws;
use crate::config::Names;
use crate::failure::{Dependency, Failure};
use crate::role::{Role, Saga, Subscription, subscriptions, subscriptions_in};

/// Each rule has one target.
const TARGET_ID: &str = "queue";

pub(super) struct Buses {
    client: Client,
}

/// The rules of one role: name and ARN.
pub(super) struct MadeRules(Vec<(String, String)>);

impl MadeRules {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(name, _)| name.clone())
    }

    pub(super) fn arns(&self) -> Vec<String> {
        self.0.iter().map(|(_, arn)| arn.clone()).collect()
    }
}

impl Buses {
    pub(super) fn new(aws: &Aws) -> Self {
        Self { client: aws.eventbridge() }
    }

    pub(super) async fn create(&self, bus: &str) -> Result<(), Failure> {
        match self.client.create_event_bus().name(bus).send().await {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_resource_already_exists_exception()) =>
            {
                Ok(())
            }
            Err(error) => Err(Failure::of_call(Dependency::EventBridge, "CreateEventBus", &error)),
        }
    }

    pub(super) async fn arn(&self, bus: &str) -> Result<String, Failure> {
        let found = self.client.describe_event_bus().name(bus).send().await;
        let found = found.map_err(|error| {
            Failure::of_call(Dependency::EventBridge, "DescribeEventBus", &error)
        })?;
        Ok(found.arn.unwrap_or_default())
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

    pub(super) async fn rules(
        &self,
        bus: &str,
        names: &Names,
        role: Role,
        saga: Saga,
    ) -> Result<MadeRules, Failure> {
        let mut rules = Vec::new();
        let wanted = subscriptions_in(saga, role);
        // Those of the saga's other form would have each step done twice.
        for Subscription { suffix, .. } in subscriptions(role) {
            if !wanted.iter().any(|it| it.suffix == suffix) {
                self.remove_rule(bus, &names.rule(role, suffix)).await?;
            }
        }
        for Subscription { suffix, pattern } in wanted {
            let name = names.rule(role, suffix);
            let arn = self.rule(bus, &name, &pattern, &format!("Events for {role}")).await?;
            rules.push((name, arn));
        }
        Ok(MadeRules(rules))
    }

    pub(super) async fn route(
        &self,
        bus: &str,
        rules: &MadeRules,
        queue_arn: &str,
    ) -> Result<(), Failure> {
        for name in rules.names() {
            self.target(bus, &name, queue_arn, None).await?;
        }
        Ok(())
    }

    /// Makes a rule and answers its ARN.
    pub(super) async fn rule(
        &self,
        bus: &str,
        name: &str,
        pattern: &Value,
        description: &str,
    ) -> Result<String, Failure> {
        let put = self
            .client
            .put_rule()
            .name(name)
            .event_bus_name(bus)
            .event_pattern(pattern.to_string())
            .state(RuleState::Enabled)
            .description(description)
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::EventBridge, "PutRule", &error))?;
        Ok(put.rule_arn.unwrap_or_default())
    }

    /// Makes a queue the target of a rule; it gets the events, or what `transformer` makes of them.
    pub(super) async fn target(
        &self,
        bus: &str,
        rule: &str,
        queue_arn: &str,
        transformer: Option<InputTransformer>,
    ) -> Result<(), Failure> {
        let target = Target::builder()
            .id(TARGET_ID)
            .arn(queue_arn)
            .set_input_transformer(transformer)
            .build()
            .expect("id and ARN are given");
        let put = self
            .client
            .put_targets()
            .rule(rule)
            .event_bus_name(bus)
            .targets(target)
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::EventBridge, "PutTargets", &error))?;
        match put.failed_entries().first() {
            Some(failed) => {
                let why = failed.error_message().unwrap_or("no message");
                Err(Failure::GiveUp(format!("PutTargets of {rule:?}: {why}")))
            }
            None => Ok(()),
        }
    }

    pub(super) async fn destroy(&self, names: &Names) -> Result<Vec<String>, Failure> {
        let bus = names.bus();
        let mut removed = Vec::new();
        for role in Role::consumers() {
            for Subscription { suffix, .. } in subscriptions(role) {
                let name = names.rule(role, suffix);
                if self.remove_rule(&bus, &name).await? {
                    removed.push(name);
                }
            }
        }
        let name = names.large_orders_rule();
        if self.remove_rule(&bus, &name).await? {
            removed.push(name);
        }
        // Deleting a bus that does not exist is no error on AWS.
        let deleted = self.client.delete_event_bus().name(&bus).send().await;
        deleted
            .map_err(|error| Failure::of_call(Dependency::EventBridge, "DeleteEventBus", &error))?;
        removed.push(bus);
        Ok(removed)
    }

    /// `false` when there was no such rule or bus.
    async fn remove_rule(&self, bus: &str, name: &str) -> Result<bool, Failure> {
        let removed =
            self.client.remove_targets().rule(name).event_bus_name(bus).ids(TARGET_ID).send().await;
        match removed {
            Ok(_) => {}
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_resource_not_found_exception()) =>
            {
                return Ok(false);
            }
            Err(error) => {
                return Err(Failure::of_call(Dependency::EventBridge, "RemoveTargets", &error));
            }
        }
        let deleted = self.client.delete_rule().name(name).event_bus_name(bus).send().await;
        deleted.map_err(|error| Failure::of_call(Dependency::EventBridge, "DeleteRule", &error))?;
        Ok(true)
    }
}
