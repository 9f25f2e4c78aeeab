//! What differs between two states, in words: by service, account, region and resource.
//!
//! States are compared as they are written down, so no service need know of it.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::saved::{Saved, SavedError};
use crate::wire::cbor;

/// Most lines.
const LINES_MAX: usize = 200;
/// Most names that are told of what is new or gone in one place.
const NAMES_MAX: usize = 5;
/// Longest value that is told, in characters.
const CHARACTERS_MAX: usize = 60;
/// What every request changes, whatever it is about.
const OF_EVERY_REQUEST: [&str; 5] = ["ids", "next_call", "next_outside", "lineage", "timers"];

/// Something written down.
#[derive(Clone, Debug, PartialEq)]
enum Node {
    /// `None` for what is absent.
    Value(Option<String>),
    Bytes(Vec<u8>),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Saved {
    /// What another state has that this one has not, and the other way round.
    ///
    /// # Errors
    /// [`SavedError`] if one of them cannot be read.
    pub fn differences(&self, after: &Self) -> Result<Vec<String>, SavedError> {
        let (before, after) = (self.parts()?, after.parts()?);
        let mut told = Told::default();
        told.kernel(&before.kernel, &after.kernel);
        let names = before.services.keys().chain(after.services.keys());
        let mut names: Vec<&String> = names.collect();
        names.sort_unstable();
        names.dedup();
        let nothing = BTreeMap::new();
        for name in names {
            let of = |parts: &Parts| parts.services.get(name).cloned();
            let (before, after) = (of(&before), of(&after));
            let (before, after) = (before.as_ref(), after.as_ref());
            told.service(name, before.unwrap_or(&nothing), after.unwrap_or(&nothing));
        }
        Ok(told.lines())
    }

    fn parts(&self) -> Result<Parts, SavedError> {
        let read = |bytes: &[u8]| {
            let node = cbor::from_slice::<Node>(bytes);
            node.map_err(|error| SavedError::Unreadable(error.to_string()))
        };
        let mut parts = Parts { kernel: Node::Value(None), services: BTreeMap::new() };
        let Node::Map(members) = read(self.state())? else { return Err(SavedError::Damaged) };
        for (name, node) in members {
            match (name.as_str(), node) {
                ("kernel", node) => parts.kernel = node,
                ("services", Node::Map(services)) => {
                    for (name, node) in services {
                        let Node::Bytes(bytes) = node else { return Err(SavedError::Damaged) };
                        parts.services.insert(name, places(read(&bytes)?));
                    }
                }
                _ => {}
            }
        }
        Ok(parts)
    }
}

/// The parts of a state.
struct Parts {
    kernel: Node,
    services: BTreeMap<String, Places>,
}

/// A service's states by account and region.
type Places = BTreeMap<String, Node>;

fn places(node: Node) -> Places {
    let Node::List(pairs) = node else { return Places::new() };
    let place = |pair: Node| match pair {
        Node::List(pair) => match <[Node; 2]>::try_from(pair) {
            Ok([Node::Map(scope), state]) => {
                let words = scope.iter().filter_map(|(_, node)| node.key());
                Some((words.collect::<Vec<_>>().join(" "), state))
            }
            _ => None,
        },
        _ => None,
    };
    pairs.into_iter().filter_map(place).collect()
}

impl Node {
    /// As a key of a list of pairs, or a value that is told.
    fn key(&self) -> Option<String> {
        match self {
            Self::Value(value) => value.clone(),
            Self::List(parts) => {
                let parts: Option<Vec<String>> = parts.iter().map(Self::key).collect();
                parts.map(|parts| parts.join(" "))
            }
            Self::Bytes(_) | Self::Map(_) => None,
        }
    }

    /// A list of pairs is a map whose keys are no text.
    fn entries(&self) -> Option<BTreeMap<String, &Node>> {
        match self {
            Self::Map(entries) => {
                Some(entries.iter().map(|(name, node)| (name.clone(), node)).collect())
            }
            Self::List(pairs) if !pairs.is_empty() => {
                let pair = |pair: &'_ Node| match pair {
                    Self::List(pair) if pair.len() == 2 => pair[0].key(),
                    _ => None,
                };
                let keys: Option<Vec<String>> = pairs.iter().map(pair).collect();
                let values = pairs.iter().filter_map(|pair| match pair {
                    Self::List(pair) => pair.get(1),
                    _ => None,
                });
                let entries: BTreeMap<_, _> = keys?.into_iter().zip(values).collect();
                (entries.len() == pairs.len()).then_some(entries)
            }
            Self::List(_) => Some(BTreeMap::new()),
            Self::Value(None) => Some(BTreeMap::new()),
            Self::Value(Some(_)) | Self::Bytes(_) => None,
        }
    }

