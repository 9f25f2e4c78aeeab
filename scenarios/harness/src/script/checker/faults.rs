//! Checks the faults of a script: what each may say, and that no two are in each other's way.

use super::{Checker, key};
use crate::catalog::suggest;
use crate::script::Span;
use crate::script::locate::Way;
use crate::script::nemesis::{FAULTS, Nemesis, OF_MESSAGES, PAUSE};
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;

impl Checker<'_> {
    pub(super) fn faults(&mut self, faults: &[Nemesis]) {
        let mut names = BTreeSet::new();
        for (at, nemesis) in faults.iter().enumerate() {
            let path = [key("nemesis"), Way::Index(at)];
            self.fault(&path, nemesis);
            if !names.insert(&nemesis.name) {
                let text = format!("there are two faults `{}`", nemesis.name);
                self.complain(&[&path[..], &[key("name")]].concat(), &text);
            }
            let other = faults[..at].iter().find(|other| in_the_way(nemesis, other));
            if let Some(other) = other {
                let text = format!("its role is still busy with `{}` then", other.name);
                self.complain(&[&path[..], &[key("from")]].concat(), &text);
            }
        }
    }

    fn fault(&mut self, path: &[Way], nemesis: &Nemesis) {
        let place = |part: &str| [path, &[key(part)]].concat();
        let (name, with) = (&nemesis.fault, &nemesis.with);
        self.word("fault", FAULTS, name, &place("fault"), &place("with"), with);
        if nemesis.until.is_some_and(|until| until <= nemesis.from.unwrap_or_default()) {
            self.complain(&place("until"), "it ends before it begins");
        }
        if nemesis.is_of_process() {
            self.of_process(path, nemesis);
        } else {
            self.of_aws(path, nemesis);
        }
    }

    fn of_aws(&mut self, path: &[Way], nemesis: &Nemesis) {
        let place = |part: &str| [path, &[key(part)]].concat();
        let of = |part: &str| [path, &[key("on"), key(part)]].concat();
        let (name, with, on) = (&nemesis.fault, &nemesis.with, &nemesis.on);
        let share = |value: f64| (0.0..=1.0).contains(&value);
        if !nemesis.probability.is_none_or(share) {
            self.complain(&place("probability"), "a probability is a number from 0 to 1");
        }
        if !with.get("share").and_then(Value::as_f64).is_none_or(share) {
            self.complain(&[path, &[key("with"), key("share")]].concat(), "from 0 to 1");
        }
        for part in ["seconds", "times", "status"] {
            if with.get(part).and_then(Value::as_f64).is_some_and(|number| number < 0.0) {
                let place = [path, &[key("with"), key(part)]].concat();
                self.complain(&place, &format!("`{part}` can't be less than 0"));
            }
        }
        if on.attempt == Some(0) {
            self.complain(&of("attempt"), "attempts are counted from 1");
        }
        if OF_MESSAGES.contains(&name.as_str()) {
            let said = [
                ("operation", on.operation.is_some()),
                ("caller", on.caller.is_some()),
                ("attempt", on.attempt.is_some()),
            ];
            self.strange(said, of, |part| {
                format!("`{name}` acts on messages, which have no {part}")
            });
        }
        if on.role.is_some() && FAULTS.iter().any(|fault| fault.name == name) {
            self.complain(&of("role"), &format!("`{name}` happens at AWS, which has no roles"));
        }
        if nemesis.times == Some(0) {
            self.complain(&place("times"), "it would never fire");
        } else if nemesis.times.is_some_and(|times| times < nemesis.must_fire.0) {
            self.complain(&place("times"), "it must fire more often than it may");
        }
    }

    fn of_process(&mut self, path: &[Way], nemesis: &Nemesis) {
        let place = |part: &str| [path, &[key(part)]].concat();
        let of = |part: &str| [path, &[key("on"), key(part)]].concat();
        let (name, on) = (&nemesis.fault, &nemesis.on);
        let known: Vec<_> = self.catalog.roles.iter().map(|role| role.name).collect();
        match &on.role {
            None => self.complain(&place("fault"), &format!("`{name}` needs `on: {{ role: … }}`")),
            Some(role) if !known.contains(&role.as_str()) => {
                self.complain(
                    &of("role"),
                    &suggest(&format!("unknown role `{role}`"), role, &known),
                );
            }
            Some(_) => {}
        }
        if name == PAUSE && nemesis.until.is_none() {
            self.complain(&place("fault"), "`pause` needs `until`");
        }
        let said = [
            ("service", on.service.is_some()),
            ("operation", on.operation.is_some()),
            ("resource", on.resource.is_some()),
            ("caller", on.caller.is_some()),
            ("attempt", on.attempt.is_some()),
        ];
        self.strange(said, of, |part| format!("`{name}` acts on a process, which has no {part}"));
        let said = [
            ("probability", nemesis.probability.is_some()),
            ("times", nemesis.times.is_some()),
            ("must_fire", nemesis.must_fire.0 > 1),
        ];
        self.strange(said, place, |_| format!("`{name}` happens once, and surely"));
    }

    /// Complains about each part that is said and makes no sense here.
    fn strange<const PARTS: usize>(
        &mut self,
        said: [(&str, bool); PARTS],
        place: impl Fn(&str) -> Vec<Way>,
        text: impl Fn(&str) -> String,
    ) {
        for (part, _) in said.into_iter().filter(|(_, said)| *said) {
            self.complain(&place(part), &text(part));
        }
    }
}

/// True if both act on the same role's process, one before the other's end.
fn in_the_way(one: &Nemesis, other: &Nemesis) -> bool {
    let window = |nemesis: &Nemesis| {
        let begin = nemesis.from.unwrap_or_default();
        // What is killed for good has no end; what is restarted at once has one at once.
        let last = if nemesis.restarts_at_once() { begin } else { Span(Duration::MAX) };
        (begin, nemesis.until.unwrap_or(last))
    };
    let ((begin, end), (other_begin, other_end)) = (window(one), window(other));
    let overlap = begin == other_begin || (begin < other_end && other_begin < end);
    one.is_of_process() && other.is_of_process() && one.on.role == other.on.role && overlap
}
