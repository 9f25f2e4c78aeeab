//! How move tasks run: which message goes where, and what ends a task.
//!
//! A message leaves its dead-letter queue only when its destination takes it: none is lost, but
//! into a queue that was deleted a moment ago, as on AWS.

use std::sync::Arc;
use std::time::Duration;

use super::error::SqsError;
use super::message::Sequence;
use super::move_task::{MoveTask, MoveTasks, Status};
use super::state::Sqs;
use crate::kernel::{Arn, Context, What};
use crate::wire::WireError;

/// What AWS says of a message that no queue gave up.
const NO_SOURCE: &str = "CouldNotDetermineMessageSource";
// Differs from AWS: a task that ran for 36 hours fails for the reason `TaskTimedOut`; AWS does not
// document its word.
const TOO_LONG: &str = "TaskTimedOut";

/// How long a deleted queue still takes what a task moves into it.
const STILL_TAKES: Duration = Duration::from_secs(3);

/// Why a task can't go on, in AWS's word for it.
struct Failure(String);

impl From<SqsError> for Failure {
    fn from(error: SqsError) -> Self {
        Self(WireError::from(error).query_code.into_owned())
    }
}

impl Sqs {
    /// The queue that an ARN names, if it is here.
    pub(super) fn name_of(&self, ctx: &Context<'_>, arn: &str) -> Option<Arc<str>> {
        let arn: Arn = arn.parse().ok()?;
        let is_here = &*arn.service == "sqs" && arn.scope == *ctx.scope();
        let (name, _) = self.queues.get_key_value(arn.resource.as_str()).filter(|_| is_here)?;
        Some(Arc::clone(name))
    }

    /// The queue whose tasks `SourceArn` means.
    ///
    /// # Errors
    /// `MissingParameter`, `ResourceNotFoundException`.
    pub(super) fn source_of_tasks(
        &self,
        ctx: &Context<'_>,
        arn: Option<&str>,
    ) -> Result<Arc<str>, SqsError> {
        let arn = arn.filter(|arn| !arn.is_empty());
        let arn = arn.ok_or_else(|| SqsError::MissingParameter("SourceArn".to_owned()))?;
        self.name_of(ctx, arn).ok_or_else(|| SqsError::resource_not_found("SourceArn"))
    }

    /// Lets `task` run on the queue `source`.
    pub(super) fn run_task(&mut self, ctx: &mut Context<'_>, source: &Arc<str>, task: MoveTask) {
        ctx.set_timer(task.next(), &MoveTasks::timer_key(source));
        self.move_tasks.add(source, task);
    }

    /// The timer of the task of `source` fired.
    pub(super) fn on_task_timer(&mut self, ctx: &mut Context<'_>, source: &str) {
        let now = ctx.now();
        // A task whose source was deleted leaves its timer behind.
        if self.move_tasks.active(source).is_none_or(|task| task.next() > now) {
            return;
        }
        let status = match self.move_due(ctx, source) {
            Ok(None) => {
                if let Some(task) = self.move_tasks.active(source) {
                    ctx.set_timer(task.next(), &MoveTasks::timer_key(source));
                }
                return;
            }
            Ok(Some(end)) => end,
            Err(Failure(reason)) => Status::Failed { reason },
        };
        if let Some(task) = self.move_tasks.active(source) {
            task.status = status;
        }
    }

    /// Moves what is due; returns how the task ended, if it did.
    fn move_due(&mut self, ctx: &mut Context<'_>, source: &str) -> Result<Option<Status>, Failure> {
        let now = ctx.now();
        loop {
            let Some(task) = self.move_tasks.active(source) else {
                return Ok(None);
            };
            let queue = self.queues.get_mut(source).ok_or(SqsError::QueueDoesNotExist)?;
            queue.settle(ctx);
            if task.moved >= task.to_move || queue.is_empty() {
                return Ok(Some(Status::Completed));
            }
            if task.has_run_too_long(now) {
                return Err(Failure(TOO_LONG.to_owned()));
            }
            if !task.is_due(now) {
                return Ok(task.has_stopped(now).then_some(Status::Cancelled));
            }
            let Some(sequence) = queue.next_to_move(now) else {
                task.pause(now, queue.next_change());
                return Ok(None);
            };
            let back = || queue.message(sequence).dead_letter_source().map(str::to_owned);
            let destination = match &task.destination {
                Some(destination) => destination.to_string(),
                None => back().ok_or(Failure(NO_SOURCE.to_owned()))?,
            };
            self.move_one(ctx, (source, sequence), &destination)?;
            if let Some(task) = self.move_tasks.active(source) {
                task.count();
            }
        }
    }

    fn move_one(
        &mut self,
        ctx: &mut Context<'_>,
        (source, sequence): (&str, Sequence),
        destination: &str,
    ) -> Result<(), Failure> {
        let Some(name) = self.name_of(ctx, destination) else {
            return self.move_into_deleted(ctx, (source, sequence), destination);
        };
        let from = self.queues.get(source).ok_or(SqsError::QueueDoesNotExist)?;
        self.queues[&name].check_moved(from.message(sequence))?;
        let from = self.queues.get_mut(source).expect("it was just found");
        if let Some(message) = from.take_for_move(ctx, sequence) {
            self.send(ctx, &name, message)
                .expect("the queue of the same type was just asked whether it takes the message");
        }
        Ok(())
    }

    /// For some seconds a deleted queue still takes messages, which are gone with it.
    ///
    /// Source: API reference "DeleteQueue"; recording of 2024-04-30.
    fn move_into_deleted(
        &mut self,
        ctx: &mut Context<'_>,
        (source, sequence): (&str, Sequence),
        destination: &str,
    ) -> Result<(), Failure> {
        let gone = || Failure::from(SqsError::QueueDoesNotExist);
        let arn: Arn = destination.parse().map_err(|_| gone())?;
        let deleted = self.deleted_at(&arn.resource).filter(|_| arn.scope == *ctx.scope());
        deleted.filter(|at| ctx.now() <= *at + STILL_TAKES).ok_or_else(gone)?;
        let from = self.queues.get_mut(source).ok_or(SqsError::QueueDoesNotExist)?;
        let (id, lineage) = (from.message(sequence).id, from.lineage.clone());
        if let Some(message) = from.take_for_move(ctx, sequence) {
            let why = format!("moved to {destination}, which had just been deleted");
            ctx.record_note(message.cause, What::Dropped, &lineage, id, why);
        }
        Ok(())
    }
}
