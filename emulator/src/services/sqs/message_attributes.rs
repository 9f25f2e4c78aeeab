//! Message attributes: their rules, their size and the digest that clients verify.
//!
//! Source: developer guide "Amazon SQS message metadata".

use std::collections::BTreeMap;

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::error::SqsError;
use super::number;
use crate::wire::{Blob, hex};

/// One attribute as clients send and receive it.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MessageAttributeValue {
    pub string_value: Option<String>,
    pub binary_value: Option<Blob>,
    pub string_list_values: Option<Vec<String>>,
    pub binary_list_values: Option<Vec<Blob>>,
    pub data_type: Option<String>,
}

/// The attributes of one message, by name.
pub type MessageAttributes = BTreeMap<String, MessageAttributeValue>;

/// Most attributes of one message.
const ATTRIBUTES_MAX: usize = 10;
/// Longest attribute name and data type, in characters.
const NAME_CHARACTERS_MAX: usize = 256;

/// Checks every attribute.
///
/// # Errors
/// `InvalidParameterValue` with AWS's sentence; `UnsupportedOperation` for list values.
pub(super) fn validate(attributes: &MessageAttributes) -> Result<(), SqsError> {
    let invalid = |text: String| Err(SqsError::InvalidParameterValue(text));
    if attributes.len() > ATTRIBUTES_MAX {
        return invalid(format!(
            "Number of message attributes [{}] exceeds the allowed maximum [{ATTRIBUTES_MAX}].",
            attributes.len()
        ));
    }
    for (name, value) in attributes {
        if let Some(problem) = name_problem(name) {
            return invalid(problem);
        }
        validate_value(name, value)?;
    }
    Ok(())
}

fn name_problem(name: &str) -> Option<String> {
    let reserved = ["aws.", "amazon."].iter().any(|prefix| {
        name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    });
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if name.is_empty() {
        Some("The request must contain non-empty message attribute name.".to_owned())
    } else if name.chars().count() > NAME_CHARACTERS_MAX {
        Some("The length of message attribute name must be between 1 and 256.".to_owned())
    } else if reserved {
        Some(format!(
            "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These \
             strings are reserved for internal use: {name}."
        ))
    } else if name.starts_with('.') || name.ends_with('.') {
        Some(format!("You can't start or end message attribute name with \".\": {name}."))
    } else if name.contains("..") {
        Some(format!("Message attribute name can not have successive '.' characters: {name}."))
    } else {
        let bad = name.chars().find(|c| !allowed(*c));
        bad.map(|bad| {
            format!(
                "Invalid non-alphanumeric character '#x{:X}' was found in the message attribute \
                 name. Can only include alphanumeric characters, hyphens, underscores, or dots.",
                u32::from(bad)
            )
        })
    }
}

fn validate_value(name: &str, value: &MessageAttributeValue) -> Result<(), SqsError> {
    let invalid = |text: String| Err(SqsError::InvalidParameterValue(text));
    if value.string_list_values.as_ref().is_some_and(|list| !list.is_empty())
        || value.binary_list_values.as_ref().is_some_and(|list| !list.is_empty())
    {
        let text = "Message attribute list values in SendMessage operation are not supported.";
        return Err(SqsError::UnsupportedOperation(text.to_owned()));
    }
    let data_type = value.data_type.as_deref().unwrap_or_default();
    if data_type.is_empty() {
        return invalid(format!(
            "The message attribute '{name}' must contain non-empty message attribute type."
        ));
    }
    if data_type.chars().count() > NAME_CHARACTERS_MAX {
        return invalid("Length of message attribute type must be less than 256 bytes.".to_owned());
    }
    let kind = data_type.split('.').next().unwrap_or_default();
    match kind {
        "String" | "Number" if value.binary_value.is_some() => invalid(format!(
            "The message attribute '{name}' with type '{data_type}' must use field 'String'."
        )),
        "Binary" if value.string_value.is_some() => invalid(format!(
            "The message attribute '{name}' with type 'Binary' must use field 'Binary'."
        )),
        "String" | "Number" => text_value(name, kind, value.string_value.as_deref()),
        "Binary" if value.binary_value.as_ref().is_none_or(|blob| blob.0.is_empty()) => {
            invalid(missing_value(name, kind))
        }
        "Binary" => Ok(()),
        _ => invalid(format!(
            "The type of message (user) attribute '{name}' is invalid. You must use only the \
             following supported type prefixes: Binary, Number, String."
        )),
    }
}

