//! `skyrig logs tail`: a client of a running emulator that shows a log group's events as they come.
//!
//! Asks FilterLogEvents again and again. Knows the wire and nothing of the cloud.

use std::collections::BTreeSet;
use std::io;
use std::sync::mpsc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::client::{Client, ClientError, Spoken};
use skyrig::Timestamp;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(500);
/// Events that come with times of so much before the youngest are still shown.
const LATE_MILLIS: i64 = 60_000;
const LOGS: Spoken = Spoken { service: "logs", target: "Logs_20140328", version: 1 };

/// Flags of `skyrig logs tail`.
#[derive(Debug, clap::Args)]
pub(crate) struct Tail {
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
    #[command(flatten)]
    client: Client,
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
/// [`ClientError`].
pub(crate) fn run(tail: &Tail, out: &mut impl io::Write) -> Result<(), ClientError> {
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
    fn last_events(&self) -> Result<Vec<Event>, ClientError> {
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

    fn events_since(&self, timestamp: i64) -> Result<Vec<Event>, ClientError> {
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

    fn ask(&self, mut input: Value, token: Option<String>) -> Result<Page, ClientError> {
        input["logGroupName"] = json!(self.group);
        input["filterPattern"] = json!(self.filter);
        if let Some(token) = token {
            input["nextToken"] = json!(token);
        }
        self.client.ask(LOGS, "FilterLogEvents", &input)
    }
}
