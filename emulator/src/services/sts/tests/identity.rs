//! Who a caller is.

use bytes::Bytes;
use http::Request;

use super::Sts;
use crate::cloud::testing::World;

const FORM: &str = "Action=GetCallerIdentity&Version=2011-06-15";

fn identity(authorization: Option<&str>, uri: &str, body: &'static str) -> String {
    let mut request = Request::post(uri)
        .header("host", "localhost:4566")
        .header("content-type", "application/x-www-form-urlencoded");
    if let Some(key) = authorization {
        let scope = format!("{key}/20260101/eu-west-1/sts/aws4_request");
        request = request.header("authorization", format!("AWS4-HMAC-SHA256 Credential={scope}"));
    }
    let request = request.body(Bytes::from_static(body.as_bytes())).unwrap();
    let response = World::new().send(request).expect("it answers at once");
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/xml");
    String::from_utf8(response.body().to_vec()).unwrap()
}

fn result(user_id: &str, account: &str) -> String {
    format!(
        "<GetCallerIdentityResult><UserId>{user_id}</UserId><Account>{account}</Account>\
         <Arn>arn:aws:iam::{account}:user/skyrig</Arn></GetCallerIdentityResult>"
    )
}

#[test]
fn the_account_is_what_the_access_key_id_says() {
    for (key, user_id, account) in [
        (None, "000000000000", "000000000000"),
        (Some("test"), "000000000000", "000000000000"),
        (Some("AKIAIOSFODNN7EXAMPLE"), "000000000000", "000000000000"),
        (Some("123456789012"), "123456789012", "123456789012"),
        (Some("ASIAIOSFODNN7EXAMPLE"), "ASIAIOSFODNN7EXAMPLE", "000000000000"),
    ] {
        let answer = identity(key, "/", FORM);
        assert!(answer.contains(&result(user_id, account)), "{key:?}: {answer}");
    }
}

#[test]
fn the_form_may_stand_in_the_url() {
    let answer = identity(None, &format!("/?{FORM}"), "");
    assert!(answer.contains("xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\""));
    assert!(answer.contains(&result("000000000000", "000000000000")));
}

#[test]
fn an_access_key_belongs_to_the_account_that_its_requests_are_from() {
    let mut sts = Sts::new();
    let session = sts.assume("222222222222", "one", &[]);
    for (key, account) in [
        (session.as_str(), "111111111111"),
        ("AKIAIOSFODNN7EXAMPLE", "000000000000"),
        ("ASIAIOSFODNN7EXAMPLE", "000000000000"),
    ] {
        let answer = sts.ok("test", "GetAccessKeyInfo", &[("AccessKeyId", key)]);
        assert_eq!(answer.text("Account"), account, "{key}");
    }
    sts.world.advance_seconds(3600);
    let answer = sts.ok("test", "GetAccessKeyInfo", &[("AccessKeyId", &session)]);
    assert_eq!(answer.text("Account"), "111111111111", "its state does not matter");
}

#[test]
fn an_operation_that_aws_lacks_is_refused_in_its_words() {
    let (code, message, status) = Sts::new().err("test", "AssumeRule", &[]);
    assert_eq!((code.as_str(), status), ("InvalidAction", 400));
    assert_eq!(message, "The action AssumeRule is not valid for this endpoint.");
}
