//! What a `Task` calls.

mod integrations;

use serde::{Deserialize, Serialize};

/// A task's `Resource`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Resource {
    /// A function, by its ARN.
    Lambda { arn: String },
    /// An activity, by its ARN.
    Activity { arn: String },
    /// `arn:aws:states:::sqs:sendMessage`
    Service {
        /// `sqs`, `aws-sdk:dynamodb`
        service: String,
        /// `sendMessage`, with what follows: `sendMessage.waitForTaskToken`.
        action: String,
        pattern: Pattern,
    },
}

/// What a service integration waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pattern {
    RequestResponse,
    /// `.sync`, `.sync:2`: until the job has ended.
    Sync,
    /// `.waitForTaskToken`: until somebody gives the token back.
    WaitForTaskToken,
}

impl Resource {
    /// Reads an ARN.
    #[must_use]
    pub fn parse(arn: &str) -> Option<Self> {
        let mut parts = arn.splitn(6, ':');
        let (prefix, _partition, service) = (parts.next()?, parts.next()?, parts.next()?);
        let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
        if prefix != "arn" || resource.is_empty() {
            return None;
        }
        match service {
            "lambda" if resource.starts_with("function:") => Some(Self::Lambda { arn: arn.into() }),
            "states" if resource.starts_with("activity:") => {
                Some(Self::Activity { arn: arn.into() })
            }
            "states" if region.is_empty() && account.is_empty() => Self::integration(resource),
            _ => None,
        }
    }

    fn integration(resource: &str) -> Option<Self> {
        let (service, action) = match resource.strip_prefix("aws-sdk:") {
            Some(rest) => {
                let (service, action) = rest.split_once(':')?;
                (format!("aws-sdk:{service}"), action)
            }
            None => {
                let (service, action) = resource.split_once(':')?;
                (service.to_owned(), action)
            }
        };
        let pattern = match action.split_once('.') {
            None => Pattern::RequestResponse,
            Some((_, "sync" | "sync:2")) => Pattern::Sync,
            Some((_, "waitForTaskToken")) => Pattern::WaitForTaskToken,
            Some(_) => return None,
        };
        if !integrations::exists(&service, action) {
            return None;
        }
        let named = |it: &str| !it.is_empty() && it.chars().all(|it| it.is_ascii_alphanumeric());
        let (name, _) = action.split_once('.').unwrap_or((action, ""));
        (named(name) && !service.is_empty()).then(|| Self::Service {
            service,
            action: action.to_owned(),
            pattern,
        })
    }

    /// Whether the context object has a token for its task: jobs have one, too, as recorded.
    #[must_use]
    pub fn has_token(&self) -> bool {
        !matches!(
            self,
            Self::Lambda { .. } | Self::Service { pattern: Pattern::RequestResponse, .. }
        )
    }

    /// How a result's size error names it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Lambda { arn } | Self::Activity { arn } => arn,
            Self::Service { service, .. } => service,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_read() {
        let service = |service: &str, action: &str, pattern| {
            Some(Resource::Service { service: service.into(), action: action.into(), pattern })
        };
        let cases = [
            (
                "arn:aws:states:::sqs:sendMessage",
                service("sqs", "sendMessage", Pattern::RequestResponse),
            ),
            (
                "arn:aws:states:::states:startExecution.sync:2",
                service("states", "startExecution.sync:2", Pattern::Sync),
            ),
            (
                "arn:aws:states:::aws-sdk:dynamodb:putItem",
                service("aws-sdk:dynamodb", "putItem", Pattern::RequestResponse),
            ),
            (
                "arn:aws:states:::sns:publish.waitForTaskToken",
                service("sns", "publish.waitForTaskToken", Pattern::WaitForTaskToken),
            ),
            ("arn:aws:states:::sns:publish.later", None),
            ("arn:aws:states:::sns", None),
            ("arn:aws:s3:::bucket", None),
            ("sqs", None),
        ];
        for (arn, wanted) in cases {
            assert_eq!(Resource::parse(arn), wanted, "{arn}");
        }
    }
}
