//! One recorded case: its client, the answers it got, and what differed from AWS.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::client::{Client, Protocol};
use crate::matching::Matching;

const RECORDED: &str = include_str!("../../../tests/recordings/sqs.json");

/// What a case's client does.
pub(crate) type Steps = fn(&mut Case);

pub(crate) struct Case {
    pub(crate) client: Client,
    /// What the case's name holds in brackets beside the protocol.
    pub(crate) variant: String,
    recorded: Map<String, Value>,
    answered: BTreeSet<String>,
    matching: Matching,
}

impl Case {
    fn new(parameters: &str, recorded: &Value) -> Self {
        let (protocol, variant) = match parameters.split_once('-').unwrap_or((parameters, "")) {
            ("sqs", variant) => (Protocol::Json, variant),
            ("sqs_query", variant) => (Protocol::Query, variant),
            _ => (Protocol::Json, parameters),
        };
        let recorded = recorded["answers"].as_object().expect("a case has answers").clone();
        Self {
            client: Client::new(protocol),
            variant: variant.to_owned(),
            recorded,
            answered: BTreeSet::new(),
            matching: Matching::default(),
        }
    }

    /// Compares `answer` with what AWS answered in this step.
    pub(crate) fn answered(&mut self, step: &str, answer: &Value) {
        let Some(recorded) = self.recorded.get(step) else {
            return self.matching.differs(step, "no such step was recorded");
        };
        self.matching.compare(step, recorded, answer);
        self.answered.insert(step.to_owned());
    }

    /// Calls and compares.
    pub(crate) fn step(&mut self, step: &str, operation: &str, request: &Value) -> Value {
        let answer = self.client.call(operation, request);
        self.answered(step, &answer);
        answer
    }

    fn differences(mut self) -> Vec<String> {
        for step in self.recorded.keys().filter(|step| !self.answered.contains(*step)) {
            self.matching.differs(step, "this recorded step was not replayed");
        }
        self.matching.into_differences()
    }
}

/// Replays every recording of every case in `table`.
pub(crate) fn replay(table: &[(&str, Steps)]) {
    let recordings = recordings();
    let mut differences = Vec::new();
    for (name, steps) in table {
        let of_case: Vec<_> =
            recordings.iter().filter(|(recorded, _)| split(recorded).0 == *name).collect();
        assert!(!of_case.is_empty(), "{name} was not recorded");
        for (recorded, answers) in of_case {
            let mut case = Case::new(split(recorded).1, answers);
            steps(&mut case);
            differences.extend(
                case.differences()
                    .into_iter()
                    .map(|difference| format!("{recorded}: {difference}")),
            );
        }
    }
    assert!(differences.is_empty(), "AWS answered otherwise:\n{}", differences.join("\n"));
}

/// The names of all cases, without class and parameters.
pub(crate) fn recorded_names() -> BTreeSet<String> {
    recordings().keys().map(|recorded| split(recorded).0.to_owned()).collect()
}

fn recordings() -> Map<String, Value> {
    serde_json::from_str(RECORDED).expect("the recordings are JSON")
}

/// `Class::name[parameters]` as name and parameters.
fn split(recorded: &str) -> (&str, &str) {
    let name = recorded.rsplit("::").next().unwrap_or(recorded);
    name.strip_suffix(']').and_then(|name| name.split_once('[')).unwrap_or((name, ""))
}
