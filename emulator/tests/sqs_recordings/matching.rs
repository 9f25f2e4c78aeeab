//! Compares an answer with a recorded one, whose placeholders stand for what differs by run.
//!
//! A placeholder stands for one value throughout a case, and two of them never for the same.

use std::collections::BTreeMap;

use serde_json::Value;

/// Stands for any point in time; unlike the others for a different one each time.
const TIMESTAMP: &str = "timestamp";

#[derive(Default)]
pub(crate) struct Matching {
    bound: BTreeMap<String, String>,
    differences: Vec<String>,
}

impl Matching {
    pub(crate) fn differs(&mut self, at: &str, how: &str) {
        self.differences.push(format!("{at}: {how}"));
    }

    pub(crate) fn into_differences(self) -> Vec<String> {
        self.differences
    }

    pub(crate) fn compare(&mut self, at: &str, recorded: &Value, answer: &Value) {
        match (recorded, answer) {
            (Value::Object(_), Value::String(text)) if text.starts_with('{') => {
                match serde_json::from_str(text) {
                    Ok(inner) => self.compare(at, recorded, &inner),
                    Err(error) => self.differs(at, &format!("not JSON: {error}")),
                }
            }
            (Value::Object(recorded), Value::Object(answer)) => {
                for (name, value) in recorded {
                    let there = answer.get(name).unwrap_or(&Value::Null);
                    if there.is_null() && !answer.contains_key(name) {
                        self.differs(at, &format!("{name} is missing; AWS: {value}"));
                    } else {
                        self.compare(&format!("{at}.{name}"), value, there);
                    }
                }
                for (name, value) in answer.iter().filter(|(name, _)| !recorded.contains_key(*name))
                {
                    self.differs(at, &format!("AWS has no {name}; here: {value}"));
                }
            }
            (Value::Array(recorded), Value::Array(answer)) if recorded.len() == answer.len() => {
                for (index, (recorded, answer)) in recorded.iter().zip(answer).enumerate() {
                    self.compare(&format!("{at}.{index}"), recorded, answer);
                }
            }
            (Value::String(recorded), _) if recorded == TIMESTAMP => {
                let digits = answer.to_string();
                if !digits.trim_matches('"').bytes().all(|b| b.is_ascii_digit() || b == b'.') {
                    self.differs(at, &format!("{digits} is no point in time"));
                }
            }
            (Value::String(recorded), Value::String(answer)) => {
                if let Err(how) = self.compare_text(recorded, answer) {
                    self.differs(at, &how);
                }
            }
            _ if recorded == answer => {}
            _ => self.differs(at, &format!("here {answer}; AWS {recorded}")),
        }
    }

    fn compare_text(&mut self, recorded: &str, answer: &str) -> Result<(), String> {
        if recorded == answer {
            return Ok(());
        }
        let otherwise = || Err(format!("here '{answer}'; AWS '{recorded}'"));
        let (mut pattern, mut text) = (recorded, answer);
        while let Some((literal, rest)) = pattern.split_once('<') {
            let (Some(from), Some((name, after))) =
                (text.strip_prefix(literal), rest.split_once('>'))
            else {
                return otherwise();
            };
            let next = after.split('<').next().unwrap_or_default();
            let end = if next.is_empty() { Some(from.len()) } else { from.find(next) };
            let Some(end) = end.filter(|end| *end > 0) else {
                return otherwise();
            };
            self.bind(name, &from[..end])?;
            (pattern, text) = (after, &from[end..]);
        }
        if pattern == text { Ok(()) } else { otherwise() }
    }

    fn bind(&mut self, placeholder: &str, value: &str) -> Result<(), String> {
        match self.bound.get(placeholder) {
            Some(bound) if bound == value => return Ok(()),
            Some(bound) => return Err(format!("<{placeholder}> is {bound} and then {value}")),
            None => {}
        }
        if let Some((other, _)) = self.bound.iter().find(|(_, bound)| *bound == value) {
            return Err(format!("<{placeholder}> is {value}, which is <{other}> already"));
        }
        self.bound.insert(placeholder.to_owned(), value.to_owned());
        Ok(())
    }
}
