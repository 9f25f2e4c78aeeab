//! The system file: how a system is started, and what belongs to it. Read and checked before
//! anything runs; complaints name line and column.

mod check;
mod file;
mod parts;
mod schema;
#[cfg(test)]
mod tests;

pub use file::{Busy, ClockMode, Command, Process, Ready, Resources, Setup, System};
pub use parts::{Named, Text};
pub use schema::json_schema;

use crate::script::{ScriptError, ScriptErrors, locate, syntax};
use std::path::Path;

/// Reads the system file `file`. Commands run in its folder.
///
/// # Errors
/// Every complaint about it.
pub fn read(file: &Path) -> Result<System, ScriptErrors> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|error| {
        let message = error.to_string();
        ScriptErrors(vec![ScriptError { file: name.clone(), position: None, message }])
    })?;
    let mut system = parse(&name, &text)?;
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        system.folder = folder.to_owned();
    }
    Ok(system)
}

/// Reads a system file from `text`; `file` only names it in complaints.
///
/// # Errors
/// Every complaint about it.
pub fn parse(file: &str, text: &str) -> Result<System, ScriptErrors> {
    let system: System =
        serde_norway::from_str(text).map_err(|error| ScriptErrors(vec![syntax(file, &error)]))?;
    let found = check::complaints(&system);
    if found.is_empty() {
        return Ok(system);
    }
    let place = |(path, message): (Vec<_>, String)| ScriptError {
        file: file.to_owned(),
        position: locate(text, &path),
        message,
    };
    Err(ScriptErrors(found.into_iter().map(place).collect()))
}
