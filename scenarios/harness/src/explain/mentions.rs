//! Which messages and events are about what: the exchanges in which the cloud gave out ids, kept
//! as they were and read only when somebody asks.
//!
//! It knows the shapes in which AWS pairs ids with bodies, and nothing of what the bodies mean.

use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};

/// Bytes of exchanges that are kept; the oldest go first.
const BYTES_MAX: usize = 16 * 1024 * 1024;

/// A bounded memory of bodies.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    kept: VecDeque<(Vec<u8>, Vec<u8>)>,
    bytes: usize,
}

impl Mentions {
    /// Keeps an exchange if its answer gives out ids.
    pub(crate) fn keep(&mut self, request: &[u8], reply: &[u8]) {
        if !contains(reply, b"MessageId") && !contains(reply, b"EventId") {
            return;
        }
        self.bytes += request.len() + reply.len();
        self.kept.push_back((request.to_vec(), reply.to_vec()));
        while self.bytes > BYTES_MAX {
            let Some((request, reply)) = self.kept.pop_front() else {
                break;
            };
            self.bytes -= request.len() + reply.len();
        }
    }

    /// The ids of messages and events whose bodies contain one of `texts`, with the position of
    /// the first that they contain.
    pub(crate) fn of(&self, texts: &[String]) -> BTreeMap<String, usize> {
        let mut found = BTreeMap::new();
        if texts.is_empty() {
            return found;
        }
        for (request, reply) in &self.kept {
            for (id, about) in pairs(request, reply) {
                let first = texts.iter().position(|text| about.contains(text.as_str()));
                found.extend(first.map(|first| (id, first)));
            }
        }
        found
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Each id in the answer with the text that goes with it.
fn pairs(request: &[u8], reply: &[u8]) -> Vec<(String, String)> {
    let whole = || String::from_utf8_lossy(request).into_owned();
    let Ok(reply) = serde_json::from_slice::<Value>(reply) else {
        // SNS answers in XML.
        let reply = String::from_utf8_lossy(reply).into_owned();
        return ids_in_xml(&reply).map(|id| (id, whole())).collect();
    };
    let asked: Value = serde_json::from_slice(request).unwrap_or_default();
    let asked = asked["Entries"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut found = Vec::new();
    let mut add = |id: &Value, about: String| {
        found.extend(id.as_str().map(|id| (id.to_owned(), about)));
    };
    add(&reply["MessageId"], whole());
    for message in list(&reply["Messages"]) {
        add(&message["MessageId"], message.to_string());
    }
    for (result, entry) in list(&reply["Entries"]).iter().zip(asked) {
        add(&result["EventId"], entry.to_string());
    }
    for result in list(&reply["Successful"]) {
        let entry = asked.iter().find(|entry| entry["Id"] == result["Id"]);
        add(&result["MessageId"], entry.map(Value::to_string).unwrap_or_default());
    }
    found
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn ids_in_xml(reply: &str) -> impl Iterator<Item = String> {
    let after = reply.split("<MessageId>").skip(1);
    after.filter_map(|rest| Some(rest.split_once('<')?.0.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{BYTES_MAX, Mentions};
    use std::collections::BTreeMap;

    fn check(request: &str, reply: &str, text: &str, wanted: &[&str]) {
        let mut mentions = Mentions::default();
        mentions.keep(request.as_bytes(), reply.as_bytes());
        let found: Vec<_> = mentions.of(&[text.to_owned()]).into_keys().collect();
        assert_eq!(found, wanted, "{request} {reply}");
    }

    #[test]
    fn ids_are_paired_with_their_own_bodies() {
        let put = r#"{"Entries":[{"Detail":"{\"order\":\"a\"}"},{"Detail":"{\"order\":\"b\"}"}]}"#;
        let ids = r#"{"Entries":[{"EventId":"1"},{"EventId":"2"}]}"#;
        check(put, ids, r#"order\":\"b"#, &["2"]);
        check(put, ids, "order", &["1", "2"]);
        check(r#"{"MessageBody":"order b"}"#, r#"{"MessageId":"3"}"#, "order b", &["3"]);
        let received =
            r#"{"Messages":[{"MessageId":"4","Body":"a"},{"MessageId":"5","Body":"x"}]}"#;
        check(r#"{"QueueUrl":"x"}"#, received, "x", &["5"]);
        let batch = r#"{"Entries":[{"Id":"p","MessageBody":"a"},{"Id":"q","MessageBody":"b!"}]}"#;
        let sent = r#"{"Successful":[{"Id":"q","MessageId":"6"}],"Failed":[]}"#;
        check(batch, sent, "b!", &["6"]);
        check(batch, sent, "zzz", &[]);
        check("Action=Publish&Message=b", "<R><MessageId>7</MessageId></R>", "=b", &["7"]);
        check("b", "{\"Item\":{}}", "b", &[]);
    }

    #[test]
    fn the_oldest_go_first() {
        let mut mentions = Mentions::default();
        let big = "x".repeat(BYTES_MAX / 2);
        for id in 0..4 {
            mentions.keep(big.as_bytes(), format!("{{\"MessageId\":\"{id}\"}}").as_bytes());
        }
        assert_eq!(mentions.of(&["x".to_owned()]), BTreeMap::from([("3".to_owned(), 0)]));
    }
}
