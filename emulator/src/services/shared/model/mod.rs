//! What AWS's model says of the members of requests, as data: which must be there, and which
//! lengths, patterns, words and numbers they may have.
//!
//! AWS checks them before the operation sees the request, and tells all that a request breaks at
//! once. Each service has its constraints in a `model.json`, which a test writes from AWS's model.
//! Operations that are called often are not held
//! against it: they check their few members themselves.

mod check;
mod java_text;
mod pattern;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::Value;

use self::pattern::Pattern;
use super::constraint::{Broken, Constraints};
use crate::kernel::RequestModel;
use crate::wire::WireError;

/// The constraints of one service's requests, read at the first request that has some.
pub(crate) struct Model {
    text: &'static str,
    error: fn(&str, Broken) -> WireError,
    read: OnceLock<Shapes>,
}

#[derive(Debug, Deserialize)]
struct Shapes {
    /// Names of operations, and of the shapes of their requests.
    operations: BTreeMap<String, String>,
    shapes: BTreeMap<String, Shape>,
}

/// What a member may be. Bounds are those of a text's characters or of a list's entries.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Shape {
    Structure {
        members: Vec<Member>,
    },
    List {
        of: String,
        #[serde(default)]
        bounds: Bounds,
    },
    Map {
        key: String,
        value: String,
        #[serde(default)]
        bounds: Bounds,
    },
    /// In the order in which AWS tells them.
    Words(Vec<String>),
    Text {
        #[serde(default)]
        bounds: Bounds,
        #[serde(default)]
        pattern: Option<Pattern>,
        #[serde(default)]
        sensitive: bool,
    },
    Number {
        #[serde(default)]
        bounds: Bounds,
    },
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
struct Bounds {
    min: Option<i64>,
    max: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct Member {
    name: String,
    /// None if the model says nothing about it.
    shape: Option<String>,
    #[serde(default)]
    required: bool,
}

impl Model {
    /// The constraints in the text of a `model.json`; `error` is the
    /// service's for what a request for an operation breaks.
    pub(crate) const fn new(text: &'static str, error: fn(&str, Broken) -> WireError) -> Self {
        Self { text, error, read: OnceLock::new() }
    }

    fn shapes(&self) -> &Shapes {
        self.read.get_or_init(|| {
            serde_json::from_str(self.text).expect("a test reads every service's constraints")
        })
    }
}

impl RequestModel for Model {
    fn is_about(&self, operation: &str) -> bool {
        self.shapes().operations.contains_key(operation)
    }

    fn check(&self, operation: &str, request: &Value) -> Result<(), WireError> {
        let shapes = self.shapes();
        let Some(shape) = shapes.operations.get(operation) else { return Ok(()) };
        let mut check = Constraints::default();
        shapes.check(&mut check, shape, request);
        check.done().map_err(|broken| (self.error)(operation, broken))
    }
}

#[cfg(test)]
mod tests;
