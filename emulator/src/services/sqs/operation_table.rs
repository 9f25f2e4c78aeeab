//! SQS on the wire: names, protocols, the spelling of its query form, and the operation table.

use super::operations::*;
use super::queue_url;
use super::state::Sqs;
use crate::kernel::{Caller, Context, OperationTable, Throttling};
use crate::wire::{MemberName, Protocol, Service};

/// SQS as the wire sees it.
pub static SERVICE: Service = Service {
    name: "sqs",
    signing_name: "sqs",
    target_prefix: Some("AmazonSQS"),
    namespace: "com.amazonaws.sqs",
    protocols: &[Protocol::AwsJson10, Protocol::AwsQuery],
    query_version: Some("2012-11-05"),
    xml_namespace: "http://queue.amazonaws.com/doc/2012-11-05/",
    naming,
    without_result: &[
        "AddPermission",
        "ChangeMessageVisibility",
        "DeleteMessage",
        "DeleteQueue",
        "PurgeQueue",
        "RemovePermission",
        "SetQueueAttributes",
        "TagQueue",
        "UntagQueue",
    ],
    every_operation: true,
    path_member: Some("QueueUrl"),
    query_compatible: true,
    error_detail: true,
    crc32: false,
};

/// Source: API reference, "Common errors", and the model's exceptions; SDKs retry it.
const THROTTLING: Throttling =
    Throttling { shape: "RequestThrottled", query_code: "RequestThrottled", status: 403 };

/// The operations of SQS.
pub fn table() -> OperationTable<Sqs> {
    OperationTable::new("sqs", THROTTLING)
        .on("AddPermission", add_permission::run)
        .about("QueueUrl")
        .on("CancelMessageMoveTask", cancel_message_move_task::run)
        .about_nothing()
        .on_often("ChangeMessageVisibility", change_message_visibility::run)
        .about("QueueUrl")
        .on_often("ChangeMessageVisibilityBatch", change_message_visibility_batch::run)
        .about("QueueUrl")
        .action("ChangeMessageVisibility")
        .entries("Entries")
        .on("CreateQueue", create_queue::run)
        .about("QueueName")
        .on_often("DeleteMessage", delete_message::run)
        .about("QueueUrl")
        .on_often("DeleteMessageBatch", delete_message_batch::run)
        .about("QueueUrl")
        .action("DeleteMessage")
        .entries("Entries")
        .on("DeleteQueue", delete_queue::run)
        .about("QueueUrl")
        .on("GetQueueAttributes", get_queue_attributes::run)
        .about("QueueUrl")
        .on("GetQueueUrl", get_queue_url::run)
        .about("QueueName")
        .on("ListDeadLetterSourceQueues", list_dead_letter_source_queues::run)
        .about("QueueUrl")
        .on("ListMessageMoveTasks", list_message_move_tasks::run)
        .about("SourceArn")
        .on("ListQueueTags", tags::list_queue_tags::run)
        .about("QueueUrl")
        .on("ListQueues", list_queues::run)
        .about_nothing()
        .on("PurgeQueue", purge_queue::run)
        .about("QueueUrl")
        .on_waiting("ReceiveMessage", receive_message::run)
        .about("QueueUrl")
        .on("RemovePermission", remove_permission::run)
        .about("QueueUrl")
        .on_often("SendMessage", send_message::run)
        .about("QueueUrl")
        .on_often("SendMessageBatch", send_message_batch::run)
        .about("QueueUrl")
        .action("SendMessage")
        .entries("Entries")
        .on("SetQueueAttributes", set_queue_attributes::run)
        .about("QueueUrl")
        .on("StartMessageMoveTask", start_message_move_task::run)
        .about("SourceArn")
        .about("DestinationArn")
        .on("TagQueue", tags::tag_queue::run)
        .about("QueueUrl")
        .on("UntagQueue", tags::untag_queue::run)
        .about("QueueUrl")
}

/// The names of the old query model; AWS's present model has only the JSON names.
///
/// Source: API reference, "Examples" of each operation (query protocol).
fn naming(operation: &str, member: &str) -> MemberName {
    match member {
        "Attributes" => MemberName::flat("Attribute"),
        "MessageAttributes" => MemberName::flat("MessageAttribute"),
        "MessageSystemAttributes" => MemberName::flat("MessageSystemAttribute"),
        "tags" | "Tags" => MemberName::flat("Tag").entry("Key", "Value"),
        "TagKeys" => MemberName::flat("TagKey"),
        "AttributeNames" => MemberName::flat("AttributeName"),
        "MessageAttributeNames" => MemberName::flat("MessageAttributeName"),
        "MessageSystemAttributeNames" => MemberName::flat("MessageSystemAttributeName"),
        "AWSAccountIds" => MemberName::flat("AWSAccountId"),
        "Actions" => MemberName::flat("ActionName"),
        "QueueUrls" | "queueUrls" => MemberName::flat("QueueUrl"),
        "Results" => MemberName::flat("ListMessageMoveTasksResultEntry"),
        "Messages" => MemberName::flat("Message"),
        "Failed" => MemberName::flat("BatchResultErrorEntry"),
        "Entries" => MemberName::flat(match operation {
            "SendMessageBatch" => "SendMessageBatchRequestEntry",
            "DeleteMessageBatch" => "DeleteMessageBatchRequestEntry",
            _ => "ChangeMessageVisibilityBatchRequestEntry",
        }),
        "Successful" => MemberName::flat(match operation {
            "SendMessageBatch" => "SendMessageBatchResultEntry",
            "DeleteMessageBatch" => "DeleteMessageBatchResultEntry",
            _ => "ChangeMessageVisibilityBatchResultEntry",
        }),
        "StringListValues" => MemberName::flat("StringListValue"),
        "BinaryListValues" => MemberName::flat("BinaryListValue"),
        _ => MemberName::DEFAULT,
    }
}

/// The URL of a queue, at the host by which the client knows this emulator, or as the settings say.
pub(super) fn url(ctx: &Context<'_>, queue: &str) -> String {
    let endpoint = ctx.caller().map_or_else(|| "http://localhost".to_owned(), Caller::endpoint);
    let (account, region) = (ctx.account(), ctx.region());
    queue_url::written(&ctx.settings().public, &endpoint, (account, region, queue))
}
