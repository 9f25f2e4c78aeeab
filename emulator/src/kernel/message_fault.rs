//! Fault rules about single messages.

use super::{Context, FaultEffect, FaultPoint, MessageId, Name, NodeId, What};

impl Context<'_> {
    /// The effect of the first fault rule that fires for a message `subject` of `resource`, if one
    /// does; recorded as caused by `cause`.
    pub fn message_fault(
        &mut self,
        resource: &str,
        (cause, at, subject): (NodeId, &Name, MessageId),
        wanted: fn(&FaultEffect) -> bool,
    ) -> Option<FaultEffect> {
        if self.kernel.faults.is_empty() {
            return None;
        }
        let service = &*self.service;
        let point = FaultPoint { service, resources: &[resource], ..FaultPoint::default() };
        let fired = self.kernel.faults.fire(self.kernel.now, &point, wanted).into_iter().next()?;
        let note = format!("{}: {}", fired.name, fired.effect.as_str());
        self.record_note(cause, What::Faulted, at, subject, note);
        Some(fired.effect)
    }

    /// A random number for what a fault rule leaves open, from 0 to below 1.
    pub fn fault_fraction(&mut self) -> f64 {
        self.kernel.faults.fraction()
    }
}
