//! The names that SQS's query protocol has for members.
//!
//! AWS's present model of SQS has the names of JSON only; every other service's has both.
//! Source: API reference, "Examples" of each operation (query protocol). Written apart from the
//! emulator's own table, so that a mistake there shows.

use crate::model::Model;

/// How a member is spelt: its name, and those of a map's entries. Lists and maps are flattened.
pub(crate) struct Spelling {
    pub(crate) name: &'static str,
    pub(crate) key: &'static str,
    pub(crate) value: &'static str,
}

/// The spelling of a list or map of SQS.
pub(crate) fn of_sqs(model: &Model, operation: &str, member: &str) -> Option<Spelling> {
    if model.metadata.endpoint_prefix != "sqs" {
        return None;
    }
    let batch = ["SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch"]
        .into_iter()
        .find(|batch| *batch == operation);
    let name = match (member, batch) {
        ("AttributeNames", _) => "AttributeName",
        ("MessageAttributeNames", _) => "MessageAttributeName",
        ("MessageSystemAttributeNames", _) => "MessageSystemAttributeName",
        ("TagKeys", _) => "TagKey",
        ("AWSAccountIds", _) => "AWSAccountId",
        ("Actions", _) => "ActionName",
        ("Tags" | "tags", _) => "Tag",
        ("Attributes", _) => "Attribute",
        ("MessageAttributes", _) => "MessageAttribute",
        ("MessageSystemAttributes", _) => "MessageSystemAttribute",
        ("Messages", _) => "Message",
        ("QueueUrls" | "queueUrls", _) => "QueueUrl",
        ("Failed", _) => "BatchResultErrorEntry",
        ("Results", _) => "ListMessageMoveTasksResultEntry",
        ("Entries", Some("SendMessageBatch")) => "SendMessageBatchRequestEntry",
        ("Entries", Some("DeleteMessageBatch")) => "DeleteMessageBatchRequestEntry",
        ("Entries", _) => "ChangeMessageVisibilityBatchRequestEntry",
        ("Successful", Some("SendMessageBatch")) => "SendMessageBatchResultEntry",
        ("Successful", Some("DeleteMessageBatch")) => "DeleteMessageBatchResultEntry",
        ("Successful", _) => "ChangeMessageVisibilityBatchResultEntry",
        _ => return None,
    };
    let key = if name == "Tag" { "Key" } else { "Name" };
    Some(Spelling { name, key, value: "Value" })
}
