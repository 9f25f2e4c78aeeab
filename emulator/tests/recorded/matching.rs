//! Compares an answer with a recorded one, whose placeholders stand for what differs by run.

use serde_json::{Map, Value};

use crate::text_matching::{Bound, fits};

/// Members that AWS added, and when it had them, as recordings show.
const LATER: [(&str, &str); 4] = [
    ("encryptionConfiguration", "20240801"),
    ("redriveCount", "20231115"),
    ("redriveStatus", "20231115"),
    ("redriveStatusReason", "20231115"),
];

#[derive(Clone, Default)]
pub(crate) struct Matching {
    /// Words that stand for any value.
    words: Vec<String>,
    bound: Bound,
    /// `20240317`
    recorded: String,
    pub(crate) differences: Vec<String>,
}

impl Matching {
    /// `recorded` is a day and a time: `17-03-2024, 11:09:25`.
    pub(crate) fn new(words: &[String], recorded: &str) -> Self {
        let mut day: Vec<&str> =
            recorded.split(',').next().unwrap_or_default().split('-').collect();
        day.reverse();
        // A word may be the beginning of another.
        let mut words = words.to_vec();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Self { words, recorded: day.concat(), ..Self::default() }
    }

    /// Whether AWS had no such member yet when the case was recorded.
    fn is_newer(&self, name: &str) -> bool {
        LATER.iter().any(|(member, since)| {
            member.eq_ignore_ascii_case(name) && self.recorded.as_str() < *since
        })
    }

    pub(crate) fn differs(&mut self, at: &str, how: &str) {
        self.differences.push(format!("{at}: {how}"));
    }

    pub(crate) fn compare(&mut self, at: &str, recorded: &Value, answer: &Value) {
        match (recorded, answer) {
            (Value::Object(_), Value::String(text)) => match serde_json::from_str(text) {
                Ok(inner @ Value::Object(_)) => self.compare(at, recorded, &inner),
                _ => self.differs(at, &format!("no JSON object: {text}; AWS: {recorded}")),
            },
            (Value::Object(recorded), Value::Object(answer)) => {
                let mut known: Vec<&String> = Vec::new();
                for (name, value) in recorded.iter().filter(|(name, _)| *name != "HTTPHeaders") {
                    match self.member(name, answer, recorded) {
                        None => self.differs(at, &format!("{name} is missing; AWS: {value}")),
                        Some((there, answer)) => {
                            known.push(there);
                            self.compare(&format!("{at}.{name}"), value, answer);
                        }
                    }
                }
                let more = answer.iter().filter(|(name, _)| !known.contains(name));
                for (name, value) in more {
                    if self.is_newer(name) {
                        continue;
                    }
                    self.differs(at, &format!("AWS has no {name}; here: {value}"));
                }
            }
            (Value::Array(recorded), Value::Array(answer)) if is_set(at) => {
                self.compare_sets(at, recorded, answer);
            }
            (Value::Array(recorded), Value::Array(answer)) if is_unnumbered(recorded) => {
                self.compare_events(at, recorded, answer);
            }
            (Value::Array(recorded), Value::Array(answer)) if recorded.len() == answer.len() => {
                for (index, (recorded, answer)) in recorded.iter().zip(answer).enumerate() {
                    self.compare(&format!("{at}.{index}"), recorded, answer);
                }
            }
            // The lengths of names are in it, which are those of another run.
            (Value::String(recorded), Value::String(answer))
                if at.contains(".Content-Length")
                    && [recorded, answer].iter().all(|it| it.parse::<u32>().is_ok()) => {}
            (Value::String(recorded), Value::String(answer)) => {
                // A placeholder that was recorded within itself.
                let recorded = &recorded.replace("<<task_token>:", "<task_token:");
                if !fits(recorded, answer, &self.words, &mut self.bound) {
                    self.differs(at, &format!("here '{answer}'; AWS '{recorded}'"));
                }
            }
            // A hole in place of the whole stands for a value of any kind.
            (Value::String(recorded), other)
                if fits(recorded, &other.to_string(), &self.words, &mut self.bound) => {}
            // How fast AWS was that day.
            (Value::Number(_), Value::Number(answer))
                if at.ends_with(".billedDurationInMilliseconds")
                    && answer.as_u64().is_some_and(|it| it > 0 && it % 100 == 0) => {}
            _ if recorded == answer => {}
            (Value::Number(recorded), Value::Number(answer))
                if recorded.as_f64() == answer.as_f64() => {}
            _ => self.differs(at, &format!("here {answer}; AWS {recorded}")),
        }
    }

    /// Finds each event of a history whose branches ran side by side: their numbers were taken out,
    /// as was the event at which the branches met.
    fn compare_events(&mut self, at: &str, recorded: &[Value], answer: &[Value]) {
        const MEETINGS: [&str; 2] = ["ParallelStateSucceeded", "ParallelStateFailed"];
        let mut left: Vec<Value> = answer.to_vec();
        for event in recorded {
            let found = left.iter().position(|there| {
                let mut trial = self.clone();
                trial.compare("", event, &numbered_as(event, there));
                trial.differences.len() == self.differences.len()
            });
            match found {
                None => self.differs(at, &format!("AWS has {event}; here {left:?}")),
                Some(index) => {
                    let there = left.remove(index);
                    self.compare(at, event, &numbered_as(event, &there));
                }
            }
        }
        left.retain(|event| !MEETINGS.iter().any(|kind| event["type"] == *kind));
        if !left.is_empty() {
            self.differs(at, &format!("AWS has not {left:?}"));
        }
    }

    /// The member of this name, in which there may be placeholders; with the name it has here.
    fn member<'a>(
        &mut self,
        name: &str,
        answer: &'a Map<String, Value>,
        recorded: &Map<String, Value>,
    ) -> Option<(&'a String, &'a Value)> {
        answer.get_key_value(name).or_else(|| {
            let mut others = answer.iter().filter(|(other, _)| !recorded.contains_key(*other));
            let words = &self.words;
            others
                .find(|(other, _)| name.contains('<') && fits(name, other, words, &mut self.bound))
        })
    }

    /// Finds each recorded item somewhere in the answer.
    fn compare_sets(&mut self, at: &str, recorded: &[Value], answer: &[Value]) {
        let mut left: Vec<&Value> = answer.iter().collect();
        for item in recorded {
            let found = left.iter().position(|there| {
                let mut trial = self.clone();
                trial.compare("", item, there);
                trial.differences.len() == self.differences.len()
            });
            match found {
                None => self.differs(at, &format!("AWS has {item}; here {answer:?}")),
                Some(index) => self.compare(at, item, left.remove(index)),
            }
        }
        if !left.is_empty() {
            self.differs(at, &format!("AWS has not {left:?}"));
        }
    }
}

/// Whether these are events of a history that lost their numbers.
fn is_unnumbered(events: &[Value]) -> bool {
    events.iter().any(|event| event["id"].is_array() && event.get("type").is_some())
}

/// An event with the numbers of another one that has none.
fn numbered_as(recorded: &Value, event: &Value) -> Value {
    let mut event = event.clone();
    if recorded["id"].is_array() {
        event["id"] = recorded["id"].clone();
        event["previousEventId"] = recorded["previousEventId"].clone();
    }
    event
}

/// Whether the list at that place has no order of its own.
fn is_set(at: &str) -> bool {
    // Scan reads in the order of hashes, of which AWS tells nobody.
    let is_scanned = at.contains(" Scan: ") && at.ends_with(".Items");
    is_scanned || at.ends_with(".Principal.AWS")
}
