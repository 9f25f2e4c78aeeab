//! All queues of one account and region.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::address::Address;
use super::attributes::QueueAttributes;
use super::error::SqsError;
use super::message::{Message, NewMessage};
use super::move_task::MoveTasks;
use super::operations::receive_message;
use super::permission;
use super::queue::{Queue, RECREATE_INTERVAL, Sent};
use super::shapes;
use super::waiting::{ReceiveParameters, Waiter};
use crate::kernel::{Arn, CallId, Context};
use crate::services::shared::remembered::Remembered;
use crate::wire::{Timestamp, WireError};

/// SQS in one account and region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sqs {
    pub(super) queues: BTreeMap<Arc<str>, Queue>,
    /// Names that may not be used again yet, with the time of their deletion.
    deleted: Remembered<Arc<str>, ()>,
    pub(super) move_tasks: MoveTasks,
}

impl Sqs {
    /// The queue that a URL names, brought to the present, if the caller may use it.
    ///
    /// The host does not count but for the region in it: clients see this emulator under many.
    ///
    /// # Errors
    /// `MissingParameter` without a URL, `QueueDoesNotExist`, `AccessDenied`.
    pub(super) fn by_url(
        &mut self,
        ctx: &mut Context<'_>,
        url: Option<&str>,
    ) -> Result<&mut Queue, SqsError> {
        let url = url.filter(|url| !url.is_empty());
        let url = url.ok_or_else(|| SqsError::MissingParameter("QueueUrl".to_owned()))?;
        let Address { name, account, region } = Address::of(url);
        if region.is_some_and(|region| region != ctx.region()) {
            return Err(SqsError::QueueDoesNotExist);
        }
        if let Some(account) = account.filter(|account| *account != ctx.account()) {
            ctx.belongs_to(account);
            return Err(SqsError::QueueDoesNotExist);
        }
        let queue = self.queues.get_mut(name).ok_or(SqsError::QueueDoesNotExist)?;
        permission::check_caller(ctx, queue)?;
        Ok(queue.in_use(ctx))
    }

    pub(super) fn by_name(
        &mut self,
        ctx: &mut Context<'_>,
        name: &str,
    ) -> Result<&mut Queue, SqsError> {
        let queue = self.queues.get_mut(name).ok_or(SqsError::QueueDoesNotExist)?;
        Ok(queue.in_use(ctx))
    }

    pub(super) fn check_recreation(&self, ctx: &Context<'_>, name: &str) -> Result<(), SqsError> {
        let too_early =
            |deleted: Timestamp| ctx.now() < deleted + RECREATE_INTERVAL && !ctx.settings().relaxed;
        match self.deleted_at(name) {
            Some(deleted) if too_early(deleted) => Err(SqsError::QueueDeletedRecently),
            _ => Ok(()),
        }
    }

    /// When the queue of that name was deleted, if it was within the last minute.
    pub(super) fn deleted_at(&self, name: &str) -> Option<Timestamp> {
        self.deleted.get(name).map(|(at, ())| *at)
    }

    /// Checks that `attributes` of the queue `name` name a dead-letter queue that may take from it.
    ///
    /// # Errors
    /// `InvalidParameterValue` with the reason.
    pub(super) fn check_redrive(
        &self,
        ctx: &Context<'_>,
        name: &str,
        attributes: &QueueAttributes,
    ) -> Result<(), SqsError> {
        let Some(policy) = &attributes.redrive_policy else {
            return Ok(());
        };
        let invalid = |reason: &str| Err(SqsError::value(policy.text(), "RedrivePolicy", reason));
        let target = &policy.dead_letter_target;
        if &*target.service != "sqs" || target.scope != *ctx.scope() {
            return invalid(
                "Dead-letter target must be an SQS queue of the same account and region.",
            );
        }
        let Some(dead_letter_queue) = self.queues.get(target.resource.as_str()) else {
            return invalid("Dead letter target does not exist.");
        };
        if dead_letter_queue.is_fifo() != attributes.fifo.is_some() {
            return invalid("Dead-letter queue must be same type of queue as the source.");
        }
        let source = ctx.arn(name);
        if dead_letter_queue
            .attributes
            .redrive_allow_policy
            .as_ref()
            .is_some_and(|allow| !allow.allows(&source))
        {
            return invalid(
                "The dead-letter queue's RedriveAllowPolicy does not allow this queue.",
            );
        }
        Ok(())
    }

