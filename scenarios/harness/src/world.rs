//! What a system plugs into the harness: things that can be done to it and things that can be
//! seen of it, by name. The harness does not know what the names mean.

use crate::catalog::Catalog;
use crate::processes::{NoProcesses, Processes};
use serde_json::Value;
use std::collections::BTreeMap;

/// The arguments of an action or observation, with all captures filled in.
pub type Arguments = serde_json::Map<String, Value>;

/// A system under test.
///
/// One thread drives it, so futures need not be `Send`. In the simulated stage everything that an
/// implementation awaits must run on tokio's clock and on the SDK configuration it was given.
pub trait World {
    /// The words this system adds to scripts.
    const CATALOG: Catalog;

    /// Does `action` and returns what a script may capture with `as:`.
    fn act(
        &mut self,
        action: &str,
        with: &Arguments,
    ) -> impl Future<Output = Result<Value, WorldError>>;

    /// Looks at the system without changing it.
    fn observe(
        &mut self,
        what: &str,
        of: &Arguments,
    ) -> impl Future<Output = Result<Value, WorldError>>;

    /// Texts that tell which messages have to do with an observation `of` these arguments, such
    /// as an order's id: when an expectation fails, the messages whose bodies contain one of them
    /// are explained. By default every text among the arguments.
    fn subjects(&self, _what: &str, of: &Arguments) -> Vec<String> {
        of.values().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// The same for what an invariant found: texts such as the ids of the orders that it names. By
    /// default none.
    fn subjects_of(&self, _finding: &str) -> Vec<String> {
        Vec::new()
    }

    /// The name at AWS of a queue, topic, bus or table that faults call `name`.
    fn resource(&self, name: &str) -> String {
        name.to_owned()
    }

    /// Whoever can kill, pause, stop and start the processes of the catalog's roles. Asked for
    /// once, before the script begins: what it does happens beside `act` and `observe`. By default
    /// nobody can.
    fn processes(&mut self) -> impl Processes + use<Self> {
        NoProcesses
    }

    /// True if nothing is under way any more: no message waits and nobody is at work. Invariants
    /// are checked only then.
    fn at_rest(&mut self) -> impl Future<Output = Result<bool, WorldError>> {
        std::future::ready(Ok(true))
    }

    /// Checks an invariant of the catalog, with the system at rest. The error says what is wrong
    /// and becomes part of the verdict.
    fn check(&mut self, invariant: &str) -> impl Future<Output = Result<(), WorldError>> {
        std::future::ready(Err(WorldError(format!("nothing checks `{invariant}`"))))
    }

    /// Which ways through the system were taken, and how often, for the report of what exploring
    /// covered. Asked for after the invariants were checked.
    fn branches(&self) -> BTreeMap<String, u64> {
        BTreeMap::new()
    }

    /// Called once, after the last expectation is decided: stop what runs in the background, add
    /// what only the system knows to the timeline, and return the final state. It becomes part of
    /// the hash of the run's state.
    fn finish(&mut self) -> impl Future<Output = Value>;
}

/// The system refused an action, or there is nothing to see yet. The text is shown to the user.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct WorldError(pub String);

impl From<String> for WorldError {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// The argument `name`, which is a text. The catalog's check before the run has seen to it,
/// unless it was captured.
pub fn text<'a>(arguments: &'a Arguments, name: &str) -> Result<&'a str, WorldError> {
    let value = arguments.get(name).and_then(Value::as_str);
    value.ok_or_else(|| WorldError(format!("`{name}` is not a text")))
}
