//! The resource policy that lets an AWS service put messages into a queue, from named sources
//! only.

use serde_json::json;

/// A queue policy: `service` may send to `queue_arn` on behalf of one of `source_arns`.
pub(super) fn allow_sending(queue_arn: &str, service: &str, source_arns: &[String]) -> String {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "AllowSending",
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sqs:SendMessage",
            "Resource": queue_arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": source_arns}},
        }],
    })
    .to_string()
}
