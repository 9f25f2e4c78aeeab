//! The recordings as they are written; `tests/recordings/README.md` tells their form.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::ordered::Ordered;

pub(crate) struct Recordings {
    pub(crate) file: String,
    pub(crate) cases: BTreeMap<String, Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// `17-03-2024, 11:09:25`
    pub(crate) recorded: String,
    #[serde(default)]
    pub(crate) steps: Vec<Step>,
    pub(crate) answers: BTreeMap<String, Value>,
    /// Answers put together from several, with references in them.
    #[serde(default)]
    pub(crate) derived: BTreeMap<String, Ordered>,
    /// The paths at which an answer was changed before it was recorded.
    #[serde(default)]
    pub(crate) edited: BTreeMap<String, Vec<String>>,
    /// Words that stand for any value.
    #[serde(default)]
    pub(crate) placeholders: Vec<String>,
    /// The log stops before the last answer.
    #[serde(default)]
    pub(crate) truncated: Value,
}

impl Case {
    /// AWS's answer of that key, without the members that were put in before it was recorded.
    pub(crate) fn answer(&self, key: &str) -> Option<Value> {
        let mut answer = self.answers.get(key)?.clone();
        for path in self.edited.get(key).into_iter().flatten() {
            // Put in by those who recorded: no service has members of such names.
            if let Some((outer, name)) = path.rsplit_once('.').filter(|(_, n)| n.starts_with('_'))
                && let Some(outer) = answer.pointer_mut(&format!("/{}", outer.replace('.', "/")))
                && let Some(members) = outer.as_object_mut()
            {
                members.remove(name);
            }
        }
        Some(answer)
    }

    /// Whether the text at that path was cut to its first line.
    pub(crate) fn is_edited(&self, key: &str, path: &str) -> bool {
        self.edited.get(key).is_some_and(|paths| paths.iter().any(|edited| edited == path))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub(crate) service: String,
    pub(crate) operation: String,
    #[serde(default)]
    pub(crate) params: Ordered,
    /// The key of AWS's answer in `answers`.
    pub(crate) answer: Option<String>,
    /// What of the answer was recorded.
    pub(crate) part: Option<String>,
    /// Seconds.
    #[serde(default)]
    pub(crate) after_seconds: f64,
    #[serde(default)]
    pub(crate) poll: bool,
    /// `path=value`, or a path that must exist.
    #[serde(default)]
    pub(crate) until: Vec<String>,
    /// Parameter to the member of the last answer that goes into it.
    #[serde(default)]
    pub(crate) follow: BTreeMap<String, String>,
    pub(crate) region: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) credentials: Option<Ordered>,
    #[serde(default)]
    pub(crate) unsigned: bool,
    pub(crate) protocol: Option<String>,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[expect(dead_code, reason = "such a step has no answer to compare")]
    #[serde(default)]
    pub(crate) no_answer: Value,
}

impl Recordings {
    /// Reads `tests/recordings/FILE.json`.
    pub(crate) fn read(file: &str) -> Self {
        let path = format!("{}/../tests/recordings/{file}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let cases = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        Self { file: file.to_owned(), cases }
    }
}
