//! One event as a query sees it: its own fields, and those that AWS finds in its message.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value as Json;

use super::super::group::LogGroup;
use super::super::position::Position;
use super::super::stream::StoredEvent;
use super::pipeline::pointer;
use super::value::Value;

/// An event and where it is from.
pub(in crate::services::logs) struct Record<'g> {
    group: &'g LogGroup,
    stream: &'g str,
    pub(super) position: Position,
    event: &'g StoredEvent,
    /// What the message is as JSON, once somebody has asked.
    json: RefCell<Option<Option<Rc<Json>>>>,
}

/// Fields of a message that AWS finds.
///
/// Source: user guide "Supported logs and discovered fields".
const FIELDS_MAX: usize = 200;
const DEPTH_MAX: usize = 16;
/// Groups of functions, whose reports have fields of their own.
const OF_FUNCTIONS: &str = "/aws/lambda/";

impl<'g> Record<'g> {
    pub(in crate::services::logs) fn of(
        group: &'g LogGroup,
        stream: &'g str,
        position: Position,
        event: &'g StoredEvent,
    ) -> Self {
        Self { group, stream, position, event, json: RefCell::new(None) }
    }

    pub(super) fn bytes(&self) -> usize {
        self.event.message.len()
    }

    /// Forgets what was read of the message.
    pub(super) fn forget(&self) {
        self.json.take();
    }

    fn json(&self) -> Option<Rc<Json>> {
        let read = || {
            let message = self.event.message.trim();
            // Functions write a line's head before an object.
            let at = message.find('{')?;
            let is_head = at == 0 || self.group.name.starts_with(OF_FUNCTIONS);
            is_head.then(|| serde_json::from_str(&message[at..]).ok()).flatten().map(Rc::new)
        };
        self.json.borrow_mut().get_or_insert_with(read).clone()
    }

    pub(super) fn get(&self, name: &str) -> Value {
        match name {
            "@timestamp" => Value::Time(self.position.timestamp),
            "@ingestionTime" => Value::Time(self.event.ingested),
            "@message" => Value::Text(self.event.message.to_string()),
            "@logStream" => Value::Text(self.stream.to_owned()),
            "@log" => Value::Text(self.log()),
            "@ptr" => Value::Text(pointer(&self.group.name, self.stream, self.position)),
            _ if name.starts_with('@') => self.of_function(name),
            _ => self
                .json()
                .and_then(|json| walk(&json, name, 0).map(Value::of_json))
                .unwrap_or(Value::Missing),
        }
    }

    fn log(&self) -> String {
        format!("{}:{}", self.group.arn.account(), self.group.name)
    }

    /// A field of the lines that Lambda writes itself.
    fn of_function(&self, name: &str) -> Value {
        if !self.group.name.starts_with(OF_FUNCTIONS) {
            return Value::Missing;
        }
        let message = &*self.event.message;
        let between = |before: &str| {
            let (_, rest) = message.split_once(before)?;
            rest.split_whitespace().next()
        };
        let number = |before: &str, factor: f64| {
            let number = between(before).and_then(|text| text.parse::<f64>().ok());
            number.map_or(Value::Missing, |number| Value::Number(number * factor))
        };
        let kind = message.split_whitespace().next();
        let kind = kind.filter(|kind| matches!(*kind, "START" | "END" | "REPORT" | "INIT_START"));
        match name {
            "@requestId" => {
                between("RequestId: ").map_or(Value::Missing, |id| Value::Text(id.to_owned()))
            }
            "@type" => kind.map_or(Value::Missing, |kind| Value::Text(kind.to_owned())),
            "@duration" => number("\tDuration: ", 1.0),
            "@billedDuration" => number("Billed Duration: ", 1.0),
            "@initDuration" => number("Init Duration: ", 1.0),
            "@memorySize" => number("Memory Size: ", 1e6),
            "@maxMemoryUsed" => number("Max Memory Used: ", 1e6),
            _ => Value::Missing,
        }
    }

    /// Every field with its text.
    pub(in crate::services::logs) fn all_fields(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for name in ["@timestamp", "@ingestionTime", "@message", "@logStream", "@log", "@ptr"] {
            let text = match self.get(name) {
                Value::Time(millis) => Some(millis.to_string()),
                other => other.text(),
            };
            all.extend(text.map(|text| (name.to_owned(), text)));
        }
        if let Some(json) = self.json() {
            flatten(&json, String::new(), 0, &mut all);
        }
        all
    }
}

/// What a name such as `a.b.0` leads to; a member may have points in its own name.
pub(super) fn walk<'j>(json: &'j Json, name: &str, depth: usize) -> Option<&'j Json> {
    if let Some(found) = step(json, name) {
        return Some(found);
    }
    if depth == DEPTH_MAX {
        return None;
    }
    let (first, rest) = name.split_once('.')?;
    walk(step(json, first)?, rest, depth + 1)
}

fn step<'j>(json: &'j Json, name: &str) -> Option<&'j Json> {
    match json {
        Json::Object(members) => members.get(name),
        Json::Array(elements) => elements.get(name.parse::<usize>().ok()?),
        _ => None,
    }
}

fn flatten(json: &Json, name: String, depth: usize, all: &mut BTreeMap<String, String>) {
    if all.len() >= FIELDS_MAX || depth > DEPTH_MAX {
        return;
    }
    let below = |part: &str| match name.is_empty() {
        true => part.to_owned(),
        false => format!("{name}.{part}"),
    };
    match json {
        Json::Object(members) => {
            members.iter().for_each(|(part, json)| flatten(json, below(part), depth + 1, all));
        }
        Json::Array(elements) => elements
            .iter()
            .enumerate()
            .for_each(|(at, json)| flatten(json, below(&at.to_string()), depth + 1, all)),
        scalar => drop(Value::of_json(scalar).text().map(|text| all.insert(name, text))),
    }
}
