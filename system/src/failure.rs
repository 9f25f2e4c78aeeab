//! Technical failures. Consumers decide what to do by the variant and by nothing else.

use std::fmt;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// Somebody else's machine that the system relies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dependency {
    Sqs,
    Sns,
    EventBridge,
    DynamoDb,
    StepFunctions,
    Lambda,
    Iam,
    CloudWatch,
    Gateway,
    Kafka,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Out of reach or out of order: whatever was to be done is not at fault.
    #[error("{1}")]
    Unavailable(Dependency, String),
    /// Asks for patience.
    #[error("{1}")]
    Throttled(Dependency, String),
    /// Failed this request, perhaps only this one.
    #[error("{1}")]
    Faulty(Dependency, String),
    /// It may work later.
    #[error("{0}")]
    Retry(String),
    /// It will never work: somebody has to look at it.
    #[error("{0}")]
    GiveUp(String),
}

/// AWS's codes for "slow down", as the SDK's retry classifier has them, and that of SNS.
const THROTTLING: [&str; 15] = [
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "Throttled",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
];

impl Dependency {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sqs => "SQS",
            Self::Sns => "SNS",
            Self::EventBridge => "EventBridge",
            Self::DynamoDb => "DynamoDB",
            Self::StepFunctions => "Step Functions",
            Self::Lambda => "Lambda",
            Self::Iam => "IAM",
            Self::CloudWatch => "CloudWatch",
            Self::Gateway => "payment gateway",
            Self::Kafka => "Kafka",
        }
    }
}

impl fmt::Display for Dependency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Failure {
    /// A failed AWS call, after the SDK's own retries. In one line, with AWS's error code first.
    pub(crate) fn of_call<E>(
        dependency: Dependency,
        operation: &str,
        error: &SdkError<E, HttpResponse>,
    ) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let code = error.as_service_error().and_then(ProvideErrorMetadata::code);
        let text = format!("{operation}: {}", describe(error));
        match code {
            Some(code) if is_throttling(code) => Self::Throttled(dependency, text),
            // The request itself is wrong: it would be so anywhere, at any time.
            Some(code) if is_about_the_request(code) => Self::Faulty(dependency, text),
            _ => Self::Unavailable(dependency, text),
        }
    }

    /// One entry that failed in a call that did not: its code and message, and whether AWS says
    /// that it is the sender's fault.
    pub(crate) fn of_entry(
        dependency: Dependency,
        operation: &str,
        (code, message, senders): (&str, Option<&str>, bool),
    ) -> Self {
        let text = format!("{operation}: {code}: {}", message.unwrap_or("no message"));
        match code {
            code if is_throttling(code) => Self::Throttled(dependency, text),
            code if senders || is_about_the_request(code) => Self::Faulty(dependency, text),
            _ => Self::Unavailable(dependency, text),
        }
    }

    /// A word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(..) => "Unavailable",
            Self::Throttled(..) => "Throttled",
            Self::Faulty(..) => "Faulty",
            Self::Retry(_) => "Retry",
            Self::GiveUp(_) => "GiveUp",
        }
    }

    /// Whose fault it is, or may be.
    pub fn dependency(&self) -> Option<Dependency> {
        match self {
            Self::Unavailable(dependency, _)
            | Self::Throttled(dependency, _)
            | Self::Faulty(dependency, _) => Some(*dependency),
            Self::Retry(_) | Self::GiveUp(_) => None,
        }
    }
}

fn is_throttling(code: &str) -> bool {
    THROTTLING.contains(&code)
}

fn is_about_the_request(code: &str) -> bool {
    const OTHERS: [&str; 3] = [
        "InvalidMessageContents",
        "ItemCollectionSizeLimitExceededException",
        "SerializationException",
    ];
    code.starts_with("Validation") || code.starts_with("InvalidParameter") || OTHERS.contains(&code)
}

fn describe<E>(error: &SdkError<E, HttpResponse>) -> String
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let said = error.as_service_error().and_then(|service| {
        let code = service.code()?;
        Some(format!("{code}: {}", service.message().unwrap_or("no message")))
    });
    if let Some(said) = said {
        return said;
    }
    let mut text = error.to_string();
    if let Some(response) = error.raw_response() {
        text = format!("{text} with HTTP status {}", response.status());
    }
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        text = format!("{text}: {source}");
        cause = source.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use aws_sdk_sqs::operation::send_message::SendMessageError;
    use aws_smithy_runtime_api::http::StatusCode;
    use aws_smithy_types::body::SdkBody;
    use aws_smithy_types::error::ErrorMetadata;

    use super::*;

    fn check(code: &str, expected: &str) {
        let said = SendMessageError::generic(ErrorMetadata::builder().code(code).build());
        let status = StatusCode::try_from(400).expect("a status");
        let error = SdkError::service_error(said, HttpResponse::new(status, SdkBody::empty()));
        let failure = Failure::of_call(Dependency::Sqs, "SendMessage", &error);
        assert_eq!((failure.code(), failure.dependency()), (expected, Some(Dependency::Sqs)));
        assert!(failure.to_string().starts_with(&format!("SendMessage: {code}")), "{failure}");
    }

    #[test]
    fn a_failed_call_says_who_is_to_blame() {
        check("RequestThrottled", "Throttled");
        check("Throttled", "Throttled");
        check("ProvisionedThroughputExceededException", "Throttled");
        check("ValidationException", "Faulty");
        check("InvalidParameterValue", "Faulty");
        check("InvalidMessageContents", "Faulty");
        check("InternalFailure", "Unavailable");
        check("AccessDenied", "Unavailable");
        check("QueueDoesNotExist", "Unavailable");
    }

    #[test]
    fn who_does_not_answer_is_unavailable() {
        let error = SdkError::<SendMessageError, HttpResponse>::timeout_error("too long");
        let failure = Failure::of_call(Dependency::Sqs, "SendMessage", &error);
        assert_eq!(failure.code(), "Unavailable");
    }
}
