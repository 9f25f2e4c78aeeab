//! The list of services, and a cloud's states of them. A new service is one more row here.

use std::any::Any;
use std::collections::BTreeMap;

use super::entry::{AnyState, Entry, Scoped};
use super::registry::registry;
use crate::kernel::{Hooks, Scope, ServiceState};
use crate::services::{
    cloudwatch, dynamodb, eventbridge, iam, lambda, logs, pipes, scheduler, sns, sqs,
    stepfunctions, sts,
};

/// Every service.
pub(super) fn entries() -> Vec<Entry> {
    let entries = vec![
        Entry::new(&cloudwatch::SERVICE, cloudwatch::table()).collecting_metrics(),
        Entry::new(&dynamodb::SERVICE, dynamodb::table()),
        Entry::new(&dynamodb::streams::SERVICE, dynamodb::streams::table()),
        Entry::new(&eventbridge::SERVICE, eventbridge::table())
            .besides(eventbridge::besides_table()),
        Entry::new(&iam::SERVICE, iam::table()),
        Entry::new(&lambda::SERVICE, lambda::table()).besides(lambda::url_table()),
        Entry::new(&logs::SERVICE, logs::table()),
        Entry::new(&pipes::SERVICE, pipes::table()),
        Entry::new(&scheduler::SERVICE, scheduler::table()),
        Entry::new(&sns::SERVICE, sns::table()).besides(sns::besides_table()),
        Entry::new(&sqs::SERVICE, sqs::table()),
        Entry::new(&stepfunctions::SERVICE, stepfunctions::table()),
        Entry::new(&sts::SERVICE, sts::table()),
    ];
    #[cfg(test)]
    let entries = {
        let mut entries = entries;
        entries.push(super::testing::probe::entry());
        entries
    };
    entries
}

/// The states of all services, one a type, in the order of [`super::Registry::states`].
pub(super) struct Services {
    states: Vec<Box<dyn AnyState>>,
}

impl Default for Services {
    fn default() -> Self {
        Self { states: registry().states().map(|kind| (kind.empty)()).collect() }
    }
}

impl Clone for Services {
    fn clone(&self) -> Self {
        Self { states: self.states.iter().map(|state| state.fork()).collect() }
    }
}

impl Services {
    /// A service's state in `scope`; `state` is the entry's number of it.
    pub(super) fn of(&mut self, state: usize, scope: &Scope) -> &mut dyn Hooks {
        self.states[state].of(scope)
    }

    /// A service's state in `scope`, if it was ever used there.
    pub(super) fn existing(&mut self, state: usize, scope: &Scope) -> Option<&mut dyn Hooks> {
        self.states[state].existing(scope)
    }

    /// The states that were ever used in `scope`, with the names of their services.
    pub(super) fn used_in<'s>(
        &'s mut self,
        scope: &'s Scope,
    ) -> impl Iterator<Item = (&'static str, &'s mut dyn Hooks)> {
        let states = registry().state_names().zip(&mut self.states);
        states.filter_map(move |(name, state)| Some((name, state.existing(scope)?)))
    }

    /// Each account and region in which anything was ever used, with the services that were.
    pub(super) fn used(&self) -> BTreeMap<Scope, Vec<&'static str>> {
        let mut used: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (name, state) in registry().state_names().zip(&self.states) {
            for scope in state.scopes() {
                used.entry(scope.clone()).or_default().push(name);
            }
        }
        used
    }

    /// Every state of every service, in the order of the list.
    pub(super) fn each<'s>(&'s self, mut look: impl FnMut(&'s dyn Hooks)) {
        self.states.iter().for_each(|state| state.each(&mut look));
    }

    /// Whether the state with that number was ever used.
    pub(super) fn is_used(&self, state: usize) -> bool {
        self.states[state].is_used()
    }

    /// The states of one service, for those who look at them by their type.
    pub(super) fn all<S: ServiceState>(&self) -> &Scoped<S> {
        let mut states = self.states.iter().map(|state| &**state as &dyn Any);
        states.find_map(|state| state.downcast_ref()).expect("every service is in the list")
    }
}

#[cfg(any(test, feature = "state-bytes"))]
impl Services {
    /// Every state by its service's name, as bytes.
    pub(super) fn to_bytes(&self) -> impl Iterator<Item = (&'static str, Vec<u8>)> {
        registry().state_names().zip(self.states.iter().map(|state| state.to_bytes()))
    }

    /// Reads the state of the service `name`; `None` if there is no such service.
    #[cfg(any(test, feature = "snapshots"))]
    pub(super) fn read(
        &mut self,
        name: &str,
        bytes: &[u8],
    ) -> Option<Result<(), crate::wire::cbor::CborError>> {
        let place = registry().state_names().position(|known| known == name)?;
        Some(self.states[place].read(bytes))
    }
}
