//! Calls that wait as long as it takes, and cost nothing meanwhile.

use std::sync::Arc;

use super::{Context, InternalCall, Principal, ReturnAddress};

/// A call that is made to wait as long as it takes, or that is waited for no longer.
pub enum Patience {
    Call(InternalCall),
    /// The answer that would come there is not wanted any more.
    Withdraw(ReturnAddress),
}

impl Context<'_> {
    /// The same context for a caller who waits without a time-out.
    pub fn patiently(mut self, is_patient: bool) -> Self {
        self.is_patient = is_patient;
        self
    }

    /// Whether another service calls that waits without a time-out ([`Self::call_patiently`]).
    pub fn is_patient(&self) -> bool {
        self.is_patient
    }

    /// Calls an operation as [`Self::call`] does, with a question whose answer may take for ever,
    /// such as what comes next in a queue: who finds nothing waits without a time-out, until
    /// [`Self::withdraw`]. It costs nothing.
    pub fn call_patiently(
        &mut self,
        called: (&str, &str),
        input: serde_json::Value,
        principal: Principal,
        token: &Arc<str>,
    ) {
        let call = self.internal_call(called, input, principal, token);
        self.outbox.patience.push_back(Patience::Call(call));
    }

    /// Takes a call back that still waits: its answer with `token` is not wanted any more.
    pub fn withdraw(&mut self, token: &Arc<str>) {
        let address = self.return_address(token);
        self.outbox.patience.push_back(Patience::Withdraw(address));
    }

    pub(super) fn internal_call(
        &self,
        (service, operation): (&str, &str),
        input: serde_json::Value,
        principal: Principal,
        token: &Arc<str>,
    ) -> InternalCall {
        InternalCall {
            service: service.to_owned(),
            operation: operation.to_owned(),
            input,
            principal,
            scope: self.scope().clone(),
            cause: self.cause(),
            hops: 0,
            answer_to: self.return_address(token),
        }
    }
}
