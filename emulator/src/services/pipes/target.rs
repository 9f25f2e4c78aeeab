//! What an ARN of a target or an enrichment stands for.
//!
//! Source: user guide, "Amazon EventBridge Pipes targets", "Amazon EventBridge Pipes batching and
//! concurrency".

use serde::{Deserialize, Serialize};

use crate::kernel::Arn;

/// The kinds of targets and enrichments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Kind {
    Queue,
    Topic,
    Bus,
    ApiDestination,
    Function,
    StateMachine,
    LogGroup,
    /// A resource of a service that is not here.
    // Differs from AWS: pipes from or to a service that is not here are stored and fail to start,
    // with the reason; so are those with an enrichment by API Gateway.
    Elsewhere,
}

/// The other services whose resources may be targets or enrichments.
const ELSEWHERE: [&str; 12] = [
    "batch",
    "ecs",
    "execute-api",
    "firehose",
    "inspector",
    "kinesis",
    "redshift",
    "redshift-serverless",
    "sagemaker",
    "apigateway",
    "timestream",
    "events",
];

impl Kind {
    /// `None` for what can't be a target.
    pub(super) fn of(arn: &Arn) -> Option<Self> {
        Some(match &*arn.service {
            "sqs" => Self::Queue,
            "sns" => Self::Topic,
            "events" if arn.resource.starts_with("event-bus/") => Self::Bus,
            "events" if arn.resource.starts_with("api-destination/") => Self::ApiDestination,
            "lambda" => Self::Function,
            "states" => Self::StateMachine,
            "logs" if arn.resource.starts_with("log-group:") => Self::LogGroup,
            service if ELSEWHERE.contains(&service) => Self::Elsewhere,
            _ => return None,
        })
    }

    /// Whether it can be an enrichment.
    pub(super) fn can_enrich(self) -> bool {
        matches!(self, Self::Function | Self::StateMachine | Self::ApiDestination | Self::Elsewhere)
    }

    /// Most events at once.
    pub(super) fn batch_max(self) -> usize {
        match self {
            Self::Queue | Self::Topic | Self::Bus => 10,
            Self::ApiDestination => 1,
            Self::LogGroup | Self::Function | Self::StateMachine | Self::Elsewhere => 10_000,
        }
    }
}
