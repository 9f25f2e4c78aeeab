//! What Step Functions does when none of its operations is called.

use std::sync::Arc;

use super::state::StepFunctions;
use super::{activity, advancing, creating, integration, trying};
use crate::kernel::{
    Answered, Arn, CallError, CallId, Context, Delivery, DeliveryError, Hooks, Topology,
    WantedMetrics,
};
use crate::wire::Timestamp;

impl Hooks for StepFunctions {
    fn map(&self, _now: Timestamp, topology: &mut Topology) {
        self.told(topology);
    }

    fn deliver(
        &mut self,
        ctx: &mut Context<'_>,
        to: &Arn,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        self.take_in(ctx, to, delivery)
    }

    fn on_timer(&mut self, ctx: &mut Context<'_>, key: &Arc<str>) {
        if let Some(execution) = key.strip_prefix(advancing::TIMER) {
            self.wake(ctx, execution);
        } else if let Some(activity) = key.strip_prefix(activity::TIMER) {
            self.dismiss(ctx, activity);
        }
    }

    fn on_client_gone(&mut self, call: CallId, key: &str) {
        if let Some(activity) = key.strip_prefix(activity::TIMER) {
            self.hang_up(activity, call);
        } else if let Some(execution) = key.strip_prefix(advancing::TIMER)
            && let Some(run) = self.executions.get_mut(execution)
        {
            run.waiters.retain(|waiter| *waiter != call);
        }
    }

    fn on_answer(
        &mut self,
        ctx: &mut Context<'_>,
        token: &Arc<str>,
        answer: Result<Answered, CallError>,
    ) {
        match token.split_once('/') {
            Some((integration::TASK, task)) => self.task_answered(ctx, task, answer),
            Some((integration::JOB, task)) => self.job_ended(ctx, task, answer),
            Some((creating::TOKEN, number)) => self.destination_answered(ctx, number, answer),
            Some((trying::TOKEN, number)) => self.trial_answered(ctx, number, answer),
            _ => {
                if let Err(error) = answer {
                    tracing::debug!(call = %token, reason = %error, "nobody waits for this answer");
                }
            }
        }
    }

    fn publish_metrics(&mut self, ctx: &mut Context<'_>, wanted: &WantedMetrics) {
        self.publish_activity(ctx, wanted);
    }
}
