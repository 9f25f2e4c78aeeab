//! Lambda's control plane over restJson1: one file a theme. Cases are tables.

mod addresses;
mod aliases;
mod code;
mod code_signing;
mod functions;
mod layers;
mod permissions;
mod qualified;
mod settings;

use std::io::{Cursor, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::cloud::testing::World;
use crate::kernel::{Lifecycle, PolicyMode, Settings};

const ROLE: &str = "arn:aws:iam::000000000000:role/r";
const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:f";
const FUNCTIONS: &str = "/2015-03-31/functions";
const ONE: &str = "/2015-03-31/functions/f";

struct Lambda {
    world: World,
}

/// An answer: status, error's name if it is one, body.
#[derive(Debug, PartialEq)]
struct Answer {
    status: u16,
    error: Option<String>,
    body: Value,
}

impl Lambda {
    fn new() -> Self {
        Self::with(Settings::default())
    }

    fn with(settings: Settings) -> Self {
        Self { world: World::with(settings) }
    }

    /// States pass in virtual time.
    fn timed() -> Self {
        Self::with(Settings { lifecycle: Lifecycle::Timed, ..Settings::default() })
    }

    /// With a function `f`.
    fn with_function() -> Self {
        let mut lambda = Self::new();
        lambda.create("f", &json!({}));
        lambda
    }

    fn ask(&mut self, method: &str, uri: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = crate::cloud::request::rest("lambda", (method, uri), body);
        self.send(request)
    }

    /// The same as a client of another account.
    fn ask_as(&mut self, account: &str, (method, uri): (&str, &str), body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut request = crate::cloud::request::rest("lambda", (method, uri), body);
        let scope = format!("Credential={account}/20260101/us-east-1/lambda/aws4_request");
        let signed = format!("AWS4-HMAC-SHA256 {scope}").parse().unwrap();
        request.headers_mut().insert("authorization", signed);
        self.send(request)
    }

    fn send(&mut self, request: http::Request<bytes::Bytes>) -> Answer {
        let response = self.world.send(request).expect("it answers at once");
        let error = response.headers().get("x-amzn-errortype");
        Answer {
            status: response.status().as_u16(),
            error: error.map(|name| name.to_str().unwrap().to_owned()),
            body: serde_json::from_slice(response.body()).unwrap_or_default(),
        }
    }

    fn ok(&mut self, method: &str, uri: &str, body: &Value) -> Value {
        let answer = self.ask(method, uri, body);
        assert_eq!(answer.error, None, "{method} {uri}: {answer:?}");
        assert!((200..300).contains(&answer.status), "{method} {uri}: {answer:?}");
        answer.body
    }

    /// The error's name and text.
    fn err(&mut self, method: &str, uri: &str, body: &Value) -> (u16, String, String) {
        let answer = self.ask(method, uri, body);
        let told = answer.body["message"].as_str().unwrap_or_default().to_owned();
        (answer.status, answer.error.unwrap_or_default(), told)
    }

    fn create(&mut self, name: &str, more: &Value) -> Value {
        self.ok("POST", FUNCTIONS, &function(name, more))
    }

    /// Publishes another version of `f`, and says its number.
    fn publish(&mut self) -> String {
        let description = self.world.cloud.now().millis().to_string();
        self.world.advance_seconds(1);
        let body = json!({"Environment": {"Variables": {"at": description}}});
        self.ok("PUT", &format!("{ONE}/configuration"), &body);
        let version = self.ok("POST", &format!("{ONE}/versions"), &json!({}));
        version["Version"].as_str().unwrap().to_owned()
    }

    fn look(&mut self, uri: &str) -> Value {
        self.ok("GET", uri, &Value::Null)
    }
}

/// The members that make a function; `more` replaces some.
fn function(name: &str, more: &Value) -> Value {
    let mut body = json!({
        "FunctionName": name,
        "Role": ROLE,
        "Runtime": "python3.13",
        "Handler": "app.handler",
        "Code": {"ZipFile": zip_of(&[("app.py", "def handler(event, context): pass")])},
    });
    for (member, value) in more.as_object().into_iter().flatten() {
        body[member] = value.clone();
    }
    body
}

/// The base64 of an archive.
fn zip_of(entries: &[(&str, &str)]) -> String {
    STANDARD.encode(archive(entries))
}

fn archive(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
