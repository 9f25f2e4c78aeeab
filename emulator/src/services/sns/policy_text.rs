//! The texts that a topic shows when nobody set any: its default policy and delivery policy.
//!
//! Source: recordings of 2024-05-14.

use crate::kernel::Arn;

/// How HTTP deliveries are retried by default.
pub(super) const EFFECTIVE_DELIVERY_POLICY: &str = concat!(
    r#"{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"#,
    r#""numRetries":3,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"#,
    r#""backoffFunction":"linear"},"disableSubscriptionOverrides":false,"#,
    r#""defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}"#,
);

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
