//! From the services to the one that collects metrics: the data points that AWS publishes by
//! itself.

use super::core::Cloud;
use super::faults::resources;
use super::registry::{Found, registry};
use crate::kernel::{Context, Hooks, Operation, RefusedRequest, Scope, ServiceName, WantedMetrics};
use crate::wire::{Format, WireError};

/// A request, as far as metrics go.
pub(super) struct Asked<'a> {
    pub(super) scope: &'a Scope,
    pub(super) format: Format,
    pub(super) operation: &'static Operation,
    pub(super) of: Found,
    pub(super) body: &'a [u8],
}

impl Cloud {
    /// Lets every service publish what is due of what is `wanted`: somebody is about to look.
    pub(super) fn publish_metrics(&mut self, scope: &Scope, wanted: &WantedMetrics) {
        for (name, state) in self.services.used_in(scope) {
            let name = ServiceName::of(name);
            let mut ctx = Context::new(&mut self.kernel, &mut self.outbox, name, scope.clone());
            state.publish_metrics(&mut ctx, wanted);
        }
        self.collect_metrics();
    }

    /// Takes published data points to their collector, and tells it of those to come.
    pub(super) fn collect_metrics(&mut self) {
        for begun in std::mem::take(&mut self.outbox.metrics_begun) {
            let scope = begun.scope.clone();
            self.at_collector(&scope, |state, ctx| state.on_metrics_begun(ctx, begun));
        }
        for metric in std::mem::take(&mut self.outbox.metrics) {
            let scope = metric.scope.clone();
            self.at_collector(&scope, |state, ctx| state.on_metric(ctx, metric));
        }
    }

    /// Tells a service that was used before of a request that is answered with an error.
    pub(super) fn tell_of_refusal(&mut self, asked: &Asked<'_>, error: &WireError) {
        let Asked { scope, format, operation, of, body } = asked;
        let Some(state) = self.services.existing(of.state, scope) else { return };
        let name = ServiceName::of(format.service.name);
        let mut ctx = Context::new(&mut self.kernel, &mut self.outbox, name, (*scope).clone());
        let refused = RefusedRequest {
            operation: format.operation,
            error,
            is_throttled: error.shape == operation.facts.throttling.shape,
            resources: &|| resources(format, operation, body),
        };
        state.on_refused(&mut ctx, &refused);
    }

    fn at_collector(&mut self, scope: &Scope, act: impl FnOnce(&mut dyn Hooks, &mut Context<'_>)) {
        let Some(found) = registry().metrics_collector() else {
            return;
        };
        let name = ServiceName::of(found.service.name);
        let mut ctx = Context::new(&mut self.kernel, &mut self.outbox, name, scope.clone());
        act(self.services.of(found.state, scope), &mut ctx);
    }
}
