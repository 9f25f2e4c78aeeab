//! Whether states lead somewhere, can be reached, and have names of their own.

use std::collections::BTreeSet;

use super::{Diagnostic, Kind, Machine, State};

const TARGET: &str = "MISSING_TRANSITION_TARGET";

/// The names that a state leads to, and the fields that hold them.
fn targets(state: &State) -> Vec<(String, &str)> {
    let mut all: Vec<(String, &str)> = Vec::new();
    all.extend(state.next.iter().map(|next| ("Next".to_owned(), next.as_str())));
    for (index, catcher) in state.catch.iter().enumerate() {
        all.push((format!("Catch[{index}]/Next"), &catcher.next));
    }
    if let Kind::Choice { choices, default } = &state.kind {
        for (index, choice) in choices.iter().enumerate() {
            all.push((format!("Choices[{index}]/Next"), &choice.next));
        }
        all.extend(default.iter().map(|it| ("Default".to_owned(), it.as_str())));
    }
    all
}

fn last(field: &str) -> &str {
    field.rsplit('/').next().unwrap_or(field)
}

/// What is wrong with a machine's transitions.
pub(super) fn transitions(machine: &Machine, location: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let missing = |field: &str, name: &str, location: &str| {
        Diagnostic::error(TARGET, format!("Missing '{field}' target: {name}"), location)
    };
    if !machine.states.contains_key(&machine.start_at) {
        found.push(missing("StartAt", &machine.start_at, &format!("{location}/StartAt")));
    }
    for (name, state) in &machine.states {
        for (field, target) in targets(state) {
            if !machine.states.contains_key(target) {
                let place = format!("{location}/States/{name}/{field}");
                found.push(missing(last(&field), target, &place));
            }
        }
    }
    let mut reached = BTreeSet::new();
    let mut open = vec![machine.start_at.as_str()];
    while let Some(name) = open.pop() {
        if let Some(state) = machine.states.get(name).filter(|_| reached.insert(name)) {
            open.extend(targets(state).into_iter().map(|(_, target)| target));
        }
    }
    for name in machine.states.keys().filter(|name| !reached.contains(name.as_str())) {
        let message = format!("State \"{name}\" is not reachable.");
        found.push(Diagnostic::error(TARGET, message, &format!("{location}/States/{name}")));
    }
    let ends = |state: &State| {
        matches!(state.kind, Kind::Succeed | Kind::Fail { .. })
            || (state.next.is_none() && !matches!(state.kind, Kind::Choice { .. }))
    };
    if !machine.states.values().any(ends) && !machine.states.is_empty() {
        let message = "No terminal state. There must be a state that ends the state machine";
        found.push(Diagnostic::error("MISSING_END_STATE", message, location));
    }
    found
}

/// Names that stand for several states of the whole definition.
pub(super) fn names(machine: &Machine) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    let mut labels = BTreeSet::new();
    let mut found = Vec::new();
    visit(machine, "", &mut seen, &mut labels, &mut found);
    found
}

/// The reader bounds how deep machines are.
fn visit<'m>(
    machine: &'m Machine,
    location: &str,
    seen: &mut BTreeSet<&'m str>,
    labels: &mut BTreeSet<&'m str>,
    found: &mut Vec<Diagnostic>,
) {
    for (name, state) in &machine.states {
        let place = format!("{location}/States/{name}");
        if !seen.insert(name) {
            let message = format!("Duplicate State name: {name}");
            found.push(Diagnostic::error("DUPLICATE_STATE_NAME", message, &place));
        }
        match &state.kind {
            Kind::Parallel { branches } => {
                for (index, branch) in branches.iter().enumerate() {
                    visit(branch, &format!("{place}/Branches[{index}]"), seen, labels, found);
                }
            }
            Kind::Map(map) => {
                if let Some(label) = map.label.as_deref().filter(|it| !labels.insert(it)) {
                    let message = format!("Duplicate label name: {label}");
                    let place = format!("{place}/Label");
                    found.push(Diagnostic::error("DUPLICATE_LABEL_NAME", message, &place));
                }
                visit(&map.processor, &format!("{place}/ItemProcessor"), seen, labels, found);
            }
            _ => {}
        }
    }
}
