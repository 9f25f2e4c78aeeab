//! The requests of a recording, sent to another endpoint, and what its answers have that those
//! recorded have not.
//!
//! Ids, handles and times are drawn anew by every endpoint: where two answers differ in one, the
//! other endpoint's takes the place of the recorded one in the requests that follow.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{Request, Response, StatusCode};
use serde_json::Value;
use skyrig::cloud::journal::Record;
use skyrig::cloud::{Answer, Answered, HttpRequest, Input, Script};
use skyrig::kernel::CallId;

use crate::asking::encoded;
use crate::client::{ClientError, Endpoint};
use crate::playing::asked;

/// Least characters of what may have been drawn.
const DRAWN_MIN: usize = 16;
/// Numbers from here on may be times, in seconds since 1970.
const TIMES: f64 = 1e9;
/// So much earlier does a request arrive that waits for what comes after it.
const HEAD_START: Duration = Duration::from_millis(100);
/// Names of members that hold sentences: they are compared as they stand.
const SENTENCES: [&str; 3] = ["message", "Message", "error"];

/// What both endpoints drew for the same thing.
#[derive(Default)]
pub(crate) struct Drawn {
    pairs: BTreeMap<String, String>,
    /// Nothing may differ at all.
    is_strict: bool,
}

impl Drawn {
    /// For answers that have to be the same.
    pub(crate) fn none() -> Self {
        Self { is_strict: true, ..Self::default() }
    }

    /// Whether two texts are the same but for what was drawn; what is new is learned.
    fn is_same(&mut self, recorded: &str, there: &str) -> bool {
        if recorded == there || self.translated(recorded) == there {
            return true;
        }
        let is_drawn = |text: &str| {
            text.len() >= DRAWN_MIN
                && text.bytes().any(|byte| byte.is_ascii_digit())
                && !text.contains(char::is_whitespace)
        };
        if self.is_strict || !is_drawn(recorded) || !is_drawn(there) {
            return false;
        }
        self.pairs.insert(recorded.to_owned(), there.to_owned());
        true
    }

    /// A text with what the other endpoint drew.
    fn translated(&self, text: &str) -> String {
        let mut text = text.to_owned();
        // The longer ones first: one may be a part of another.
        let mut pairs: Vec<_> = self.pairs.iter().collect();
        pairs.sort_by_key(|(recorded, _)| std::cmp::Reverse(recorded.len()));
        for (recorded, there) in pairs {
            if text.contains(recorded.as_str()) {
                text = text.replace(recorded.as_str(), there);
            }
            let (in_form, in_form_there) = (encoded(recorded), encoded(there));
            if in_form != *recorded && text.contains(&in_form) {
                text = text.replace(&in_form, &in_form_there);
            }
        }
        text
    }
}

/// Sends the requests, one after the other; the differences, and a summary. One that was answered
/// only after others had come waits for its answer meanwhile.
///
/// # Errors
/// [`ClientError`] if nobody answers.
pub(crate) fn compare(
    script: &Script,
    until: u64,
    endpoint: &Endpoint,
) -> Result<(Vec<String>, String), ClientError> {
    let mut compared = Compared::default();
    let recorded = script.answers.iter().map(|answer| (answer.call, answer));
    let recorded: BTreeMap<CallId, &Answer> = recorded.collect();
    let mut left_out = 0;
    let (_sender, never) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let mut parked: Vec<(&Answer, ScopedJoinHandle<'_, _>)> = Vec::new();
        for step in script.steps.iter().take_while(|step| step.number <= until) {
            if let (Record::Given(_, Input::Request(request)), Some(call)) =
                (&step.record, step.call)
            {
                let request = translated(request, &compared.drawn);
                match recorded.get(&call) {
                    Some(answer) if answer.after > step.number => {
                        parked.push((answer, scope.spawn(move || endpoint.send(request))));
                        // Nobody ever sends: waiting for it is a pause.
                        let _timed_out = never.recv_timeout(HEAD_START);
                    }
                    answer => compared.judge(script, answer.copied(), endpoint.send(request)?),
                }
            } else {
                left_out += usize::from(!matches!(step.record, Record::Given(_, Input::Time)));
            }
            let is_answered = |(answer, _): &mut (&Answer, _)| answer.after <= step.number;
            for (answer, there) in parked.extract_if(.., is_answered) {
                compared.judge(script, Some(answer), joined(there)?);
            }
        }
        for (answer, there) in parked {
            compared.judge(script, Some(answer), joined(there)?);
        }
        Ok::<_, ClientError>(())
    })?;
    let others = match left_out {
        0 => String::new(),
        left_out => format!("; {left_out} inputs are no requests and were left out"),
    };
    let Compared { told, sent, same, .. } = compared;
    let summary = format!("{sent} requests were sent; {same} answers are the same{others}");
    Ok((told, summary))
}

