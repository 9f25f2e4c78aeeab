//! Fills in what stands for a value in a case's parameters: `${3.QueueUrl}`, `${start+5}`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::ordered::Ordered;
use crate::path;

/// What references refer to.
pub(crate) struct Filling<'a> {
    /// The answers so far; a step's number is its place, from 1.
    pub(crate) answers: &'a [Value],
    /// Seconds since 1970 at which the case began.
    pub(crate) start: i64,
    pub(crate) account: &'a str,
    pub(crate) host: &'a str,
}

impl Filling<'_> {
    /// `value` with every reference filled in, and bytes as `{"$base64": …}`.
    pub(crate) fn fill(&self, value: &Ordered) -> Result<Value, String> {
        Ok(match value {
            Ordered::Scalar(scalar) => scalar.clone(),
            Ordered::Text(text) => self.text(text)?,
            Ordered::List(items) => {
                items.iter().map(|item| self.fill(item)).collect::<Result<_, _>>()?
            }
            Ordered::Map(members) => match members.as_slice() {
                [(name, inner)] if name == "$json" => self.inside(inner)?.spaced().into(),
                [(name, inner)] if name == "$bytes" => {
                    let filled = self.fill(inner)?;
                    let text = filled.as_str().ok_or("$bytes holds a text")?;
                    json!({"$base64": STANDARD.encode(text)})
                }
                members => {
                    let mut filled = Map::new();
                    for (name, member) in members {
                        let name = self.text(name)?;
                        let name = name.as_str().ok_or("a name is a text")?.to_owned();
                        filled.insert(name, self.fill(member)?);
                    }
                    filled.into()
                }
            },
        })
    }

    /// Fills in and keeps the order of members.
    fn inside(&self, value: &Ordered) -> Result<Ordered, String> {
        Ok(match value {
            Ordered::List(items) => {
                let items = items.iter().map(|item| self.inside(item));
                Ordered::List(items.collect::<Result<_, _>>()?)
            }
            Ordered::Map(members) if !is_special(members) => {
                let filled = members.iter().map(|(name, member)| {
                    let name = self.text(name)?;
                    Ok((name.as_str().unwrap_or_default().to_owned(), self.inside(member)?))
                });
                Ordered::Map(filled.collect::<Result<_, String>>()?)
            }
            other => match self.fill(other)? {
                Value::String(text) => Ordered::Text(text),
                filled => serde_json::from_value(filled).map_err(|error| error.to_string())?,
            },
        })
    }

    fn text(&self, text: &str) -> Result<Value, String> {
        if let Some(inner) = text.strip_prefix("${").and_then(|text| text.strip_suffix('}'))
            && !inner.contains("${")
        {
            return self.reference(inner);
        }
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            if let Some(before) = before.strip_suffix('$') {
                // `$${` is a plain `${`.
                filled.push_str(before);
                filled.push_str("${");
                rest = after;
                continue;
            }
            filled.push_str(before);
            let (inner, after) = after.split_once('}').ok_or("a reference ends")?;
            match self.reference(inner)? {
                Value::String(text) => filled.push_str(&text),
                other => filled.push_str(&other.to_string()),
            }
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled.into())
    }

    fn reference(&self, name: &str) -> Result<Value, String> {
        if let Some(repeated) = name.strip_prefix("repeat ") {
            let (text, times) = repeated.rsplit_once(' ').ok_or("repeat has a number")?;
            let times = times.parse().map_err(|_| format!("{times} is no number"))?;
            return Ok(text.repeat(times).into());
        }
        match name {
            "account" => return Ok(self.account.into()),
            "host" => return Ok(self.host.into()),
            "endpoint" => return Ok(format!("http://{}", self.host).into()),
            _ => {}
        }
        if name.starts_with(|first: char| first.is_ascii_digit()) {
            let end = name.find(['.', '[']).unwrap_or(name.len());
            let step: usize = name[..end].parse().map_err(|_| format!("{name} is no step"))?;
            let answer = self.answers.get(step - 1).ok_or(format!("step {step} comes later"))?;
            let found = path::find(answer, &name[end..]);
            return found.ok_or_else(|| format!("step {step} has no {}: {answer}", &name[end..]));
        }
        self.time(name).ok_or_else(|| format!("{name} stands for nothing"))
    }

    /// `start`, `minute+300`, `start_ms-5000` and the like.
    fn time(&self, name: &str) -> Option<Value> {
        let end = name.find(['+', '-']).unwrap_or(name.len());
        let (from, unit) = name[..end].split_once('_').unwrap_or((&name[..end], "s"));
        let from = match from {
            "start" => self.start,
            "minute" => self.start - self.start.rem_euclid(60),
            _ => return None,
        };
        // Fractions occur in seconds alone.
        if let Ok(offset) =
            name[end..].parse::<i64>().or(name[end..].is_empty().then_some(0).ok_or(()))
        {
            return Some(match unit {
                "s" => json!(from + offset),
                "ms" => json!(from * 1000 + offset),
                "iso" => iso(from + offset).into(),
                _ => return None,
            });
        }
        let offset: f64 = name[end..].parse().ok()?;
        match unit {
            "s" => Some(json!(from as f64 + offset)),
            "iso" => Some(iso(from + offset.floor() as i64).into()),
            _ => None,
        }
    }
}

/// `{"$json": …}`, `{"$bytes": …}` and the like.
fn is_special(members: &[(String, Ordered)]) -> bool {
    matches!(members, [(name, _)] if name.starts_with('$'))
}

/// Seconds since 1970 as ISO 8601.
pub(crate) fn iso(seconds: i64) -> String {
    skyrig::wire::Timestamp::from_millis(seconds * 1000).iso_seconds()
}
