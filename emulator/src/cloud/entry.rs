//! What makes a service: its facts on the wire, its operations, and its state with hooks.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kernel::{Hooks, Operation, OperationTable, Scope, ServiceState, pairs};
use crate::wire::Service;
#[cfg(any(test, feature = "state-bytes"))]
use crate::wire::cbor;
#[cfg(any(test, feature = "snapshots"))]
use crate::wire::cbor::CborError;

/// One service. Two services of the wire may share a state (DynamoDB and its streams).
pub(super) struct Entry {
    pub(super) service: &'static Service,
    pub(super) operations: BTreeMap<&'static str, Operation>,
    /// What it does for others than the clients of its API, so that no model has it.
    pub(super) besides: BTreeMap<&'static str, Operation>,
    pub(super) state: StateKind,
    /// It takes in the data points of all services.
    pub(super) collects_metrics: bool,
}

/// Which type an entry's state has, and how to make an empty one.
#[derive(Clone, Copy)]
pub(super) struct StateKind {
    pub(super) id: TypeId,
    pub(super) empty: fn() -> Box<dyn AnyState>,
}

impl Entry {
    pub(super) fn new<S: ServiceState>(
        service: &'static Service,
        table: OperationTable<S>,
    ) -> Self {
        Self {
            service,
            operations: table.into_operations(),
            besides: BTreeMap::new(),
            state: StateKind {
                id: TypeId::of::<S>(),
                empty: || Box::new(Scoped::<S> { states: BTreeMap::new() }),
            },
            collects_metrics: false,
        }
    }

    /// The same with operations that are not of its API; they have the same state.
    pub(super) fn besides<S: ServiceState>(self, table: OperationTable<S>) -> Self {
        debug_assert_eq!(TypeId::of::<S>(), self.state.id, "an operation runs on its own service");
        Self { besides: table.into_operations(), ..self }
    }

    /// What takes whole requests: the label in their hosts, the service and the operation.
    pub(super) fn whole(&self) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
        let labelled = self.besides.values().filter_map(|it| Some((it.route.as_ref()?.whole?, it)));
        labelled.map(|(label, operation)| (label, self.service.name, operation.name))
    }

    pub(super) fn collecting_metrics(self) -> Self {
        Self { collects_metrics: true, ..self }
    }
}

/// One service's state in every account and region that was ever used.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent, bound(serialize = "S: Serialize", deserialize = "S: Deserialize<'de>"))]
pub(super) struct Scoped<S> {
    #[serde(with = "pairs")]
    states: BTreeMap<Scope, S>,
}

impl<S> Scoped<S> {
    pub(super) fn get(&self, scope: &Scope) -> Option<&S> {
        self.states.get(scope)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &S> {
        self.states.values()
    }

    /// Every account and region that was ever used, with its state.
    #[cfg(feature = "edge")]
    pub(super) fn each(&self) -> impl Iterator<Item = (&Scope, &S)> {
        self.states.iter()
    }
}

/// A [`Scoped`] whose type is not known.
pub(super) trait AnyState: Any + Send + Sync {
    /// The state in `scope`, made when it is used for the first time.
    fn of(&mut self, scope: &Scope) -> &mut dyn Hooks;
    /// The state in `scope`, if it was ever used.
    fn existing(&mut self, scope: &Scope) -> Option<&mut dyn Hooks>;
    /// Every state that was ever used.
    fn each<'s>(&'s self, look: &mut dyn FnMut(&'s dyn Hooks));
    /// Whether it was ever used, wherever.
    fn is_used(&self) -> bool;
    /// Where it was ever used.
    fn scopes(&self) -> Box<dyn Iterator<Item = &Scope> + '_>;
    fn fork(&self) -> Box<dyn AnyState>;
    #[cfg(any(test, feature = "state-bytes"))]
    fn to_bytes(&self) -> Vec<u8>;
    #[cfg(any(test, feature = "snapshots"))]
    fn read(&mut self, bytes: &[u8]) -> Result<(), CborError>;
}

impl<S: ServiceState> AnyState for Scoped<S> {
    fn of(&mut self, scope: &Scope) -> &mut dyn Hooks {
        if !self.states.contains_key(scope) {
            self.states.insert(scope.clone(), S::default());
        }
        self.states.get_mut(scope).expect("it was just made")
    }

    fn existing(&mut self, scope: &Scope) -> Option<&mut dyn Hooks> {
        self.states.get_mut(scope).map(|state| state as &mut dyn Hooks)
    }

    fn each<'s>(&'s self, look: &mut dyn FnMut(&'s dyn Hooks)) {
        self.states.values().for_each(|state| look(state));
    }

    fn is_used(&self) -> bool {
        !self.states.is_empty()
    }

    fn scopes(&self) -> Box<dyn Iterator<Item = &Scope> + '_> {
        Box::new(self.states.keys())
    }

    fn fork(&self) -> Box<dyn AnyState> {
        Box::new(self.clone())
    }

    #[cfg(any(test, feature = "state-bytes"))]
    fn to_bytes(&self) -> Vec<u8> {
        cbor::to_vec(self).expect("state consists of values that CBOR can write")
    }

    #[cfg(any(test, feature = "snapshots"))]
    fn read(&mut self, bytes: &[u8]) -> Result<(), CborError> {
        *self = cbor::from_slice(bytes)?;
        Ok(())
    }
}
