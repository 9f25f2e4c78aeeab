//! What clients did, as a file of lines in JSON: a script that can be read, changed and played.
//!
//! The first line has the state that it begins with. Each input is a line, with its number and
//! time; each answer that a client got is one, with the number of its call.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::input::{HttpRequest, Input};
use super::journal::Record;
use super::saved::{Saved, SavedError};
use crate::kernel::CallId;
use crate::wire::Timestamp;

/// One line. Which members it has says what it is.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Line {
    /// The snapshot that the script begins with, in base64: the first line.
    snapshot: Option<String>,
    /// The number of an input.
    input: Option<u64>,
    /// Its virtual time in milliseconds since 1970.
    at: Option<i64>,
    /// What it is, for people.
    what: Option<String>,
    /// The number of the call that a request is.
    call: Option<u64>,
    request: Option<Message>,
    /// What is no request, or one that is no text, as the journal writes it: in base64.
    record: Option<String>,
    /// The number of the call that is answered.
    answer: Option<u64>,
    response: Option<Message>,
    /// Why it ends here, if nobody has ended it.
    ended: Option<String>,
}

/// A request or an answer.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Message {
    method: Option<String>,
    uri: Option<String>,
    status: Option<u16>,
    headers: Vec<(String, String)>,
    /// The body, if it is text.
    body: Option<String>,
    /// The body in base64, if it is none.
    bytes: Option<String>,
}

/// One input of a script.
#[derive(Clone, Debug)]
pub struct Step {
    pub number: u64,
    pub record: Record,
    /// The number of the call, if it is one.
    pub call: Option<CallId>,
}

/// When a client got which answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub call: CallId,
    pub answered: Answered,
    /// The number of the last input before it.
    pub after: u64,
}

/// An answer as its client got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// A script.
pub struct Script {
    pub begins: Saved,
    pub steps: Vec<Step>,
    /// The answers that clients got, in the order in which they got them.
    pub answers: Vec<Answer>,
    /// Why it ends where it does, if nobody has ended it.
    pub ended: Option<String>,
}

/// Why a text is no script.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScriptError {
    #[error("line {line}: {reason}")]
    Line { line: usize, reason: String },
    #[error("the first line must have a snapshot")]
    NoSnapshot,
    #[error(transparent)]
    Snapshot(#[from] SavedError),
}

impl Line {
    /// The first line.
    pub fn first(begins: &[u8]) -> Self {
        Self { snapshot: Some(STANDARD.encode(begins)), ..Self::default() }
    }

    /// An input as the journal writes it.
    pub fn input(number: u64, payload: &[u8], call: Option<CallId>) -> Self {
        let record = Record::read(payload).ok();
        let at = record.as_ref().and_then(Record::at).map(Timestamp::millis);
        let request = match &record {
            Some(Record::Given(_, Input::Request(request))) => Message::request(request),
            _ => None,
        };
        let raw = request.is_none().then(|| STANDARD.encode(payload));
        let what = record.as_ref().filter(|_| raw.is_some()).map(|record| record.word().to_owned());
        let (input, call) = (Some(number), call.map(|call| call.0));
        Self { input, at, what, call, request, record: raw, ..Self::default() }
    }

    pub fn answer(call: CallId, answer: &Answered) -> Self {
        let mut response = Message::of(&answer.headers, &answer.body).unwrap_or_default();
        response.status = Some(answer.status.as_u16());
        Self { answer: Some(call.0), response: Some(response), ..Self::default() }
    }

    pub fn end(reason: impl Into<String>) -> Self {
        Self { ended: Some(reason.into()), ..Self::default() }
    }

    /// With its end.
    pub fn write(&self) -> String {
        serde_json::to_string(self).expect("a line consists of plain values") + "\n"
    }

    fn step(&self, number: u64) -> Result<Step, String> {
        let record = match (&self.request, &self.record) {
            (Some(request), None) => {
                let at = self.at.ok_or("a request needs its time: at")?;
                let input = Input::Request(request.to_request()?);
                Record::Given(Timestamp::from_millis(at), input)
            }
            (None, Some(record)) => {
                let payload = STANDARD.decode(record).map_err(|error| error.to_string())?;
                Record::read(&payload).map_err(|error| error.to_string())?
            }
            _ => return Err("an input has either a request or a record".to_owned()),
        };
        Ok(Step { number, record, call: self.call.map(CallId) })
    }
}

