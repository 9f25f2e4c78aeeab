//! What EventBridge Pipes does when none of its operations is called.

use std::sync::Arc;

use super::execution;
use super::pipe::BEGINS;
use super::state::Pipes;
use crate::kernel::{Answered, CallError, Context, Hooks, Topology, WantedMetrics};
use crate::wire::Timestamp;

impl Hooks for Pipes {
    fn map(&self, _now: Timestamp, topology: &mut Topology) {
        self.told(topology);
    }

    fn on_timer(&mut self, ctx: &mut Context<'_>, key: &Arc<str>) {
        let begins = key.strip_prefix(BEGINS);
        let name = begins.or_else(|| key.split('/').next()).unwrap_or_default();
        let Some(pipe) = self.pipes.get_mut(name) else { return };
        let news = match (begins, &mut pipe.poller) {
            (Some(_), _) => pipe.begin_later(ctx),
            (None, Some(poller)) => poller.rang(ctx),
            (None, None) => return,
        };
        self.deal(ctx, name, news);
    }

    fn on_answer(
        &mut self,
        ctx: &mut Context<'_>,
        token: &Arc<str>,
        answer: Result<Answered, CallError>,
    ) {
        if let Some(id) = token.strip_prefix(execution::TOKEN) {
            return self.answered(ctx, id, answer);
        }
        let name = token.split('/').next().unwrap_or_default();
        let Some(pipe) = self.pipes.get_mut(name) else {
            // A log or a dead letter.
            if let Err(error) = answer {
                tracing::warn!(call = &**token, reason = %error, "a pipe's call failed");
            }
            return;
        };
        let Some(poller) = &mut pipe.poller else { return };
        let news = poller.answered(ctx, token, answer);
        self.deal(ctx, name, news);
    }

    fn publish_metrics(&mut self, ctx: &mut Context<'_>, wanted: &WantedMetrics) {
        self.publish_activity(ctx, wanted);
    }
}
