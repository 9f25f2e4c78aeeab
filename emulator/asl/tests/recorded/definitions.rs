//! What AWS said of definitions, and that it took the others.

use serde_json::Value;
use skyrig_asl::Definition;
use skyrig_asl::definition::{ExecutionType, creation_error};
use skyrig_asl::trial::{Refusal, Request};

use crate::filling::text;
use crate::matching::Placeholders;

/// `Invalid State Machine Definition: '...'`, wherever it stands in the case's answers.
fn refusal(answers: &Value) -> Option<String> {
    match answers {
        Value::String(words) => {
            let start = words.find("Invalid State Machine Definition: '")?;
            Some(words[start..].to_owned())
        }
        Value::Object(members) => members.values().find_map(refusal),
        _ => None,
    }
}

fn kind(params: &Value) -> ExecutionType {
    if params["type"] == "EXPRESS" { ExecutionType::Express } else { ExecutionType::Standard }
}

/// Judges a case's definitions. Gives how many there were.
pub(crate) fn judge(case: &Value) -> Result<usize, String> {
    let steps = case["steps"].as_array().map_or(&[][..], Vec::as_slice);
    let wanted = refusal(&case["answers"]);
    let (mut judged, mut refused) = (0, Vec::new());
    for step in steps {
        let params = &step["params"];
        if params.get("definition").is_none_or(Value::is_null) {
            continue;
        }
        let source = text(&params["definition"], steps);
        let outcome = match step["operation"].as_str().unwrap_or_default() {
            "TestState" => {
                let request = Request {
                    definition: &source,
                    state_name: params["stateName"].as_str(),
                    ..Request::default()
                };
                match crate::trials::begin(&request) {
                    Err(Refusal::InvalidDefinition(found)) => Err(found),
                    _ => Ok(Vec::new()),
                }
            }
            _ => Definition::parse(&source, kind(params)).map(|(_, warnings)| warnings),
        };
        judged += 1;
        let answer = step["answer"].as_str().and_then(|key| case["answers"].get(key));
        if let Some(rows) = answer.and_then(|answer| answer["diagnostics"].as_array()) {
            compare_rows(rows, &outcome.unwrap_or_else(|found| found))?;
        } else if let Err(found) = outcome {
            refused.push(creation_error(&found));
        }
    }
    let words = Placeholders(&[]);
    match (wanted, refused.as_slice()) {
        (None, []) => Ok(judged),
        (Some(wanted), [ours]) => {
            match words.difference(&Value::from(wanted), &Value::from(ours.as_str()), "") {
                None => Ok(judged),
                Some(problem) => Err(problem),
            }
        }
        (wanted, ours) => Err(format!("{ours:?} is not {wanted:?}")),
    }
}

fn compare_rows(rows: &[Value], ours: &[skyrig_asl::definition::Diagnostic]) -> Result<(), String> {
    let shown = |it: &skyrig_asl::definition::Diagnostic| {
        let severity = if it.is_error() { "ERROR" } else { "WARNING" };
        serde_json::json!({
            "code": it.code, "location": it.location, "message": it.message, "severity": severity,
        })
    };
    let ours: Vec<Value> = ours.iter().map(shown).collect();
    if ours == rows { Ok(()) } else { Err(format!("{ours:?} is not {rows:?}")) }
}