    /// The names of the queues whose dead-letter queue is `arn`, in order.
    pub(super) fn sources_of(&self, arn: &Arn) -> impl Iterator<Item = &Arc<str>> {
        let names_it = |queue: &Queue| {
            let policy = queue.attributes.redrive_policy.as_ref();
            policy.is_some_and(|policy| policy.dead_letter_target == *arn)
        };
        self.queues.iter().filter(move |(_, queue)| names_it(queue)).map(|(name, _)| name)
    }

    pub(super) fn remove(&mut self, ctx: &mut Context<'_>, name: &Arc<str>) {
        let now = ctx.now();
        self.deleted.forget(now - RECREATE_INTERVAL);
        self.deleted.insert(now, Arc::clone(name), ());
        self.move_tasks.forget(name);
        let Some(queue) = self.queues.remove(name) else {
            return;
        };
        for call in queue.waiters.into_calls() {
            ctx.fail(call, WireError::from(SqsError::QueueDoesNotExist));
        }
    }

    /// Sends through the one door, then serves whoever waits.
    pub(super) fn send(
        &mut self,
        ctx: &mut Context<'_>,
        queue: &Arc<str>,
        message: NewMessage,
    ) -> Result<Sent, SqsError> {
        let held = self.by_name(ctx, queue)?;
        let sent = held.send(ctx, message)?;
        if !held.waiters.is_empty() {
            self.wake(ctx, queue);
        }
        Ok(sent)
    }

    /// Takes up to as many messages as wanted. Those received too often go to the dead-letter
    /// queue instead.
    pub(super) fn receive(
        &mut self,
        ctx: &mut Context<'_>,
        name: &Arc<str>,
        parameters: &ReceiveParameters,
    ) -> Vec<shapes::Message> {
        let dead_letter_queue = self.dead_letter_queue_of(name);
        let receives_max = dead_letter_queue.as_ref().map(|(_, receives_max)| *receives_max);
        let Some(queue) = self.queues.get_mut(name) else {
            return Vec::new();
        };
        let attempt = parameters.attempt_id.as_deref();
        let again =
            attempt.and_then(|id| queue.repeat(ctx.now(), id, parameters.visibility_timeout));
        if let Some(again) = again {
            return again.into_iter().map(|sequence| parameters.show(queue, sequence)).collect();
        }
        let (mut taken, mut worn_out) = (Vec::new(), Vec::new());
        while taken.len() < parameters.messages_max {
            let after = taken.last().copied();
            match queue.take(ctx, parameters.visibility_timeout, after, receives_max) {
                Some(Ok(sequence)) => taken.push(sequence),
                Some(Err(message)) => worn_out.push(*message),
                None => break,
            }
        }
        if let Some(id) = attempt.filter(|_| !taken.is_empty()) {
            queue.remember_attempt(ctx.now(), id, &taken);
        }
        if !taken.is_empty() {
            queue.activity.received(taken.len());
        }
        let shown = taken.into_iter().map(|sequence| parameters.show(queue, sequence)).collect();
        let source = queue.arn.clone();
        if let Some((dead_letter_queue, _)) = dead_letter_queue.filter(|_| !worn_out.is_empty()) {
            self.dead_letter(ctx, &dead_letter_queue, &source, worn_out);
        }
        shown
    }

