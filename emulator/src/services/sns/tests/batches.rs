//! PublishBatch.

use super::*;

fn batch(entries: &[&[(&str, &str)]]) -> Form {
    let mut form = vec![("TopicArn".to_owned(), topic_arn("t"))];
    for (number, entry) in (1..).zip(entries) {
        let path = format!("PublishBatchRequestEntries.member.{number}");
        form.extend(
            entry.iter().map(|(name, text)| (format!("{path}.{name}"), (*text).to_owned())),
        );
    }
    Form(form)
}

#[test]
fn batches() {
    let (mut sns, _) = Sns::with_subscription(&[("RawMessageDelivery", "true")]);
    let id80 = "a".repeat(80);
    let good = batch(&[&[("Id", &id80), ("Message", "a")], &[("Id", "b-_"), ("Message", "b")]]);
    let xml = sns.ok("PublishBatch", &good.borrowed());
    assert_eq!(xml.matches("<MessageId>").count(), 2);
    assert!(xml.contains("<Failed/>") || xml.contains("<Failed></Failed>"), "{xml}");
    assert_eq!(sns.receive("q").len(), 2);
    let id81 = "a".repeat(81);
    let eleven: Vec<_> =
        (0..11).map(|n| [("Id", n.to_string()), ("Message", "m".to_owned())]).collect();
    let eleven: Vec<Vec<_>> =
        eleven.iter().map(|e| e.iter().map(|(n, v)| (*n, v.as_str())).collect()).collect();
    let eleven: Vec<&[_]> = eleven.iter().map(Vec::as_slice).collect();
    let half = "x".repeat(131_073);
    let mut check = |form: Form, code: &str, message: &str| {
        let expected = (400, code.to_owned(), message.to_owned());
        assert_eq!(sns.refused("PublishBatch", &form.borrowed()), expected);
    };
    check(
        batch(&eleven),
        "TooManyEntriesInBatchRequest",
        "The batch request contains more entries than permissible.",
    );
    check(
        batch(&[&[("Id", &id81), ("Message", "m")]]),
        "InvalidBatchEntryId",
        &format!("The Id of a batch entry in the batch request is too long: {id81}"),
    );
    check(
        batch(&[&[("Id", "message.id"), ("Message", "m")]]),
        "InvalidBatchEntryId",
        "The Id of a batch entry in the batch request contains an impermissible character: \
         message.id",
    );
    check(
        batch(&[&[("Id", "a"), ("Message", "m")], &[("Id", "a"), ("Message", "m")]]),
        "BatchEntryIdsNotDistinct",
        "Two or more batch entries in the request have the same Id.",
    );
    check(
        batch(&[&[("Id", "a"), ("Message", &half)], &[("Id", "b"), ("Message", &half)]]),
        "BatchRequestTooLong",
        "The length of all the messages put together is more than the limit.",
    );
    check(
        batch(&[&[("Id", "a"), ("Message", "{}"), ("MessageStructure", "json")]]),
        "InvalidParameter",
        "Invalid parameter: Message Structure - No default entry in JSON message body",
    );
}
