//! What a request to AWS is about, as far as its bytes tell: its service and operation, and what of
//! messages goes in and comes out. Knows the protocols of AWS, and no service but SQS.

use bytes::Bytes;
use http::HeaderMap;
use http::request::Parts;
use serde_json::Value;

/// Operations that ask whether there is something to do, with what their answers hold then.
const POLLS: [(&str, &str); 3] = [
    ("ReceiveMessage", "ReceiptHandle"),
    ("GetRecords", "SequenceNumber"),
    ("GetActivityTask", "taskToken"),
];
/// Members that name what a call is about.
const SUBJECTS: [&str; 9] = [
    "QueueUrl",
    "QueueName",
    "TableName",
    "TopicArn",
    "TargetArn",
    "FunctionName",
    "stateMachineArn",
    "logGroupName",
    "EventBusName",
];

/// One request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Call {
    pub(super) service: String,
    /// Empty where only a path says it.
    pub(super) operation: String,
    /// What it is about, by its short name.
    pub(super) subject: Option<String>,
    /// The receipt handles that it names.
    pub(super) handles: Vec<String>,
    /// Gives messages back at once: a visibility timeout of zero.
    pub(super) gives_back: bool,
}

/// A message that an answer holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Received {
    pub(super) id: String,
    pub(super) handle: String,
}

impl Call {
    pub(super) fn read(parts: &Parts, body: &Bytes) -> Self {
        let service = signed_for(&parts.headers).unwrap_or_default();
        let target = header(&parts.headers, "x-amz-target");
        if let Some((_, operation)) = target.and_then(|target| target.rsplit_once('.')) {
            return Self::of_json(service, operation, body);
        }
        let form = std::str::from_utf8(body).unwrap_or_default();
        match form.starts_with("Action=") || form.contains("&Action=") {
            true => Self::of_form(service, form),
            false => {
                let path = parts.uri.path();
                let operation = format!("{} {path}", parts.method);
                let (handles, subject) = (Vec::new(), None);
                Self { service, operation, subject, handles, gives_back: false }
            }
        }
    }

    fn of_json(service: String, operation: &str, body: &[u8]) -> Self {
        let input: Value = serde_json::from_slice(body).unwrap_or_default();
        let subject = SUBJECTS.iter().find_map(|name| input[*name].as_str()).map(short);
        let entries = input["Entries"].as_array().into_iter().flatten();
        let all = std::iter::once(&input).chain(entries);
        let handle = |it: &Value| it["ReceiptHandle"].as_str().map(str::to_owned);
        let handles = all.clone().filter_map(handle).collect();
        let gives_back = all.clone().any(|it| it["VisibilityTimeout"] == 0)
            && operation.starts_with("ChangeMessageVisibility");
        Self { service, operation: operation.to_owned(), subject, handles, gives_back }
    }

    fn of_form(service: String, form: &str) -> Self {
        let pairs: Vec<(String, String)> = form
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (decoded(name), decoded(value)))
            .collect();
        let value = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map(|it| &it.1);
        let subject = SUBJECTS.iter().find_map(|name| value(name)).map(|name| short(name));
        let ends = |end: &'static str| pairs.iter().filter(move |(name, _)| name.ends_with(end));
        let operation = value("Action").cloned().unwrap_or_default();
        let gives_back = operation.starts_with("ChangeMessageVisibility")
            && ends("VisibilityTimeout").any(|(_, value)| value == "0");
        let handles = ends("ReceiptHandle").map(|(_, handle)| handle.clone()).collect();
        Self { service, operation, subject, handles, gives_back }
    }

    /// It asks whether there is something to do.
    pub(super) fn is_poll(&self) -> bool {
        POLLS.iter().any(|(operation, _)| *operation == self.operation)
    }

    pub(super) fn receives(&self) -> bool {
        self.operation == "ReceiveMessage"
    }

    /// An answer that brings nothing to do.
    pub(super) fn found_nothing(&self, answer: &[u8]) -> bool {
        let mark = POLLS.iter().find(|(operation, _)| *operation == self.operation);
        mark.is_some_and(|(_, mark)| !contains(answer, mark.as_bytes()))
    }

    /// The messages that a receive has brought.
    pub(super) fn received(&self, answer: &[u8]) -> Vec<Received> {
        if !self.receives() {
            return Vec::new();
        }
        if let Ok(answer) = serde_json::from_slice::<Value>(answer) {
            let messages = answer["Messages"].as_array().into_iter().flatten();
            let one = |it: &Value| {
                let text = |name: &str| it[name].as_str().map(str::to_owned);
                Some(Received { id: text("MessageId")?, handle: text("ReceiptHandle")? })
            };
            return messages.filter_map(one).collect();
        }
        let answer = String::from_utf8_lossy(answer);
        let ids = elements(&answer, "MessageId");
        let handles = elements(&answer, "ReceiptHandle");
        ids.zip(handles).map(|(id, handle)| Received { id, handle }).collect()
    }

    /// For people: `PutItem orders`.
    pub(super) fn told(&self) -> String {
        match &self.subject {
            Some(subject) => format!("{} {subject}", self.operation),
            None => self.operation.clone(),
        }
    }
}

