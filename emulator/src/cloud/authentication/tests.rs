//! Who is believed, over each protocol, where signatures are verified.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;

use crate::cloud::request;
use crate::cloud::testing::World;
use crate::kernel::{AccessKey, Account, Settings, SignatureMode};
use crate::wire::cbor;
use crate::wire::sigv4::testing::Signer;

const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const FORM: &str = "Action=GetCallerIdentity&Version=2011-06-15";

fn world() -> World {
    let mut settings = Settings { signatures: SignatureMode::Verify, ..Settings::default() };
    let account = Some(Account("111122223333".into()));
    let key = AccessKey { secret: SECRET.into(), token: None, account };
    settings.credentials.by_id.insert(KEY.to_owned(), key);
    settings.credentials.of_accounts = Some("shared".into());
    World::with(settings)
}

fn signer(world: &World, service: &'static str) -> Signer<'static> {
    Signer { key: KEY, secret: SECRET, token: None, service, at: world.now() }
}

fn json(target: &str) -> Request<Bytes> {
    request::json(target, "{}")
}

/// The query code, or the shape's name where the protocol has no codes; the message; the status.
fn refusal(response: &Response<Bytes>) -> (String, String, u16) {
    let status = response.status().as_u16();
    let text = |name: &str| {
        let body = String::from_utf8_lossy(response.body()).into_owned();
        let rest = body.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("{body}")).1;
        rest.split_once('<').unwrap().0.to_owned()
    };
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    if kind == "text/xml" {
        return (text("Code"), text("Message"), status);
    }
    let body: Value = match kind.contains("cbor") {
        true => cbor::from_slice(response.body()).unwrap(),
        false => serde_json::from_slice(response.body()).unwrap(),
    };
    let shape = body["__type"].as_str().unwrap();
    assert!(shape.starts_with("com.amazon.coral.service#"), "{shape}");
    let code = response.headers().get("x-amzn-query-error").map(|code| code.to_str().unwrap());
    let code = code.map(|code| code.strip_suffix(";Sender").unwrap());
    let name = code.unwrap_or_else(|| shape.split_once('#').unwrap().1).to_owned();
    (name, body["message"].as_str().unwrap().to_owned(), status)
}

