//! JSON as text: taking parts out of a document without changing their order or spelling.
//!
//! Every function expects text that is known to be JSON; for other text the answer means nothing,
//! but nothing panics.

use serde_json::Value;

/// How many lists and objects lie around the innermost value, `value` itself included; none for a
/// text or a number. The reader that made the value bounds it.
pub fn levels(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(levels).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(levels).max().unwrap_or(0),
        _ => 0,
    }
}

/// The text without spaces between tokens.
pub fn compact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    // What lies between spaces goes over in one piece.
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else if byte.is_ascii_whitespace() {
            out.push_str(&text[from..at]);
            from = at + 1;
        } else {
            in_string = byte == b'"';
        }
    }
    out.push_str(&text[from..]);
    out
}

/// What a path such as `$.detail.items[0].id` finds; `*` finds a list of everything below.
///
/// `None` where the path leads nowhere or is no path.
pub fn find(text: &str, path: &str) -> Option<String> {
    let steps = steps(path)?;
    let many = steps.contains(&Step::All);
    let mut found = vec![text.trim()];
    for step in &steps {
        found = found.into_iter().flat_map(|value| take(value, step)).collect();
    }
    if many {
        return (!found.is_empty()).then(|| format!("[{}]", found.join(",")));
    }
    found.first().map(|&value| value.to_owned())
}

/// Whether the text is a path that [`find`] can follow.
pub fn is_path(path: &str) -> bool {
    steps(path).is_some()
}

#[derive(Debug, PartialEq)]
enum Step {
    Name(String),
    Index(usize),
    All,
}

fn steps(path: &str) -> Option<Vec<Step>> {
    let mut rest = path.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let (name, left) = after.split_at(end);
            if name.is_empty() {
                return None;
            }
            steps.push(if name == "*" { Step::All } else { Step::Name(name.to_owned()) });
            rest = left;
        } else {
            let (inside, left) = rest.strip_prefix('[')?.split_once(']')?;
            let quoted = |quote| inside.strip_prefix(quote)?.strip_suffix(quote);
            steps.push(match (inside, quoted('\'').or_else(|| quoted('"'))) {
                ("*", _) => Step::All,
                (_, Some(name)) => Step::Name(name.to_owned()),
                (index, None) => Step::Index(index.parse().ok()?),
            });
            rest = left;
        }
    }
    Some(steps)
}

fn take<'t>(value: &'t str, step: &Step) -> Vec<&'t str> {
    let children = children(value);
    match step {
        Step::All => children.into_iter().map(|(_, child)| child).collect(),
        Step::Index(index) if value.starts_with('[') => {
            children.get(*index).map(|(_, child)| *child).into_iter().collect()
        }
        Step::Index(_) => Vec::new(),
        Step::Name(wanted) => children
            .into_iter()
            .filter(|(name, _)| name.as_deref() == Some(wanted))
            .map(|(_, child)| child)
            .collect(),
    }
}

/// The members of an object or the elements of an array.
fn children(value: &str) -> Vec<(Option<String>, &str)> {
    let is_object = value.starts_with('{');
    let mut children = Vec::new();
    if !is_object && !value.starts_with('[') {
        return children;
    }
    let mut rest = value[1..].trim_start();
    while !rest.is_empty() && !rest.starts_with([']', '}']) {
        let mut name = None;
        if is_object {
            let end = value_end(rest);
            name = serde_json::from_str(&rest[..end]).ok();
            rest = rest[end..].trim_start().trim_start_matches(':').trim_start();
        }
        let end = value_end(rest);
        children.push((name, &rest[..end]));
        rest = rest[end..].trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        if end == 0 {
            break;
        }
    }
    children
}

/// Where the value ends with which `text` begins.
fn value_end(text: &str) -> usize {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            if !in_string && depth == 0 {
                return at + 1;
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return at + depth,
            b'}' | b']' => depth -= 1,
            b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_find_parts() {
        let text = r#"{"z": {"b-c": [1, {"d": "x]\"}"}], "a/e": null}, "a": [[], {}], "n": 1.50 }"#;
        let check = |path: &str, found: Option<&str>| {
            assert_eq!(find(text, path).as_deref(), found, "{path}");
        };
        check("$", Some(text));
        check("$.z.b-c[0]", Some("1"));
        check("$.z.b-c[1].d", Some(r#""x]\"}""#));
        check("$['z'].a/e", Some("null"));
        check("$.n", Some("1.50"));
        check("$.a", Some("[[], {}]"));
        check("$.z.b-c[*].d", Some(r#"["x]\"}"]"#));
        check("$.a.*", Some("[[],{}]"));
        check("$.missing", None);
        check("$.a[2]", None);
        check("$.n.x", None);
        check("a", None);
        check("$..a", None);
        check("$[x]", None);
    }

    #[test]
    fn levels_are_those_of_the_innermost_value() {
        for (text, expected) in
            [("1", 0), ("[]", 1), ("{\"a\":1}", 1), ("[[],{\"a\":[2]},3]", 3), ("\"[[\"", 0)]
        {
            assert_eq!(levels(&serde_json::from_str(text).unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn compacting_keeps_strings() {
        assert_eq!(compact("{ \"a b\" :\n [ 1 , \" \\\" \" ] }"), r#"{"a b":[1," \" "]}"#);
    }
}
