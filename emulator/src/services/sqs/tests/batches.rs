//! Batches: entries' ids, and what fails one entry or all of them.

use serde_json::{Value, json};

use super::{FIFO, QUEUE, fifo_world, receive, world};

/// The three batch operations, with an entry that is complete but for its id.
fn operations() -> [(&'static str, Value); 3] {
    [
        ("SendMessageBatch", json!({"MessageBody": "b"})),
        ("DeleteMessageBatch", json!({"ReceiptHandle": "h"})),
        ("ChangeMessageVisibilityBatch", json!({"ReceiptHandle": "h", "VisibilityTimeout": 1})),
    ]
}

#[test]
fn entries_have_ids_of_their_own() {
    let invalid = "A batch entry id can only contain alphanumeric characters, hyphens and \
                   underscores. It can be at most 80 letters long.";
    let long = "a".repeat(81);
    let eleven: Vec<String> = (0..11).map(|id| id.to_string()).collect();
    let eleven: Vec<&str> = eleven.iter().map(String::as_str).collect();
    let at_most = "a".repeat(80);
    let cases: [(&[&str], &str, &str); 8] = [
        (&["a-_Z9", &at_most], "", ""),
        (&[], "EmptyBatchRequest", "There should be at least one {}RequestEntry in the request."),
        (
            &eleven,
            "TooManyEntriesInBatchRequest",
            "Maximum number of entries per request are 10. You have sent 11.",
        ),
        (&["a", "b", "a"], "BatchEntryIdsNotDistinct", "Id a repeated."),
        (&[""], "InvalidBatchEntryId", invalid),
        (&["a", "b.c"], "InvalidBatchEntryId", invalid),
        (&["ä"], "InvalidBatchEntryId", invalid),
        (&[&long], "InvalidBatchEntryId", invalid),
    ];
    for (operation, entry) in operations() {
        for (ids, shape, message) in cases {
            let entries: Vec<Value> = ids
                .iter()
                .map(|id| {
                    let mut entry = entry.clone();
                    entry["Id"] = (*id).into();
                    entry
                })
                .collect();
            let request = json!({"QueueUrl": QUEUE, "Entries": entries});
            match world().call(&format!("AmazonSQS.{operation}"), request) {
                Ok(_) => assert_eq!(shape, "", "{operation}"),
                Err(error) => {
                    let message = message.replace("{}", operation);
                    assert_eq!((&*error.shape, error.message), (shape, message));
                }
            }
        }
    }
}

#[test]
fn a_member_that_is_missing_fails_the_whole_batch() {
    for (operation, mut entry) in operations() {
        entry["Id"] = "a".into();
        let required =
            if operation == "SendMessageBatch" { "MessageBody" } else { "ReceiptHandle" };
        for member in ["Id", required] {
            let mut lacking = entry.clone();
            lacking["Id"] = "b".into();
            lacking.as_object_mut().unwrap().remove(member);
            let request = json!({"QueueUrl": QUEUE, "Entries": [entry, lacking]});
            let error = world().err(&format!("AmazonSQS.{operation}"), request);
            let message = format!(
                "The request must contain the parameter {operation}RequestEntry.2.{member}."
            );
            let shape = "MissingRequiredParameterException";
            assert_eq!((&*error.shape, error.message), (shape, message));
        }
    }
}

#[test]
fn an_entry_that_fails_says_why_and_leaves_the_others_alone() {
    let mut world = world();
    let attributes = json!({"MaximumMessageSize": "2048"});
    world.ok("AmazonSQS.SetQueueAttributes", json!({"QueueUrl": QUEUE, "Attributes": attributes}));
    super::send(&mut world, "one");
    let handle = receive(&mut world, QUEUE, 1)[0]["ReceiptHandle"].clone();
    let failed = |code: &str, message: &str| {
        let mut entry = json!({"Id": "bad", "SenderFault": true});
        entry["Code"] = code.into();
        entry["Message"] = message.into();
        json!([entry])
    };
    let junk = failed("ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
    let send = |member: &str, value: Value| {
        let mut bad = json!({"Id": "bad", "MessageBody": "b"});
        bad[member] = value;
        json!([{"Id": "good", "MessageBody": "b"}, bad])
    };
    let with_handle = |mut entry: Value| {
        entry["Id"] = "good".into();
        entry["ReceiptHandle"] = handle.clone();
        let mut bad = entry.clone();
        bad["Id"] = "bad".into();
        bad["ReceiptHandle"] = "junk".into();
        json!([entry, bad])
    };
    let queue_type = "The request include parameter that is not valid for this queue type";
    let cases = [
        (
            "SendMessageBatch",
            send("DelaySeconds", json!(901)),
            failed("InvalidParameterValue", "DelaySeconds must be >= 0 and <= 900"),
        ),
        (
            "SendMessageBatch",
            send("MessageDeduplicationId", json!("d")),
            failed("InvalidParameterValue", queue_type),
        ),
        (
            "SendMessageBatch",
            send("MessageBody", json!("b".repeat(2049))),
            failed(
                "InvalidParameterValue",
                "One or more parameters cannot be validated. Reason: Message must be shorter \
                 than 2048 bytes.",
            ),
        ),
        (
            "ChangeMessageVisibilityBatch",
            with_handle(json!({"VisibilityTimeout": 9})),
            junk.clone(),
        ),
        ("DeleteMessageBatch", with_handle(json!({})), junk),
    ];
    for (operation, entries, failed) in cases {
        let request = json!({"QueueUrl": QUEUE, "Entries": entries});
        let answer = world.ok(&format!("AmazonSQS.{operation}"), request);
        assert_eq!(answer["Failed"], failed, "{operation}");
        assert_eq!(answer["Successful"][0]["Id"], "good", "{operation}");
    }
}

#[test]
fn a_fifo_batch_without_a_group_takes_nothing() {
    let mut world = fifo_world();
    let entries = json!([
        {"Id": "a", "MessageBody": "b", "MessageGroupId": "g"}, {"Id": "b", "MessageBody": "c"},
    ]);
    let request = json!({"QueueUrl": FIFO, "Entries": entries});
    let error = world.err("AmazonSQS.SendMessageBatch", request);
    assert_eq!(error.message, "The request must contain the parameter MessageGroupId.");
    assert!(receive(&mut world, FIFO, 10).is_empty());
}
