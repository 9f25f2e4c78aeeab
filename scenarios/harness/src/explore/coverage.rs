//! What exploring has seen: which commands were given, which faults fired, how often.

use crate::report::Run;
use crate::script::Script;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Counts over all seeds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Coverage {
    /// Calls to AWS.
    pub calls: u64,
    pub commands: BTreeMap<String, u64>,
    /// Cases with a fault of the kind, and how often faults of the kind fired.
    pub faults: BTreeMap<String, (u64, u64)>,
    /// The ways through the system.
    pub branches: BTreeMap<String, u64>,
    /// How often a kind of fault fired where it was aimed at, like `delay at dynamodb PutItem`.
    pub aimed: BTreeMap<String, u64>,
}

impl Coverage {
    pub fn add(&mut self, case: &Script, run: Option<&Run>) {
        let steps = case.when.iter().filter_map(|step| step.act.as_ref());
        for act in case.given.iter().chain(steps) {
            *self.commands.entry(act.action.clone()).or_default() += 1;
        }
        for nemesis in &case.nemesis {
            let fired = run.and_then(|run| run.fired.get(&nemesis.name)).copied().unwrap_or(0);
            let (cases, total) = self.faults.entry(nemesis.fault.clone()).or_default();
            *cases += 1;
            *total += fired;
            let on = &nemesis.on;
            let place = [&on.service, &on.operation, &on.resource, &on.role].into_iter().flatten();
            let place: Vec<_> = place.map(String::as_str).collect();
            if fired > 0 && !place.is_empty() {
                let aim = format!("{} at {}", nemesis.fault, place.join(" "));
                *self.aimed.entry(aim).or_default() += fired;
            }
        }
        self.calls += run.map_or(0, |run| run.calls);
        for (branch, count) in run.into_iter().flat_map(|run| &run.branches) {
            *self.branches.entry(branch.clone()).or_default() += count;
        }
    }

    pub fn merge(&mut self, other: Self) {
        self.calls += other.calls;
        for (command, count) in other.commands {
            *self.commands.entry(command).or_default() += count;
        }
        for (branch, count) in other.branches {
            *self.branches.entry(branch).or_default() += count;
        }
        for (aim, count) in other.aimed {
            *self.aimed.entry(aim).or_default() += count;
        }
        for (fault, (cases, fired)) in other.faults {
            let entry = self.faults.entry(fault).or_default();
            *entry = (entry.0 + cases, entry.1 + fired);
        }
    }
}

impl Coverage {
    /// Those of `sometimes` that were never reached: neither a command that was given, nor a kind
    /// of fault that fired, nor the beginning of a way that was taken.
    pub fn never(&self, sometimes: &[String]) -> Vec<String> {
        let reached = |what: &String| {
            self.commands.contains_key(what)
                || self.faults.get(what).is_some_and(|(_, fired)| *fired > 0)
                || self.branches.keys().any(|branch| branch.starts_with(what.as_str()))
        };
        sometimes.iter().filter(|what| !reached(what)).cloned().collect()
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "covered: {} calls to AWS", self.calls)?;
        let counts = |counts: &BTreeMap<String, u64>| {
            let parts: Vec<_> =
                counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
            parts.join(", ")
        };
        writeln!(f, "  commands: {}", counts(&self.commands))?;
        for (fault, (cases, fired)) in &self.faults {
            writeln!(f, "  {fault}: in {cases} cases, fired {fired} times")?;
        }
        writeln!(f, "  faults hit {} different aims", self.aimed.len())?;
        for (branch, count) in &self.branches {
            writeln!(f, "  {branch}: {count}")?;
        }
        Ok(())
    }
}
