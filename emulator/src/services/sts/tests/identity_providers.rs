//! Users of identity providers: JSON web tokens and SAML assertions.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use super::{ROLE, Sts, encoded};

/// 2026-01-01T00:00:00Z, when virtual time begins.
const START: i64 = 1_767_225_600;
const PROVIDER: &str = "arn:aws:iam::111111111111:saml-provider/Login";
const SESSION_ARN: &str = "arn:aws:sts::111111111111:assumed-role/reader/one";

fn jwt(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.c2ln", part(&json!({"alg": "RS256"})), part(claims))
}

fn claims() -> Value {
    json!({"iss": "https://login.example", "sub": "user-1", "aud": "app", "exp": START + 60})
}

fn with_token(sts: &mut Sts, token: &str, more: &[(&str, &str)]) -> super::Answer {
    let members = [("RoleArn", ROLE), ("RoleSessionName", "one"), ("WebIdentityToken", token)];
    sts.ask("test", "AssumeRoleWithWebIdentity", &[&members, more].concat())
}

#[test]
fn a_web_identity_gets_a_role() {
    let mut sts = Sts::new();
    let answer = with_token(&mut sts, &jwt(&claims()), &[("DurationSeconds", "7200")]);
    for (member, text) in [
        ("SubjectFromWebIdentityToken", "user-1"),
        ("Provider", "https://login.example"),
        ("Audience", "app"),
        ("Arn", SESSION_ARN),
        ("Expiration", "2026-01-01T02:00:00Z"),
    ] {
        assert_eq!(answer.text(member), text);
    }
    assert_eq!(sts.who(&answer.text("AccessKeyId")).2, SESSION_ARN);
}

#[test]
fn nobody_need_sign_for_it() {
    let mut sts = Sts::new();
    let form = format!(
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn={}&RoleSessionName=one\
         &WebIdentityToken={}",
        encoded(ROLE),
        encoded(&jwt(&claims()))
    );
    let request = Request::post("/")
        .header("host", "localhost:4566")
        .header("content-type", "application/x-www-form-urlencoded");
    let response = sts.world.send(request.body(Bytes::from(form)).unwrap()).unwrap();
    assert_eq!(response.status(), 200);
}

