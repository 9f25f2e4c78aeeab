//! From the services to the one that collects metrics: the data points that AWS publishes by
//! itself.

use super::core::Cloud;
use super::registry::registry;
use crate::kernel::{Context, Hooks, Scope, ServiceName, WantedMetrics};

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

    fn at_collector(&mut self, scope: &Scope, act: impl FnOnce(&mut dyn Hooks, &mut Context<'_>)) {
        let Some(found) = registry().metrics_collector() else {
            return;
        };
        let name = ServiceName::of(found.service.name);
        let mut ctx = Context::new(&mut self.kernel, &mut self.outbox, name, scope.clone());
        act(self.services.of(found.state, scope), &mut ctx);
    }
}
