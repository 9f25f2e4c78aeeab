//! The protocols of subscriptions, and what an endpoint of each looks like.

use serde::{Deserialize, Serialize};

use super::error::SnsError;
use super::phones;
use crate::kernel::{Arn, Context};

/// Longest endpoint, in bytes. Ours.
const ENDPOINT_BYTES_MAX: usize = 2048;

/// How a subscription gets its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Protocol {
    Application,
    Email,
    EmailJson,
    Firehose,
    Http,
    Https,
    Lambda,
    Sms,
    Sqs,
}

impl Protocol {
    const WORDS: [(Self, &'static str); 9] = [
        (Self::Application, "application"),
        (Self::Email, "email"),
        (Self::EmailJson, "email-json"),
        (Self::Firehose, "firehose"),
        (Self::Http, "http"),
        (Self::Https, "https"),
        (Self::Lambda, "lambda"),
        (Self::Sms, "sms"),
        (Self::Sqs, "sqs"),
    ];

    /// The word that names it in a request.
    pub(super) fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(it, _)| *it == self).map_or("", |(_, word)| word)
    }

    pub(super) fn from_word(word: &str) -> Result<Self, SnsError> {
        let found = Self::WORDS.iter().find(|(_, known)| *known == word);
        found.map(|(it, _)| *it).ok_or_else(|| {
            SnsError::parameter(format!("Amazon SNS does not support this protocol string: {word}"))
        })
    }

    pub(super) fn is_http(self) -> bool {
        matches!(self, Self::Http | Self::Https)
    }

    /// Whether whoever has the endpoint must confirm the subscription, whoever asked for it.
    pub(super) fn is_asked(self) -> bool {
        self.is_http() || matches!(self, Self::Email | Self::EmailJson)
    }
}

/// Where a subscription's messages go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Endpoint {
    /// As it was given.
    pub(super) text: String,
    /// Whom deliveries are for: the ARN itself; for people one of SNS's own, whose resource is the
    /// protocol and the address. HTTP servers have none.
    pub(super) arn: Option<Arn>,
}

impl Endpoint {
    /// Reads an endpoint of `protocol`.
    ///
    /// # Errors
    /// `InvalidParameter` in AWS's words where they were recorded.
    pub(super) fn parse(
        ctx: &Context<'_>,
        protocol: Protocol,
        text: Option<&str>,
    ) -> Result<Self, SnsError> {
        let text = text.unwrap_or_default();
        if text.len() > ENDPOINT_BYTES_MAX {
            return Err(SnsError::parameter("Endpoint Reason: it is too long"));
        }
        let of = |service: &str, what: &str| {
            let arn: Option<Arn> = text.parse().ok();
            let arn = arn.filter(|arn| &*arn.service == service);
            arn.map(Some).ok_or_else(|| SnsError::parameter(what))
        };
        let person = || Ok(Some(ctx.arn(format!("{}/{text}", protocol.as_str()))));
        let arn = match protocol {
            Protocol::Sqs => of("sqs", "SQS endpoint ARN")
                .and_then(|arn| named(arn).ok_or_else(|| SnsError::parameter("SQS endpoint ARN"))),
            Protocol::Lambda => of("lambda", "Lambda endpoint ARN"),
            Protocol::Firehose => of("firehose", "Firehose endpoint ARN"),
            Protocol::Application => of("sns", "Application endpoint arn invalid:"),
            Protocol::Sms => match phones::number(text) {
                Some(number) => Ok(Some(ctx.arn(format!("sms/{number}")))),
                None => Err(SnsError::SmsEndpoint(text.to_owned())),
            },
            Protocol::Email | Protocol::EmailJson if is_mail_address(text) => person(),
            Protocol::Email | Protocol::EmailJson => Err(SnsError::parameter("Email address")),
            Protocol::Http | Protocol::Https if is_url(protocol, text) => Ok(None),
            Protocol::Http | Protocol::Https => {
                Err(SnsError::parameter("Endpoint must match the specified protocol"))
            }
        }?;
        Ok(Self { text: text.to_owned(), arn })
    }

    /// Whether it is a FIFO queue.
    pub(super) fn is_fifo(&self) -> bool {
        self.arn.as_ref().is_some_and(|arn| arn.resource.ends_with(".fifo"))
    }

    /// Whether it belongs to `account` as far as anybody can say.
    pub(super) fn is_of(&self, account: &str) -> bool {
        self.arn.as_ref().is_none_or(|arn| arn.account() == account)
    }
}

fn named(arn: Option<Arn>) -> Option<Option<Arn>> {
    arn.filter(|arn| !arn.resource.contains([':', '/'])).map(Some)
}

fn is_mail_address(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| !c.is_whitespace() && !c.is_control())
    };
    text.split_once('@').is_some_and(|(name, host)| {
        plain(name) && plain(host) && !host.contains('@') && !text.contains(':')
    })
}

fn is_url(protocol: Protocol, text: &str) -> bool {
    let scheme = format!("{}://", protocol.as_str());
    let uri: Result<http::Uri, _> = text.parse();
    text.starts_with(&scheme) && uri.is_ok_and(|uri| uri.host().is_some_and(|it| !it.is_empty()))
}
