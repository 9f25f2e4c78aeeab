//! Connections: what they hold, and which states they pass.

use serde_json::{Value, json};

use super::{Events, arn};
use crate::cloud::Input;
use crate::kernel::{HttpAnswer, OutsideCall, OutsideRequest};

const INVALID: &str = "ValidationException";

pub(super) fn oauth() -> Value {
    json!({"OAuthParameters": {
        "AuthorizationEndpoint": "https://example.com/oauth?v=1",
        "ClientParameters": {"ClientID": "me", "ClientSecret": "secret&1"},
        "HttpMethod": "POST",
        "OAuthHttpParameters": {
            "BodyParameters": [{"Key": "scope", "Value": "all", "IsValueSecret": false}],
            "HeaderParameters": [{"Key": "X-Tenant", "Value": "t", "IsValueSecret": true}],
        },
    }})
}

impl Events {
    /// Makes the connection `c`; returns its ARN.
    pub(super) fn connection(&mut self, kind: &str, auth: &Value) -> String {
        let body = json!({"Name": "c", "AuthorizationType": kind, "AuthParameters": auth});
        let made = self.ok("CreateConnection", body);
        made["ConnectionArn"].as_str().unwrap().to_owned()
    }

    pub(super) fn state(&mut self) -> Value {
        self.ok("DescribeConnection", json!({"Name": "c"}))["ConnectionState"].clone()
    }

    /// The one HTTP request that the world outside was asked for.
    pub(super) fn asked(&mut self) -> Asked {
        let mut asked = self.0.take_asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        Asked::of(asked.remove(0))
    }

    pub(super) fn answer(&mut self, asked: &Asked, status: u16, body: &str) {
        self.answer_with(asked, status, &[], body);
    }

    pub(super) fn answer_with(
        &mut self,
        asked: &Asked,
        status: u16,
        headers: &[(&str, &str)],
        body: &str,
    ) {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let headers = headers.iter().map(own).collect();
        let answer = HttpAnswer { status, headers, body: body.to_owned().into() };
        self.0.feed(Input::Answered(asked.id, Ok(answer))).unwrap();
    }
}

