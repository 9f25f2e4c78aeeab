//! IAM over the query protocol: one file a theme. Cases are tables.

mod documents;
mod known;
mod lists;
mod policies;
mod profiles;
mod requests;
mod roles;
mod users;

use std::fmt::Write as _;

use bytes::Bytes;
use http::{Request, Response};

use crate::cloud::testing::World;
use crate::kernel::Settings;

const ROOT: &str = "111111111111";
const TRUST: &str = concat!(
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "#,
    r#""Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"#,
);
const ALLOW: &str = concat!(
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","#,
    r#""Action":"sqs:SendMessage","Resource":"*"}]}"#,
);
const DENY: &str = concat!(
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","#,
    r#""Action":"sqs:*","Resource":"arn:aws:sqs:*:*:*"}]}"#,
);
const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const BASIC: &str = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

type Members<'a> = &'a [(&'a str, &'a str)];

struct Iam {
    world: World,
}

/// What was answered.
#[derive(Debug)]
struct Answer {
    status: u16,
    xml: String,
}

impl Iam {
    fn new() -> Self {
        Self::with(Settings::default())
    }

    fn with(settings: Settings) -> Self {
        Self { world: World::with(settings) }
    }

    /// Calls an operation of a service with an access key id, in a region.
    fn call(
        &mut self,
        (key, region): (&str, &str),
        (service, version): (&str, &str),
        operation: &str,
        members: Members<'_>,
    ) -> Answer {
        let form = form(operation, version, members);
        let scope = format!("Credential={key}/20260101/{region}/{service}/aws4_request");
        let request = Request::post("/")
            .header("host", "localhost:4566")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("authorization", format!("AWS4-HMAC-SHA256 {scope}"));
        let response = self.world.send(request.body(Bytes::from(form)).unwrap()).unwrap();
        Answer { status: response.status().as_u16(), xml: text(&response) }
    }

    fn ask(&mut self, operation: &str, members: Members<'_>) -> Answer {
        self.call((ROOT, "us-east-1"), ("iam", "2010-05-08"), operation, members)
    }

    fn sts(&mut self, key: &str, operation: &str, members: Members<'_>) -> Answer {
        self.call((key, "us-east-1"), ("sts", "2011-06-15"), operation, members)
    }

    fn ok(&mut self, operation: &str, members: Members<'_>) -> Answer {
        let answer = self.ask(operation, members);
        assert_eq!(answer.status, 200, "{operation} {members:?}: {}", answer.xml);
        answer
    }

    /// Code, message and status of an error.
    fn err(&mut self, operation: &str, members: Members<'_>) -> (String, String, u16) {
        self.ask(operation, members).refused()
    }

    /// Asks for what must fail with this code and message.
    fn refuses(&mut self, operation: &str, members: Members<'_>, code: &str, message: &str) {
        let (found, text, _) = self.err(operation, members);
        assert_eq!((found.as_str(), text.as_str()), (code, message), "{operation} {members:?}");
    }

    /// Makes a role; its ARN.
    fn role(&mut self, name: &str) -> String {
        let members = [("RoleName", name), ("AssumeRolePolicyDocument", TRUST)];
        self.ok("CreateRole", &members).text("Arn")
    }

    /// Makes a managed policy; its ARN.
    fn policy(&mut self, name: &str) -> String {
        let members = [("PolicyName", name), ("PolicyDocument", ALLOW)];
        self.ok("CreatePolicy", &members).text("Arn")
    }

    fn user(&mut self, name: &str) -> String {
        self.ok("CreateUser", &[("UserName", name)]).text("Arn")
    }
}

impl Answer {
    /// The text of the first element of this name.
    fn text(&self, name: &str) -> String {
        self.find(name).unwrap_or_else(|| panic!("no {name}: {}", self.xml))
    }

    fn find(&self, name: &str) -> Option<String> {
        self.all(name).into_iter().next()
    }

    /// The texts of all elements of this name that hold text.
    fn all(&self, name: &str) -> Vec<String> {
        let (start, end) = (format!("<{name}>"), format!("</{name}>"));
        let pieces = self.xml.split(&start).skip(1);
        let texts = pieces.filter_map(|piece| Some(piece.split_once(&end)?.0));
        texts.map(unescaped).collect()
    }

    /// What is between the answer's head and the request's id.
    fn body(&self) -> &str {
        self.xml.split_once("<ResponseMetadata>").expect("it has metadata").0
    }

    fn refused(&self) -> (String, String, u16) {
        assert_ne!(self.status, 200, "{}", self.xml);
        (self.text("Code"), self.text("Message"), self.status)
    }
}

fn form(operation: &str, version: &str, members: Members<'_>) -> String {
    let mut form = format!("Action={operation}&Version={version}");
    for (name, value) in members {
        let _ = write!(form, "&{name}={}", encoded(value));
    }
    form
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&quot;", "\"").replace("&apos;", "'");
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
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
