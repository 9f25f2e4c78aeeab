//! Documents as forms: `a=1&b%5B0%5D=2`.

use serde::Deserialize;
use serde_json::Value;

use super::request::encode;

/// How the items of an array are named.
///
/// Source: developer guide of Step Functions, "Apply URL-encoding on request body".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Arrays {
    /// `a[0]=x&a[1]=y`
    #[default]
    Indices,
    /// `a=x&a=y`
    Repeat,
    /// `a=x,y`
    Commas,
    /// `a[]=x&a[]=y`
    Brackets,
}

/// The pairs, encoded.
pub(super) fn of_pairs(pairs: &[(String, String)]) -> String {
    let mut out = String::new();
    for (key, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        encode(&mut out, key);
        out.push('=');
        encode(&mut out, value);
    }
    out
}

/// A JSON object as a form. What is no object stays as it is.
pub(super) fn of_document(text: &str, arrays: Arrays) -> String {
    let Ok(Value::Object(members)) = serde_json::from_str(text) else { return text.to_owned() };
    let mut pairs = Vec::new();
    for (name, value) in &members {
        add(&mut pairs, name.clone(), value, arrays);
    }
    of_pairs(&pairs)
}

/// The depth of a document has a bound, and so has this.
fn add(pairs: &mut Vec<(String, String)>, key: String, value: &Value, arrays: Arrays) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                add(pairs, format!("{key}[{name}]"), value, arrays);
            }
        }
        Value::Array(items) if arrays == Arrays::Commas => {
            let items: Vec<String> = items.iter().map(plain).collect();
            pairs.push((key, items.join(",")));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let key = match arrays {
                    Arrays::Indices => format!("{key}[{index}]"),
                    Arrays::Brackets => format!("{key}[]"),
                    Arrays::Repeat | Arrays::Commas => key.clone(),
                };
                add(pairs, key, item, arrays);
            }
        }
        other => pairs.push((key, plain(other))),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_become_forms() {
        use Arrays::{Brackets, Commas, Indices, Repeat};
        let list = r#"{"a": ["x", "y z"]}"#;
        let cases = [
            (list, Indices, "a%5B0%5D=x&a%5B1%5D=y%20z"),
            (list, Repeat, "a=x&a=y%20z"),
            (list, Commas, "a=x%2Cy%20z"),
            (list, Brackets, "a%5B%5D=x&a%5B%5D=y%20z"),
            (
                r#"{"a": {"b": {"c": 1}}, "d": null, "e": true}"#,
                Indices,
                "a%5Bb%5D%5Bc%5D=1&d=&e=true",
            ),
            (r#"{"a": [{"b": [1.5]}]}"#, Indices, "a%5B0%5D%5Bb%5D%5B0%5D=1.5"),
            (r#"{"a": []}"#, Indices, ""),
            ("a=b", Indices, "a=b"),
            ("[1]", Indices, "[1]"),
        ];
        for (document, arrays, wanted) in cases {
            assert_eq!(of_document(document, arrays), wanted, "{document} {arrays:?}");
        }
    }
}
