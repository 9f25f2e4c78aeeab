//! The intrinsic functions of JSONPath states: `States.Format('...', $.a)`.
//!
//! Source: AWS, "Intrinsic functions for JSONPath states in Step Functions".

mod call;
mod lists;
mod numbers;
mod parse;
mod texts;

use crate::path::Path;
use serde_json::Value;

pub(crate) use numbers::range_length;
pub(crate) use texts::digest;

/// How deep calls may be nested.
const NESTING_MAX: usize = 10;

/// A call that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    text: String,
    function: Function,
    arguments: Vec<Argument>,
}

#[derive(Clone, Debug, PartialEq)]
enum Argument {
    Path(Path),
    /// A quoted text, its `\{` and `\}` still escaped: only `States.Format` reads them.
    Text(String),
    Value(Value),
    Call(Call),
}

/// What the functions are called, without `States.`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    Array,
    ArrayPartition,
    ArrayContains,
    ArrayRange,
    ArrayGetItem,
    ArrayLength,
    ArrayUnique,
    Base64Encode,
    Base64Decode,
    Hash,
    JsonMerge,
    StringToJson,
    JsonToString,
    MathRandom,
    MathAdd,
    StringSplit,
    Uuid,
    Format,
}

/// A function failed: `States.IntrinsicFailure`, unless a path found nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The path, in the function, that found nothing.
    Path(String),
    Failed(String),
}

impl Call {
    /// The call as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every path in the call and in the calls inside of it.
    pub fn paths(&self) -> Vec<&Path> {
        let mut found = Vec::new();
        for argument in &self.arguments {
            match argument {
                Argument::Path(path) => found.push(path),
                Argument::Call(call) => found.extend(call.paths()),
                Argument::Text(_) | Argument::Value(_) => {}
            }
        }
        found
    }
}
