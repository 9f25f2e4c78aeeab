//! `RedriveExecution`: an execution that did not succeed goes on where it failed.

use super::Effect;
use super::branch::Phase;
use super::history::{Details, EventType};
use super::turn::Turn;

impl Turn<'_> {
    pub(super) fn redrive(&mut self) {
        if !self.execution.is_redrivable() {
            return;
        }
        let Some(branches) = self.execution.unfinished.take() else { return };
        self.execution.outcome = None;
        self.execution.redrives += 1;
        self.execution.redriven_at = Some(self.now);
        self.execution.branches = branches;
        self.set_deadline();
        let last = self.execution.last_event;
        let details = Details::new().with("redriveCount", self.execution.redrives);
        let event = self.record_after(last, None, EventType::ExecutionRedriven, details);
        let ids: Vec<u64> = self.execution.branches.keys().copied().collect();
        for id in ids {
            let branch = self.branch(id);
            let event = match branch.child.filter(|_| branch.begins_child) {
                Some(place) => self.redrive_child(place),
                None if branch.parent.is_none() => event,
                None => branch.last_event,
            };
            let branch = self.branch_mut(id);
            branch.alarm = None;
            branch.last_event = event;
            match &branch.phase {
                // Those wait for their children.
                Phase::Children(_) => {}
                Phase::Entering => self.execution.ready.push_back(id),
                _ => {
                    branch.attempts.iter_mut().for_each(|it| *it = 0);
                    branch.phase = Phase::Again;
                    self.execution.ready.push_back(id);
                }
            }
        }
        self.effects.retain(|effect| !matches!(effect, Effect::WakeAt(_)));
    }
}
