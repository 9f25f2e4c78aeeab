//! The state machine itself.

use super::call::{Call, Handled, ReplyFormat};
use super::faults::Decided;
use super::services::Services;
use crate::kernel::{
    CallId, Completed, Context, Effects, Kernel, MessageId, Outcome, Settings, TimerEvent, Trace,
};
use crate::wire::Timestamp;

/// A whole AWS: every account, region and service, as one value.
///
/// Cloning it forks the world.
pub struct Cloud {
    pub(super) kernel: Kernel,
    pub(super) services: Services,
    pub(super) effects: Effects,
}

impl Clone for Cloud {
    fn clone(&self) -> Self {
        Self {
            kernel: self.kernel.clone(),
            services: self.services.clone(),
            effects: Effects::default(),
        }
    }
}

impl Cloud {
    pub fn new(settings: Settings) -> Self {
        Self {
            kernel: Kernel::new(settings),
            services: Services::default(),
            effects: Effects::default(),
        }
    }

    /// The virtual time.
    pub fn now(&self) -> Timestamp {
        self.kernel.now
    }

    pub fn settings(&self) -> &Settings {
        &self.kernel.settings
    }

    /// When something is due, if anything is.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.kernel.timers.next_deadline()
    }

    /// Moves time to `now`, which never goes back, and does what is due on the way, in order.
    pub fn advance(&mut self, now: Timestamp) {
        while let Some((at, event)) = self.kernel.timers.take_due(now) {
            self.kernel.now = self.kernel.now.max(at);
            self.fire(event);
        }
        self.kernel.now = self.kernel.now.max(now);
    }

    fn fire(&mut self, event: TimerEvent) {
        match event {
            TimerEvent::Service { service, scope, key } => {
                if &*service == "cloudwatch" {
                    self.publish_metrics(&scope);
                }
                let (kernel, effects) = (&mut self.kernel, &mut self.effects);
                self.services.on_timer(kernel, effects, &service, &scope, &key);
            }
            TimerEvent::Delivery(delivery) => self.effects.outbox.push_back(*delivery),
        }
        self.drain_outbox();
    }

    /// Runs a request at `now`.
    pub fn handle(&mut self, now: Timestamp, call: Call) -> Handled {
        self.advance(now);
        let id = CallId(self.kernel.next_call);
        self.kernel.next_call += 1;
        let request_id = self.kernel.ids.uuid();
        let Decided { refused, fate, entries } = self.decide(&call, request_id);
        let Call { caller, format, run, .. } = call;
        let reply = ReplyFormat { format, request_id, fate };
        if let Some(error) = refused {
            return Handled::Done(reply, Err(error));
        }
        if format.service.name == "cloudwatch" {
            self.publish_metrics(&caller.scope);
        }
        let scope = caller.scope.clone();
        let name = format.service.name;
        let mut ctx = Context::new(&mut self.kernel, &mut self.effects, name, scope)
            .for_call(&caller, id)
            .with_entry_fault(entries);
        let outcome = run(&mut ctx, &mut self.services);
        self.drain_outbox();
        match outcome {
            Ok(Outcome::Done(answer)) => Handled::Done(reply, Ok(answer)),
            Ok(Outcome::Parked) => Handled::Parked(id, reply),
            Err(error) => Handled::Done(reply, Err(error)),
        }
    }

    /// The client of a waiting call is gone.
    pub fn hang_up(&mut self, now: Timestamp, call: CallId) {
        self.advance(now);
        if let Some(parked) = self.kernel.parked.remove(&call) {
            self.services.hang_up(&parked.service, &parked.scope, &parked.key, call);
        }
    }

    /// The answers of calls that had waited, since this was last asked.
    pub fn take_completed(&mut self) -> Vec<Completed> {
        std::mem::take(&mut self.effects.completed)
    }

    /// The story of a message, an event or a publication by its id.
    pub fn trace(&self, id: MessageId) -> Option<Trace> {
        self.kernel.lineage.trace(id)
    }

    /// Everything that the lineage holds, oldest first.
    pub fn lineage(&self) -> &crate::kernel::Lineage {
        &self.kernel.lineage
    }
}
