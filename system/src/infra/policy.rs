//! The resource policy of a queue: which AWS service may put messages into it, from named sources
//! only, and that everybody has to come over TLS.

use serde_json::{Value, json};

/// Who may send to a queue besides those whom their own policies allow it.
pub(super) struct Sender {
    /// Like `events.amazonaws.com`.
    pub(super) service: &'static str,
    /// ARNs, on behalf of any of which it sends.
    pub(super) sources: Vec<Value>,
}

/// Whether a queue takes what did not come over TLS, as an emulator on this machine has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    TlsOnly,
    Any,
}

/// `None` when there is nothing to say.
pub(super) fn of_queue(
    queue_arn: &Value,
    sender: Option<&Sender>,
    transport: Transport,
) -> Option<Value> {
    let mut statements = Vec::new();
    if let Some(Sender { service, sources }) = sender {
        statements.push(json!({
            "Sid": "AllowSending",
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sqs:SendMessage",
            "Resource": queue_arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": sources}},
        }));
    }
    if transport == Transport::TlsOnly {
        statements.push(json!({
            "Sid": "RequireTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sqs:*",
            "Resource": queue_arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }));
    }
    let policy = json!({ "Version": "2012-10-17", "Statement": statements });
    (!statements.is_empty()).then_some(policy)
}
