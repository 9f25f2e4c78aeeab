//! What temporary credentials are good for, and for how long.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use super::{ROLE, ROOT, Sts, authorization};

/// Calls an operation in JSON with an access key.
fn call(sts: &mut Sts, key: &str, target: &str, service: &str, body: Value) -> (u16, Value) {
    let request = Request::post("/")
        .header("host", "localhost:4566")
        .header("x-amz-target", target)
        .header("content-type", "application/x-amz-json-1.0")
        .header("authorization", authorization(key, service));
    let request = request.body(Bytes::from(body.to_string())).unwrap();
    let response = sts.world.send(request).unwrap();
    let body = serde_json::from_slice(response.body()).unwrap_or_default();
    (response.status().as_u16(), body)
}

#[test]
fn a_session_says_who_calls() {
    let mut sts = Sts::new();
    let key = sts.assume("222222222222", "one", &[]);
    let (user_id, account, arn) = sts.who(&key);
    assert!(user_id.starts_with("AROA") && user_id.ends_with(":one"), "{user_id}");
    assert_eq!(account, "111111111111");
    assert_eq!(arn, "arn:aws:sts::111111111111:assumed-role/reader/one");
    sts.world.restart();
    assert_eq!(sts.who(&key), (user_id, account, arn));
}

#[test]
fn other_services_know_who_calls() {
    let mut sts = Sts::new();
    let key = sts.assume("222222222222", "one", &[]);
    let (user_id, _, arn) = sts.who(&key);
    let mut sqs = |operation: &str, body| {
        let (status, answer) = call(&mut sts, &key, &format!("AmazonSQS.{operation}"), "sqs", body);
        assert_eq!(status, 200, "{answer}");
        answer
    };
    let url = sqs("CreateQueue", json!({"QueueName": "q"}))["QueueUrl"].clone();
    assert_eq!(url, "http://localhost:4566/111111111111/q", "the role's account has it");
    sqs("SendMessage", json!({"QueueUrl": url, "MessageBody": "x"}));
    let names = json!(["SenderId"]);
    let received = sqs("ReceiveMessage", json!({"QueueUrl": url, "AttributeNames": names}));
    assert_eq!(received["Messages"][0]["Attributes"]["SenderId"], user_id);
    let mut sns = |form: String| {
        let request = Request::post("/")
            .header("host", "localhost:4566")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("authorization", authorization(&key, "sns"));
        let form = format!("{form}&Version=2010-03-31");
        let response = sts.world.send(request.body(Bytes::from(form)).unwrap()).unwrap();
        String::from_utf8(response.body().to_vec()).unwrap()
    };
    sns("Action=CreateTopic&Name=t".to_owned());
    let topic = "arn:aws:sns:us-east-1:111111111111:t";
    let queue = "arn:aws:sqs:us-east-1:111111111111:q";
    let answer = sns(format!("Action=Subscribe&TopicArn={topic}&Protocol=sqs&Endpoint={queue}"));
    let subscription = answer.split_once("<SubscriptionArn>").unwrap().1.split_once('<').unwrap().0;
    let action = "Action=GetSubscriptionAttributes";
    let answer = sns(format!("{action}&SubscriptionArn={subscription}"));
    assert!(answer.contains(&format!("<value>{arn}</value>")), "{answer}");
}

#[test]
fn credentials_end() {
    let mut sts = Sts::new();
    let key = sts.assume(ROOT, "one", &[]);
    let list =
        |sts: &mut Sts, target: &str, service: &str| call(sts, &key, target, service, json!({}));
    sts.world.advance_seconds(3599);
    assert_eq!(list(&mut sts, "AmazonSQS.ListQueues", "sqs").0, 200);
    sts.world.advance_seconds(1);
    let message = "The security token included in the request is expired".to_owned();
    let expired = ("ExpiredToken".to_owned(), message.clone(), 403);
    assert_eq!(sts.err(&key, "GetCallerIdentity", &[]), expired);
    for (target, service, status) in
        [("AmazonSQS.ListQueues", "sqs", 403), ("DynamoDB_20120810.ListTables", "dynamodb", 400)]
    {
        let shape = "com.amazon.coral.service#ExpiredTokenException";
        let body = json!({"__type": shape, "message": message});
        assert_eq!(list(&mut sts, target, service), (status, body));
    }
}