/// A request to a server outside.
pub(super) struct Asked {
    pub(super) id: crate::kernel::OutsideId,
    pub(super) line: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Asked {
    pub(super) fn of(call: OutsideCall) -> Self {
        let OutsideRequest::Http { target, body } = call.request else {
            panic!("a function was asked for");
        };
        assert_eq!(target.timeout_seconds, 5);
        Self {
            id: call.id,
            line: format!("{} {}", target.method, target.url),
            headers: target.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Recorded on 2024-12-09.
#[test]
fn connections_come_and_go() {
    let basic = json!({"BasicAuthParameters": {"Username": "user", "Password": "pass"}});
    let key = json!({"ApiKeyAuthParameters": {"ApiKeyName": "ApiKey", "ApiKeyValue": "secret"}});
    for (kind, auth, shown) in [
        ("BASIC", basic, json!({"BasicAuthParameters": {"Username": "user"}})),
        ("API_KEY", key, json!({"ApiKeyAuthParameters": {"ApiKeyName": "ApiKey"}})),
    ] {
        let mut events = Events::new();
        let body = json!({"Name": "c", "AuthorizationType": kind, "AuthParameters": auth,
            "Description": "d"});
        let made = events.ok("CreateConnection", body.clone());
        assert_eq!(made["ConnectionState"], "AUTHORIZED");
        let conn = made["ConnectionArn"].as_str().unwrap().to_owned();
        assert!(conn.starts_with(&arn("events", "connection/c/")), "{conn}");
        let mut described = events.ok("DescribeConnection", json!({"Name": "c"}));
        let secret = described["SecretArn"].take();
        let prefix = arn("secretsmanager", "secret:events!connection/c/");
        assert!(secret.as_str().unwrap().starts_with(&prefix), "{secret}");
        let now = 1_767_225_600.0;
        let mut expected = json!({
            "Name": "c", "ConnectionArn": conn, "ConnectionState": "AUTHORIZED",
            "AuthorizationType": kind, "CreationTime": now, "LastModifiedTime": now,
            "LastAuthorizedTime": now, "AuthParameters": shown, "SecretArn": null,
            "Description": "d",
        });
        assert_eq!(described, expected);
        for gone in ["AuthParameters", "SecretArn", "Description"] {
            expected.as_object_mut().unwrap().remove(gone);
        }
        let listed = events.ok("ListConnections", json!({"ConnectionState": "AUTHORIZED"}));
        assert_eq!(listed, json!({"Connections": [expected]}));
        let listed = events.ok("ListConnections", json!({"NamePrefix": "x"}));
        assert_eq!(listed, json!({"Connections": []}));
        let exists = "Connection c already exists.";
        events.refused("CreateConnection", body, "ResourceAlreadyExistsException", exists);
        let deleted = events.ok("DeleteConnection", json!({"Name": "c"}));
        assert_eq!(deleted["ConnectionState"], "DELETING");
        for deed in ["describe", "delete", "update", "deauthorize"] {
            let operation = format!("{}{}Connection", deed[..1].to_uppercase(), &deed[1..]);
            let text =
                format!("Failed to {deed} the connection(s). Connection 'c' does not exist.");
            let missing = "ResourceNotFoundException";
            events.refused(&operation, json!({"Name": "c"}), missing, &text);
        }
    }
}

#[test]
fn connections_are_checked() {
    let mut events = Events::new();
    let good = json!({
        "Name": "c", "AuthorizationType": "BASIC",
        "AuthParameters": {"BasicAuthParameters": {"Username": "user", "Password": "pass"}},
    });
    let mut check = |change: Value, message: &str| {
        let mut body = good.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        events.refused("CreateConnection", body, INVALID, message);
    };
    let of = |member: &str, text: &str, constraint: &str| {
        format!("Value{text} at '{member}' failed to satisfy constraint: {constraint}")
    };
    let words = "Member must satisfy enum value set: [BASIC, OAUTH_CLIENT_CREDENTIALS, API_KEY]";
    let kind = of("authorizationType", " 'X'", words);
    check(json!({"AuthorizationType": "X"}), &format!("1 validation error detected: {kind}"));
    let pattern = "Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+";
    let name = of("name", " 'a b'", pattern);
    check(
        json!({"Name": "a b", "AuthorizationType": "X"}),
        &format!("2 validation errors detected: {name}; {kind}"),
    );
    let null = of("authParameters", " null", "Member must not be null");
    check(json!({"AuthParameters": null}), &format!("1 validation error detected: {null}"));
    let null =
        of("authParameters.basicAuthParameters.password", " null", "Member must not be null");
    check(
        json!({"AuthParameters": {"BasicAuthParameters": {"Username": "u"}}}),
        &format!("1 validation error detected: {null}"),
    );
    check(
        json!({"AuthorizationType": "API_KEY"}),
        "Parameter(s) ApiKeyAuthParameters must be specified for AuthorizationType API_KEY.",
    );
    let mut auth = oauth();
    auth["OAuthParameters"]["AuthorizationEndpoint"] = json!("ftp://example.com");
    check(
        json!({"AuthorizationType": "OAUTH_CLIENT_CREDENTIALS", "AuthParameters": auth}),
        "Parameter AuthorizationEndpoint is not valid. Reason: it must be the URL of an HTTPS \
         server.",
    );
    // A secret is not repeated.
    let secret = json!({"BasicAuthParameters": {"Username": "u", "Password": "a\nb"}});
    let mut body = good;
    body["AuthParameters"] = secret;
    let refused = events.err("CreateConnection", body);
    assert!(refused.message.contains("'***Sensitive Data Redacted***'"), "{}", refused.message);
}

#[test]
fn oauth_fetches_its_token() {
    let mut events = Events::new();
    events.connection("OAUTH_CLIENT_CREDENTIALS", &oauth());
    assert_eq!(events.state(), "AUTHORIZING");
    let asked = events.asked();
    assert_eq!(asked.line, "POST https://example.com/oauth?v=1");
    assert_eq!(asked.header("x-tenant"), Some("t"));
    assert_eq!(asked.header("content-type"), Some("application/x-www-form-urlencoded"));
    let body = "grant_type=client_credentials&client_id=me&client_secret=secret%261&scope=all";
    assert_eq!(asked.body, body);
    let shown = events.ok("DescribeConnection", json!({"Name": "c"}));
    let parameters = &shown["AuthParameters"]["OAuthParameters"];
    assert_eq!(parameters["ClientParameters"], json!({"ClientID": "me"}));
    let header = &parameters["OAuthHttpParameters"]["HeaderParameters"][0];
    assert_eq!(*header, json!({"Key": "X-Tenant", "IsValueSecret": true}));
    events.answer(&asked, 200, r#"{"access_token":"t1","expires_in":"3600"}"#);
    assert_eq!(events.state(), "AUTHORIZED");
    // New credentials, and a server that refuses them.
    let change = json!({"OAuthParameters": {"ClientParameters": {"ClientSecret": "s2"}}});
    events.ok("UpdateConnection", json!({"Name": "c", "AuthParameters": change}));
    let late = events.asked();
    assert!(late.body.contains("client_id=me&client_secret=s2"), "{}", late.body);
    events.ok("UpdateConnection", json!({"Name": "c", "AuthParameters": change}));
    let asked = events.asked();
    // The answer to what does not count any more.
    events.answer(&late, 200, r#"{"access_token":"t2"}"#);
    assert_eq!(events.state(), "AUTHORIZING");
    events.answer(&asked, 401, "");
    let shown = events.ok("DescribeConnection", json!({"Name": "c"}));
    assert_eq!(shown["ConnectionState"], "DEAUTHORIZED");
    assert_eq!(shown["StateReason"], "The authorization server answered 401.");
}

#[test]
fn answers_without_a_token_say_so() {
    let mut events = Events::new();
    events.connection("OAUTH_CLIENT_CREDENTIALS", &oauth());
    for body in ["", "[]", "{}", r#"{"access_token":1}"#, r#"{"access_token":"a\nb"}"#] {
        let asked = events.asked();
        events.answer(&asked, 200, body);
        let shown = events.ok("DescribeConnection", json!({"Name": "c"}));
        let reason = "The authorization server's answer has no access_token.";
        assert_eq!(shown["StateReason"], reason, "{body}");
        events.ok("UpdateConnection", json!({"Name": "c", "AuthParameters": oauth()}));
    }
    let asked = events.asked();
    events.0.feed(Input::Answered(asked.id, Err("no route".to_owned()))).unwrap();
    assert_eq!(events.state(), "DEAUTHORIZED");
}

#[test]
fn a_connection_is_deauthorized() {
    let mut events = Events::new();
    events.connection("BASIC", &json!({"BasicAuthParameters": {"Username": "u", "Password": "p"}}));
    let answer = events.ok("DeauthorizeConnection", json!({"Name": "c"}));
    assert_eq!(answer["ConnectionState"], "DEAUTHORIZING");
    let shown = events.ok("DescribeConnection", json!({"Name": "c"}));
    assert_eq!(shown["ConnectionState"], "DEAUTHORIZED");
    assert_eq!(shown["AuthParameters"], json!({}));
    let text = "Parameter(s) BasicAuthParameters must be specified for AuthorizationType BASIC.";
    let body = json!({"Name": "c", "AuthParameters": {}});
    events.refused("UpdateConnection", body, INVALID, text);
    let auth = json!({"BasicAuthParameters": {"Username": "u", "Password": "q"}});
    let answer = events.ok("UpdateConnection", json!({"Name": "c", "AuthParameters": auth}));
    assert_eq!(answer["ConnectionState"], "AUTHORIZED");
}
