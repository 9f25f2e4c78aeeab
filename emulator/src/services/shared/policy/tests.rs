//! What policies allow, and how they explain a refusal.

use serde_json::{Map, Value, json};

use super::*;
use crate::wire::Timestamp;

const QUEUE: &str = "arn:aws:sqs:us-east-1:123456789012:q";
const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:t";

fn from_topic() -> PolicyRequest<'static> {
    PolicyRequest {
        principal: "sns.amazonaws.com",
        session: None,
        action: "sqs:SendMessage",
        resource: QUEUE,
        source_arn: Some(TOPIC),
        source_account: Some("123456789012"),
        source_owner: None,
        own_keys: &[],
        now: Timestamp::from_millis(1_767_225_600_000),
    }
}

fn from_user() -> PolicyRequest<'static> {
    PolicyRequest {
        principal: "arn:aws:iam::123456789012:user/ann",
        session: None,
        source_arn: None,
        source_account: None,
        source_owner: None,
        own_keys: &[],
        ..from_topic()
    }
}

/// A statement outside a list is put into one when a grant is added; as deep as JSON can be read,
/// it could not be read again, which ended the cloud.
#[test]
fn what_was_read_can_be_rewritten() {
    let policy = |levels: usize| {
        let more = format!("{}1{}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        Policy::parse(&format!(
            r#"{{"Statement":{{"Effect":"Allow","Principal":"*","Action":"*","x":{more}}}}}"#
        ))
    };
    for levels in [1, 2, 32] {
        assert_eq!(policy(levels).unwrap().without("no such").statement_count(), 1, "{levels}");
    }
    for levels in [33, 126, 100_000] {
        assert!(policy(levels).is_err(), "{levels}");
    }
}

/// A statement with these elements, `Action` and `Resource` filled in when absent.
fn decide(elements: &str, request: &PolicyRequest<'_>) -> Decision {
    let mut statement: Map<String, Value> = serde_json::from_str(elements).unwrap();
    for (name, value) in [("Effect", "Allow"), ("Action", "sqs:SendMessage"), ("Resource", QUEUE)] {
        if !statement.contains_key(name) && !statement.contains_key(&format!("Not{name}")) {
            statement.insert(name.to_owned(), json!(value));
        }
    }
    let document = json!({"Version": "2012-10-17", "Statement": [statement]});
    Policy::parse(&document.to_string()).unwrap().evaluate(request)
}

fn check(elements: &str, request: &PolicyRequest<'_>, allowed: bool) {
    let decision = decide(elements, request);
    assert_eq!(decision.is_allowed(), allowed, "{elements}: {decision:?}");
}