    fn shown(&self) -> String {
        let text = match self {
            Self::Value(None) => "nothing".to_owned(),
            Self::Value(Some(value)) => value.clone(),
            Self::Bytes(bytes) => format!("{} bytes", bytes.len()),
            Self::List(list) => format!("a list of {}", list.len()),
            Self::Map(map) => match map.first() {
                Some((name, _)) if map.len() == 1 => words(name),
                _ => format!("{} members", map.len()),
            },
        };
        let short: String = text.chars().take(CHARACTERS_MAX).collect();
        if short.len() < text.len() { short + "…" } else { short }
    }
}

/// A member's name as words.
fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// What is told.
#[derive(Default)]
struct Told {
    lines: Vec<String>,
    left_out: usize,
}

impl Told {
    fn lines(mut self) -> Vec<String> {
        if self.left_out > 0 {
            self.lines.push(format!("and {} other differences", self.left_out));
        }
        self.lines
    }

    fn say(&mut self, line: String) {
        match self.lines.len() < LINES_MAX {
            true => self.lines.push(line),
            false => self.left_out += 1,
        }
    }

    fn kernel(&mut self, before: &Node, after: &Node) {
        let (Some(before), Some(after)) = (before.entries(), after.entries()) else { return };
        let mut is_used = false;
        for (name, node) in &after {
            match (name.as_str(), before.get(name)) {
                (_, Some(before)) if before == node => {}
                (name, _) if OF_EVERY_REQUEST.contains(&name) => is_used = true,
                ("now", Some(before)) => {
                    self.say(format!("virtual time: {} → {}", before.shown(), node.shown()));
                }
                (_, Some(before)) => self.compare(&words(name), before, node),
                (_, None) => self.say(format!("{}: new", words(name))),
            }
        }
        if is_used {
            self.say("ids, timers or lineage: other requests were made".to_owned());
        }
    }

    fn service(&mut self, name: &str, before: &Places, after: &Places) {
        for (place, node) in after {
            let path = format!("{name} in {place}:");
            self.compare(&path, before.get(place).unwrap_or(&Node::Value(None)), node);
        }
        for place in before.keys().filter(|place| !after.contains_key(*place)) {
            self.say(format!("{name} in {place}: all is gone"));
        }
    }

    fn compare(&mut self, path: &str, before: &Node, after: &Node) {
        if before == after {
            return;
        }
        let (Some(old), Some(new)) = (before.entries(), after.entries()) else {
            match (before, after) {
                (Node::List(old), Node::List(new)) if old.len() == new.len() => {
                    for (place, (old, new)) in old.iter().zip(new).enumerate() {
                        self.compare(&format!("{path} {}", place + 1), old, new);
                    }
                }
                _ => self.say(format!("{path}: {} → {}", before.shown(), after.shown())),
            }
            return;
        };
        // What one of two has in another form is told as a whole.
        if matches!((before, after), (Node::Map(a), Node::Map(b)) if is_variant(a) && is_variant(b))
            && old.keys().ne(new.keys())
        {
            return self.say(format!("{path}: {} → {}", before.shown(), after.shown()));
        }
        self.names(path, "new", new.keys().filter(|key| !old.contains_key(*key)));
        self.names(path, "gone", old.keys().filter(|key| !new.contains_key(*key)));
        for (key, node) in &new {
            if let Some(before) = old.get(key) {
                self.compare(&format!("{path} {}", words(key)), before, node);
            }
        }
    }

    fn names<'k>(&mut self, path: &str, what: &str, keys: impl Iterator<Item = &'k String>) {
        let keys: Vec<&str> = keys.map(String::as_str).collect();
        if keys.is_empty() {
            return;
        }
        let named = keys.iter().take(NAMES_MAX).map(|key| Node::Value(Some((*key).to_owned())));
        let named: Vec<String> = named.map(|key| key.shown()).collect();
        let others = match keys.len().checked_sub(NAMES_MAX) {
            Some(others) if others > 0 => format!(" and {others} others"),
            _ => String::new(),
        };
        self.say(format!("{path} {}{others}: {what}", named.join(", ")));
    }
}