impl Message {
    /// `None` if a header is no text.
    fn of(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let pair = |(name, value): (&HeaderName, &HeaderValue)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        };
        let headers = headers.iter().map(pair).collect::<Option<Vec<_>>>()?;
        let (body, bytes) = match std::str::from_utf8(body) {
            Ok(text) => (Some(text.to_owned()), None),
            Err(_) => (None, Some(STANDARD.encode(body))),
        };
        Some(Self { headers, body, bytes, ..Self::default() })
    }

    fn request(request: &HttpRequest) -> Option<Self> {
        let HttpRequest { parts, body } = request;
        let (method, uri) = (Some(parts.method.to_string()), Some(parts.uri.to_string()));
        Some(Self { method, uri, ..Self::of(&parts.headers, body)? })
    }

    fn body(&self) -> Result<Bytes, String> {
        match (&self.body, &self.bytes) {
            (Some(text), None) => Ok(text.clone().into()),
            (None, Some(bytes)) => {
                STANDARD.decode(bytes).map(Bytes::from).map_err(|error| error.to_string())
            }
            (None, None) => Ok(Bytes::new()),
            _ => Err("there is either a body or bytes".to_owned()),
        }
    }

    fn headers(&self) -> Result<HeaderMap, String> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let name = name.parse::<HeaderName>().map_err(|error| error.to_string())?;
            let value = value.parse::<HeaderValue>().map_err(|error| error.to_string())?;
            headers.try_append(name, value).map_err(|error| error.to_string())?;
        }
        Ok(headers)
    }

    fn to_request(&self) -> Result<HttpRequest, String> {
        let method = self.method.as_deref().unwrap_or("POST");
        let mut request = Request::new(self.body()?);
        *request.method_mut() =
            Method::from_bytes(method.as_bytes()).map_err(|error| error.to_string())?;
        let uri = self.uri.as_deref().unwrap_or("/");
        *request.uri_mut() = uri.parse::<Uri>().map_err(|error| error.to_string())?;
        *request.headers_mut() = self.headers()?;
        Ok(request.into())
    }

    fn to_answer(&self) -> Result<Answered, String> {
        let status = StatusCode::from_u16(self.status.ok_or("an answer has a status")?);
        let status = status.map_err(|error| error.to_string())?;
        Ok(Answered { status, headers: self.headers()?, body: self.body()? })
    }
}

impl From<Response<Bytes>> for Answered {
    fn from(response: Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        Self { status: parts.status, headers: parts.headers, body }
    }
}

impl Script {
    /// Reads a file.
    ///
    /// # Errors
    /// [`ScriptError`] with the line that is none.
    pub fn read(text: &str) -> Result<Self, ScriptError> {
        let mut lines = text.lines().enumerate().map(|(place, text)| {
            let line = serde_json::from_str::<Line>(text);
            let wrong = |error: serde_json::Error| Self::wrong(place, error.to_string());
            line.map(|line| (place, line)).map_err(wrong)
        });
        let first = lines.next().transpose()?.and_then(|(_, line)| line.snapshot);
        let begins = STANDARD.decode(first.ok_or(ScriptError::NoSnapshot)?);
        let begins = begins.map_err(|error| Self::wrong(0, error.to_string()))?;
        let (steps, answers) = (Vec::new(), Vec::new());
        let mut script = Self { begins: Saved::read(&begins)?, steps, answers, ended: None };
        for line in lines {
            let (place, line) = line?;
            script.add(line).map_err(|reason| Self::wrong(place, reason))?;
        }
        Ok(script)
    }

    fn wrong(place: usize, reason: String) -> ScriptError {
        ScriptError::Line { line: place + 1, reason }
    }