    /// The dead-letter queue of `name` and after how many receives it is used.
    ///
    /// `None` also when it was deleted: then messages stay where they are.
    fn dead_letter_queue_of(&self, name: &Arc<str>) -> Option<(Arc<str>, u32)> {
        let policy = self.queues.get(name)?.attributes.redrive_policy.as_ref()?;
        let (dead_letter_queue, _) =
            self.queues.get_key_value(policy.dead_letter_target.resource.as_str())?;
        Some((Arc::clone(dead_letter_queue), policy.max_receive_count))
    }

    fn dead_letter(
        &mut self,
        ctx: &mut Context<'_>,
        name: &Arc<str>,
        source: &Arn,
        messages: Vec<Message>,
    ) {
        let dead_letter_queue = self.queues.get_mut(name).expect("it was just found");
        for message in messages {
            dead_letter_queue.dead_letter(ctx, message, source);
        }
        self.wake(ctx, name);
    }

    /// Gives what a queue holds to those who wait for it, in the order in which they came.
    pub(super) fn wake(&mut self, ctx: &mut Context<'_>, name: &Arc<str>) {
        while let Some(queue) = self.queues.get_mut(name) {
            let Some((call, waiter)) = queue.waiters.first() else {
                return;
            };
            let parameters = waiter.parameters.clone();
            if !queue.has_receivable(ctx.now()) {
                break;
            }
            let messages = self.receive(ctx, name, &parameters);
            if messages.is_empty() {
                // What looked receivable went to the dead-letter queue.
                continue;
            }
            if let Some(queue) = self.queues.get_mut(name) {
                queue.waiters.remove(call);
            }
            ctx.complete(call, receive_message::Response { messages: Some(messages) });
        }
        self.set_timer(ctx, name);
    }

    /// Lets the caller wait until `deadline`, if there is one.
    pub(super) fn wait(
        &mut self,
        ctx: &mut Context<'_>,
        name: &Arc<str>,
        deadline: Option<Timestamp>,
        parameters: ReceiveParameters,
    ) {
        let call = ctx.park(name);
        if let Some(queue) = self.queues.get_mut(name) {
            queue.waiters.insert(call, Waiter { deadline, parameters });
        }
        self.set_timer(ctx, name);
    }

    /// While somebody waits, a timer stands at the next moment at which something may change.
    pub(super) fn set_timer(&mut self, ctx: &mut Context<'_>, name: &Arc<str>) {
        let Some(queue) = self.queues.get_mut(name) else {
            return;
        };
        if queue.waiters.is_empty() {
            return;
        }
        let moments = [queue.waiters.deadline(), queue.next_change()];
        let Some(at) = moments.into_iter().flatten().min() else {
            return;
        };
        if queue.timer.is_none_or(|set| at < set) {
            queue.timer = Some(at);
            ctx.set_timer(at, name);
        }
    }

    /// A timer fired: that of a move task or that of a queue.
    pub(super) fn look(&mut self, ctx: &mut Context<'_>, key: &Arc<str>) {
        match MoveTasks::source_of(key) {
            Some(source) => self.on_task_timer(ctx, source),
            None => self.on_queue_timer(ctx, key),
        }
    }

    fn on_queue_timer(&mut self, ctx: &mut Context<'_>, name: &Arc<str>) {
        let Ok(queue) = self.by_name(ctx, name) else {
            return;
        };
        queue.timer = None;
        self.wake(ctx, name);
        let now = ctx.now();
        let Some(queue) = self.queues.get_mut(name) else {
            return;
        };
        while let Some(call) = queue.waiters.take_late(now) {
            queue.activity.received(0);
            ctx.complete(call, receive_message::Response::default());
        }
        self.set_timer(ctx, name);
    }

    /// The client of a waiting call is gone: it gets no message.
    pub(super) fn hang_up(&mut self, name: &str, call: CallId) {
        if let Some(queue) = self.queues.get_mut(name) {
            queue.waiters.remove(call);
        }
    }
}
