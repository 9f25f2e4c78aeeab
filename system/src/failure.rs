//! Technical failures. Consumers decide what to do by the variant and by nothing else.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It may work later.
    #[error("{0}")]
    Retry(String),
    /// It will never work: somebody has to look at it.
    #[error("{0}")]
    GiveUp(String),
}

impl Failure {
    /// A failed AWS call, after the SDK's own retries. In one line, with AWS's error code first.
    pub(crate) fn of_call<E>(operation: &str, error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        Self::Retry(format!("{operation}: {}", describe(error)))
    }
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
