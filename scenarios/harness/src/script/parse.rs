//! Reading a script and checking every word of it before anything runs. Complaints name the file
//! and line, and say what is allowed there.

use super::checker;
use super::locate::{Way, locate};
use super::syntax::Script;
use crate::catalog::Catalog;
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
    let mut script: Script =
        serde_norway::from_str(text).map_err(|error| ScriptErrors(vec![syntax(file, &error)]))?;
    for (at, nemesis) in script.nemesis.iter_mut().enumerate() {
        if nemesis.name.is_empty() {
            nemesis.name = format!("{}-{}", nemesis.fault, at + 1);
        }
    }
    let found = checker::complaints(&script, catalog);
    if found.is_empty() {
        return Ok(script);
    }
    let place = |(path, message): (Vec<Way>, String)| ScriptError {
        file: file.to_owned(),
        position: locate(text, &path),
        message,
    };
    Err(ScriptErrors(found.into_iter().map(place).collect()))
}

/// The parser's own complaint, with its position taken out of the text.
pub(crate) fn syntax(file: &str, error: &serde_norway::Error) -> ScriptError {
    let position = error.location().map(|at| (at.line(), at.column()));
    let mut message = error.to_string().replace("expected f64", "expected a number");
    if let Some((line, column)) = position {
        message = message.replace(&format!(" at line {line} column {column}"), "");
    }
    ScriptError { file: file.to_owned(), position, message }
}
