//! SNS on the wire: names, protocol, and the operation table.

use super::operations::*;
use super::state::Sns;
use crate::kernel::{OperationTable, Throttling};
use crate::wire::{MemberName, Protocol, Service};

/// SNS as the wire sees it.
pub static SERVICE: Service = Service {
    name: "sns",
    signing_name: "sns",
    target_prefix: None,
    namespace: "com.amazonaws.sns",
    protocols: &[Protocol::AwsQuery],
    query_version: Some("2010-03-31"),
    xml_namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
    naming,
    without_result: &[
        "DeleteTopic",
        "SetSubscriptionAttributes",
        "SetTopicAttributes",
        "Unsubscribe",
    ],
    every_operation: false,
    path_member: None,
    query_compatible: false,
    error_detail: false,
    crc32: false,
};

/// Source: API reference, "Common errors", and the model's exceptions; SDKs retry it.
const THROTTLING: Throttling =
    Throttling { shape: "ThrottledException", query_code: "Throttled", status: 429 };

/// The operations of SNS.
pub fn table() -> OperationTable<Sns> {
    OperationTable::new("sns", THROTTLING)
        .on("ConfirmSubscription", confirm_subscription::run)
        .about("TopicArn")
        .unsigned()
        .on("CreateTopic", create_topic::run)
        .about("Name")
        .forgets(&["DataProtectionPolicy"])
        .stores(&[
            "Attributes.ArchivePolicy",
            "Attributes.DeliveryPolicy",
            "Attributes.KmsMasterKeyId",
            "Attributes.SignatureVersion",
            "Attributes.TracingConfig",
            "Attributes.*FeedbackRoleArn",
            "Attributes.*FeedbackSampleRate",
        ])
        .on("DeleteTopic", delete_topic::run)
        .about("TopicArn")
        .on("GetSubscriptionAttributes", get_subscription_attributes::run)
        .about("SubscriptionArn")
        .on("GetTopicAttributes", get_topic_attributes::run)
        .about("TopicArn")
        .on("ListSubscriptions", list_subscriptions::run)
        .about_nothing()
        .on("ListSubscriptionsByTopic", list_subscriptions_by_topic::run)
        .about("TopicArn")
        .on("ListTagsForResource", tags::list_tags_for_resource::run)
        .about("ResourceArn")
        .on("ListTopics", list_topics::run)
        .about_nothing()
        .on("Publish", publish::run)
        .about("TopicArn")
        .about("TargetArn")
        .refuses(&["PhoneNumber"])
        .on("PublishBatch", publish_batch::run)
        .about("TopicArn")
        .action("Publish")
        .entries("PublishBatchRequestEntries")
        .on("SetSubscriptionAttributes", set_subscription_attributes::run)
        .about("SubscriptionArn")
        .stores(&[
            "Attributes.DeliveryPolicy",
            "Attributes.ReplayPolicy",
            "Attributes.SubscriptionRoleArn",
        ])
        .on("SetTopicAttributes", set_topic_attributes::run)
        .about("TopicArn")
        .stores(&[
            "Attributes.ArchivePolicy",
            "Attributes.DeliveryPolicy",
            "Attributes.KmsMasterKeyId",
            "Attributes.SignatureVersion",
            "Attributes.TracingConfig",
            "Attributes.*FeedbackRoleArn",
            "Attributes.*FeedbackSampleRate",
        ])
        .on("Subscribe", subscribe::run)
        .about("TopicArn")
        .stores(&[
            "Attributes.DeliveryPolicy",
            "Attributes.ReplayPolicy",
            "Attributes.SubscriptionRoleArn",
        ])
        .refuses_values("Protocol", "all but `sqs`", "the protocol")
        .on("TagResource", tags::tag_resource::run)
        .about("ResourceArn")
        .on("Unsubscribe", unsubscribe::run)
        .about("SubscriptionArn")
        .unsigned()
        .on("UntagResource", tags::untag_resource::run)
        .about("ResourceArn")
}

fn naming(_operation: &str, member: &str) -> MemberName {
    match member {
        "MessageAttributes" => MemberName::DEFAULT.entry("Name", "Value"),
        _ => MemberName::DEFAULT,
    }
}