#[test]
fn a_federated_user_has_a_name() {
    let mut sts = Sts::new();
    let members = [("Name", "Bob"), ("DurationSeconds", "129600")];
    let answer = sts.ok(ROOT, "GetFederationToken", &members);
    let arn = "arn:aws:sts::111111111111:federated-user/Bob";
    assert_eq!(answer.text("FederatedUserId"), "111111111111:Bob");
    assert_eq!(answer.text("Arn"), arn);
    assert_eq!(answer.text("Expiration"), "2026-01-02T12:00:00Z");
    let key = answer.text("AccessKeyId");
    let who = ("111111111111:Bob".to_owned(), ROOT.to_owned(), arn.to_owned());
    assert_eq!(sts.who(&key), who);
    let role = [("RoleArn", ROLE), ("RoleSessionName", "one")];
    for (operation, members) in [
        ("AssumeRole", &role[..]),
        ("GetFederationToken", &[("Name", "Eve")]),
        ("GetSessionToken", &[]),
        ("GetAccessKeyInfo", &[("AccessKeyId", "AKIAIOSFODNN7EXAMPLE")]),
        ("DecodeAuthorizationMessage", &[("EncodedMessage", "x")]),
    ] {
        let message = format!("Cannot call {operation} with session credentials");
        let refused = sts.err(&key, operation, members);
        assert_eq!(refused, ("AccessDenied".to_owned(), message, 403));
    }
}

#[test]
fn session_tokens_are_their_callers() {
    let mut sts = Sts::new();
    let answer = sts.ok(ROOT, "GetSessionToken", &[]);
    assert_eq!(answer.text("Expiration"), "2026-01-01T12:00:00Z");
    let key = answer.text("AccessKeyId");
    let user = "arn:aws:iam::111111111111:user/skyrig".to_owned();
    assert_eq!(sts.who(&key), (ROOT.to_owned(), ROOT.to_owned(), user));
    let (code, message, _) = sts.err(&key, "GetSessionToken", &[]);
    assert_eq!(code, "AccessDenied");
    assert_eq!(message, "Cannot call GetSessionToken with session credentials");
    sts.assume(&key, "one", &[]);
}

#[test]
fn credentials_are_scoped_down() {
    let mut sts = Sts::new();
    let key = sts.assume(ROOT, "one", &[("SourceIdentity", "Alice")]);
    let who = sts.who(&key);
    sts.world.advance_seconds(600);
    let policy = r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#;
    let answer = sts.ok(&key, "GetScopedCredentials", &[("Policy", policy)]);
    assert_eq!(answer.text("ScopedSessionId"), who.0);
    assert_eq!(answer.text("Arn"), who.2);
    assert_eq!(answer.text("ScopedPoliciesCount"), "1");
    assert_eq!(answer.text("SourceIdentity"), "Alice");
    assert_eq!(answer.text("Expiration"), "2026-01-01T01:00:00Z", "that of the session");
    let mut scoped = answer.text("AccessKeyId");
    assert_eq!(sts.who(&scoped), who);
    for count in ["2", "3"] {
        let answer = sts.ok(&scoped, "GetScopedCredentials", &[("Policy", policy)]);
        assert_eq!(answer.text("ScopedPoliciesCount"), count);
        scoped = answer.text("AccessKeyId");
    }
    let mut code = |key: &str, members: &[(&str, &str)]| {
        sts.ask(key, "GetScopedCredentials", members).find("Code")
    };
    for (key, members, refused) in [
        (scoped.as_str(), &[("Policy", policy)][..], Some("AccessDenied")),
        (&scoped, &[("DurationSeconds", "3000")], None),
        (&scoped, &[("DurationSeconds", "3001")], Some("InsufficientSessionLifetime")),
        (&scoped, &[("DurationSeconds", "0")], Some("ValidationError")),
        (&scoped, &[], Some("ValidationError")),
        (ROOT, &[("DurationSeconds", "900")], Some("AccessDenied")),
    ] {
        assert_eq!(code(key, members).as_deref(), refused, "{members:?}");
    }
}

