//! A branch: a line of states of which one is current. An execution begins with one; `Parallel` and
//! `Map` have more.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::map_run::ChildPlace;
use crate::definition::{Definition, Kind, Machine, State};
use crate::json::Json;
use crate::time::Milliseconds;

pub(super) type Variables = Arc<BTreeMap<String, Value>>;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Branch {
    pub(super) parent: Option<Parent>,
    /// The states around this branch's machine, and which of their machines it is.
    pub(super) place: Vec<(String, usize)>,
    /// The name of the current state.
    pub(super) state: String,
    pub(super) phase: Phase,
    /// The state's input as it came.
    pub(super) input: Json,
    pub(super) variables: Variables,
    /// The last event of this branch, which the next one follows.
    pub(super) last_event: u64,
    /// The event of entering the state, and the one before.
    pub(super) entered_event: u64,
    pub(super) before_entered: u64,
    pub(super) entered_at: Milliseconds,
    /// Retries so far: by retrier, and all of them.
    pub(super) attempts: Vec<u32>,
    pub(super) retries: u32,
    /// The item of a `Map` that this branch, or one around it, is for.
    pub(super) item: Option<Item>,
    /// The child execution of a distributed map that it is in, whose history has its events.
    pub(super) child: Option<ChildPlace>,
    /// It is that child's first branch.
    pub(super) begins_child: bool,
    pub(super) alarm: Option<Milliseconds>,
    pub(super) token: Option<String>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Parent {
    pub(super) branch: u64,
    /// Which of the parent's branches or items this is.
    pub(super) index: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Item {
    pub(super) index: usize,
    pub(super) value: Value,
}

/// What a branch is doing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Phase {
    /// About to enter its state.
    Entering,
    /// About to do its state's work again.
    Again,
    /// A `Wait`, until its alarm.
    Waiting,
    /// Between two attempts, until its alarm.
    BackingOff,
    Task(Running),
    Children(Children),
}

/// A task that somebody works on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Running {
    pub(super) number: u64,
    pub(super) deadline: Option<Milliseconds>,
    pub(super) heartbeat_seconds: Option<u64>,
    pub(super) heartbeat_deadline: Option<Milliseconds>,
}

/// The branches of a `Parallel`, or the items of a `Map`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Children {
    pub(super) results: Vec<Option<Json>>,
    /// A map's items, in order, as its branches get them.
    pub(super) items: Vec<Prepared>,
    /// How many were started.
    pub(super) started: usize,
    pub(super) running: BTreeSet<u64>,
    /// How many may run at once.
    pub(super) limit: usize,
    pub(super) failed: usize,
    /// A distributed map's run, by its place in the list, and how many failures it bears.
    pub(super) run: Option<usize>,
    pub(super) tolerated: usize,
    /// The event that the first child follows.
    pub(super) started_event: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Prepared {
    pub(super) input: Json,
    pub(super) item: Item,
    /// How many items it is: a batch is several.
    pub(super) items: usize,
}

impl Branch {
    pub(super) fn new(state: &str, input: Json, last_event: u64) -> Self {
        Self {
            parent: None,
            place: Vec::new(),
            state: state.to_owned(),
            phase: Phase::Entering,
            input,
            variables: Variables::default(),
            last_event,
            entered_event: 0,
            before_entered: 0,
            entered_at: 0,
            attempts: Vec::new(),
            retries: 0,
            item: None,
            child: None,
            begins_child: false,
            alarm: None,
            token: None,
        }
    }

    /// The current state's definition.
    pub(super) fn definition<'d>(&self, definition: &'d Definition) -> &'d State {
        let machine = machine_at(definition, &self.place);
        machine.states.get(&self.state).expect("a branch is in a state of its machine")
    }
}

/// The machine that a branch at `place` is in.
pub(super) fn machine_at<'d>(definition: &'d Definition, place: &[(String, usize)]) -> &'d Machine {
    let mut machine = &definition.machine;
    for (name, index) in place {
        machine = match machine.states.get(name).map(|state| &state.kind) {
            Some(Kind::Parallel { branches }) => &branches[*index],
            Some(Kind::Map(map)) => &map.processor,
            _ => panic!("the branch's place is in the definition"),
        };
    }
    machine
}