type Sent = Result<Response<Bytes>, ClientError>;

fn joined(there: ScopedJoinHandle<'_, Sent>) -> Sent {
    there.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// What came of the requests so far.
#[derive(Default)]
struct Compared {
    drawn: Drawn,
    told: Vec<String>,
    sent: usize,
    same: usize,
}

impl Compared {
    fn judge(&mut self, script: &Script, recorded: Option<&Answer>, there: Response<Bytes>) {
        self.sent += 1;
        let Some(recorded) = recorded else { return };
        let differing = differences(&recorded.answered, &there.into(), &mut self.drawn);
        self.same += usize::from(differing.is_empty());
        let what = asked(script, recorded.call);
        self.told.extend(differing.into_iter().map(|difference| format!("{what}: {difference}")));
    }
}

fn translated(request: &HttpRequest, drawn: &Drawn) -> Request<Bytes> {
    let HttpRequest { parts, body } = request;
    let body = match std::str::from_utf8(body) {
        Ok(text) => Bytes::from(drawn.translated(text)),
        Err(_) => body.clone(),
    };
    let length = body.len();
    let mut sent = Request::new(body);
    *sent.method_mut() = parts.method.clone();
    let path = parts.uri.path_and_query().map_or("/", |it| it.as_str());
    *sent.uri_mut() = drawn.translated(path).parse().unwrap_or_else(|_| parts.uri.clone());
    *sent.headers_mut() = parts.headers.clone();
    // Where it was recorded is not where it is sent to.
    sent.headers_mut().remove("x-skyrig-world");
    sent.headers_mut().insert(CONTENT_LENGTH, length.into());
    sent
}

/// What differs between a recorded answer and another one.
pub(crate) fn differences(recorded: &Answered, there: &Answered, drawn: &mut Drawn) -> Vec<String> {
    let mut told = Vec::new();
    if recorded.status != there.status {
        let (one, other) = (summary(recorded), summary(there));
        return vec![format!("{one} was recorded, {other} is answered")];
    }
    let json = |answer: &Answered| serde_json::from_slice::<Value>(&answer.body);
    match (json(recorded), json(there)) {
        (Ok(one), Ok(other)) => walk("", &one, &other, drawn, &mut told),
        _ => tokens(recorded, there, drawn, &mut told),
    }
    told
}

fn summary(answer: &Answered) -> String {
    let Answered { status, body, .. } = answer;
    if *status == StatusCode::OK {
        return status.as_u16().to_string();
    }
    let text = String::from_utf8_lossy(body);
    format!("{} {}", status.as_u16(), text.chars().take(200).collect::<String>())
}

fn walk(path: &str, one: &Value, other: &Value, drawn: &mut Drawn, told: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            for (name, value) in one {
                let path = format!("{path}/{name}");
                match other.get(name) {
                    Some(there) => walk(&path, value, there, drawn, told),
                    None => told.push(format!("{path} is missing")),
                }
            }
            for name in other.keys().filter(|name| !one.contains_key(*name)) {
                told.push(format!("{path}/{name} was not recorded"));
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            if one.len() != other.len() {
                let (recorded, there) = (one.len(), other.len());
                told.push(format!("{path} has {there} entries, {recorded} were recorded"));
            }
            for (place, (one, other)) in one.iter().zip(other).enumerate() {
                walk(&format!("{path}/{place}"), one, other, drawn, told);
            }
        }
        (Value::String(one), Value::String(other)) => {
            let is_sentence = SENTENCES.iter().any(|name| path.ends_with(&format!("/{name}")));
            let is_same = match is_sentence {
                true => drawn.translated(one) == *other,
                false => drawn.is_same(one, other),
            };
            if !is_same {
                told.push(format!("{path} is {other:?}, {one:?} was recorded"));
            }
        }
        (Value::Number(one), Value::Number(other)) => {
            let is_time =
                |number: &serde_json::Number| number.as_f64().is_some_and(|it| it > TIMES);
            let are_times = !drawn.is_strict && is_time(one) && is_time(other);
            if one != other && !are_times {
                told.push(format!("{path} is {other}, {one} was recorded"));
            }
        }
        (one, other) if one == other => {}
        (one, other) => told.push(format!("{path} is {other}, {one} was recorded")),
    }
}

