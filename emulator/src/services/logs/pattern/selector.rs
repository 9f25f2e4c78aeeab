//! `$.a.b[0]`: where a value stands in a JSON message.

use serde_json::Value;

use super::cursor::Cursor;
use super::event::Event;
use super::filter_pattern::FilterPatternError;
use super::value::characters;

/// The way to a value.
#[derive(Clone, Debug)]
pub(super) struct Selector {
    /// As it was written, which names the value.
    pub(super) text: String,
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    Member(String),
    Element(usize),
    /// Any element of a list.
    Any,
}

/// Steps of one selector; its text is at most 1,024 letters.
const STEPS_MAX: usize = 64;

impl Selector {
    /// Reads a selector that is a text of its own.
    ///
    /// # Errors
    /// As [`Self::read`], and where something follows it.
    pub(super) fn parse(text: &str) -> Result<Self, FilterPatternError> {
        let mut cursor = Cursor::new(text);
        let selector = Self::read(&mut cursor)?;
        match cursor.peek() {
            None => Ok(selector),
            Some(_) => Err(characters(text)),
        }
    }

    /// Takes a selector.
    ///
    /// # Errors
    /// `Characters` for what is none.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Self, FilterPatternError> {
        cursor.peek();
        let start = cursor.rest();
        if !cursor.take("$") {
            return Err(characters(start));
        }
        let mut steps = Vec::new();
        loop {
            let dot = cursor.rest().starts_with('.');
            if dot {
                cursor.take(".");
            }
            if cursor.rest().starts_with('[') {
                cursor.take("[");
                steps.push(bracket(cursor).ok_or_else(|| characters(start))?);
            } else if dot {
                let name = cursor.run(|letter| letter.is_alphanumeric() || "_-@".contains(letter));
                if name.is_empty() {
                    return Err(characters(start));
                }
                steps.push(Step::Member(name.to_owned()));
            } else {
                break;
            }
            if steps.len() > STEPS_MAX {
                return Err(FilterPatternError::Invalid);
            }
        }
        if steps.is_empty() {
            return Err(characters(start));
        }
        let text = start[..start.len() - cursor.rest().len()].to_owned();
        Ok(Self { text, steps })
    }

    /// The values that it leads to; several where it goes through any element of a list.
    pub(super) fn values<'v>(&self, event: &'v Event<'_>) -> Vec<&'v Value> {
        let mut found: Vec<&Value> = event.json().into_iter().collect();
        for step in &self.steps {
            found = match step {
                Step::Member(name) => found.into_iter().filter_map(|it| it.get(name)).collect(),
                Step::Element(at) => found.into_iter().filter_map(|it| it.get(at)).collect(),
                Step::Any => found.into_iter().filter_map(Value::as_array).flatten().collect(),
            };
        }
        found
    }

    /// The text of the first value, if it is a single one.
    pub(super) fn text(&self, event: &Event<'_>) -> Option<String> {
        self.values(event).first().and_then(|value| text(value))
    }
}

/// A value's text, if it is a single one and not `null`.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// What stands in brackets: a number, `*`, or a name in quotes.
fn bracket(cursor: &mut Cursor<'_>) -> Option<Step> {
    let step = match cursor.peek()? {
        '*' => {
            cursor.take("*");
            Step::Any
        }
        quote @ ('\'' | '"') => {
            cursor.take(&quote.to_string());
            let name = cursor.run(|letter| letter != quote).to_owned();
            cursor.take(&quote.to_string()).then_some(Step::Member(name))?
        }
        _ => Step::Element(cursor.run(|letter| letter.is_ascii_digit()).parse().ok()?),
    };
    cursor.take("]").then_some(step)
}