    fn add(&mut self, line: Line) -> Result<(), String> {
        match (line.input, line.answer, &line.ended) {
            (Some(number), None, None) => {
                if self.steps.last().is_some_and(|last| last.number >= number) {
                    return Err("the numbers of inputs rise".to_owned());
                }
                self.steps.push(line.step(number)?);
            }
            (None, Some(call), None) => {
                let response = line.response.as_ref().ok_or("an answer has a response")?;
                let (call, answered) = (CallId(call), response.to_answer()?);
                let after = self.steps.last().map_or(0, |step| step.number);
                self.answers.push(Answer { call, answered, after });
            }
            (None, None, Some(reason)) => self.ended = Some(reason.clone()),
            _ => return Err("a line is an input, an answer or the end".to_owned()),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::journal::{Draft, Pace};
    use crate::cloud::{Driver, request};
    use crate::kernel::Settings;

    fn begins() -> Vec<u8> {
        let at = Timestamp::from_millis(5);
        let pace = Pace { virtual_time: at, machine_time: at, seconds_a_second: 0.0 };
        Saved::of(&Driver::new(Settings::default()).cloud, pace).write()
    }

    #[test]
    fn a_script_is_read_as_it_was_written() {
        let text = request::json("AmazonSQS.ListQueues", "{}").into_parts();
        let raw =
            Request::put("/p?q").header("host", "h").body(Bytes::from_static(b"\xff")).unwrap();
        let raw = raw.into_parts();
        let odd = Request::get("/").header("x", HeaderValue::from_bytes(b"\xe9").unwrap());
        let odd = odd.body(Bytes::new()).unwrap().into_parts();
        let answer = Answered::from(Response::new(Bytes::from_static(b"{}")));
        let mut lines = Line::first(&begins()).write();
        let requests = [&text, &raw, &odd];
        for (number, (parts, body)) in requests.into_iter().enumerate() {
            let mut draft = Draft::request(parts, body);
            draft.set_time(Timestamp::from_millis(7));
            let number = number as u64;
            let line = Line::input(number, draft.payload(), Some(CallId(number)));
            assert_eq!(line.request.is_some(), number < 2);
            lines += &line.write();
        }
        lines += &Line::answer(CallId(1), &answer).write();
        lines += &Line::input(9, Draft::reset(Timestamp::from_millis(9)).payload(), None).write();
        lines += &Line::end("enough").write();
        let script = Script::read(&lines).unwrap();
        assert_eq!(script.answers, [Answer { call: CallId(1), answered: answer, after: 2 }]);
        assert_eq!((script.ended.as_deref(), script.steps.len()), (Some("enough"), 4));
        for (step, (parts, body)) in script.steps.iter().zip(requests) {
            let Record::Given(at, Input::Request(read)) = &step.record else { panic!("{step:?}") };
            assert_eq!((at.millis(), &read.body), (7, body));
            assert_eq!((&read.parts.method, &read.parts.uri), (&parts.method, &parts.uri));
            assert_eq!(read.parts.headers, parts.headers);
        }
        assert!(matches!(script.steps[3].record, Record::Reset(_)));
    }

    #[test]
    fn what_is_no_script_is_refused_with_its_line() {
        let refused = |text: &str| Script::read(text).err().expect("it is refused").to_string();
        assert_eq!(refused(""), "the first line must have a snapshot");
        assert_eq!(refused("{}"), "the first line must have a snapshot");
        let first = Line::first(&begins()).write();
        for (line, reason) in [
            ("nothing", "line 2: expected ident"),
            ("{}", "line 2: a line is an input, an answer or the end"),
            (r#"{"input":1}"#, "line 2: an input has either a request or a record"),
            (r#"{"input":1,"request":{}}"#, "line 2: a request needs its time"),
            (r#"{"input":1,"at":1,"request":{"uri":"\n"}}"#, "line 2: invalid uri"),
            (r#"{"answer":1}"#, "line 2: an answer has a response"),
            (r#"{"answer":1,"response":{"status":9}}"#, "line 2: invalid status"),
            (r#"{"surprise":1}"#, "line 2: unknown field `surprise`"),
        ] {
            let told = refused(&format!("{first}{line}\n"));
            assert!(told.starts_with(reason), "{line}: {told}");
        }
        let twice = r#"{"input":1,"at":1,"request":{}}"#;
        let told = refused(&format!("{first}{twice}\n{twice}\n"));
        assert_eq!(told, "line 3: the numbers of inputs rise");
    }
}