/// The texts of all elements of this name.
fn elements<'a>(xml: &'a str, name: &str) -> impl Iterator<Item = String> + 'a {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = xml;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(&open)?;
        let (text, behind) = after.split_once(&close)?;
        rest = behind;
        Some(text.replace("&amp;", "&"))
    })
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// The service that the signature names.
fn signed_for(headers: &HeaderMap) -> Option<String> {
    let (_, scope) = header(headers, "authorization")?.split_once("Credential=")?;
    let scope = scope.split(',').next()?;
    scope.split('/').nth(3).map(str::to_owned)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn short(name: &str) -> String {
    name.rsplit(['/', ':']).next().unwrap_or(name).to_owned()
}

/// A part of a form.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let hex = |digit: Option<u8>| char::from(digit?).to_digit(16);
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let code = hex(rest.next()).zip(hex(rest.next()));
                let code = code.map(|(high, low)| high * 16 + low);
                bytes.push(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(b'?'));
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{Call, Received};
    use bytes::Bytes;
    use http::Request;

    fn call(target: Option<&str>, body: &str) -> Call {
        let scope = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, X=1";
        let mut request = Request::post("/").header("authorization", scope);
        if let Some(target) = target {
            request = request.header("x-amz-target", target);
        }
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        Call::read(&parts, &Bytes::from(body.to_owned()))
    }

    #[test]
    fn both_protocols_are_read() {
        let json = call(
            Some("AmazonSQS.DeleteMessageBatch"),
            r#"{"QueueUrl":"http://h/0/orders",
                "Entries":[{"ReceiptHandle":"a"},{"ReceiptHandle":"b"}]}"#,
        );
        let form = call(
            None,
            "Action=DeleteMessageBatch&QueueUrl=http%3A%2F%2Fh%2F0%2Forders\
             &DeleteMessageBatchRequestEntry.1.ReceiptHandle=a\
             &DeleteMessageBatchRequestEntry.2.ReceiptHandle=b",
        );
        assert_eq!(json, form);
        assert_eq!(
            (json.service.as_str(), json.told().as_str()),
            ("sqs", "DeleteMessageBatch orders")
        );
        assert_eq!(json.handles, ["a", "b"]);
        assert_eq!(call(None, "").operation, "POST /");
    }

    #[test]
    fn what_is_received_is_known() {
        let receive = call(Some("AmazonSQS.ReceiveMessage"), r#"{"QueueUrl":"orders"}"#);
        let wanted = [Received { id: "1".to_owned(), handle: "h+&".to_owned() }];
        let json = r#"{"Messages":[{"MessageId":"1","ReceiptHandle":"h+&","Body":"x"}]}"#;
        let xml = "<R><MessageId>1</MessageId><ReceiptHandle>h+&amp;</ReceiptHandle></R>";
        for answer in [json, xml] {
            assert_eq!(receive.received(answer.as_bytes()), wanted, "{answer}");
            assert!(receive.is_poll() && !receive.found_nothing(answer.as_bytes()));
        }
        assert!(receive.found_nothing(b"{}"));
        let send = call(Some("AmazonSQS.SendMessage"), json);
        assert!(!send.is_poll() && !send.found_nothing(b"{}") && send.received(b"{}").is_empty());
    }

    #[test]
    fn a_timeout_of_zero_gives_back() {
        let check = |body: &str, wanted: bool| {
            let json = call(Some("AmazonSQS.ChangeMessageVisibility"), body);
            assert_eq!(json.gives_back, wanted, "{body}");
        };
        check(r#"{"ReceiptHandle":"a","VisibilityTimeout":0}"#, true);
        check(r#"{"ReceiptHandle":"a","VisibilityTimeout":30}"#, false);
        let form = "Action=ChangeMessageVisibility&ReceiptHandle=a&VisibilityTimeout=0";
        assert!(call(None, form).gives_back);
    }
}
