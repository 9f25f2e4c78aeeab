//! A dead letter: the message as it was, with message attributes that say why it is one.

use aws_sdk_sqs::types::MessageAttributeValue;

use super::failure_notes::FailureNote;
use crate::domain::Timestamp;

const PREFIX: &str = "failure.";
/// Characters of a reason; SQS counts attributes as part of the message.
const REASON_MAX: usize = 1000;

/// The attributes of a dead letter.
pub(crate) fn attributes(note: &FailureNote) -> Vec<(String, MessageAttributeValue)> {
    let reason: String = note.reason.chars().filter(|c| allowed(*c)).take(REASON_MAX).collect();
    [
        ("message_id", "String", note.message_id.clone()),
        ("role", "String", note.role.clone()),
        ("code", "String", note.code.clone()),
        ("reason", "String", if reason.is_empty() { "none".to_owned() } else { reason }),
        ("receive_count", "Number", note.receive_count.to_string()),
        ("attempts", "Number", note.attempts.to_string()),
        ("failed_at", "String", note.failed_at.to_rfc3339()),
    ]
    .map(|(name, kind, value)| {
        let value = MessageAttributeValue::builder().data_type(kind).string_value(value).build();
        (format!("{PREFIX}{name}"), value.expect("the type is given"))
    })
    .to_vec()
}

/// What the attributes say; `None` when it was SQS that made a dead letter of it.
pub(crate) fn note(attributes: &[(String, MessageAttributeValue)]) -> Option<FailureNote> {
    let get = |name: &str| {
        let found = attributes.iter().find(|(key, _)| key.strip_prefix(PREFIX) == Some(name))?;
        found.1.string_value().map(str::to_owned)
    };
    Some(FailureNote {
        message_id: get("message_id")?,
        role: get("role")?,
        code: get("code")?,
        reason: get("reason")?,
        receive_count: get("receive_count")?.parse().ok()?,
        attempts: get("attempts")?.parse().ok()?,
        failed_at: Timestamp::parse(&get("failed_at")?).ok()?,
    })
}

/// The attributes that the message had before it became a dead letter.
pub(crate) fn original(
    attributes: &[(String, MessageAttributeValue)],
) -> impl Iterator<Item = (String, MessageAttributeValue)> {
    attributes.iter().filter(|(name, _)| !name.starts_with(PREFIX)).cloned()
}

/// What SQS takes. Source: SendMessage, API reference.
fn allowed(c: char) -> bool {
    // A `char` is no surrogate, so two of SQS's ranges are one here.
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(reason: &str) -> FailureNote {
        FailureNote {
            message_id: "m-1".into(),
            role: "payments".into(),
            code: "GiveUp".into(),
            reason: reason.into(),
            receive_count: 4,
            attempts: 3,
            failed_at: Timestamp::from_millis(1_000),
        }
    }

    #[test]
    fn attributes_say_what_the_note_says() {
        let mut all = attributes(&failed("no such product"));
        assert_eq!(note(&all), Some(failed("no such product")));
        assert_eq!(original(&all).count(), 0);
        let own = MessageAttributeValue::builder().data_type("String").string_value("x").build();
        all.push(("own".into(), own.expect("an attribute")));
        assert_eq!(original(&all).map(|(name, _)| name).collect::<Vec<_>>(), ["own"]);
    }

    #[test]
    fn a_reason_becomes_what_sqs_takes() {
        for (reason, kept) in [("", "none"), ("a\u{1}b", "ab")] {
            assert_eq!(note(&attributes(&failed(reason))).map(|it| it.reason), Some(kept.into()));
        }
        let long = note(&attributes(&failed(&"x".repeat(5000)))).expect("a note");
        assert_eq!(long.reason.len(), REASON_MAX);
    }

    #[test]
    fn a_letter_without_attributes_says_nothing() {
        assert_eq!(note(&[]), None);
    }
}
