//! The AWS clients of one system: made in one place, so that they share what an `SdkConfig` can't
//! carry.

use std::time::Duration;

use aws_sdk_sqs::config::retry::RetryPartition;
use aws_sdk_sqs::config::timeout::TimeoutConfig;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::SdkConfig;

use crate::config::{CALL_ATTEMPT, CALL_WHOLE};

/// How to reach AWS.
#[derive(Clone, Debug)]
pub struct Aws {
    sdk: SdkConfig,
    retry_partition: Option<RetryPartition>,
}

impl From<SdkConfig> for Aws {
    /// With the retry quota that all clients of a process share, and with time-outs where `sdk`
    /// has none of its own.
    fn from(sdk: SdkConfig) -> Self {
        let mut limits = sdk.timeout_config().cloned().unwrap_or_else(no_limits);
        limits.take_defaults_from(&within(Duration::ZERO));
        let sdk = sdk.into_builder().timeout_config(limits).build();
        Self { sdk, retry_partition: None }
    }
}

impl Aws {
    /// With a retry quota of its own: what another system in the process retries is not felt.
    #[must_use]
    pub fn with_retry_partition(self, partition: RetryPartition) -> Self {
        Self { retry_partition: Some(partition), ..self }
    }

    /// With answers that may take longer by so much.
    #[must_use]
    pub(super) fn patient(&self, wait: Duration) -> Self {
        let sdk = self.sdk.to_builder().timeout_config(within(wait)).build();
        Self { sdk, ..self.clone() }
    }

    /// With its HTTP client inside another.
    #[must_use]
    pub fn through(self, around: impl FnOnce(SharedHttpClient) -> SharedHttpClient) -> Self {
        let mut sdk = self.sdk.to_builder();
        sdk.set_http_client(self.sdk.http_client().map(around));
        Self { sdk: sdk.build(), ..self }
    }

    pub fn sdk(&self) -> &SdkConfig {
        &self.sdk
    }

    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        let mut config = aws_sdk_sqs::config::Builder::from(&self.sdk);
        config.set_retry_partition(self.retry_partition.clone());
        aws_sdk_sqs::Client::from_conf(config.build())
    }

    pub fn sns(&self) -> aws_sdk_sns::Client {
        let mut config = aws_sdk_sns::config::Builder::from(&self.sdk);
        config.set_retry_partition(self.retry_partition.clone());
        aws_sdk_sns::Client::from_conf(config.build())
    }

    pub fn eventbridge(&self) -> aws_sdk_eventbridge::Client {
        let mut config = aws_sdk_eventbridge::config::Builder::from(&self.sdk);
        config.set_retry_partition(self.retry_partition.clone());
        aws_sdk_eventbridge::Client::from_conf(config.build())
    }

    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        let mut config = aws_sdk_dynamodb::config::Builder::from(&self.sdk);
        config.set_retry_partition(self.retry_partition.clone());
        aws_sdk_dynamodb::Client::from_conf(config.build())
    }

    pub fn stepfunctions(&self) -> aws_sdk_sfn::Client {
        let mut config = aws_sdk_sfn::config::Builder::from(&self.sdk);
        config.set_retry_partition(self.retry_partition.clone());
        aws_sdk_sfn::Client::from_conf(config.build())
    }

    pub fn lambda(&self) -> aws_sdk_lambda::Client {
        let mut config = aws_sdk_lambda::config::Builder::from(&self.sdk);
        config.set_retry_partition(self.retry_partition.clone());
        aws_sdk_lambda::Client::from_conf(config.build())
    }

    pub fn iam(&self) -> aws_sdk_iam::Client {
        let mut config = aws_sdk_iam::config::Builder::from(&self.sdk);
        config.set_retry_partition(self.retry_partition.clone());
        aws_sdk_iam::Client::from_conf(config.build())
    }

    pub fn cloudwatch(&self) -> aws_sdk_cloudwatch::Client {
        let mut config = aws_sdk_cloudwatch::config::Builder::from(&self.sdk);
        config.set_retry_partition(self.retry_partition.clone());
        aws_sdk_cloudwatch::Client::from_conf(config.build())
    }
}

/// How long a call may take that has an answer at once, or after `wait` at the latest.
pub(super) fn within(wait: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CALL_ATTEMPT)
        .operation_attempt_timeout(wait + CALL_ATTEMPT)
        .operation_timeout(wait + CALL_WHOLE)
        .build()
}

fn no_limits() -> TimeoutConfig {
    TimeoutConfig::builder().build()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use aws_config::{BehaviorVersion, Region};
    use aws_credential_types::Credentials;
    use aws_sdk_sqs::config::SharedCredentialsProvider;
    use tokio::net::TcpListener;
    use tokio::time::{Instant, timeout};

    use super::*;
    use crate::adapters::sqs::Queue;
    use crate::failure::{Dependency, Failure};

    fn reaching(url: &str) -> Aws {
        let test = Credentials::new("test", "test", None, None, "test");
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(crate::adapters::https::client())
            .region(Region::new("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(test))
            .endpoint_url(url);
        sdk.build().into()
    }

    /// Takes every connection and answers nothing, like a process that was stopped.
    async fn mute() -> (TcpListener, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        (listener, url)
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_nobody_answers_ends() {
        let (_listener, url) = mute().await;
        let aws = reaching(&url);
        let asked = Queue::find(&aws, "orders");
        let started = Instant::now();
        let found = timeout(3 * CALL_WHOLE, asked).await.expect("it ends by itself");
        assert!(matches!(found, Err(Failure::Unavailable(Dependency::Sqs, _))), "{found:?}");
        assert!(started.elapsed() >= CALL_ATTEMPT);
    }

    #[test]
    fn a_long_poll_may_wait_and_settings_of_the_users_own_stay() {
        let poll = within(Duration::from_secs(20));
        assert!(poll.operation_attempt_timeout() > Some(Duration::from_secs(20)));
        assert!(poll.operation_timeout() > poll.operation_attempt_timeout());
        let own = TimeoutConfig::builder().operation_timeout(Duration::from_secs(99)).build();
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .timeout_config(own)
            .build();
        let limits = Aws::from(sdk).sdk().timeout_config().cloned().expect("limits");
        assert_eq!(limits.operation_timeout(), Some(Duration::from_secs(99)));
        assert_eq!(limits.operation_attempt_timeout(), Some(CALL_ATTEMPT));
    }
}