fn missing_value(name: &str, kind: &str) -> String {
    format!("Message (user) attribute '{name}' must contain a non-empty value of type '{kind}'.")
}

fn text_value(name: &str, kind: &str, value: Option<&str>) -> Result<(), SqsError> {
    let Some(text) = value.filter(|text| !text.is_empty()) else {
        return Err(SqsError::InvalidParameterValue(missing_value(name, kind)));
    };
    check_text(text, || format!("attribute '{name}' value"))?;
    if kind == "Number" && !number::is_valid(text) {
        return Err(SqsError::InvalidParameterValue(format!(
            "Can't cast the value of message (user) attribute '{name}' to a number."
        )));
    }
    Ok(())
}

/// Checks that SQS takes every character of a body or an attribute; `place` names it.
///
/// # Errors
/// `InvalidMessageContents` with the first character that is refused.
pub(super) fn check_text(text: &str, place: impl FnOnce() -> String) -> Result<(), SqsError> {
    if are_allowed(text) {
        return Ok(());
    }
    let mut characters = text.char_indices();
    let refused = characters.find(|(at, c)| !are_allowed(&text[*at..*at + c.len_utf8()]));
    let (_, character) = refused.expect("one of the characters is refused");
    Err(SqsError::InvalidMessageContents { character, place: place() })
}

/// Whether SQS takes every character: #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to #xFFFD and
/// #x10000 to #x10FFFF.
fn are_allowed(text: &str) -> bool {
    // Bytes instead of characters, since this looks at all that is ever sent: of valid UTF-8 only
    // control characters and the two last ones of the first plane are left to refuse.
    let (mut control, mut perhaps_last) = (false, false);
    for byte in text.bytes() {
        // Without an early way out, so that it is done for many bytes at once.
        control |= byte < b' ' && byte != b'\t' && byte != b'\n' && byte != b'\r';
        perhaps_last |= byte == 0xef;
    }
    !control && (!perhaps_last || !text.contains(['\u{fffe}', '\u{ffff}']))
}

/// The bytes that attributes add to a message's size: names, types and values.
pub(super) fn size(attributes: &MessageAttributes) -> usize {
    let value_size = |value: &MessageAttributeValue| {
        value.data_type.as_ref().map_or(0, String::len)
            + value.string_value.as_ref().map_or(0, String::len)
            + value.binary_value.as_ref().map_or(0, |blob| blob.0.len())
    };
    attributes.iter().map(|(name, value)| name.len() + value_size(value)).sum()
}

/// How the digest marks text and bytes.
const STRING_MARK: u8 = 1;
const BINARY_MARK: u8 = 2;

/// The MD5 of the attributes as lower-case hexadecimal; `None` where there are none.
///
/// Source: developer guide "Calculating the MD5 message digest for message attributes".
pub(super) fn digest<'a>(
    attributes: impl IntoIterator<Item = (&'a String, &'a MessageAttributeValue)>,
) -> Option<String> {
    let mut attributes = attributes.into_iter().peekable();
    attributes.peek()?;
    let mut md5 = Md5::new();
    for (name, value) in attributes {
        update(&mut md5, name.as_bytes());
        update(&mut md5, value.data_type.as_deref().unwrap_or_default().as_bytes());
        let (mark, bytes): (u8, &[u8]) = match (&value.string_value, &value.binary_value) {
            (Some(text), _) => (STRING_MARK, text.as_bytes()),
            (None, Some(blob)) => (BINARY_MARK, &blob.0),
            (None, None) => (STRING_MARK, b""),
        };
        md5.update([mark]);
        update(&mut md5, bytes);
    }
    Some(hex(&md5.finalize()))
}

/// Adds a length (32 bits, big endian) and the bytes.
fn update(md5: &mut Md5, bytes: &[u8]) {
    md5.update(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    md5.update(bytes);
}

/// The MD5 of a message's body.
pub(super) fn body_digest(body: &str) -> [u8; 16] {
    Md5::digest(body.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_xml_cannot_hold_are_refused() {
        let of_xml = [' '..='\u{d7ff}', '\u{e000}'..='\u{fffd}', '\u{10000}'..=char::MAX];
        let allowed = |c: char| {
            matches!(c, '\t' | '\n' | '\r') || of_xml.iter().any(|range| range.contains(&c))
        };
        for c in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            assert_eq!(are_allowed(&format!("a{c}b")), allowed(c), "U+{:X}", u32::from(c));
        }
    }
}
