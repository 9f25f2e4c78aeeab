//! Templates with placeholders between `<` and `>`, for whom a value in JSON stands.
//!
//! Knows no event: what a name means, its user says.

/// The names in a template; `is_name` says which texts between `<` and `>` are names.
pub(crate) fn placeholders(template: &str, is_name: fn(&str) -> bool) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('<') {
        rest = match placeholder(after, is_name) {
            Some((name, left)) => {
                names.push(name);
                left
            }
            None => after,
        };
    }
    names
}

fn placeholder(after: &str, is_name: fn(&str) -> bool) -> Option<(&str, &str)> {
    let (name, left) = after.split_once('>')?;
    (!name.is_empty() && is_name(name)).then_some((name, left))
}

/// The template with a value for each of its names. Between quotes a string goes in without its
/// own, and what is missing leaves nothing.
///
/// # Errors
/// The reason why it can't be filled in.
pub(crate) fn fill(
    template: &str,
    is_name: fn(&str) -> bool,
    value: impl Fn(&str) -> Option<String>,
) -> Result<String, &'static str> {
    let mut out = String::with_capacity(template.len());
    let is_text = template.trim_start().starts_with('"');
    let (mut in_string, mut escaped) = (false, false);
    let mut rest = template;
    while let Some(character) = rest.chars().next() {
        let after = &rest[character.len_utf8()..];
        let found = if character == '<' { placeholder(after, is_name) } else { None };
        if let Some((name, left)) = found {
            match value(name) {
                Some(json) if in_string && !is_text && json.starts_with('[') => {
                    return Err("a list can't stand inside a quoted value of the input template");
                }
                Some(json) if in_string => out.push_str(&inside_string(&json)),
                Some(json) => out.push_str(&json),
                None if in_string => {}
                None => out.push_str("\"\""),
            }
            rest = left;
            continue;
        }
        if in_string {
            in_string = escaped || character != '"';
            escaped = !escaped && character == '\\';
        } else {
            in_string = character == '"';
        }
        out.push(character);
        rest = after;
    }
    Ok(out)
}

/// A value between quotes: a string as it is, all else without quotes.
fn inside_string(json: &str) -> String {
    let string = json.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    if let Some(text) = string {
        return text.to_owned();
    }
    let mut out = String::with_capacity(json.len());
    let mut escaped = false;
    for character in json.chars() {
        if escaped || character != '"' {
            out.push(character);
        }
        escaped = !escaped && character == '\\';
    }
    out
}
