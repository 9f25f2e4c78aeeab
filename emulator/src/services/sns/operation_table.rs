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
        "AddPermission",
        "DeleteEndpoint",
        "DeletePlatformApplication",
        "DeleteTopic",
        "PutDataProtectionPolicy",
        "RemovePermission",
        "SetEndpointAttributes",
        "SetPlatformApplicationAttributes",
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
pub(super) const THROTTLING: Throttling =
    Throttling { shape: "ThrottledException", query_code: "Throttled", status: 429 };

/// Attributes of a topic that have no effect here.
const OF_TOPICS: [&str; 2] = ["Attributes.KmsMasterKeyId", "Attributes.TracingConfig"];
/// Attributes of a subscription that have no effect here; a delivery policy has one for HTTP.
const OF_SUBSCRIPTIONS: [&str; 2] = ["Attributes.DeliveryPolicy", "Attributes.SubscriptionRoleArn"];

/// The operations of SNS.
pub fn table() -> OperationTable<Sns> {
    let table = OperationTable::new("sns", THROTTLING);
    people(subscriptions(topics(table)))
}

fn topics(table: OperationTable<Sns>) -> OperationTable<Sns> {
    table
        .on("AddPermission", permissions::add_permission::run)
        .about("TopicArn")
        .on("CreateTopic", create_topic::run)
        .about("Name")
        .stores(&["DataProtectionPolicy"])
        .stores(&OF_TOPICS)
        .on("DeleteTopic", delete_topic::run)
        .about("TopicArn")
        .on("GetDataProtectionPolicy", data_protection_policy::get_data_protection_policy::run)
        .about("ResourceArn")
        .on("GetTopicAttributes", get_topic_attributes::run)
        .about("TopicArn")
        .on("ListTagsForResource", tags::list_tags_for_resource::run)
        .about("ResourceArn")
        .on("ListTopics", list_topics::run)
        .about_nothing()
        .on("Publish", publish::run)
        .about("TopicArn")
        .about("TargetArn")
        .on("PublishBatch", publish_batch::run)
        .about("TopicArn")
        .action("Publish")
        .entries("PublishBatchRequestEntries")
        .on("PutDataProtectionPolicy", data_protection_policy::put_data_protection_policy::run)
        .about("ResourceArn")
        .stores(&["DataProtectionPolicy"])
        .on("RemovePermission", permissions::remove_permission::run)
        .about("TopicArn")
        .on("SetTopicAttributes", set_topic_attributes::run)
        .about("TopicArn")
        .stores(&OF_TOPICS)
        .on("TagResource", tags::tag_resource::run)
        .about("ResourceArn")
        .on("UntagResource", tags::untag_resource::run)
        .about("ResourceArn")
}

fn subscriptions(table: OperationTable<Sns>) -> OperationTable<Sns> {
    table
        .on("ConfirmSubscription", confirm_subscription::run)
        .about("TopicArn")
        .unsigned()
        .on("GetSubscriptionAttributes", get_subscription_attributes::run)
        .about("SubscriptionArn")
        .on("ListSubscriptions", list_subscriptions::run)
        .about_nothing()
        .on("ListSubscriptionsByTopic", list_subscriptions_by_topic::run)
        .about("TopicArn")
        .on("SetSubscriptionAttributes", set_subscription_attributes::run)
        .about("SubscriptionArn")
        .stores(&OF_SUBSCRIPTIONS)
        .on("Subscribe", subscribe::run)
        .about("TopicArn")
        .stores(&OF_SUBSCRIPTIONS)
        .on("Unsubscribe", unsubscribe::run)
        .about("SubscriptionArn")
        .unsigned()
}

/// What concerns phones and devices.
fn people(table: OperationTable<Sns>) -> OperationTable<Sns> {
    use endpoint_attributes::*;
    use phone_numbers::*;
    use platform_application_attributes::*;
    use platform_applications::*;
    use platform_endpoints::*;
    use sms_sandbox::*;
    table
        .on("CheckIfPhoneNumberIsOptedOut", opt_outs::check_if_phone_number_is_opted_out::run)
        .about_nothing()
        .on("CreatePlatformApplication", create_platform_application::run)
        .about("Name")
        .on("CreatePlatformEndpoint", create_platform_endpoint::run)
        .about("PlatformApplicationArn")
        .on("CreateSMSSandboxPhoneNumber", create_sms_sandbox_phone_number::run)
        .about_nothing()
        .stores(&["LanguageCode"])
        .on("DeleteEndpoint", delete_endpoint::run)
        .about("EndpointArn")
        .on("DeletePlatformApplication", delete_platform_application::run)
        .about("PlatformApplicationArn")
        .on("DeleteSMSSandboxPhoneNumber", delete_sms_sandbox_phone_number::run)
        .about_nothing()
        .on("GetEndpointAttributes", get_endpoint_attributes::run)
        .about("EndpointArn")
        .on("GetPlatformApplicationAttributes", get_platform_application_attributes::run)
        .about("PlatformApplicationArn")
        .on("GetSMSAttributes", sms_attributes::get_sms_attributes::run)
        .about_nothing()
        .on("GetSMSSandboxAccountStatus", get_sms_sandbox_account_status::run)
        .about_nothing()
        .on("ListEndpointsByPlatformApplication", list_endpoints_by_platform_application::run)
        .about("PlatformApplicationArn")
        .on("ListOriginationNumbers", list_origination_numbers::run)
        .about_nothing()
        .on("ListPhoneNumbersOptedOut", opt_outs::list_phone_numbers_opted_out::run)
        .about_nothing()
        .on("ListPlatformApplications", list_platform_applications::run)
        .about_nothing()
        .on("ListSMSSandboxPhoneNumbers", list_sms_sandbox_phone_numbers::run)
        .about_nothing()
        .on("OptInPhoneNumber", opt_outs::opt_in_phone_number::run)
        .about_nothing()
        .on("SetEndpointAttributes", set_endpoint_attributes::run)
        .about("EndpointArn")
        .on("SetPlatformApplicationAttributes", set_platform_application_attributes::run)
        .about("PlatformApplicationArn")
        .on("SetSMSAttributes", sms_attributes::set_sms_attributes::run)
        .about_nothing()
        .stores(&["attributes"])
        .on("VerifySMSSandboxPhoneNumber", verify_sms_sandbox_phone_number::run)
        .about_nothing()
}

fn naming(_operation: &str, member: &str) -> MemberName {
    match member {
        "MessageAttributes" => MemberName::DEFAULT.entry("Name", "Value"),
        _ => MemberName::DEFAULT,
    }
}
