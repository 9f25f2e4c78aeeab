//! Calls from service to service, and answers on their way back to whoever called.

use bytes::Bytes;

use super::call::{Origin, ReplyTo};
use super::core::Cloud;
use super::delivery::HOPS_MAX;
use super::effect::ReplyFormat;
use super::registry::registry;
use crate::kernel::{
    Answer, Answered, CallError, Caller, Context, DeliveryError, FunctionRun, HttpAnswer,
    InternalCall, LateAnswer, OutsideId, Patience, PendingOutside, ReturnAddress, TimerEvent,
};
use crate::wire::{Format, Protocol, WireError};

impl Cloud {
    /// Calls an operation as a client would, on behalf of a service's principal.
    pub(super) fn call_service(&mut self, call: InternalCall, is_patient: bool) {
        let InternalCall { service, operation, input, principal, scope, .. } = call;
        let InternalCall { cause, hops, answer_to, .. } = call;
        if hops >= HOPS_MAX {
            let reason = format!("more than {HOPS_MAX} hops");
            return self.tell(&answer_to, Err(CallError::Undelivered(reason)));
        }
        let caller = Caller::service(principal, scope);
        let body = Bytes::from(input.to_string());
        let origin = Origin::Service { answer_to: answer_to.clone(), cause, hops, is_patient };
        match registry().prepare_internal((&service, &operation), caller, body, origin) {
            Ok(call) => drop(self.run(call)),
            Err(rejection) => {
                self.tell(&answer_to, Err(WireError::from(rejection).into()));
            }
        }
    }

    /// Makes a call that may wait for ever, or ends one.
    pub(super) fn be_patient(&mut self, patience: Patience) {
        match patience {
            Patience::Call(call) => self.call_service(call, true),
            Patience::Withdraw(address) => {
                let is_it = |to: &ReplyTo| matches!(to, ReplyTo::Service(_, it) if *it == address);
                let found = self.waiting.iter().find(|(_, to)| is_it(to)).map(|(call, _)| *call);
                if let Some(call) = found {
                    self.hang_up(call);
                }
            }
        }
    }

    /// Brings the answer to an internal call back, unless a fault rule loses or delays it.
    pub(super) fn return_answer(
        &mut self,
        reply: ReplyFormat,
        to: ReturnAddress,
        answer: Result<Box<dyn Answer>, WireError>,
    ) {
        let answer = if reply.fault.lost {
            let reason = "the answer was lost, as a fault rule says".to_owned();
            Err(CallError::Unreachable(reason))
        } else {
            answer.map_err(CallError::from).map(|answer| in_json(&reply.format, &*answer))
        };
        if reply.fault.delay.is_zero() {
            return self.tell(&to, answer);
        }
        let late = LateAnswer { to, answer };
        let at = self.kernel.now + reply.fault.delay;
        self.kernel.timers.set(at, TimerEvent::Answer(Box::new(late)));
    }

    /// Tells a service what its call came to.
    pub(super) fn tell(&mut self, to: &ReturnAddress, answer: Result<Answered, CallError>) {
        let Some(found) = registry().service(&to.service) else {
            return;
        };
        let (service, scope) = (to.service.clone(), to.scope.clone());
        let mut ctx = Context::new(&mut self.kernel, &mut self.outbox, service, scope);
        self.services.of(found.state, &to.scope).on_answer(&mut ctx, &to.token, answer);
    }

    /// An HTTP server outside has answered, or could not be reached.
    pub(super) fn on_http_answer(&mut self, id: OutsideId, answer: Result<HttpAnswer, String>) {
        match self.kernel.outside.remove(&id) {
            None => {}
            Some(PendingOutside::Service(to)) => {
                self.tell(&to, answer.map(Answered::Http).map_err(CallError::Unreachable));
            }
            Some(PendingOutside::Delivery(delivery)) => self.on_delivery_answer(*delivery, answer),
            Some(PendingOutside::Sender(delivery)) => {
                self.on_sender_answer(&delivery, answer.map_err(CallError::Unreachable));
            }
        }
    }

    /// An HTTP server outside is not called, for good.
    pub(super) fn on_not_called(&mut self, id: OutsideId, reason: String) {
        match self.kernel.outside.remove(&id) {
            None => {}
            Some(PendingOutside::Service(to)) => {
                self.tell(&to, Err(CallError::Undelivered(reason)));
            }
            Some(PendingOutside::Delivery(delivery)) => {
                self.failed(*delivery, &DeliveryError::NoPermissions(reason));
            }
            Some(PendingOutside::Sender(delivery)) => {
                self.on_sender_answer(&delivery, Err(CallError::Undelivered(reason)));
            }
        }
    }

    /// A function has ended, or could not be run.
    pub(super) fn on_function_done(&mut self, id: OutsideId, result: Result<FunctionRun, String>) {
        if let Some(PendingOutside::Service(to)) = self.kernel.outside.remove(&id) {
            self.tell(&to, result.map(Answered::Function).map_err(CallError::Unreachable));
        }
    }
}

/// An answer's members in JSON, whatever protocols its service speaks to clients.
fn in_json(format: &Format, answer: &dyn Answer) -> Answered {
    let format = Format { protocol: Protocol::AwsJson10, ..*format };
    let body = answer.encode(&format).expect("every response has a form in JSON");
    Answered::Operation(serde_json::from_slice(&body).expect("it was just written as JSON"))
}

#[cfg(test)]
mod tests;
