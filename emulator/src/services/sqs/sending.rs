//! What a client sends, checked: the rules of a message that do not depend on its queue.

use super::error::SqsError;
use super::message::NewMessage;
use super::message_attributes::{self, MessageAttributes};
use crate::kernel::Context;

/// Longest delay of one message, in seconds.
const DELAY_SECONDS_MAX: i32 = 900;
/// Longest group and de-duplication id, in characters.
const ID_CHARACTERS_MAX: usize = 128;

/// One message as it was sent, alone or in a batch.
pub(super) struct Outgoing {
    pub(super) body: Option<String>,
    pub(super) delay_seconds: Option<i32>,
    pub(super) attributes: Option<MessageAttributes>,
    pub(super) system_attributes: Option<MessageAttributes>,
    pub(super) deduplication_id: Option<String>,
    pub(super) group_id: Option<String>,
}

impl Outgoing {
    /// Checks the message; returns it with the digest of its system attributes.
    pub(super) fn validate(
        self,
        ctx: &Context<'_>,
    ) -> Result<(NewMessage, Option<String>), SqsError> {
        let body = self.body.filter(|body| !body.is_empty());
        let body = body.ok_or_else(|| SqsError::MissingParameter("MessageBody".to_owned()))?;
        message_attributes::check_text(&body, || "body".to_owned())?;
        let attributes = self.attributes.unwrap_or_default();
        message_attributes::validate(&attributes)?;
        let system = self.system_attributes.unwrap_or_default();
        let message = NewMessage {
            body_md5: Some(message_attributes::body_digest(&body)),
            body: body.into(),
            unsigned: None,
            attributes,
            trace_header: trace_header(&system)?.or_else(|| ctx.caller()?.trace_header.clone()),
            delay_seconds: self.delay_seconds.map(check_delay).transpose()?,
            group: check_id("MessageGroupId", self.group_id)?,
            deduplication_id: check_id("MessageDeduplicationId", self.deduplication_id)?,
            sender: sender(ctx),
            cause: ctx.cause(),
        };
        Ok((message, message_attributes::digest(&system)))
    }
}

fn check_delay(seconds: i32) -> Result<u32, SqsError> {
    u32::try_from(seconds).ok().filter(|_| seconds <= DELAY_SECONDS_MAX).ok_or_else(|| {
        SqsError::value(seconds, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.")
    })
}

/// Checks a group, de-duplication or attempt id.
pub(super) fn check_id(name: &str, id: Option<String>) -> Result<Option<Box<str>>, SqsError> {
    let Some(id) = id else { return Ok(None) };
    let valid =
        (1..=ID_CHARACTERS_MAX).contains(&id.len()) && id.chars().all(|c| c.is_ascii_graphic());
    if !valid {
        let reason = format!(
            "{name} can only include alphanumeric and punctuation characters. 1 to 128 in length."
        );
        return Err(SqsError::value(id, name, &reason));
    }
    Ok(Some(id.into()))
}

/// The X-Ray header; it is the only system attribute that clients may set.
fn trace_header(system: &MessageAttributes) -> Result<Option<Box<str>>, SqsError> {
    let invalid = |text: String| SqsError::InvalidParameterValue(text);
    let mut header = None;
    for (name, value) in system {
        if name != "AWSTraceHeader" {
            return Err(invalid(format!(
                "Message system attribute name '{name}' is invalid. Valid values are: \
                 AWSTraceHeader."
            )));
        }
        if value.data_type.as_deref() != Some("String") {
            return Err(invalid(format!(
                "The message system attribute '{name}' must have the data type String."
            )));
        }
        header = value.string_value.as_deref().map(Into::into);
    }
    Ok(header)
}

/// `SenderId`: the unique id of a session (`AROA…:<session>`) or of an IAM user (`AIDA…`), as AWS
/// shows it. Of others it is the access key id, or the account.
fn sender(ctx: &Context<'_>) -> std::sync::Arc<str> {
    if let Some(identity) = ctx.identity() {
        return identity.user_id.clone();
    }
    let key = ctx.caller().and_then(|caller| caller.access_key_id.as_deref());
    key.unwrap_or_else(|| ctx.account()).into()
}
