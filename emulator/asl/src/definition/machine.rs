//! Reading a definition and the machines in it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::fields::Fields;
use super::state::{Setting, read_state};
use super::{
    DEFINITION_BYTES_MAX, Definition, Diagnostic, ExecutionType, Machine, NESTING_MAX,
    QueryLanguage, STATE_NAME_LENGTH_MAX, State, check,
};
use crate::json::Json;

/// Years of seconds: what AWS takes for a time-out.
pub(super) const SECONDS_MAX: u64 = 99_999_999;

impl Definition {
    /// Reads and judges a definition. Warnings come along with what was read.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, and the warnings.
    pub fn parse(
        text: &str,
        execution: ExecutionType,
    ) -> Result<(Self, Vec<Diagnostic>), Vec<Diagnostic>> {
        if text.len() > DEFINITION_BYTES_MAX {
            let message = format!("The definition is longer than {DEFINITION_BYTES_MAX} bytes");
            return Err(vec![Diagnostic::schema(message, "")]);
        }
        let json = Json::parse(text)
            .map_err(|words| vec![Diagnostic::error("INVALID_JSON_DESCRIPTION", words, "")])?;
        let Some(all) = json.value().as_object() else {
            return Err(vec![Diagnostic::schema("Expected value of type Object", "")]);
        };
        let (definition, mut found) = read_definition(all, execution);
        if let Some(definition) = &definition {
            found.extend(check::names(&definition.machine));
        }
        match definition {
            Some(definition) if !found.iter().any(Diagnostic::is_error) => Ok((definition, found)),
            _ => Err(found),
        }
    }

    /// Reads one state that stands for itself, as `TestState` takes it; it is called `name`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it. Where it leads to is nobody's concern.
    pub fn parse_state(text: &str, name: &str) -> Result<State, Vec<Diagnostic>> {
        let json = Json::parse(text)
            .map_err(|words| vec![Diagnostic::error("INVALID_JSON_DESCRIPTION", words, "")])?;
        let setting = Setting {
            language: QueryLanguage::JsonPath,
            execution: ExecutionType::Standard,
            depth: 0,
        };
        let (state, found) = read_state(name, json.value(), &format!("/States/{name}"), setting);
        match state {
            Some(state) if !found.iter().any(Diagnostic::is_error) => Ok(state),
            _ => Err(found),
        }
    }
}

fn read_definition(
    all: &Map<String, Value>,
    execution: ExecutionType,
) -> (Option<Definition>, Vec<Diagnostic>) {
    let mut fields = Fields::new(all, String::new(), QueryLanguage::JsonPath);
    let comment = fields.text("Comment").map(str::to_owned);
    fields.get("Version");
    let timeout_seconds = fields.whole("TimeoutSeconds", 1, SECONDS_MAX);
    let language = read_language(&mut fields).unwrap_or_default();
    let setting = Setting { language, execution, depth: 0 };
    let machine = read_machine(&mut fields, setting);
    let found = fields.finish();
    (machine.map(|machine| Definition { machine, comment, timeout_seconds }), found)
}

pub(super) fn read_language(fields: &mut Fields<'_>) -> Option<QueryLanguage> {
    match fields.text("QueryLanguage")? {
        "JSONPath" => Some(QueryLanguage::JsonPath),
        "JSONata" => Some(QueryLanguage::Jsonata),
        _ => {
            fields.complain("Value must be one of: [JSONPath, JSONata]", "QueryLanguage");
            None
        }
    }
}

/// The machine whose `StartAt` and `States` stand among these fields.
pub(super) fn read_machine(fields: &mut Fields<'_>, setting: Setting) -> Option<Machine> {
    fields.require(&["StartAt", "States"]);
    if setting.depth >= NESTING_MAX {
        let location = fields.location.clone();
        let message = "The states are too deeply nested.";
        fields.found.push(Diagnostic::error("TOO_DEEPLY_NESTED", message, &location));
        return None;
    }
    let start_at = fields.text("StartAt");
    let all = fields.object("States")?;
    if all.is_empty() {
        fields.complain("Value cannot be empty", "States");
    }
    let mut states = BTreeMap::new();
    let mut whole = true;
    for (name, value) in all {
        let location = fields.place(&format!("States/{name}"));
        if name.is_empty() || name.chars().count() > STATE_NAME_LENGTH_MAX {
            let message =
                format!("State name must be between 1 and {STATE_NAME_LENGTH_MAX} characters");
            fields.found.push(Diagnostic::error("INVALID_STATE_NAME", message, &location));
        }
        let (state, found) = read_state(name, value, &location, setting);
        fields.found.extend(found);
        whole &= state.is_some();
        states.extend(state.map(|state| (name.clone(), state)));
    }
    let machine = Machine { start_at: start_at?.to_owned(), states };
    if !whole {
        return None;
    }
    let place = fields.location.clone();
    fields.found.extend(check::transitions(&machine, &place));
    Some(machine)
}
