//! How the change of an alarm spreads to the composite alarms above it.
//!
//! Each is evaluated once for one change, after all those below it: in the order of a depth-first
//! search. Where alarms depend on one another in a circle, it stops when it comes round.
//!
//! Source: API reference "PutCompositeAlarm"; answers recorded on AWS, 2025-09-19.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Value, json};

use crate::kernel::{Context, NodeId};
use crate::services::cloudwatch::alarm::state::{Alarm, State, name_of};
use crate::services::cloudwatch::alarm::{Alarms, StateValue};

/// A child as reasons and messages show it.
#[derive(Serialize)]
struct Triggering<'a> {
    arn: &'a str,
    state: Value,
}

impl Alarms {
    /// Gives an alarm a state, with all that follows from it.
    pub(in crate::services::cloudwatch::alarm) fn change(
        &mut self,
        ctx: &mut Context<'_>,
        name: &str,
        state: State,
        cause: NodeId,
    ) {
        let Some(cause) = self.change_one(ctx, name, state, cause) else { return };
        let mut changed = BTreeSet::from([name.to_owned()]);
        for composite in self.above(name) {
            let children = self.get(&composite).map(Alarm::children).unwrap_or_default();
            let triggers: Vec<&str> =
                children.iter().copied().filter(|child| changed.contains(*child)).collect();
            let Some(last) = triggers.last() else { continue };
            let Some(value) = self.composite_value(&composite) else { continue };
            let (arn, to, at) = match self.get(last) {
                Some(child) => (child.arn.to_string(), child.state.value, child.transitioned),
                None => continue,
            };
            let reason = format!("{arn} transitioned to {} at {}", to.as_str(), at.in_words());
            let state = State::new(value, reason, Some(self.triggering(&triggers)));
            if self.change_one(ctx, &composite, state, cause).is_some() {
                changed.insert(composite);
            }
        }
        for name in changed {
            self.suppressor_changed(ctx, &name);
        }
    }

    /// Evaluates a composite alarm that was created or updated.
    pub(in crate::services::cloudwatch::alarm) fn evaluate_composite(
        &mut self,
        ctx: &mut Context<'_>,
        name: &str,
        verb: &str,
    ) {
        let Some(value) = self.composite_value(name) else { return };
        let Some(alarm) = self.get(name) else { return };
        let word = value.as_str();
        let reason = format!("{} was {verb} and its alarm rule evaluates to {word}", alarm.arn);
        let data = self.triggering(&alarm.children());
        let state = State::new(value, reason, Some(data));
        self.change(ctx, name, state, ctx.cause());
    }

    /// Changes one alarm; the cause of what follows if its value is another one now.
    fn change_one(
        &mut self,
        ctx: &mut Context<'_>,
        name: &str,
        state: State,
        cause: NodeId,
    ) -> Option<NodeId> {
        let hold = self.hold(name, ctx.now());
        self.touch(name, |alarm, history| alarm.change(ctx, history, (state, cause), hold))?
    }

    /// What a composite alarm's state should be, if that is not what it is.
    fn composite_value(&self, name: &str) -> Option<StateValue> {
        let alarm = self.get(name)?;
        let rule = alarm.watch.children()?;
        let state_of = |alarm: &str| Some(self.get(name_of(alarm))?.state.value);
        let value = if rule.holds(&state_of) { StateValue::Alarm } else { StateValue::Ok };
        (value != alarm.state.value).then_some(value)
    }

    /// `StateReasonData`.
    fn triggering(&self, names: &[&str]) -> String {
        let shown = names.iter().filter_map(|name| self.get(name)).map(|child| {
            let at = child.transitioned.iso_offset();
            let state = json!({ "value": child.state.value, "timestamp": at });
            Triggering { arn: child.arn.as_str(), state }
        });
        json!({ "triggeringAlarms": shown.collect::<Vec<_>>() }).to_string()
    }

    /// The composite alarms above an alarm, each after those below it; without itself.
    fn above(&self, name: &str) -> Vec<String> {
        let parents = |name: &str| self.parents.get(name).into_iter().flatten();
        let mut seen = BTreeSet::from([name.to_owned()]);
        let mut finished = Vec::new();
        // An alarm, and how many of its parents were gone through.
        let mut path = vec![(name.to_owned(), 0)];
        while let Some((at, gone)) = path.last_mut() {
            let next = parents(at).nth(*gone).cloned();
            *gone += 1;
            match next {
                Some(parent) => {
                    if seen.insert(parent.clone()) {
                        path.push((parent, 0));
                    }
                }
                None => finished.extend(path.pop().map(|(name, _)| name)),
            }
        }
        finished.pop();
        finished.reverse();
        finished
    }
}
