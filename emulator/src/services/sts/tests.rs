//! STS over the query protocol: one file a theme. Cases are tables.

mod identity;
mod identity_providers;
mod requests;
mod roles;
mod sessions;

use std::fmt::Write as _;

use bytes::Bytes;
use http::{Request, Response};

use crate::cloud::testing::World;
use crate::kernel::Settings;

/// An account's number as access key id: its user's.
const ROOT: &str = "111111111111";
const ROLE: &str = "arn:aws:iam::111111111111:role/path/reader";

struct Sts {
    world: World,
}

/// What STS answered.
#[derive(Debug)]
struct Answer {
    status: u16,
    xml: String,
}

impl Sts {
    fn new() -> Self {
        Self { world: World::new() }
    }

    fn strict() -> Self {
        Self { world: World::with(Settings { strict: true, ..Settings::default() }) }
    }

    /// Calls an operation with an access key id; members are written as in forms.
    fn ask(&mut self, key: &str, operation: &str, members: &[(&str, &str)]) -> Answer {
        let mut form = format!("Action={operation}&Version=2011-06-15");
        for (name, value) in members {
            let _ = write!(form, "&{name}={}", encoded(value));
        }
        let request = Request::post("/")
            .header("host", "localhost:4566")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("authorization", authorization(key, "sts"));
        let response = self.world.send(request.body(Bytes::from(form)).unwrap()).unwrap();
        Answer { status: response.status().as_u16(), xml: text(&response) }
    }

    fn ok(&mut self, key: &str, operation: &str, members: &[(&str, &str)]) -> Answer {
        let answer = self.ask(key, operation, members);
        assert_eq!(answer.status, 200, "{operation} {members:?}: {}", answer.xml);
        answer
    }

    /// Code, message and status of an error.
    fn err(
        &mut self,
        key: &str,
        operation: &str,
        members: &[(&str, &str)],
    ) -> (String, String, u16) {
        let answer = self.ask(key, operation, members);
        assert_ne!(answer.status, 200, "{operation} {members:?}: {}", answer.xml);
        let message = answer.text("Message").replace("&apos;", "'").replace("&quot;", "\"");
        (answer.text("Code"), message, answer.status)
    }

    /// The access key id of a new session of [`ROLE`], which `key` assumes.
    fn assume(&mut self, key: &str, session: &str, more: &[(&str, &str)]) -> String {
        let members = [("RoleArn", ROLE), ("RoleSessionName", session)];
        let answer = self.ok(key, "AssumeRole", &[&members, more].concat());
        answer.text("AccessKeyId")
    }

    /// Who `key` is: id, account and ARN.
    fn who(&mut self, key: &str) -> (String, String, String) {
        let answer = self.ok(key, "GetCallerIdentity", &[]);
        (answer.text("UserId"), answer.text("Account"), answer.text("Arn"))
    }
}

impl Answer {
    /// The text of the first element of this name.
    fn text(&self, name: &str) -> String {
        self.find(name).unwrap_or_else(|| panic!("no {name}: {}", self.xml))
    }

    fn find(&self, name: &str) -> Option<String> {
        let (_, rest) = self.xml.split_once(&format!("<{name}>"))?;
        Some(rest.split_once("</")?.0.to_owned())
    }
}

fn authorization(key: &str, service: &str) -> String {
    format!("AWS4-HMAC-SHA256 Credential={key}/20260101/us-east-1/{service}/aws4_request")
}

fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(byte)),
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    out
}

fn text(response: &Response<Bytes>) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}
