//! What AWS says of a member whose type is not the model's, in the place of what serde says.
//!
//! Source: texts of AWS's `SerializationException` in users' reports. What is not known from them
//! stays as serde has it.

/// The text of a fault in AWS's words, where they are known.
pub(super) fn in_aws_words(text: &str) -> String {
    aws_words(text).unwrap_or_else(|| text.to_owned())
}

fn aws_words(text: &str) -> Option<String> {
    let (found, expected) = text.strip_prefix("invalid type: ")?.rsplit_once(", expected ")?;
    let expected = expected.split_once(" at line ").map_or(expected, |(expected, _)| expected);
    let class = java_class(expected);
    let kind = match found.split(' ').next()? {
        "map" if class.is_some() || expected == "a sequence" => {
            return Some("Start of structure or map found where not expected".to_owned());
        }
        "sequence" => return Some("Start of list found where not expected".to_owned()),
        "integer" | "floating" => "NUMBER_VALUE",
        "string" => "STRING_VALUE",
        "boolean" if found.contains("true") => "TRUE_VALUE",
        "boolean" => "FALSE_VALUE",
        _ => return None,
    };
    Some(format!("{kind} cannot be converted to {}", class?))
}

/// The class in Java that AWS reads such a member as.
fn java_class(expected: &str) -> Option<&'static str> {
    Some(match expected {
        "a string" | "a borrowed string" | "string" => "String",
        "i32" | "u32" | "i16" | "u16" => "Integer",
        "i64" | "u64" => "Long",
        "f32" => "Float",
        "f64" => "Double",
        "a boolean" => "Boolean",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_that_do_not_fit_are_told_in_aws_words() {
        let map = "Start of structure or map found where not expected";
        for (text, words) in [
            (
                "invalid type: integer `7`, expected a string at line 1 column 9",
                "NUMBER_VALUE cannot be converted to String",
            ),
            (
                "invalid type: floating point `1.5`, expected a string",
                "NUMBER_VALUE cannot be converted to String",
            ),
            (
                "invalid type: string \"a, expected b\", expected i32 at line 1 column 9",
                "STRING_VALUE cannot be converted to Integer",
            ),
            (
                "invalid type: string \"5\", expected i32 at line 1 column 9",
                "STRING_VALUE cannot be converted to Integer",
            ),
            (
                "invalid type: boolean `true`, expected a string",
                "TRUE_VALUE cannot be converted to String",
            ),
            (
                "invalid type: boolean `false`, expected i64",
                "FALSE_VALUE cannot be converted to Long",
            ),
            ("invalid type: map, expected a string at line 1 column 2", map),
            (
                "invalid type: sequence, expected a map at line 1 column 2",
                "Start of list found where not expected",
            ),
            ("EOF while parsing an object", "EOF while parsing an object"),
        ] {
            assert_eq!(in_aws_words(text), words, "{text}");
        }
    }
}
