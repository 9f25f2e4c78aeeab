//! Whether a value is what was recorded: placeholders stand for anything.

use serde_json::Value;

/// A case's plain words that stand for a value.
pub(crate) struct Placeholders<'a>(pub(crate) &'a [String]);

impl Placeholders<'_> {
    /// Where `ours` is not what was recorded.
    pub(crate) fn difference(&self, recorded: &Value, ours: &Value, at: &str) -> Option<String> {
        match (recorded, ours) {
            (Value::Object(_) | Value::Array(_), Value::String(text)) => {
                // A text that holds a document is shown as that document.
                match serde_json::from_str::<Value>(text) {
                    Ok(document) if !document.is_string() => {
                        self.difference(recorded, &document, at)
                    }
                    _ => Some(format!("{at}: {text:?} is not {recorded}")),
                }
            }
            (Value::Object(recorded), Value::Object(ours)) => {
                let more = ours.keys().find(|name| !recorded.contains_key(*name));
                if let Some(name) = more {
                    return Some(format!("{at}/{name}: {} was not recorded", ours[name]));
                }
                recorded.iter().find_map(|(name, recorded)| {
                    let place = format!("{at}/{name}");
                    match ours.get(name) {
                        Some(ours) => self.difference(recorded, ours, &place),
                        None => Some(format!("{place}: {recorded} is missing")),
                    }
                })
            }
            (Value::Array(recorded), Value::Array(ours)) if recorded.len() == ours.len() => {
                let mut pairs = recorded.iter().zip(ours).enumerate();
                pairs.find_map(|(index, (recorded, ours))| {
                    self.difference(recorded, ours, &format!("{at}[{index}]"))
                })
            }
            (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => None,
            (Value::String(text), ours) => {
                let own = ours.as_str().map_or_else(|| ours.to_string(), str::to_owned);
                let fits = self.fits(text, &own);
                (!fits).then(|| format!("{at}: {own:?} is not {text:?}"))
            }
            _ if recorded == ours => None,
            _ => Some(format!("{at}: {ours} is not {recorded}")),
        }
    }

    /// A text with `<name:1>` or placeholder words in it.
    fn fits(&self, recorded: &str, ours: &str) -> bool {
        if recorded == ours || self.0.iter().any(|word| word == recorded) || is_time(recorded) {
            return true;
        }
        let mut parts = Vec::new();
        let mut rest = recorded;
        let mut any = false;
        while !rest.is_empty() {
            let places = self.0.iter().filter(|it| it.len() > 3);
            let word = places.filter_map(|it| Some((rest.find(it.as_str())?, it.len()))).min();
            let angle = rest.find('<').and_then(|start| {
                // `<<task_token>:1>`, once.
                let marks = if rest[start..].starts_with("<<") { 2 } else { 1 };
                let (end, _) = rest[start..].match_indices('>').nth(marks - 1)?;
                Some((start, end + 1))
            });
            let Some((start, length)) = word.into_iter().chain(angle).min() else { break };
            parts.push(&rest[..start]);
            rest = &rest[start + length..];
            any = true;
        }
        parts.push(rest);
        any && in_order(&parts, ours)
    }
}

/// `2022-07-13T13:48:01Z` stands for any time.
fn is_time(text: &str) -> bool {
    text.len() >= 20 && text.as_bytes()[10] == b'T' && text.ends_with('Z') && text.starts_with("20")
}

fn in_order(parts: &[&str], mut text: &str) -> bool {
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    let Some(rest) = text.strip_prefix(first) else { return false };
    text = rest;
    for part in &parts[1..parts.len() - 1] {
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    text.ends_with(last)
}