/// A service's signing name, and a request to it.
type Ask = (&'static str, fn() -> Request<Bytes>);

/// A call of each protocol.
fn calls() -> [Ask; 6] {
    [
        ("sts", || request::query("sts", FORM)),
        ("sqs", || request::query("sqs", "Action=ListQueues&Version=2012-11-05")),
        ("sqs", || json("AmazonSQS.ListQueues")),
        ("monitoring", || {
            request::cbor("GraniteServiceVersion20100801", "ListDashboards", &b"\xa0"[..])
        }),
        ("dynamodb", || json("DynamoDB_20120810.ListTables")),
        ("events", || json("AWSEvents.ListRules")),
    ]
}

/// The same, and whether answers have the codes and statuses of the query protocol.
fn each(check: impl Fn(&'static str, Request<Bytes>, bool)) {
    for (service, request) in calls() {
        check(service, request(), !matches!(service, "dynamodb" | "events"));
    }
}

#[test]
fn a_right_signature_is_believed_over_each_protocol() {
    each(|service, request, _| {
        let mut world = world();
        let signed = signer(&world, service).sign(request);
        let response = world.send(signed).unwrap();
        let body = String::from_utf8_lossy(response.body()).into_owned();
        assert_eq!(response.status(), 200, "{service}: {body}");
        if service == "sts" {
            assert!(body.contains("arn:aws:iam::111122223333:user/skyrig"), "{body}");
        }
    });
}

#[test]
fn what_is_not_believed_is_said_in_the_words_of_the_protocol() {
    each(|service, request, as_query| {
        let status = if as_query { 403 } else { 400 };
        let check = |change: &dyn Fn(&mut Signer<'_>), codes: [&str; 2], message: &str| {
            let mut world = world();
            let mut signer = signer(&world, service);
            change(&mut signer);
            let response = world.send(signer.sign(request.clone())).unwrap();
            let code = codes[usize::from(!as_query)].to_owned();
            assert_eq!(refusal(&response), (code, message.to_owned(), status), "{service}");
        };
        let unknown = ["InvalidClientTokenId", "UnrecognizedClientException"];
        let wrong = ["SignatureDoesNotMatch", "InvalidSignatureException"];
        let invalid = "The security token included in the request is invalid";
        check(&|it| it.key = "AKIAUNKNOWN", unknown, &format!("{invalid}."));
        check(&|it| it.token = Some("token"), unknown, invalid);
        check(
            &|it| it.secret = "another",
            wrong,
            "The request signature we calculated does not match the signature you provided. Check \
             your AWS Secret Access Key and signing method. Consult the service documentation for \
             details.",
        );
        let is_form = request.headers()["content-type"].as_bytes().ends_with(b"urlencoded");
        let minutes = if is_form { 15 } else { 5 };
        let (signed, earliest) = if is_form { ("4459", "4500") } else { ("5459", "5500") };
        check(
            &|it| it.at = it.at - Duration::from_secs(minutes * 60 + 1),
            wrong,
            &format!(
                "Signature expired: 20251231T23{signed}Z is now earlier than \
                 20251231T23{earliest}Z (20260101T000000Z - {minutes} min.)"
            ),
        );
    });
}

#[test]
fn what_is_not_signed_is_refused() {
    each(|service, mut request, as_query| {
        let mut world = world();
        let mut ask = |request: Request<Bytes>| refusal(&world.send(request).unwrap());
        request.headers_mut().remove("authorization");
        let (code, status) = match as_query {
            true => ("MissingAuthenticationToken", 403),
            false => ("MissingAuthenticationTokenException", 400),
        };
        let message = "Request is missing Authentication Token".to_owned();
        let missing = (code.to_owned(), message, status);
        assert_eq!(ask(request.clone()), missing, "{service}");
        let scope = format!("Credential={KEY}/20260101/us-east-1/{service}/aws4_request");
        let value = format!("AWS4-HMAC-SHA256 {scope}");
        request.headers_mut().insert("authorization", value.parse().unwrap());
        let code = if as_query { "IncompleteSignature" } else { "IncompleteSignatureException" };
        let (found, message, status) = ask(request);
        assert_eq!((found.as_str(), status), (code, 400), "{service}: {message}");
    });
}

#[test]
fn a_signature_is_for_one_service_and_one_day() {
    let mut world = world();
    let signed = signer(&world, "sns").sign(json("AmazonSQS.ListQueues"));
    let (code, message, _) = refusal(&world.send(signed).unwrap());
    assert_eq!(code, "SignatureDoesNotMatch");
    assert_eq!(message, "Credential should be scoped to correct service: 'sqs'. ");
    let mut signed = signer(&world, "sqs").sign(json("AmazonSQS.ListQueues"));
    let value = signed.headers()["authorization"].to_str().unwrap().replace("20260101", "20251231");
    signed.headers_mut().insert("authorization", value.parse().unwrap());
    let (_, message, _) = refusal(&world.send(signed).unwrap());
    let text = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date \
                from HTTP: '20251231' != '20260101', from '20260101T000000Z'.";
    assert_eq!(message, text);
}

#[test]
fn the_clock_is_virtual() {
    let mut world = world();
    world.advance_seconds(86_400);
    let signed = signer(&world, "sqs").sign(json("AmazonSQS.ListQueues"));
    assert_eq!(world.send(signed.clone()).unwrap().status(), 200);
    world.advance_seconds(300);
    assert_eq!(world.send(signed.clone()).unwrap().status(), 200);
    world.advance_seconds(1);
    assert_eq!(world.send(signed).unwrap().status(), 403);
}

#[test]
fn an_accounts_number_is_a_key_where_its_secret_is_known() {
    let mut world = world();
    for (key, secret, status) in [
        ("123456789012", "shared", 200),
        ("123456789012", "other", 403),
        ("12345678901", "shared", 403),
    ] {
        let signer = Signer { key, secret, ..signer(&world, "sts") };
        let response = world.send(signer.sign(request::query("sts", FORM))).unwrap();
        assert_eq!(response.status(), status, "{key} {secret}");
    }
}

#[test]
fn a_state_that_verifies_still_does_after_a_restart() {
    let mut world = world();
    world.restart();
    let response = world.send(json("AmazonSQS.ListQueues")).unwrap();
    assert_eq!(refusal(&response).0, "MissingAuthenticationToken");
    let signed = signer(&world, "sqs").sign(json("AmazonSQS.ListQueues"));
    assert_eq!(world.send(signed).unwrap().status(), 200);
}

#[test]
fn without_verification_anybody_is_believed() {
    let mut world = World::new();
    let stranger = Signer { key: "AKIAUNKNOWN", ..signer(&world, "sqs") };
    let list = || json("AmazonSQS.ListQueues");
    for request in [list(), stranger.sign(list())] {
        assert_eq!(world.send(request).unwrap().status(), 200);
    }
}

#[test]
fn a_recorded_request_is_believed_again() {
    let mut first = world();
    first.record();
    let members = "&RoleSessionName=me&RoleArn=arn:aws:iam::111122223333:role/r";
    let form = format!("Action=AssumeRole&Version=2011-06-15{members}");
    let signed = signer(&first, "sts").sign(request::query("sts", form.clone()));
    assert_eq!(first.send(signed).unwrap().status(), 200);
    assert_eq!(first.send(request::query("sts", form)).unwrap().status(), 400);
    let recorded = first.take_recorded();
    assert_eq!(recorded.len(), 2);
    let mut again = world();
    for input in &recorded {
        again.replay(input).unwrap();
    }
    assert!(again.cloud.snapshot() == first.cloud.snapshot());
}
