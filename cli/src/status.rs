//! `skyrig status` and `skyrig watch`: what there is, and what happens, as lines for a terminal.

use std::fmt::Write as _;
use std::io;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;
use skyrig::kernel::TraceNode;

use crate::client::{ClientError, Endpoint};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(250);

#[derive(Debug, clap::Args)]
pub(crate) struct Status {
    #[command(flatten)]
    endpoint: Endpoint,
    /// Print the data instead of text.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Watch {
    #[command(flatten)]
    endpoint: Endpoint,
    /// Only what mentions this: a resource's name, an id.
    #[arg(long, value_name = "TEXT", default_value = "")]
    about: String,
    /// Also what has happened already.
    #[arg(long)]
    all: bool,
    /// End when that is shown.
    #[arg(long, requires = "all")]
    no_follow: bool,
}

impl Status {
    /// What there is.
    ///
    /// # Errors
    /// [`ClientError`].
    pub(crate) fn text(&self) -> Result<String, ClientError> {
        let body = self.endpoint.page("/_skyrig/status")?;
        if self.json {
            return Ok(String::from_utf8_lossy(&body).into_owned());
        }
        let status: Value = self.endpoint.read(&body)?;
        let worlds: Value = self.endpoint.read(&self.endpoint.page("/_skyrig/worlds")?)?;
        Ok(told(&status, &worlds))
    }
}

fn told(status: &Value, worlds: &Value) -> String {
    let mut text = format!("virtual time {}\n", status["now"].as_str().unwrap_or_default());
    let places = status["places"].as_array().into_iter().flatten();
    let mut is_empty = true;
    for place in places {
        let mut lines = String::new();
        for (kind, list) in place.as_object().into_iter().flatten() {
            for entry in list.as_array().into_iter().flatten() {
                let _ = writeln!(lines, "  {:14} {}", one(kind), line(entry));
            }
        }
        if !lines.is_empty() {
            is_empty = false;
            let (account, region) = (&place["account"], &place["region"]);
            let (account, region) = (account.as_str(), region.as_str());
            let (account, region) = (account.unwrap_or_default(), region.unwrap_or_default());
            let _ = write!(text, "{account} {region}\n{lines}");
        }
    }
    if is_empty {
        text.push_str("nothing is there yet\n");
    }
    let left_out = status["left_out"].as_u64().unwrap_or_default();
    if left_out > 0 {
        let _ = writeln!(text, "and {left_out} other accounts and regions");
    }
    let names = worlds["worlds"].as_array().into_iter().flatten();
    let names: Vec<&str> = names.filter_map(|world| world["name"].as_str()).collect();
    if names.len() > 1 {
        let _ = writeln!(text, "worlds: {}", names.join(", "));
    }
    text
}

/// One of a kind, as people say it.
fn one(kind: &str) -> String {
    let words = kind.replace('_', " ");
    match words.as_str() {
        "buses" => "bus".to_owned(),
        other => other.strip_suffix('s').unwrap_or(other).to_owned(),
    }
}

/// An entry: its name, and what else is known.
fn line(entry: &Value) -> String {
    let mut text = entry["name"].as_str().unwrap_or_default().to_owned();
    for (member, value) in entry.as_object().into_iter().flatten() {
        let words = member.replace('_', " ");
        match value {
            Value::Null => {}
            Value::String(_) if member == "name" => {}
            Value::String(value) => {
                let _ = write!(text, "  {value}");
            }
            Value::Array(list) => {
                for entry in list {
                    let _ = write!(text, "\n    {:12} {}", one(&words), line(entry));
                }
            }
            Value::Object(counts) => {
                for (what, count) in counts {
                    let _ = write!(text, "  {count} {}", what.to_lowercase());
                }
            }
            other => {
                let _ = write!(text, "  {other} {words}");
            }
        }
    }
    text
}

/// Shows what happens until the process is ended or nobody reads.
///
/// # Errors
/// [`ClientError`].
pub(crate) fn watch(watch: &Watch, out: &mut impl io::Write) -> Result<(), ClientError> {
    let mut after = if watch.all { 0 } else { watch.latest()? };
    // Nobody ever sends: waiting for it is a pause.
    let (_sender, never) = mpsc::channel::<()>();
    loop {
        let entries = watch.entries(after)?;
        after = entries.last().map_or(after, |entry| entry.id);
        for entry in &entries {
            let line = flowed(entry);
            if line.contains(&watch.about) && writeln!(out, "{line}").is_err() {
                return Ok(());
            }
        }
        if out.flush().is_err() || watch.no_follow {
            return Ok(());
        }
        let _timed_out = never.recv_timeout(PAUSE);
    }
}

impl Watch {
    fn entries(&self, after: u64) -> Result<Vec<TraceNode>, ClientError> {
        let page = format!("/_skyrig/lineage?after={after}");
        self.endpoint.read(&self.endpoint.page(&page)?)
    }

    fn latest(&self) -> Result<u64, ClientError> {
        Ok(self.entries(0)?.last().map_or(0, |entry| entry.id))
    }
}

fn flowed(entry: &TraceNode) -> String {
    let TraceNode { at, what, resource, subject, note, .. } = entry;
    let name = resource.rsplit(':').next().unwrap_or(resource);
    let note = note.as_ref().map(|note| format!("  {note}")).unwrap_or_default();
    format!("{at} {subject} {} {name}{note}", what.words())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_status_is_lines() {
        let status = json!({
            "now": "2026-01-01T00:00:00.000Z",
            "places": [
                {"account": "0", "region": "r", "queues": [
                    {"name": "q", "visible": 1, "in_flight": 2, "delayed": 0}
                ], "buses": [{"name": "b", "rules": [{"name": "r", "state": "ENABLED"}]}],
                "state_machines": [{"name": "m", "executions": {"RUNNING": 3}}]},
                {"account": "1", "region": "r"}
            ],
            "left_out": 2
        });
        let worlds = json!({"worlds": [{"name": "default"}, {"name": "w"}]});
        let expected = "virtual time 2026-01-01T00:00:00.000Z\n0 r\n  queue          q  1 visible  \
                        2 in flight  0 delayed\n  bus            b\n    rule         r  ENABLED\n  \
                        state machine  m  3 running\nand 2 other accounts and regions\nworlds: \
                        default, w\n";
        assert_eq!(told(&status, &worlds), expected);
        let nothing = told(&json!({"now": "t", "places": []}), &json!({"worlds": []}));
        assert_eq!(nothing, "virtual time t\nnothing is there yet\n");
    }
}
