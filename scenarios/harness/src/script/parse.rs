//! Reading a script and checking every word of it before anything runs. Complaints name the file
//! and line, and say what is allowed there.

use super::captures;
use super::locate::{Way, locate};
use super::syntax::{Act, Condition, Script, Start, Wanted};
use crate::catalog::{Catalog, Signature, suggest};
use crate::world::Arguments;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

/// One complaint. Prints as `file:line:column: message`.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub struct ScriptError {
    pub file: String,
    /// Line and column, from 1.
    pub position: Option<(usize, usize)>,
    pub message: String,
}

/// All complaints about one script; never empty.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ScriptErrors(pub Vec<ScriptError>);

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some((line, column)) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Reads the script in `file`.
pub fn read(file: &Path, catalog: &Catalog) -> Result<Script, ScriptErrors> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|error| {
        let message = error.to_string();
        ScriptErrors(vec![ScriptError { file: name.clone(), position: None, message }])
    })?;
    parse(&name, &text, catalog)
}

/// Reads a script from `text`; `file` only names it in complaints.
pub fn parse(file: &str, text: &str, catalog: &Catalog) -> Result<Script, ScriptErrors> {
    let script: Script =
        serde_norway::from_str(text).map_err(|error| ScriptErrors(vec![syntax(file, &error)]))?;
    let mut checker = Checker { catalog, aliases: BTreeSet::new(), found: Vec::new() };
    checker.script(&script);
    if checker.found.is_empty() {
        return Ok(script);
    }
    let place = |(path, message): (Vec<Way>, String)| ScriptError {
        file: file.to_owned(),
        position: locate(text, &path),
        message,
    };
    Err(ScriptErrors(checker.found.into_iter().map(place).collect()))
}

/// The parser's own complaint, with its position taken out of the text.
fn syntax(file: &str, error: &serde_norway::Error) -> ScriptError {
    let position = error.location().map(|at| (at.line(), at.column()));
    let mut message = error.to_string().replace("expected f64", "expected a number");
    if let Some((line, column)) = position {
        message = message.replace(&format!(" at line {line} column {column}"), "");
    }
    ScriptError { file: file.to_owned(), position, message }
}

struct Checker<'a> {
    catalog: &'a Catalog,
    aliases: BTreeSet<String>,
    found: Vec<(Vec<Way>, String)>,
}

impl Checker<'_> {
    fn script(&mut self, script: &Script) {
        if script.name.is_empty() {
            self.complain(&[key("name")], "a scenario needs a name");
        }
        for (at, act) in script.given.iter().enumerate() {
            self.act(&[key("given"), Way::Index(at)], act);
        }
        for (at, step) in script.when.iter().enumerate() {
            let path = [key("when"), Way::Index(at)];
            if let Start::Once(condition) = &step.start {
                self.condition(&[&path[..], &[key("once")]].concat(), condition);
            }
            if let Some(act) = &step.act {
                self.act(&path, act);
            }
        }
        for (at, expectation) in script.then.iter().enumerate() {
            let path = [key("then"), Way::Index(at), key(&expectation.mode.to_string())];
            self.condition(&path, &expectation.condition);
        }
        if script.then.is_empty() {
            self.complain(&[key("then")], "a scenario that expects nothing proves nothing");
        }
    }

    fn act(&mut self, path: &[Way], act: &Act) {
        let place = |part: &str| [path, &[key(part)]].concat();
        self.word(
            "action",
            self.catalog.actions,
            &act.action,
            &place("do"),
            &place("with"),
            &act.with,
        );
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
            if !self.aliases.insert(alias.clone()) {
                self.complain(&place("as"), &format!("`{alias}` is captured twice"));
            }
        }
    }

    fn condition(&mut self, path: &[Way], condition: &Condition) {
        let place = |part: &str| [path, &[key(part)]].concat();
        let observations = self.catalog.observations;
        let name = &condition.observation;
        self.word("observation", observations, name, &place("see"), &place("of"), &condition.of);
        self.wanted(path, &condition.wanted);
    }

    fn wanted(&mut self, path: &[Way], wanted: &Wanted) {
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
        match captures::aliases(value) {
            Err(text) => self.complain(path, &text),
            Ok(used) => {
                for alias in used.iter().filter(|alias| !self.aliases.contains(*alias)) {
                    let known: Vec<_> = self.aliases.iter().map(String::as_str).collect();
                    let text = format!("nothing before this is captured as `{alias}`");
                    let text = suggest(&text, alias, &known);
                    self.found.push((path.to_vec(), text));
                }
            }
        }
    }

    fn complain(&mut self, path: &[Way], text: &str) {
        self.found.push((path.to_vec(), text.to_owned()));
    }
}

fn key(name: &str) -> Way {
    Way::Key(name.to_owned())
}