/// Compares XML, or whatever it is, by what stands between angle brackets and outside of them.
fn tokens(recorded: &Answered, there: &Answered, drawn: &mut Drawn, told: &mut Vec<String>) {
    let texts = [recorded, there].map(|answer| String::from_utf8_lossy(&answer.body).into_owned());
    let split = |text: &str| -> Vec<String> {
        let tokens = text.split(['<', '>']).map(str::trim).filter(|token| !token.is_empty());
        tokens.map(str::to_owned).collect()
    };
    let [one, other] = texts.each_ref().map(|text| split(text));
    let mut within = "";
    for (one, other) in one.iter().zip(&other) {
        if !drawn.is_same(one, other) {
            told.push(format!("after {within}: {other:?}, {one:?} was recorded"));
            return;
        }
        within = one;
    }
    if one.len() != other.len() {
        told.push(format!("after {within}: the answers go on otherwise"));
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    fn answer(status: u16, body: &str) -> Answered {
        let status = StatusCode::from_u16(status).expect("a status");
        Answered { status, headers: HeaderMap::new(), body: body.to_owned().into() }
    }

    #[test]
    fn what_is_drawn_anew_is_no_difference_and_is_learned() {
        let (one, other) = ("6f1d2c3b-0000-4000-8000-000000000001", "aaaa-bbbb-cccc-dddd-0002");
        let mut drawn = Drawn::default();
        let body = |id: &str| format!(r#"{{"MessageId":"{id}","At":1767225600.5,"N":1}}"#);
        let (recorded, there) = (answer(200, &body(one)), answer(200, &body(other)));
        assert_eq!(differences(&recorded, &there, &mut drawn), [""; 0]);
        assert_eq!(drawn.translated(&format!("q={one}!")), format!("q={other}!"));
        let third = answer(200, &body("aaaa-bbbb-cccc-dddd-0003"));
        // What was drawn for the same thing once is expected to stay.
        assert_eq!(differences(&recorded, &third, &mut Drawn::none()).len(), 1);
        let xml = |id: &str| format!("<R><Id>{id}</Id><N>1</N></R>");
        let (recorded, there) = (answer(200, &xml(one)), answer(200, &xml(other)));
        assert_eq!(differences(&recorded, &there, &mut drawn), [""; 0]);
    }

    #[test]
    fn differences_are_named() {
        for (one, other, told) in [
            (r#"{"a":1}"#, r#"{"a":2}"#, "/a is 2, 1 was recorded"),
            (r#"{"a":1}"#, "{}", "/a is missing"),
            ("{}", r#"{"a":1}"#, "/a was not recorded"),
            (r#"{"a":[1]}"#, r#"{"a":[]}"#, "/a has 0 entries, 1 were recorded"),
            (r#"{"a":"x"}"#, r#"{"a":"y"}"#, r#"/a is "y", "x" was recorded"#),
            (
                r#"{"message":"no-queue-1234567"}"#,
                r#"{"message":"no-queue-7654321"}"#,
                r#"/message is "no-queue-7654321", "no-queue-1234567" was recorded"#,
            ),
            ("<a>1</a>", "<a>2</a>", r#"after a: "2", "1" was recorded"#),
            ("<a>1</a>", "<a>1</a><b/>", "after /a: the answers go on otherwise"),
        ] {
            let (one, other) = (answer(200, one), answer(200, other));
            assert_eq!(differences(&one, &other, &mut Drawn::default()), [told]);
        }
        let told = differences(&answer(200, "{}"), &answer(400, "no"), &mut Drawn::default());
        assert_eq!(told, ["200 was recorded, 400 no is answered"]);
    }
}