#[test]
fn a_token_brings_tags_and_a_source_identity() {
    let mut sts = Sts::new();
    let mut claims = claims();
    claims["https://aws.amazon.com/tags"] =
        json!({"principal_tags": {"Team": ["red"]}, "transitive_tag_keys": ["Team"]});
    claims["https://aws.amazon.com/source_identity"] = "Alice".into();
    claims["aud"] = json!(["first", "second"]);
    claims["azp"] = "asker".into();
    let answer = with_token(&mut sts, &jwt(&claims), &[]);
    assert_eq!(answer.text("SourceIdentity"), "Alice");
    let mut many = claims.clone();
    let all: serde_json::Map<_, _> = (0..51).map(|n| (n.to_string(), json!(["x"]))).collect();
    many["https://aws.amazon.com/tags"] = json!({"principal_tags": all});
    assert_eq!(with_token(&mut sts, &jwt(&many), &[]).text("Code"), "ValidationError");
    assert_eq!(answer.text("Audience"), "asker");
    let key = answer.text("AccessKeyId");
    let tag = [("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "blue")];
    let members = [&[("RoleArn", ROLE), ("RoleSessionName", "two")][..], &tag].concat();
    assert_eq!(sts.err(&key, "AssumeRole", &members).0, "InvalidParameterValue");
}

#[test]
fn tokens_that_cannot_be_used_are_refused() {
    let without = |name: &str| {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        jwt(&claims)
    };
    let not_a_jwt = "The ID Token provided is not a valid JWT. (You may see this error if you sent \
                     an Access Token)";
    let invalid = "InvalidIdentityToken";
    for (token, code, message) in [
        ("opaque".to_owned(), invalid, not_a_jwt),
        ("a.b.c".to_owned(), invalid, not_a_jwt),
        (format!("{}.d", jwt(&claims())), invalid, not_a_jwt),
        (without("iss"), invalid, "Missing a required claim: iss"),
        (without("sub"), invalid, "Missing a required claim: sub"),
        (without("aud"), invalid, "Missing a required claim: aud"),
        (without("exp"), invalid, "Missing a required claim: exp"),
    ] {
        let answer = with_token(&mut Sts::new(), &token, &[]);
        assert_eq!((answer.text("Code").as_str(), answer.status), (code, 400), "{token}");
        assert_eq!(answer.text("Message"), message);
    }
    let mut sts = Sts::new();
    sts.world.advance_seconds(59);
    assert_eq!(with_token(&mut sts, &jwt(&claims()), &[]).status, 200);
    sts.world.advance_seconds(1);
    let expired = with_token(&mut sts, &jwt(&claims()), &[]);
    assert_eq!(expired.text("Code"), "ExpiredTokenException");
    let text = format!(
        "Token expired: current date/time {0} must be before the expiration date/time {0}",
        START + 60
    );
    assert_eq!(expired.text("Message"), text);
    let refused = with_token(&mut sts, "access", &[("ProviderId", "www.amazon.com")]);
    assert_eq!(refused.text("Code"), "NotImplemented");
}

/// A response whose assertion holds until a minute after virtual time begins.
fn saml(attributes: &str) -> String {
    let aws = "https://aws.amazon.com/SAML/Attributes";
    let xml = format!(
        r##"<?xml version="1.0"?>
        <samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">
          <saml:Issuer>https://outer.example</saml:Issuer>
          <saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">
            <saml:Issuer>https://login.example/saml</saml:Issuer>
            <ds:Signature><ds:SignatureValue>c2ln</ds:SignatureValue></ds:Signature>
            <saml:Subject>
              <saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
                >me &amp; you</saml:NameID>
              <saml:SubjectConfirmation>
                <saml:SubjectConfirmationData NotOnOrAfter="2026-01-01T00:01:00Z"
                  Recipient="https://signin.aws.amazon.com/saml"/>
              </saml:SubjectConfirmation>
            </saml:Subject>
            <saml:AttributeStatement>
              <saml:Attribute Name="{aws}/Role">
                <saml:AttributeValue>{ROLE},{PROVIDER}</saml:AttributeValue>
                <saml:AttributeValue>{ROLE}-2,{PROVIDER}</saml:AttributeValue>
              </saml:Attribute>
              {attributes}
            </saml:AttributeStatement>
          </saml:Assertion>
        </samlp:Response>"##
    );
    STANDARD.encode(xml)
}

fn attribute(name: &str, value: &str) -> String {
    format!(
        "<saml:Attribute Name='https://aws.amazon.com/SAML/Attributes/{name}'>\
         <saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>"
    )
}

fn with_saml(sts: &mut Sts, assertion: &str, role: &str, more: &[(&str, &str)]) -> super::Answer {
    let members = [("RoleArn", role), ("PrincipalArn", PROVIDER), ("SAMLAssertion", assertion)];
    sts.ask("test", "AssumeRoleWithSAML", &[&members, more].concat())
}

#[test]
fn an_assertion_gets_a_role() {
    let mut sts = Sts::new();
    let attributes = [
        attribute("RoleSessionName", "one"),
        attribute("SessionDuration", "1800"),
        attribute("SourceIdentity", "Alice"),
        attribute("PrincipalTag:Team", "red"),
    ];
    let assertion = saml(&attributes.concat());
    let answer = with_saml(&mut sts, &assertion, ROLE, &[]);
    assert_eq!(answer.status, 200, "{}", answer.xml);
    for (member, text) in [
        ("Issuer", "https://login.example/saml"),
        ("Subject", "me &amp; you"),
        ("SubjectType", "persistent"),
        ("Audience", "https://signin.aws.amazon.com/saml"),
        // base64(sha1("https://login.example/saml111111111111/Login"))
        ("NameQualifier", "q/laFZ9h7EpzfV6I/0H1859jYXQ="),
        ("SourceIdentity", "Alice"),
        ("Arn", SESSION_ARN),
        ("Expiration", "2026-01-01T01:00:00Z"),
    ] {
        assert_eq!(answer.text(member), text);
    }
    assert_eq!(sts.who(&answer.text("AccessKeyId")).2, SESSION_ARN);
    let ends = "<saml:AuthnStatement SessionNotOnOrAfter='2026-01-01T00:30:00+00:00'/>";
    let until = saml(&format!("{}{ends}", attribute("RoleSessionName", "one")));
    let shorter = with_saml(&mut sts, &until, ROLE, &[]);
    assert_eq!(shorter.text("Expiration"), "2026-01-01T00:30:00Z");
    let longer = with_saml(&mut sts, &assertion, ROLE, &[("DurationSeconds", "7200")]);
    assert_eq!(longer.text("Expiration"), "2026-01-01T02:00:00Z");
}

#[test]
fn assertions_that_cannot_be_used_are_refused() {
    let named = saml(&attribute("RoleSessionName", "one"));
    let broken = STANDARD.encode("<a><b></a>");
    let invalid = "InvalidIdentityToken";
    let must = "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}";
    for (assertion, role, code, message) in [
        ("?!?!".to_owned(), ROLE, invalid, "Invalid base64 SAMLResponse"),
        (broken, ROLE, invalid, "Invalid SAML response"),
        (saml(""), ROLE, invalid, "RoleSessionName is required in AuthnResponse"),
        (saml(&attribute("RoleSessionName", "a b")), ROLE, invalid, must),
        (
            named.clone(),
            "arn:aws:iam::111111111111:role/another",
            "AccessDenied",
            "Not authorized to perform sts:AssumeRoleWithSAML",
        ),
    ] {
        let answer = with_saml(&mut Sts::new(), &assertion, role, &[]);
        assert_eq!(answer.text("Code"), code, "{message}");
        assert_eq!(answer.text("Message"), message);
    }
    let mut sts = Sts::new();
    sts.world.advance_seconds(60);
    assert_eq!(with_saml(&mut sts, &named, ROLE, &[]).text("Code"), "ExpiredTokenException");
}
