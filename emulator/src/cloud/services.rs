//! The state of every service, per account and region.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::kernel::{CallId, Context, Effects, Kernel, Scope, pairs};
use crate::services::cloudwatch::CloudWatch;
use crate::services::dynamodb::DynamoDb;
use crate::services::eventbridge::EventBridge;
use crate::services::sns::Sns;
use crate::services::sqs::Sqs;
use crate::services::sts::Sts;

/// One service's state in every account and region that was ever used.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent, bound(serialize = "S: Serialize", deserialize = "S: Deserialize<'de>"))]
pub(super) struct Scoped<S> {
    #[serde(with = "pairs")]
    states: BTreeMap<Scope, S>,
}

impl<S> Default for Scoped<S> {
    fn default() -> Self {
        Self { states: BTreeMap::new() }
    }
}

impl<S> Scoped<S> {
    pub(super) fn get(&self, scope: &Scope) -> Option<&S> {
        self.states.get(scope)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &S> {
        self.states.values()
    }
}

impl<S: Default> Scoped<S> {
    pub(super) fn of(&mut self, scope: &Scope) -> &mut S {
        if !self.states.contains_key(scope) {
            self.states.insert(scope.clone(), S::default());
        }
        self.states.get_mut(scope).expect("it was just made")
    }
}

/// All services.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Services {
    pub(super) events: Scoped<EventBridge>,
    pub(super) cloudwatch: Scoped<CloudWatch>,
    pub(super) sns: Scoped<Sns>,
    pub(super) dynamodb: Scoped<DynamoDb>,
    pub(super) sqs: Scoped<Sqs>,
    pub(super) sts: Scoped<Sts>,
}

impl Services {
    /// A service's own timer fired.
    pub(super) fn on_timer(
        &mut self,
        kernel: &mut Kernel,
        effects: &mut Effects,
        service: &str,
        scope: &Scope,
        key: &Arc<str>,
    ) {
        match service {
            "sqs" => {
                let mut ctx = Context::new(kernel, effects, "sqs", scope.clone());
                self.sqs.of(scope).on_timer(&mut ctx, key);
            }
            "cloudwatch" => {
                let mut ctx = Context::new(kernel, effects, "cloudwatch", scope.clone());
                self.cloudwatch.of(scope).on_timer(&mut ctx);
            }
            "events" => {
                let mut ctx = Context::new(kernel, effects, "events", scope.clone());
                self.events.of(scope).on_timer(&mut ctx, key);
            }
            other => unreachable!("{other} sets no timers"),
        }
    }

    /// The client of a waiting call is gone.
    pub(super) fn hang_up(&mut self, service: &str, scope: &Scope, key: &str, call: CallId) {
        match service {
            "sqs" => self.sqs.of(scope).hang_up(key, call),
            other => unreachable!("{other} parks no calls"),
        }
    }
}
