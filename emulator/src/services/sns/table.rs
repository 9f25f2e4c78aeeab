//! SNS on the wire: names, protocol, and the operation table.

use super::operations::*;
use super::state::Sns;
use crate::kernel::OperationTable;
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

/// The operations of SNS.
pub fn table() -> OperationTable<Sns> {
    OperationTable::default()
        .on("ConfirmSubscription", confirm_subscription::run)
        .on("CreateTopic", create_topic::run)
        .on("DeleteTopic", delete_topic::run)
        .on("GetSubscriptionAttributes", get_subscription_attributes::run)
        .on("GetTopicAttributes", get_topic_attributes::run)
        .on("ListSubscriptions", list_subscriptions::run)
        .on("ListSubscriptionsByTopic", list_subscriptions_by_topic::run)
        .on("ListTagsForResource", tags::list_tags_for_resource::run)
        .on("ListTopics", list_topics::run)
        .on("Publish", publish::run)
        .on("PublishBatch", publish_batch::run)
        .on("SetSubscriptionAttributes", set_subscription_attributes::run)
        .on("SetTopicAttributes", set_topic_attributes::run)
        .on("Subscribe", subscribe::run)
        .on("TagResource", tags::tag_resource::run)
        .on("Unsubscribe", unsubscribe::run)
        .on("UntagResource", tags::untag_resource::run)
}

fn naming(_operation: &str, member: &str) -> MemberName {
    match member {
        "MessageAttributes" => MemberName::DEFAULT.entry("Name", "Value"),
        _ => MemberName::DEFAULT,
    }
}
