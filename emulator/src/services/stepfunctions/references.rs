//! Which variables each state of a definition looks at: `variableReferences`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// States, by name, and the variables that they read; nothing if none reads any.
pub(super) fn of(definition: &str) -> Option<BTreeMap<String, Vec<String>>> {
    let whole: Value = serde_json::from_str(definition).ok()?;
    let mut found = BTreeMap::new();
    let mut open = vec![&whole];
    while let Some(value) = open.pop() {
        if let Some(states) = value.get("States").and_then(Value::as_object) {
            for (name, state) in states {
                let mut variables = BTreeSet::new();
                look(state, &mut variables);
                if !variables.is_empty() {
                    found.insert(name.clone(), variables.into_iter().collect());
                }
            }
        }
        match value {
            Value::Array(all) => open.extend(all),
            Value::Object(all) => open.extend(all.values()),
            _ => {}
        }
    }
    (!found.is_empty()).then_some(found)
}

/// Looks at everything that belongs to a state, but not at machines inside of it.
fn look(state: &Value, found: &mut BTreeSet<String>) {
    let mut open = vec![state];
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) => found.extend(named(text)),
            Value::Array(all) => open.extend(all),
            Value::Object(all) if !all.contains_key("States") => open.extend(all.values()),
            _ => {}
        }
    }
}

/// The variables that a path, an intrinsic function or an expression names.
fn named(text: &str) -> Vec<String> {
    let expression = text.trim().strip_prefix("{%").and_then(|it| it.strip_suffix("%}"));
    let code = match expression {
        Some(code) => code,
        None if text.starts_with('$') || text.starts_with("States.") => text,
        None => return Vec::new(),
    };
    let mut names = Vec::new();
    for part in code.split('$').skip(1) {
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        let end = part.find(|it| !is_word(it)).unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        // A function, or what every expression has.
        let is_call = rest.trim_start().starts_with('(');
        if !name.is_empty() && name != "states" && !is_call {
            names.push(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found() {
        let check = |text: &str, wanted: &[&str]| assert_eq!(named(text), wanted, "{text}");
        check("$.a", &[]);
        check("$$.Execution.Id", &[]);
        check("$x.a[0]", &["x"]);
        check("States.Format('{}', $greeting)", &["greeting"]);
        check("{% $states.input.a + $b * $sum($c) %}", &["b", "c"]);
        check("plain $text", &[]);
    }
}
