//! Alarms and dashboards as CloudWatch has them.

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types::{ComparisonOperator, Dimension, MetricAlarm, Statistic, Tag};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde_json::{Value, json};

use super::resource::{Found, Identity, Resource, Tags};
use super::rules::{object, text};
use crate::adapters::aws::Aws;
use crate::failure::{Dependency, Failure};

pub(super) struct Alarms {
    client: Client,
}

pub(super) struct Dashboards {
    client: Client,
}

impl Alarms {
    pub(super) fn new(aws: &Aws) -> Self {
        Self { client: aws.cloudwatch() }
    }

    pub(super) async fn read(&self, name: &str) -> Result<Option<Found>, Failure> {
        let Some(alarm) = self.find(name).await? else {
            return Ok(None);
        };
        let arn = alarm.alarm_arn.clone().unwrap_or_default();
        Ok(Some(Found {
            properties: object(shown(&alarm)),
            tags: tags_of(&self.client, &arn).await?,
            identity: Identity { arn, reference: name.to_owned() },
        }))
    }

    async fn find(&self, name: &str) -> Result<Option<MetricAlarm>, Failure> {
        let known = self.client.describe_alarms().alarm_names(name).send().await;
        let known = known
            .map_err(|error| Failure::of_call(Dependency::CloudWatch, "DescribeAlarms", &error))?;
        Ok(known.metric_alarms.unwrap_or_default().into_iter().next())
    }

    /// Makes an alarm, or another of one. Tags count only where it is new.
    pub(super) async fn put(&self, wanted: &Resource) -> Result<Identity, Failure> {
        let of = |name: &str| &wanted.properties[name];
        let number = |name: &str| of(name).as_i64().and_then(|number| number.try_into().ok());
        let texts = |name: &str| {
            let all = of(name).as_array().into_iter().flatten();
            Some(all.map(|one| text(one).to_owned()).collect())
        };
        let dimensions = of("Dimensions").as_array().into_iter().flatten().map(|one| {
            Dimension::builder().name(text(&one["Name"])).value(text(&one["Value"])).build()
        });
        self.client
            .put_metric_alarm()
            .alarm_name(&wanted.name)
            .alarm_description(text(of("AlarmDescription")))
            .namespace(text(of("Namespace")))
            .metric_name(text(of("MetricName")))
            .set_dimensions(Some(dimensions.collect()))
            .statistic(Statistic::from(text(of("Statistic"))))
            .comparison_operator(ComparisonOperator::from(text(of("ComparisonOperator"))))
            .set_threshold(of("Threshold").as_f64())
            .set_period(number("Period"))
            .set_evaluation_periods(number("EvaluationPeriods"))
            .set_datapoints_to_alarm(number("DatapointsToAlarm"))
            .treat_missing_data(text(of("TreatMissingData")))
            .set_alarm_actions(texts("AlarmActions"))
            .set_ok_actions(texts("OKActions"))
            .actions_enabled(true)
            .set_tags(Some(sdk_tags(&wanted.tags)))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::CloudWatch, "PutMetricAlarm", &error))?;
        Ok(Identity { reference: wanted.name.clone(), ..Identity::default() })
    }

    pub(super) async fn tag(&self, arn: &str, tags: &Tags) -> Result<(), Failure> {
        let tagged = self.client.tag_resource().resource_arn(arn).set_tags(Some(sdk_tags(tags)));
        let tagged = tagged.send().await;
        tagged.map_err(|error| Failure::of_call(Dependency::CloudWatch, "TagResource", &error))?;
        Ok(())
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

impl Dashboards {
    pub(super) fn new(aws: &Aws) -> Self {
        Self { client: aws.cloudwatch() }
    }

    pub(super) async fn read(&self, name: &str) -> Result<Option<Found>, Failure> {
        let found = match self.client.get_dashboard().dashboard_name(name).send().await {
            Ok(found) => found,
            Err(error) if is_missing(error.code()) => return Ok(None),
            Err(error) => {
                return Err(Failure::of_call(Dependency::CloudWatch, "GetDashboard", &error));
            }
        };
        let body = found.dashboard_body().and_then(|text| serde_json::from_str(text).ok());
        let body = body.unwrap_or(Value::Null);
        let arn = found.dashboard_arn.unwrap_or_default();
        let identity = Identity { arn, reference: name.to_owned() };
        let properties = object(json!({ "DashboardName": name, "DashboardBody": body }));
        Ok(Some(Found { identity, properties, ..Found::default() }))
    }

    pub(super) async fn put(&self, wanted: &Resource) -> Result<Identity, Failure> {
        let body = wanted.properties["DashboardBody"].to_string();
        let put = self.client.put_dashboard().dashboard_name(&wanted.name).dashboard_body(body);
        let put = put.send().await;
        put.map_err(|error| Failure::of_call(Dependency::CloudWatch, "PutDashboard", &error))?;
        Ok(Identity::default())
    }

    pub(super) async fn remove(&self, name: &str) -> Result<bool, Failure> {
        match self.client.delete_dashboards().dashboard_names(name).send().await {
            Ok(_) => Ok(true),
            Err(error) if is_missing(error.code()) => Ok(false),
            Err(error) => Err(Failure::of_call(Dependency::CloudWatch, "DeleteDashboards", &error)),
        }
    }
}

/// The SDK has no one name for it.
fn is_missing(code: Option<&str>) -> bool {
    matches!(code, Some("ResourceNotFound" | "DashboardNotFoundError"))
}

/// The tags of an alarm.
pub(super) async fn tags_of(client: &Client, arn: &str) -> Result<Tags, Failure> {
    let listed = client.list_tags_for_resource().resource_arn(arn).send().await;
    let listed = listed
        .map_err(|error| Failure::of_call(Dependency::CloudWatch, "ListTagsForResource", &error))?;
    let text = |it: Option<&str>| it.unwrap_or_default().to_owned();
    Ok(listed.tags().iter().map(|tag| (text(tag.key()), text(tag.value()))).collect())
}

pub(super) fn sdk_tags(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

/// As the description has it.
fn shown(alarm: &MetricAlarm) -> Value {
    let dimensions = alarm.dimensions().iter();
    let dimensions: Vec<_> =
        dimensions.map(|it| json!({ "Name": it.name(), "Value": it.value() })).collect();
    json!({
        "AlarmName": alarm.alarm_name(),
        "AlarmDescription": alarm.alarm_description(),
        "Namespace": alarm.namespace(),
        "MetricName": alarm.metric_name(),
        "Dimensions": dimensions,
        "Statistic": alarm.statistic().map(Statistic::as_str),
        "ComparisonOperator": alarm.comparison_operator().map(ComparisonOperator::as_str),
        "Threshold": alarm.threshold(),
        "Period": alarm.period(),
        "EvaluationPeriods": alarm.evaluation_periods(),
        "DatapointsToAlarm": alarm.datapoints_to_alarm(),
        "TreatMissingData": alarm.treat_missing_data(),
        "AlarmActions": alarm.alarm_actions(),
        "OKActions": alarm.ok_actions(),
        "ActionsEnabled": alarm.actions_enabled(),
    })
}
