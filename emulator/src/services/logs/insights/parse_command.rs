//! The command `parse`: fields out of a text.

use super::command::{How, Parse};
use super::evaluate::evaluate;
use super::row::Row;
use super::value::Value;

/// The texts of a pattern between which fields stand.
pub(super) fn texts(glob: &str) -> Vec<String> {
    glob.split('*').map(str::to_owned).collect()
}

/// Adds to a row the fields that its text has; none where it does not fit.
pub(super) fn run(parse: &Parse, row: &mut Row<'_>, now: i64) {
    let Some(text) = evaluate(&parse.of, row, &[], now).text() else { return };
    match &parse.how {
        How::Glob { texts, names } => {
            let found = glob(texts, &text).unwrap_or_default();
            for (name, found) in names.iter().zip(found) {
                row.set(name, Value::Text(found.to_owned()));
            }
        }
        How::Match(regex) => {
            let Some(captures) = regex.captures(&text) else { return };
            for name in regex.capture_names().flatten() {
                if let Some(found) = captures.name(name) {
                    row.set(name, Value::Text(found.as_str().to_owned()));
                }
            }
        }
    }
}

/// What stands between the texts, from the first on that is found; the last field goes up to the
/// end where no text follows it.
fn glob<'t>(texts: &[String], text: &'t str) -> Option<Vec<&'t str>> {
    let (first, others) = texts.split_first()?;
    let mut rest = &text[text.find(first.as_str())? + first.len()..];
    let mut found = Vec::new();
    for (number, wanted) in (1..).zip(others) {
        let end = match wanted.is_empty() {
            true if number == others.len() => rest.len(),
            _ => rest.find(wanted.as_str())?,
        };
        found.push(&rest[..end]);
        rest = &rest[end + wanted.len()..];
    }
    Some(found)
}
