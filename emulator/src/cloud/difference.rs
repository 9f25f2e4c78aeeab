//! What differs between two states, in words: by service, account, region and resource.
//!
//! States are compared as they are written down, so no service need know of it.

mod node;

use std::collections::BTreeMap;

use node::{Node, words};

use super::saved::{Saved, SavedError};
use crate::wire::cbor;

/// Most lines.
const LINES_MAX: usize = 200;
/// Most names that are told of what is new or gone in one place.
const NAMES_MAX: usize = 5;
/// What every request changes, whatever it is about.
const OF_EVERY_REQUEST: [&str; 5] = ["ids", "next_call", "next_outside", "lineage", "timers"];

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
            let (before, after) = (before.services.get(name), after.services.get(name));
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
