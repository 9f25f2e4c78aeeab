//! The policy that a topic has when nobody set any.
//!
//! Source: recordings of 2024-05-14.

use crate::kernel::Arn;

/// The policy of a new topic: its own account may do everything.
pub(super) fn default_policy(topic: &Arn) -> String {
    let account = topic.account();
    let actions = [
        "GetTopicAttributes",
        "SetTopicAttributes",
        "AddPermission",
        "RemovePermission",
        "DeleteTopic",
        "Subscribe",
        "ListSubscriptionsByTopic",
        "Publish",
    ]
    .map(|action| format!("\"SNS:{action}\""))
    .join(",");
    let statement = format!(
        r#"{{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{{"AWS":"*"}},{}{}"#,
        format_args!(r#""Action":[{actions}],"Resource":"{topic}","#),
        format_args!(r#""Condition":{{"StringEquals":{{"AWS:SourceOwner":"{account}"}}}}}}"#),
    );
    format!(r#"{{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{statement}]}}"#)
}
