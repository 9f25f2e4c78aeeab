//! JSONata as Step Functions has it: the language of `jsonata-core`, with AWS's functions, without
//! `$eval`, with a clock and a generator that are handed in, and with bounds on work.

mod bounds;
mod functions;
mod reading;

use std::cell::RefCell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorOptions};
use jsonata_core::value::JValue;
use serde_json::{Map, Number, Value};

use crate::random::Random;

/// How deep an evaluation may nest, in the reference implementation's count.
const DEPTH_MAX: usize = 1_000;
/// How long a list may become that an evaluation makes.
const SEQUENCE_LENGTH_MAX: usize = 500_000;
/// The last resort, in real milliseconds, for work that nothing counts. What is counted ends first.
const MILLISECONDS_MAX: u64 = 20_000;
/// Characters of an expression. A definition is a mebibyte at most, and so is what is in it.
const SOURCE_LENGTH_MAX: usize = 1 << 20;
/// Levels of a result.
const RESULT_DEPTH_MAX: usize = 120;
/// Values in a result. Parts of a value may be shared inside, but not when it is written down.
const RESULT_VALUES_MAX: usize = 500_000;

/// An expression that was read.
#[derive(Clone, Debug)]
pub struct Expression {
    source: String,
    tree: AstNode,
}

/// Why an expression can't be read or evaluated: JSONata's code and its sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub code: String,
    pub message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.code.is_empty() {
            return f.write_str(&self.message);
        }
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Error {}

/// What an evaluation may know of the world.
#[derive(Debug)]
pub struct World<'a> {
    /// Milliseconds since 1970, for `$now` and `$millis`: one moment an evaluation.
    pub now: i64,
    pub random: &'a mut Random,
}

impl Expression {
    /// Reads an expression, without the `{%` and `%}` around it.
    ///
    /// # Errors
    ///
    /// The source is no JSONata, or too long.
    pub fn parse(source: &str) -> Result<Self, Error> {
        if source.len() > SOURCE_LENGTH_MAX {
            return Err(Error { code: String::new(), message: "Expression is too long".into() });
        }
        let tree = reading::parse(source)?;
        Ok(Self { source: source.trim().to_owned(), tree: bounds::counted(tree, source) })
    }

    /// The expression as it was written, without blanks around it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The value of the expression for `input` (JSONata's `$`), or nothing.
    ///
    /// # Errors
    ///
    /// JSONata's own errors, and those of the bounds.
    pub fn evaluate<'v>(
        &self,
        input: Option<&Value>,
        variables: impl IntoIterator<Item = (&'v str, &'v Value)>,
        world: &mut World<'_>,
    ) -> Result<Option<Value>, Error> {
        let mut context = Context::new();
        for (name, value) in variables {
            context.bind(name.to_owned(), JValue::from(value.clone()));
        }
        let options = EvaluatorOptions {
            timeout_ms: Some(MILLISECONDS_MAX),
            cancel: None,
            max_stack_depth: Some(DEPTH_MAX),
            max_sequence_length: Some(SEQUENCE_LENGTH_MAX),
        };
        let mut evaluator = Evaluator::with_options(context, options);
        let random = Rc::new(RefCell::new(world.random.clone()));
        functions::register(&mut evaluator, world.now, &random)?;
        let data = input.map_or(JValue::Undefined, |value| JValue::from(value.clone()));
        // The crate asserts, in debug builds, that numbers are finite where it does not see to it.
        // Nothing of it outlives a call.
        let outcome = catch_unwind(AssertUnwindSafe(|| evaluator.evaluate(&self.tree, &data)));
        *world.random = random.borrow().clone();
        let out_of_range =
            |_| Error { code: "D1001".into(), message: "Number out of range".into() };
        let outcome = outcome.map_err(out_of_range)?;
        let value = outcome.map_err(|error| coded(error.message()))?;
        let mut room = RESULT_VALUES_MAX;
        plain(&value, &mut room, RESULT_DEPTH_MAX)
    }
}

/// What JSON can say of a value; functions become nothing, as in the reference implementation.
fn plain(value: &JValue, room: &mut usize, depth: usize) -> Result<Option<Value>, Error> {
    let (Some(left), Some(inside)) = (room.checked_sub(1), depth.checked_sub(1)) else {
        return Err(Error { code: "D2015".into(), message: "The result is too large".into() });
    };
    *room = left;
    Ok(Some(match value {
        JValue::Null => Value::Null,
        JValue::Bool(it) => Value::Bool(*it),
        JValue::Number(it) => number(*it),
        JValue::String(it) => Value::String(it.to_string()),
        JValue::Array(items) => {
            let mut list = Vec::with_capacity(items.len().min(*room));
            for item in items.iter() {
                list.push(plain(item, room, inside)?.unwrap_or(Value::Null));
            }
            Value::Array(list)
        }
        JValue::Object(members) => {
            let mut map = Map::new();
            for (name, member) in members.iter() {
                if let Some(member) = plain(member, room, inside)? {
                    map.insert(name.clone(), member);
                }
            }
            Value::Object(map)
        }
        _ => return Ok(None),
    }))
}

/// A whole number is written without a fraction, as JavaScript does.
fn number(it: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if it.fract() == 0.0 && it.abs() <= EXACT {
        return Value::Number(Number::from(it as i64));
    }
    Number::from_f64(it).map_or(Value::Null, Value::Number)
}

/// Splits `T1006: sentence`, whatever the library puts in front of the code.
fn coded(text: &str) -> Error {
    let at = |start: usize| {
        let code = text.get(start..start + 6)?.as_bytes();
        let is_code = code[0].is_ascii_uppercase()
            && code[1..5].iter().all(u8::is_ascii_digit)
            && code[5] == b':';
        is_code.then_some(start)
    };
    let starts = std::iter::once(0).chain(text.match_indices(": ").map(|(place, _)| place + 2));
    match starts.take(3).find_map(at) {
        Some(start) => {
            let code = &text[start..start + 5];
            // The library adds the function's name, which the reference does not say.
            let message = match code {
                "T1006" => "Attempted to invoke a non-function",
                _ => text[start + 6..].trim_start(),
            };
            Error { code: code.to_owned(), message: message.to_owned() }
        }
        None => Error { code: String::new(), message: text.to_owned() },
    }
}