#[test]
fn what_is_made_elsewhere_is_refused_as_aws_does() {
    let mut sts = Sts::new();
    let session = sts.assume(ROOT, "one", &[("DurationSeconds", "900")]);
    let token = [("Audience.member.1", "me"), ("SigningAlgorithm", "ES384")];
    let long = [token[0], token[1], ("DurationSeconds", "901")];
    for (key, operation, members, code, status) in [
        (
            ROOT,
            "DecodeAuthorizationMessage",
            &[("EncodedMessage", "x")][..],
            "InvalidAuthorizationMessageException",
            400,
        ),
        (
            ROOT,
            "GetDelegatedAccessToken",
            &[("TradeInToken", "x")],
            "ExpiredTradeInTokenException",
            400,
        ),
        (
            ROOT,
            "GetWebIdentityToken",
            &token,
            "OutboundWebIdentityFederationDisabledException",
            403,
        ),
        (&session, "GetWebIdentityToken", &long, "SessionDurationEscalationException", 403),
    ] {
        let refused = sts.err(key, operation, members);
        assert_eq!((refused.0.as_str(), refused.2), (code, status), "{operation}");
    }
}

#[test]
fn queue_policies_know_roles_sessions_and_their_tags() {
    let session = "arn:aws:sts::111111111111:assumed-role/reader/one";
    let tagged = json!({"StringEquals": {"aws:PrincipalTag/Team": "red"}});
    let of_role = json!({"ArnEquals": {"aws:PrincipalArn": ROLE}});
    let of_source = json!({"StringLike": {"aws:SourceIdentity": "Al*", "aws:userid": "AROA*:one"}});
    let unconditional = json!({});
    for (principal, condition, allowed) in [
        (ROLE, &unconditional, true),
        (session, &unconditional, true),
        ("arn:aws:iam::111111111111:root", &unconditional, true),
        ("arn:aws:iam::111111111111:role/reader", &unconditional, false),
        ("arn:aws:sts::111111111111:assumed-role/reader/two", &unconditional, false),
        (ROLE, &tagged, true),
        (ROLE, &json!({"StringEquals": {"aws:PrincipalTag/Team": "blue"}}), false),
        (ROLE, &of_role, true),
        (ROLE, &of_source, true),
    ] {
        let mut sts = Sts::new();
        let tag = [("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "red")];
        let key = sts.assume(ROOT, "one", &[&tag[..], &[("SourceIdentity", "Alice")]].concat());
        let owner = "222222222222";
        let statement = json!({
            "Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sqs:SendMessage",
            "Resource": "*", "Condition": condition,
        });
        let policy = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
        let queue = json!({"QueueName": "q", "Attributes": {"Policy": policy}});
        let (status, made) = call(&mut sts, owner, "AmazonSQS.CreateQueue", "sqs", queue);
        assert_eq!(status, 200, "{made}");
        let message = json!({"QueueUrl": made["QueueUrl"], "MessageBody": "x"});
        let (_, answer) = call(&mut sts, &key, "AmazonSQS.SendMessage", "sqs", message);
        assert_eq!(answer.get("MessageId").is_some(), allowed, "{statement}: {answer}");
        let refusal = answer["message"].as_str().unwrap_or_default();
        assert!(allowed || refusal.starts_with(&format!("User: {session} is not")), "{answer}");
    }
}
