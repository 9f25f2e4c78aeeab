//! What EventBridge Scheduler does when none of its operations is called.

use std::sync::Arc;

use super::state::Scheduler;
use super::{invocation, schedule};
use crate::kernel::{Answered, CallError, Context, Hooks, Topology, WantedMetrics};
use crate::wire::Timestamp;

impl Hooks for Scheduler {
    fn map(&self, _now: Timestamp, topology: &mut Topology) {
        self.told(topology);
    }

    fn on_timer(&mut self, ctx: &mut Context<'_>, key: &Arc<str>) {
        if let Some(schedule) = key.strip_prefix(schedule::TIMER) {
            self.ring(ctx, schedule);
        } else if let Some(id) = key.strip_prefix(invocation::TIMER) {
            self.retry(ctx, id);
        }
    }

    fn on_answer(
        &mut self,
        ctx: &mut Context<'_>,
        token: &Arc<str>,
        answer: Result<Answered, CallError>,
    ) {
        self.answered(ctx, token, answer);
    }

    fn publish_metrics(&mut self, ctx: &mut Context<'_>, wanted: &WantedMetrics) {
        self.publish_activity(ctx, wanted);
    }
}
