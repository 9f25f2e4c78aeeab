//! Texts that answers gave, and requests that succeeded named: what later requests speak of.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Response;
use http::header::CONTENT_TYPE;
use serde_json::Value;
use skyrig::wire::cbor;

use crate::encode::Tree;

/// Texts under one name; then new ones take the places of old ones.
const TEXTS_MAX: usize = 24;
/// Longer texts are no names and no handles.
const TEXT_BYTES_MAX: usize = 2048;
/// What is known from the start: the resources whose names are drawn most.
const KNOWN: [(&str, &str); 9] = [
    ("sqs.queuearn", "arn:aws:sqs:us-east-1:000000000000:q"),
    ("sqs.queueurl", "http://localhost:4566/000000000000/q"),
    ("sns.topicarn", "arn:aws:sns:us-east-1:000000000000:t"),
    ("events.eventbusarn", "arn:aws:events:us-east-1:000000000000:event-bus/b"),
    ("events.rulearn", "arn:aws:events:us-east-1:000000000000:rule/r"),
    ("events.archivearn", "arn:aws:events:us-east-1:000000000000:archive/a"),
    ("cloudwatch.alarmarn", "arn:aws:cloudwatch:us-east-1:000000000000:alarm:w"),
    ("logs.resourcearn", "arn:aws:logs:us-east-1:000000000000:log-group:g"),
    ("dynamodb.tablearn", "arn:aws:dynamodb:us-east-1:000000000000:table/tab"),
];

#[derive(Default)]
pub(crate) struct Pool {
    texts: BTreeMap<String, Vec<String>>,
    /// Access keys with their session tokens.
    sessions: Vec<(String, String)>,
    /// How many were put in, to choose what goes.
    count: usize,
}

/// `sqs.queueurl` for `QueueUrl` and `QueueUrls` alike.
pub(crate) fn key(service: &str, member: &str) -> String {
    let member = member.to_ascii_lowercase();
    format!("{service}.{}", member.strip_suffix('s').unwrap_or(&member))
}

impl Pool {
    pub(crate) fn new() -> Self {
        let mut pool = Self::default();
        for (key, stem) in KNOWN {
            for number in 1..=3 {
                pool.put(key, &format!("{stem}{number}"));
            }
        }
        pool.put("events.eventbusarn", "arn:aws:events:us-east-1:000000000000:event-bus/default");
        for key in ["sqs.queuearn", "sqs.queueurl", "sns.topicarn"] {
            let first = pool.texts[key][0].clone();
            pool.put(key, &format!("{first}.fifo"));
        }
        pool
    }

    fn put(&mut self, key: &str, text: &str) {
        if text.is_empty() || text.len() > TEXT_BYTES_MAX {
            return;
        }
        self.count += 1;
        let texts = self.texts.entry(key.to_owned()).or_default();
        if texts.iter().any(|known| known == text) {
            return;
        }
        if texts.len() < TEXTS_MAX {
            texts.push(text.to_owned());
        } else {
            text.clone_into(&mut texts[self.count % TEXTS_MAX]);
        }
        if text.starts_with("arn:") && key != "arn" {
            self.put("arn", text);
        }
    }

    /// The texts of the keys, which commas part.
    pub(crate) fn find(&self, keys: &str, random: &mut fastrand::Rng) -> Option<&str> {
        let keys: Vec<&str> = keys.split(',').filter(|key| self.texts.contains_key(*key)).collect();
        let texts = &self.texts[*random.choice(&keys)?];
        random.choice(texts).map(String::as_str)
    }

    /// An access key with its session token.
    pub(crate) fn session(&self, random: &mut fastrand::Rng) -> Option<(&str, &str)> {
        random.choice(&self.sessions).map(|(key, token)| (key.as_str(), token.as_str()))
    }

    /// Takes the texts of a request that succeeded.
    pub(crate) fn learn_request(&mut self, service: &str, member: &str, tree: &Tree) {
        match tree {
            Tree::Text(text) => self.put(&key(service, member), text),
            Tree::List(items) => {
                items.iter().for_each(|item| self.learn_request(service, member, item));
            }
            Tree::Structure(members) => {
                members.iter().for_each(|(name, value)| self.learn_request(service, name, value));
            }
            _ => {}
        }
    }

    /// Takes the texts of an answer.
    pub(crate) fn learn_answer(&mut self, service: &str, response: &Response<Bytes>) {
        let kind = response.headers().get(CONTENT_TYPE).map_or(&b""[..], |it| it.as_bytes());
        if kind.windows(4).any(|part| part == b"json") {
            if let Ok(value) = serde_json::from_slice(response.body()) {
                self.learn(service, "", &value);
            }
        } else if kind.windows(4).any(|part| part == b"cbor") {
            if let Ok(value) = cbor::from_slice::<Value>(response.body()) {
                self.learn(service, "", &value);
            }
        } else if let Ok(text) = std::str::from_utf8(response.body()) {
            self.learn_xml(service, text);
        }
    }

    fn learn(&mut self, service: &str, member: &str, value: &Value) {
        match value {
            Value::String(text) => self.put(&key(service, member), text),
            Value::Array(items) => items.iter().for_each(|item| self.learn(service, member, item)),
            Value::Object(members) => {
                members.iter().for_each(|(name, value)| self.learn(service, name, value));
            }
            _ => {}
        }
    }

    /// The text of each element that has no others; that of an entry's value by its key.
    fn learn_xml(&mut self, service: &str, text: &str) {
        let (mut outer, mut named) = ("", String::new());
        let mut session = [None, None];
        for part in text.split('<').skip(1) {
            let Some((tag, content)) = part.split_once('>') else { continue };
            if tag.starts_with('/') {
                continue;
            }
            if content.is_empty() {
                outer = tag;
                continue;
            }
            let content = unescaped(content);
            match tag {
                "key" | "Name" => named.clone_from(&content),
                "AccessKeyId" => session[0] = Some(content.clone()),
                "SessionToken" => session[1] = Some(content.clone()),
                _ => {}
            }
            let member = match tag {
                "value" | "Value" => &named,
                "member" => outer,
                tag => tag,
            };
            self.put(&key(service, member), &content);
        }
        if let [Some(access_key), Some(token)] = session {
            if self.sessions.len() >= TEXTS_MAX {
                self.sessions.remove(0);
            }
            self.sessions.push((access_key, token));
        }
    }
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&apos;", "'").replace("&amp;", "&")
}
