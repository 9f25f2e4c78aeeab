//! Checks every word, argument, capture and number of a script that could be read. It knows the
//! way to each complaint's place, not its line.

use super::captures::{self, EACH, NUMBER};
use super::condition::{Comparisons, Condition};
use super::locate::Way;
use super::span::Span;
use super::step::{Repeat, Start, Step};
use super::syntax::{Act, Invariants, Script};
use crate::catalog::{Catalog, Signature, suggest};
use crate::world::Arguments;
use serde_json::Value;
use std::collections::BTreeSet;

mod faults;

/// A step repeats no more often than this (a rate: on average).
const REPETITIONS_MAX: u64 = 100_000;

/// All complaints about `script`: the way to the place, and the text.
pub(super) fn complaints(script: &Script, catalog: &Catalog) -> Vec<(Vec<Way>, String)> {
    let mut checker =
        Checker { catalog, aliases: BTreeSet::new(), in_scope: Vec::new(), found: Vec::new() };
    checker.script(script);
    checker.found
}

struct Checker<'a> {
    catalog: &'a Catalog,
    aliases: BTreeSet<String>,
    /// Which of `${n}` and `${each}` mean something here.
    in_scope: Vec<&'static str>,
    found: Vec<(Vec<Way>, String)>,
}

impl Checker<'_> {
    fn script(&mut self, script: &Script) {
        if script.name.is_empty() {
            self.complain(&[key("name")], "a scenario needs a name");
        }
        // First, because faults can't use captures.
        self.faults(&script.nemesis);
        for (at, act) in script.given.iter().enumerate() {
            self.act(&[key("given"), Way::Index(at)], act);
        }
        for (at, step) in script.when.iter().enumerate() {
            self.step(&[key("when"), Way::Index(at)], step);
        }
        for (at, expectation) in script.then.iter().enumerate() {
            let place = |part: &str| [key("then"), Way::Index(at), key(part)];
            self.in_scope.clear();
            if let Some(list) = &expectation.each {
                self.list(&place("each"), list);
                self.in_scope.push(EACH);
            }
            self.condition(&place(&expectation.mode.to_string()), &expectation.condition);
        }
        self.invariants(&script.invariants);
        if script.then.is_empty() && script.invariants.is_empty() {
            let text = "a scenario that expects nothing proves nothing: add `then` or `invariants`";
            self.complain(&[key("then")], text);
        }
    }

    fn step(&mut self, path: &[Way], step: &Step) {
        let place = |part: &str| [path, &[key(part)]].concat();
        self.in_scope.clear();
        if let Start::Once(condition) = &step.start {
            self.condition(&place("once"), condition);
        }
        if let Some(repeat) = &step.repeat {
            self.repeat(path, &step.start, repeat);
            self.in_scope.push(NUMBER);
        }
        if let Some(act) = &step.act {
            self.act(path, act);
        }
    }

    fn repeat(&mut self, path: &[Way], start: &Start, repeat: &Repeat) {
        let place = |part: &str| [path, &[key(part)]].concat();
        let nothing = |span: &Span| span.0.is_zero();
        let (word, number) = match repeat {
            Repeat::Times { times, .. } => ("times", *times as f64),
            Repeat::Until { every, until } => {
                let begin = if let Start::At(at) = start { at.0 } else { Span::default().0 };
                if nothing(every) {
                    return self.complain(&place("every"), "with `until`, this never ends");
                }
                let lasting = until.0.saturating_sub(begin);
                ("until", (lasting.as_secs_f64() / every.0.as_secs_f64()).ceil())
            }
            Repeat::Rate(rate) if nothing(&rate.lasting) => ("rate", 0.0),
            Repeat::Rate(rate) => ("rate", rate.per_second() * rate.lasting.0.as_secs_f64()),
            Repeat::Each { list, .. } => {
                self.list(&place("each"), list);
                return self.in_scope.push(EACH);
            }
        };
        if number <= 0.0 {
            self.complain(&place(word), "the action would never be done");
        }
        if number > REPETITIONS_MAX as f64 {
            let text = format!("no more than {REPETITIONS_MAX} repetitions");
            self.complain(&place(word), &text);
        }
    }

    /// What `each` goes through: a list, or a reference to one.
    fn list(&mut self, path: &[Way], list: &Value) {
        match list {
            Value::Array(_) => self.references(path, list),
            Value::String(text) if captures::is_reference(text) => self.references(path, list),
            _ => self.complain(path, "`each` goes through a list: write one, or `${name}`"),
        }
    }

    fn invariants(&mut self, invariants: &Invariants) {
        let known: Vec<_> = self.catalog.invariants.iter().map(|known| known.name).collect();
        match invariants {
            Invariants::All if known.is_empty() => {
                self.complain(&[key("invariants")], "this system has no invariants");
            }
            Invariants::All => {}
            Invariants::Named(names) => {
                for (at, name) in names.iter().enumerate() {
                    if !known.contains(&name.as_str()) {
                        let text = suggest(&format!("unknown invariant `{name}`"), name, &known);
                        self.complain(&[key("invariants"), Way::Index(at)], &text);
                    }
                }
            }
        }
    }

    fn act(&mut self, path: &[Way], act: &Act) {
        let place = |part: &str| [path, &[key(part)]].concat();
        let known = self.catalog.all_actions();
        self.word("action", &known, &act.action, &place("do"), &place("with"), &act.with);
        if let Some(wanted) = &act.gives {
            self.wanted(&place("gives"), wanted);
            if act.fails_with.is_some() {
                self.complain(&place("gives"), "a refused action has no result");
            }
        }
        if let Some(alias) = &act.alias {
            if act.fails_with.is_some() {
                self.complain(&place("as"), "a refused action has no result to capture");
            }
            if [NUMBER, EACH].contains(&alias.as_str()) {
                self.complain(&place("as"), &format!("`{alias}` has a meaning of its own"));
            }
            if !self.aliases.insert(alias.clone()) {
                self.complain(&place("as"), &format!("`{alias}` is captured twice"));
            }
        }
    }

    fn condition(&mut self, path: &[Way], condition: &Condition) {
        let place = |part: &str| [path, &[key(part)]].concat();
        let observations = self.catalog.all_observations();
        let name = &condition.observation;
        self.word("observation", &observations, name, &place("see"), &place("of"), &condition.of);
        self.wanted(path, &condition.wanted);
    }

    fn wanted(&mut self, path: &[Way], wanted: &Comparisons) {
        for value in wanted.0.iter().flat_map(|comparison| comparison.values()) {
            self.references(path, value);
        }
    }

    fn word(
        &mut self,
        sort: &str,
        known: &[Signature],
        name: &str,
        name_path: &[Way],
        arguments_path: &[Way],
        arguments: &Arguments,
    ) {
        for (argument, value) in arguments {
            self.references(&[arguments_path, &[key(argument)]].concat(), value);
        }
        let Some(signature) = known.iter().find(|signature| signature.name == name) else {
            let names: Vec<_> = known.iter().map(|signature| signature.name).collect();
            let text = suggest(&format!("unknown {sort} `{name}`"), name, &names);
            return self.complain(name_path, &text);
        };
        for (argument, text) in signature.complaints(arguments) {
            match argument {
                Some(argument) => {
                    self.complain(&[arguments_path, &[key(&argument)]].concat(), &text)
                }
                None => self.complain(name_path, &text),
            }
        }
    }

    fn references(&mut self, path: &[Way], value: &Value) {
        let used = match captures::aliases(value) {
            Ok(used) => used,
            Err(text) => return self.complain(path, &text),
        };
        for alias in used.iter().map(String::as_str) {
            if self.in_scope.contains(&alias) || self.aliases.contains(alias) {
                continue;
            }
            let text = match alias {
                NUMBER => "`${n}` counts repetitions; add `every`, `rate` or `each`".to_owned(),
                EACH => "`${each}` is an entry of a list; add `each` beside".to_owned(),
                _ => {
                    let known: Vec<_> = self.aliases.iter().map(String::as_str).collect();
                    let text = format!("nothing before this is captured as `{alias}`");
                    suggest(&text, alias, &known)
                }
            };
            self.complain(path, &text);
        }
    }

    fn complain(&mut self, path: &[Way], text: &str) {
        self.found.push((path.to_vec(), text.to_owned()));
    }
}

fn key(name: &str) -> Way {
    Way::Key(name.to_owned())
}
