//! `skyrig logs tail`: a client of a running emulator that shows a log group's events as they come.
//!
//! Asks FilterLogEvents over plain HTTP, again and again. Knows the wire and nothing of the cloud.

use std::collections::BTreeSet;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::wire::Timestamp;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(500);
/// How long the emulator may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Far more than a page of events, which is a mebibyte of messages, can be as JSON.
const ANSWER_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Events that come with times of so much before the youngest are still shown.
const LATE_MILLIS: i64 = 60_000;

/// Flags of `skyrig logs tail`.
#[derive(Debug, clap::Args)]
pub(super) struct Tail {
    /// The log group's name.
    group: String,
    /// A filter pattern, as in FilterLogEvents.
    #[arg(long, value_name = "PATTERN", default_value = "")]
    filter: String,
    /// How many of the events that are there already are shown.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    lines: u16,
    /// End when these are shown.
    #[arg(long)]
    no_follow: bool,
    /// Where the emulator listens.
    #[arg(long, env = "AWS_ENDPOINT_URL", default_value = "http://127.0.0.1:4566")]
    endpoint: String,
    /// The region that holds the group.
    #[arg(long, env = "AWS_REGION", default_value = "us-east-1")]
    region: String,
    /// Twelve digits are the account that holds the group.
    #[arg(long, env = "AWS_ACCESS_KEY_ID", default_value = "test", value_name = "ID")]
    access_key_id: String,
}

/// Why nothing more is shown.
#[derive(Debug, thiserror::Error)]
pub(super) enum TailError {
    #[error("{0} is no address of an emulator: http://HOST:PORT is wanted")]
    Endpoint(String),
    #[error("cannot reach {endpoint}: {reason}")]
    Unreachable { endpoint: String, reason: io::Error },
    #[error("the answer of {0} cannot be understood")]
    Answer(String),
    /// AWS's words.
    #[error("{0}")]
    Refused(String),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    events: Vec<Event>,
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    event_id: String,
    timestamp: i64,
    log_stream_name: String,
    message: String,
}

/// Shows events until the process is ended or nobody reads.
///
/// # Errors
/// [`TailError`].
pub(super) fn run(tail: &Tail, out: &mut impl io::Write) -> Result<(), TailError> {
    let mut page = tail.last_events()?;
    page.reverse();
    let mut youngest = page.last().map_or(0, |event| event.timestamp);
    // What is there already and is none of the last is not new either.
    let mut known = BTreeSet::new();
    if !tail.no_follow {
        let there = tail.events_since(youngest - LATE_MILLIS)?.into_iter();
        known.extend(there.filter(|event| event.timestamp <= youngest).map(|event| event.place()));
    }
    for event in &page {
        known.remove(&event.place());
    }
    // Nobody ever sends: waiting for it is a pause.
    let (_sender, never) = mpsc::channel::<()>();
    loop {
        for event in page {
            youngest = youngest.max(event.timestamp);
            if known.insert(event.place()) && !show(out, &event) {
                return Ok(());
            }
        }
        if tail.no_follow {
            return Ok(());
        }
        let since = youngest - LATE_MILLIS;
        known = known.split_off(&(since, String::new()));
        let _timed_out = never.recv_timeout(PAUSE);
        page = tail.events_since(since)?;
    }
}

impl Event {
    /// Its time and id.
    fn place(&self) -> (i64, String) {
        (self.timestamp, self.event_id.clone())
    }
}

/// Whether somebody still reads.
fn show(out: &mut impl io::Write, event: &Event) -> bool {
    let Event { timestamp, log_stream_name, message, .. } = event;
    let at = Timestamp::from_millis(*timestamp).iso_millis();
    let message = message.trim_end_matches('\n');
    writeln!(out, "{at} {log_stream_name} {message}").and_then(|()| out.flush()).is_ok()
}

impl Tail {
    /// The last events, the youngest first.
    fn last_events(&self) -> Result<Vec<Event>, TailError> {
        let mut events = Vec::new();
        let mut token = None;
        loop {
            let wanted = usize::from(self.lines) - events.len();
            let page = self.ask(json!({"startFromHead": false, "limit": wanted}), token)?;
            events.extend(page.events);
            token = page.next_token;
            if token.is_none() || events.len() >= usize::from(self.lines) {
                return Ok(events);
            }
        }
    }

    fn events_since(&self, timestamp: i64) -> Result<Vec<Event>, TailError> {
        let mut events = Vec::new();
        let mut token = None;
        loop {
            let page = self.ask(json!({"startTime": timestamp.max(0)}), token)?;
            events.extend(page.events);
            token = page.next_token;
            if token.is_none() {
                return Ok(events);
            }
        }
    }

    fn ask(&self, mut input: Value, token: Option<String>) -> Result<Page, TailError> {
        input["logGroupName"] = json!(self.group);
        input["filterPattern"] = json!(self.filter);
        if let Some(token) = token {
            input["nextToken"] = json!(token);
        }
        let (status, body) = self.post(&input.to_string())?;
        let not_understood = || TailError::Answer(self.endpoint.clone());
        if status != 200 {
            let error: Value = serde_json::from_slice(&body).map_err(|_| not_understood())?;
            let text = error["message"].as_str().ok_or_else(not_understood)?;
            return Err(TailError::Refused(text.to_owned()));
        }
        serde_json::from_slice(&body).map_err(|_| not_understood())
    }

    /// One request on a connection of its own: the status, and the body.
    fn post(&self, body: &str) -> Result<(u16, Vec<u8>), TailError> {
        let authority = self.endpoint.strip_prefix("http://").map(|it| it.trim_end_matches('/'));
        let no_address = || TailError::Endpoint(self.endpoint.clone());
        let authority = authority.filter(|it| !it.contains('/')).ok_or_else(no_address)?;
        let address = match authority.rsplit_once(':') {
            Some(_) => authority.to_owned(),
            None => format!("{authority}:80"),
        };
        let (key, region, length) = (&self.access_key_id, &self.region, body.len());
        if [key, region].iter().any(|text| !text.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(no_address());
        }
        let head = format!(
            "POST / HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n\
             content-type: application/x-amz-json-1.1\r\n\
             x-amz-target: Logs_20140328.FilterLogEvents\r\n\
             authorization: AWS4-HMAC-SHA256 Credential={key}/20260101/{region}/logs/aws4_request, \
             SignedHeaders=host, Signature=0\r\ncontent-length: {length}\r\n\r\n"
        );
        let exchange = || -> io::Result<Vec<u8>> {
            let mut stream = TcpStream::connect(&address)?;
            stream.set_read_timeout(Some(TIMEOUT))?;
            stream.set_write_timeout(Some(TIMEOUT))?;
            stream.write_all(head.as_bytes())?;
            stream.write_all(body.as_bytes())?;
            let mut answer = Vec::new();
            stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer)?;
            Ok(answer)
        };
        let answer = exchange().map_err(|reason| {
            let endpoint = self.endpoint.clone();
            TailError::Unreachable { endpoint, reason }
        })?;
        parts(&answer).ok_or_else(|| TailError::Answer(self.endpoint.clone()))
    }
}

/// The status and body of an answer, whose length its head says.
fn parts(answer: &[u8]) -> Option<(u16, Vec<u8>)> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let (head, body) = (std::str::from_utf8(&answer[..end]).ok()?, &answer[end + 4..]);
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    let (_, length) = lines.find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
    let length: usize = length.trim().parse().ok()?;
    Some((status, body.get(..length)?.to_vec()))
}