#[test]
fn principals_actions_and_resources() {
    let topic = from_topic();
    let user = from_user();
    check(r#"{"Principal":"*"}"#, &topic, true);
    check(r#"{"Principal":{"AWS":"*"}}"#, &topic, true);
    check(r#"{"Principal":{"Service":"sns.amazonaws.com"}}"#, &topic, true);
    check(r#"{"Principal":{"Service":["a.amazonaws.com","sns.amazonaws.com"]}}"#, &topic, true);
    check(r#"{"Principal":{"Service":"events.amazonaws.com"}}"#, &topic, false);
    check(r#"{"Principal":{"AWS":"123456789012"}}"#, &topic, false);
    check(r#"{"Principal":{"AWS":"123456789012"}}"#, &user, true);
    check(r#"{"Principal":{"AWS":"arn:aws:iam::123456789012:root"}}"#, &user, true);
    check(r#"{"Principal":{"AWS":"arn:aws:iam::999999999999:root"}}"#, &user, false);
    check(r#"{"Principal":{"AWS":"arn:aws:iam::123456789012:user/ann"}}"#, &user, true);
    check(r#"{"NotPrincipal":{"AWS":"123456789012"}}"#, &user, false);
    check(r#"{"NotPrincipal":{"AWS":"999999999999"}}"#, &user, true);
    check(r#"{"Principal":"*","Action":"sqs:*"}"#, &topic, true);
    check(r#"{"Principal":"*","Action":"SQS:sendmessage"}"#, &topic, true);
    check(r#"{"Principal":"*","Action":["sqs:Receive*"]}"#, &topic, false);
    check(r#"{"Principal":"*","NotAction":"sqs:Receive*"}"#, &topic, true);
    check(r#"{"Principal":"*","Resource":"*"}"#, &topic, true);
    check(r#"{"Principal":"*","Resource":"arn:aws:sqs:*:*:?"}"#, &topic, true);
    check(r#"{"Principal":"*","Resource":"arn:aws:sqs:*:*:other"}"#, &topic, false);
}

#[test]
fn conditions() {
    let cases = [
        (r#"{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:us-east-1:123456789012:t"}}"#, true),
        (r#"{"ArnLike":{"AWS:SOURCEARN":"arn:aws:sns:*:*:t*"}}"#, true),
        (r#"{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:t"}}"#, false),
        (r#"{"ArnNotLike":{"aws:SourceArn":"arn:aws:sns:*:*:t"}}"#, false),
        (r#"{"StringEquals":{"aws:SourceAccount":["1","123456789012"]}}"#, true),
        (r#"{"StringEquals":{"aws:SourceAccount":"123*"}}"#, false),
        (r#"{"StringLike":{"aws:SourceAccount":"123*"}}"#, true),
        (r#"{"StringNotEquals":{"aws:SourceAccount":"1"}}"#, true),
        (r#"{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}"#, false),
        (r#"{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}}"#, true),
        (r#"{"Null":{"aws:SourceArn":"false"}}"#, true),
        (r#"{"Bool":{"aws:SecureTransport":"true"}}"#, true),
        (r#"{"ForAnyValue:StringEquals":{"aws:SourceAccount":["1","123456789012"]}}"#, true),
        (r#"{"ForAnyValue:StringEquals":{"aws:SourceAccount":"1"}}"#, false),
        (r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":"1"}}"#, false),
        (r#"{"ForAllValues:StringLike":{"aws:SourceAccount":"123*"}}"#, true),
        (r#"{"ForAllValues:StringLike":{"aws:SourceAccount":"2*"}}"#, false),
        (r#"{"ForAllValues:StringEquals":{"aws:TagKeys":"1"}}"#, true),
        (r#"{"ForAllValues:StringNotEquals":{"aws:SourceAccount":"1"}}"#, true),
        (r#"{"ForSomeValues:StringEquals":{"aws:SourceAccount":"1"}}"#, false),
        (r#"{"StringEquals":{"aws:SourceAccount":"${aws:ResourceAccount}"}}"#, true),
        (r#"{"StringNotEquals":{"aws:SourceAccount":"${aws:ResourceAccount}"}}"#, false),
        (r#"{"StringLike":{"aws:SourceArn":"arn:aws:sns:*:${aws:SourceAccount}:*"}}"#, true),
        (r#"{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:${aws:SourceAccount}:?"}}"#, true),
        (r#"{"StringEquals":{"aws:SourceAccount":"${aws:username}"}}"#, false),
        (r#"{"StringEquals":{"aws:SourceAccount":"${aws:username, '123456789012'}"}}"#, true),
        (r#"{"StringLike":{"aws:SourceAccount":"123${*}"}}"#, false),
        (r#"{"StringEquals":{"aws:SourceAccount":"${unended"}}"#, false),
        (r#"{"DateGreaterThan":{"aws:CurrentTime":"2025-12-31T23:59:59Z"}}"#, true),
        (r#"{"DateLessThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}}"#, false),
        (r#"{"NumericGreaterThanEquals":{"aws:EpochTime":"1767225600"}}"#, true),
        (r#"{"DateLessThanEquals":{"aws:EpochTime":"1767225600"}}"#, true),
        (r#"{"NumericLessThan":{"aws:EpochTime":"soon"}}"#, false),
        (r#"{"NumericLessThan":{"aws:MultiFactorAuthAge":"1"}}"#, false),
    ];
    for (condition, allowed) in cases {
        let elements = format!(r#"{{"Principal":"*","Condition":{condition}}}"#);
        check(&elements, &from_topic(), allowed);
    }
}

#[test]
fn a_refusal_says_what_is_missing() {
    let add = String::from(r#"add {"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"#)
        + &format!(r#""Action":"sqs:SendMessage","Resource":"{QUEUE}","#)
        + &format!(r#""Condition":{{"ArnEquals":{{"aws:SourceArn":"{TOPIC}"}}}}}}"#);
    let check = |policy: Option<&str>, sentence: &str| {
        let decision = match policy {
            Some(elements) => decide(elements, &from_topic()),
            None => Policy::default().evaluate(&from_topic()),
        };
        let Decision::Denied { reason, .. } = decision else {
            panic!("allowed");
        };
        assert_eq!(reason, format!("{sentence}; {add}"));
    };
    check(
        None,
        &format!(
            "queue policy of {QUEUE} has no statement that allows sns.amazonaws.com \
             to sqs:SendMessage for aws:SourceArn {TOPIC}"
        ),
    );
    check(
        Some(r#"{"Sid":"A","Principal":"*","Condition":{"ArnEquals":{"aws:SourceArn":"arn:x"}}}"#),
        &format!(
            "statement \"A\" of the queue policy of {QUEUE} would allow sns.amazonaws.com to \
             sqs:SendMessage, but its condition ArnEquals aws:SourceArn \"arn:x\" is not met \
             by \"{TOPIC}\""
        ),
    );
    check(
        Some(r#"{"Principal":"*","Condition":{"IpAddress":{"aws:x":["a","b"]}}}"#),
        &format!(
            "statement 1 of the queue policy of {QUEUE} would allow sns.amazonaws.com to \
             sqs:SendMessage, but its condition IpAddress aws:x \"a\", \"b\" is not supported"
        ),
    );
    check(
        Some(r#"{"Principal":"*","Resource":"arn:aws:sqs:us-east-1:123456789012:p"}"#),
        &format!(
            "statement 1 of the queue policy of {QUEUE} would allow sns.amazonaws.com to \
             sqs:SendMessage, but its Resource \"arn:aws:sqs:us-east-1:123456789012:p\" does \
             not cover {QUEUE}"
        ),
    );
}

#[test]
fn variables_are_those_of_the_newer_version_and_count_in_resources() {
    let policy = |version: &str| {
        let resource = "arn:aws:sqs:us-east-1:${aws:SourceAccount}:*";
        let statement = json!({
            "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": resource,
        });
        Policy::parse(&json!({"Version": version, "Statement": statement}).to_string()).unwrap()
    };
    assert!(policy("2012-10-17").evaluate(&from_topic()).is_allowed());
    assert!(!policy("2008-10-17").evaluate(&from_topic()).is_allowed());
}

#[test]
fn a_denial_wins() {
    let policy = Policy::parse(
        r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},
            {"Sid":"No","Effect":"Deny","Principal":"*","Action":"sqs:Send*"}]}"#,
    )
    .unwrap();
    let Decision::Denied { reason, explicit: true } = policy.evaluate(&from_topic()) else {
        panic!("allowed");
    };
    assert_eq!(
        reason,
        format!(
            "statement \"No\" of the queue policy of {QUEUE} denies sns.amazonaws.com to \
             sqs:SendMessage"
        )
    );
    let unsupported = decide(
        r#"{"Effect":"Deny","Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"10/8"}}}"#,
        &from_topic(),
    );
    assert!(matches!(unsupported, Decision::Denied { reason, .. } if reason.ends_with(
        ": its condition IpAddress aws:SourceIp \"10/8\" is not supported"
    )));
}

#[test]
fn documents_that_are_no_policy() {
    let cases = [
        ("[]", "the policy must be an object"),
        ("{}", "Statement must be a list of statements"),
        (r#"{"Statement":[{}]}"#, "a statement has no Effect"),
        (r#"{"Statement":{"Effect":"Maybe"}}"#, "Effect must be Allow or Deny"),
        (r#"{"Statement":{"Effect":"Allow"}}"#, "a statement has no Principal"),
        (
            r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"a","NotAction":"b"}}"#,
            "a statement has both Action and NotAction",
        ),
    ];
    for (text, error) in cases {
        assert_eq!(Policy::parse(text).unwrap_err().to_string(), error);
    }
}