/// Whether a map of one entry may be a variant of an enumeration.
fn is_variant(map: &[(String, Node)]) -> bool {
    map.len() == 1 && map[0].0.starts_with(|first: char| first.is_ascii_uppercase())
}

/// A duration, which people know in seconds.
fn duration(entries: &[(String, Node)]) -> Option<Node> {
    let [(secs, Node::Value(Some(seconds))), (nanos, Node::Value(Some(rest)))] = entries else {
        return None;
    };
    if (secs.as_str(), nanos.as_str()) != ("secs", "nanos") {
        return None;
    }
    let nanos: u32 = rest.parse().ok()?;
    let millis = nanos / 1_000_000;
    let text =
        if millis == 0 { format!("{seconds} s") } else { format!("{seconds}.{millis:03} s") };
    Some(Node::Value(Some(text)))
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Value(Some(value.to_string())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Value(Some(value.to_string())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Value(Some(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Value(Some(value.to_string())))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Value(Some(value.to_owned())))
    }

    fn visit_bytes<E>(self, value: &[u8]) -> Result<Node, E> {
        Ok(Node::Bytes(value.to_vec()))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Value(None))
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Value(None))
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Node, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Node, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = list.next_element()? {
            nodes.push(node);
        }
        Ok(Node::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(duration(&entries).unwrap_or(Node::Map(entries)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::journal::Pace;
    use crate::cloud::{Driver, request};
    use crate::kernel::Settings;

    fn saved(driver: &Driver) -> Saved {
        let now = driver.cloud.now();
        let pace = Pace { virtual_time: now, machine_time: now, seconds_a_second: 0.0 };
        Saved::of(&driver.cloud, pace)
    }

    fn sqs(driver: &mut Driver, operation: &str, body: &str) {
        let answer = driver.send(request::json(&format!("AmazonSQS.{operation}"), body.to_owned()));
        assert_eq!(answer.unwrap().status(), 200);
    }

    #[test]
    fn what_differs_is_told_by_service_and_resource() {
        let mut driver = Driver::new(Settings::default());
        sqs(&mut driver, "CreateQueue", r#"{"QueueName":"kept"}"#);
        sqs(&mut driver, "CreateQueue", r#"{"QueueName":"gone"}"#);
        let before = saved(&driver);
        assert_eq!(before.differences(&before).unwrap(), [""; 0]);
        sqs(&mut driver, "DeleteQueue", r#"{"QueueUrl":"gone"}"#);
        sqs(&mut driver, "CreateQueue", r#"{"QueueName":"added"}"#);
        sqs(&mut driver, "SendMessage", r#"{"QueueUrl":"kept","MessageBody":"m"}"#);
        let set = r#"{"QueueUrl":"kept","Attributes":{"VisibilityTimeout":"7"}}"#;
        sqs(&mut driver, "SetQueueAttributes", set);
        driver.advance(std::time::Duration::from_secs(1));
        let told = before.differences(&saved(&driver)).unwrap();
        for line in [
            "virtual time: ",
            "ids, timers or lineage: other requests were made",
            "sqs in 000000000000 us-east-1: queues added: new",
            "sqs in 000000000000 us-east-1: queues gone: gone",
            "sqs in 000000000000 us-east-1: queues kept messages 1: new",
            "sqs in 000000000000 us-east-1: queues kept attributes visibility timeout: 30 s → 7 s",
        ] {
            assert!(told.iter().any(|told| told.starts_with(line)), "{line} in {told:#?}");
        }
    }

    #[test]
    fn many_differences_are_counted() {
        let mut driver = Driver::new(Settings::default());
        sqs(&mut driver, "CreateQueue", r#"{"QueueName":"q"}"#);
        let before = saved(&driver);
        for _ in 0..9 {
            sqs(&mut driver, "SendMessage", r#"{"QueueUrl":"q","MessageBody":"m"}"#);
        }
        let told = before.differences(&saved(&driver)).unwrap();
        let line = "queues q messages 1, 2, 3, 4, 5 and 4 others: new";
        assert!(told.iter().any(|told| told.ends_with(line)), "{told:#?}");
    }
}
