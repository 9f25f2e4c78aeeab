//! Alarms of alarms as CloudWatch has them.

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types::{AlarmType, CompositeAlarm};
use serde_json::json;

use super::alarms::{sdk_tags, tags_of};
use super::resource::{Found, Identity, Resource};
use super::rules::{object, text};
use crate::adapters::aws::Aws;
use crate::failure::{Dependency, Failure};

pub(super) struct Composites {
    client: Client,
}

impl Composites {
    pub(super) fn new(aws: &Aws) -> Self {
        Self { client: aws.cloudwatch() }
    }

    pub(super) async fn read(&self, name: &str) -> Result<Option<Found>, Failure> {
        let Some(alarm) = self.find(name).await? else {
            return Ok(None);
        };
        let arn = alarm.alarm_arn.clone().unwrap_or_default();
        let properties = object(json!({
            "AlarmName": alarm.alarm_name(),
            "AlarmDescription": alarm.alarm_description(),
            "AlarmRule": alarm.alarm_rule(),
            "AlarmActions": alarm.alarm_actions(),
            "OKActions": alarm.ok_actions(),
            "ActionsEnabled": alarm.actions_enabled(),
        }));
        let tags = tags_of(&self.client, &arn).await?;
        let identity = Identity { arn, reference: name.to_owned() };
        Ok(Some(Found { identity, properties, tags }))
    }

    async fn find(&self, name: &str) -> Result<Option<CompositeAlarm>, Failure> {
        let known = self.client.describe_alarms().alarm_names(name);
        let known = known.alarm_types(AlarmType::CompositeAlarm).send().await;
        let known = known
            .map_err(|error| Failure::of_call(Dependency::CloudWatch, "DescribeAlarms", &error))?;
        Ok(known.composite_alarms.unwrap_or_default().into_iter().next())
    }

    /// Makes an alarm, or another of one. Tags count only where it is new.
    pub(super) async fn put(&self, wanted: &Resource) -> Result<Identity, Failure> {
        let of = |name: &str| &wanted.properties[name];
        let texts = |name: &str| {
            let all = of(name).as_array().into_iter().flatten();
            Some(all.map(|one| text(one).to_owned()).collect())
        };
        let put = self
            .client
            .put_composite_alarm()
            .alarm_name(&wanted.name)
            .alarm_description(text(of("AlarmDescription")))
            .alarm_rule(text(of("AlarmRule")))
            .set_alarm_actions(texts("AlarmActions"))
            .set_ok_actions(texts("OKActions"))
            .actions_enabled(true)
            .set_tags(Some(sdk_tags(&wanted.tags)))
            .send()
            .await;
        put.map_err(|error| Failure::of_call(Dependency::CloudWatch, "PutCompositeAlarm", &error))?;
        Ok(Identity::default())
    }

    pub(super) async fn remove(&self, name: &str) -> Result<bool, Failure> {
        if self.find(name).await?.is_none() {
            return Ok(false);
        }
        let deleted = self.client.delete_alarms().alarm_names(name).send().await;
        deleted
            .map_err(|error| Failure::of_call(Dependency::CloudWatch, "DeleteAlarms", &error))?;
        Ok(true)
    }
}
