//! Subscribe: makes a queue receive what is published to a topic.
//!
//! Protocols other than `sqs` are not implemented. The queue need not exist.
//! Limits: see `FilterPolicy`.
//! Errors: `InvalidParameter`, `NotFound`, `NotImplemented`.
//! Source: API reference "Subscribe"; recordings of 2024-12-03.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Arn, Context};
use crate::services::sns::error::SnsError;
use crate::services::sns::state::Sns;
use crate::services::sns::subscription::Subscription;
use crate::services::sns::subscription_attributes::{Ends, SubscriptionAttributes};
use crate::services::sns::topic::Topic;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub topic_arn: Option<String>,
    pub protocol: Option<String>,
    pub endpoint: Option<String>,
    pub attributes: Option<BTreeMap<String, String>>,
    pub return_subscription_arn: Option<bool>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub subscription_arn: Option<String>,
}

/// The protocols that AWS knows.
const PROTOCOLS: [&str; 9] =
    ["application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs"];

pub fn run(ctx: &mut Context<'_>, sns: &mut Sns, request: Request) -> Result<Response, SnsError> {
    let topic = sns.topic(ctx, "TopicArn", request.topic_arn.as_deref())?;
    let protocol = request.protocol.unwrap_or_default();
    let endpoint = queue_arn(&protocol, request.endpoint.as_deref())?;
    let ends = Ends {
        topic_is_fifo: topic.attributes.fifo,
        queue_is_fifo: endpoint.resource.ends_with(".fifo"),
    };
    if ends.queue_is_fifo && !ends.topic_is_fifo {
        return Err(SnsError::parameter(
            "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to \
             standard SNS topics",
        ));
    }
    let given = request.attributes.unwrap_or_default();
    let attributes =
        SubscriptionAttributes::from_map(ctx, &given, ends).map_err(SnsError::among_attributes)?;
    let subscription_arn = Some(subscribe(ctx, topic, protocol, endpoint, attributes)?);
    Ok(Response { subscription_arn })
}

/// The ARN of the new subscription, or of the same one that is there already.
fn subscribe(
    ctx: &mut Context<'_>,
    topic: &mut Topic,
    protocol: String,
    endpoint: Arn,
    attributes: SubscriptionAttributes,
) -> Result<String, SnsError> {
    let same = |old: &&Subscription| old.protocol == protocol && old.endpoint == endpoint;
    if let Some(old) = topic.subscriptions.values().find(same) {
        if attributes != SubscriptionAttributes::default() && attributes != old.attributes {
            let reason = "Attributes Reason: Subscription already exists with different attributes";
            return Err(SnsError::parameter(reason));
        }
        return Ok(old.arn.clone());
    }
    let id = ctx.ids().uuid().to_string();
    let arn = format!("{}:{id}", topic.arn);
    let subscription = Subscription {
        lineage: ctx.name(&arn),
        arn: arn.clone(),
        topic_arn: topic.arn.to_string(),
        owner: ctx.account().to_owned(),
        principal: ctx.caller_arn(),
        protocol,
        endpoint,
        attributes,
    };
    topic.subscriptions.insert(id, subscription);
    Ok(arn)
}

fn queue_arn(protocol: &str, endpoint: Option<&str>) -> Result<Arn, SnsError> {
    if !PROTOCOLS.contains(&protocol) {
        return Err(SnsError::parameter(format!(
            "Amazon SNS does not support this protocol string: {protocol}"
        )));
    }
    if protocol != "sqs" {
        return Err(SnsError::NotImplemented(format!("the protocol {protocol}")));
    }
    let arn = endpoint.and_then(|endpoint| endpoint.parse().ok());
    arn.filter(|arn: &Arn| &*arn.service == "sqs" && !arn.resource.contains([':', '/']))
        .ok_or_else(|| SnsError::parameter("SQS endpoint ARN"))
}
