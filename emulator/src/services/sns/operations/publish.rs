//! Publish: sends a message to a topic's subscriptions, to a device or to a phone.
//!
//! Limits: 262,144 bytes of message and attributes unless the topic says otherwise; subjects of 1
//! to 100 characters; 1,600 characters for a phone.
//! Errors: `InvalidParameter`, `ParameterValueInvalid`, `NotFound`, `ValidationError`,
//! `EndpointDisabled`, `AuthorizationError`.
//! Source: API reference "Publish"; recordings of 2024-10-09.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Arn, Context, Delivery, What};
use crate::services::sns::attributes::TopicAttributes;
use crate::services::sns::error::SnsError;
use crate::services::sns::message::Outgoing;
use crate::services::sns::message_attributes::MessageAttributes;
use crate::services::sns::phones;
use crate::services::sns::platforms::platform_of;
use crate::services::sns::state::Sns;
use crate::services::sns::subscription::{PRINCIPAL, RETRIES_OF_PEOPLE};
use crate::services::sns::topic::Published;

/// Longest text for a phone, in characters.
const TEXT_CHARACTERS_MAX: usize = 1600;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub topic_arn: Option<String>,
    pub target_arn: Option<String>,
    pub phone_number: Option<String>,
    pub message: Option<String>,
    pub subject: Option<String>,
    pub message_structure: Option<String>,
    pub message_attributes: Option<MessageAttributes>,
    pub message_deduplication_id: Option<String>,
    pub message_group_id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub message_id: Option<String>,
    pub sequence_number: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, sns: &mut Sns, request: Request) -> Result<Response, SnsError> {
    let target = Target::of(&request)?;
    let outgoing = Outgoing {
        message: request.message,
        message_structure: request.message_structure,
        subject: request.subject,
        attributes: request.message_attributes,
        group_id: request.message_group_id,
        deduplication_id: request.message_deduplication_id,
    };
    let published = match target {
        Target::Topic(member, arn) => {
            let topic = sns.topic(ctx, member, Some(&arn))?;
            let mut message = outgoing.validate(&topic.attributes, "", ctx.cause())?;
            message.trace_header = ctx.caller().and_then(|caller| caller.trace_header.clone());
            topic.publish(ctx, message)
        }
        Target::Device(arn) => {
            let to = sns.platforms.addressed(&arn)?;
            let platform = platform_of(&to.resource);
            let message = outgoing.validate_for(platform, ctx.cause())?;
            let text = message.text.of(platform).to_owned();
            direct(ctx, (to.clone(), to), (message.subject, text))
        }
        Target::Phone(number) => {
            let message = outgoing.validate(&TopicAttributes::default(), "", ctx.cause())?;
            let text = message.text.of("sms").to_owned();
            if text.chars().count() > TEXT_CHARACTERS_MAX {
                return Err(SnsError::parameter("Message too long"));
            }
            let (from, to) = (ctx.arn("sms"), ctx.arn(format!("sms/{number}")));
            direct(ctx, (from, to), (None, text))
        }
    };
    Ok(Response {
        message_id: Some(published.id.to_string()),
        sequence_number: published.sequence_number(),
    })
}

/// What somebody publishes to.
enum Target {
    /// The member that names it, and its ARN.
    Topic(&'static str, String),
    Device(String),
    Phone(String),
}

impl Target {
    fn of(request: &Request) -> Result<Self, SnsError> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let both = "TopicArn Reason: Both TopicArn and TargetArn specified, only one allowed";
        match (given(&request.topic_arn), given(&request.target_arn), given(&request.phone_number))
        {
            (Some(_), Some(_), _) => Err(SnsError::parameter(both)),
            (Some(_), _, Some(_)) | (_, Some(_), Some(_)) => Err(SnsError::parameter(
                "PhoneNumber Reason: An ARN and a PhoneNumber specified, only one allowed",
            )),
            (Some(arn), None, None) => Ok(Self::Topic("TopicArn", arn)),
            (None, Some(arn), None) if is_device(&arn) => Ok(Self::Device(arn)),
            (None, Some(arn), None) => Ok(Self::Topic("TargetArn", arn)),
            (None, None, Some(number)) => match phones::number(&number) {
                Some(number) => Ok(Self::Phone(number)),
                None => {
                    let reason = format!("{number} is not valid to publish to");
                    Err(SnsError::parameter(format!("PhoneNumber Reason: {reason}")))
                }
            },
            (None, None, None) => Err(SnsError::missing("TopicArn or TargetArn")),
        }
    }
}

fn is_device(arn: &str) -> bool {
    arn.parse().is_ok_and(|arn: Arn| arn.resource.starts_with("endpoint/"))
}

/// Sends somebody a message that goes through no topic.
fn direct(
    ctx: &mut Context<'_>,
    (from, to): (Arn, Arn),
    (subject, text): (Option<String>, String),
) -> Published {
    let published = Published { id: ctx.ids().uuid(), sequence: None };
    let at = ctx.name(&to.to_string());
    let cause = ctx.record(ctx.cause(), What::Published, &at, published.id);
    let delivery = Delivery::new((from, PRINCIPAL), to, text, cause);
    ctx.deliver(Delivery {
        subject,
        message_id: Some(published.id),
        ..delivery.tried_again(RETRIES_OF_PEOPLE)
    });
    published
}
