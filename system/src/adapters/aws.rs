//! The AWS clients of one system: made in one place, so that they share what an `SdkConfig` can't
//! carry.

use aws_sdk_sqs::config::retry::RetryPartition;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::SdkConfig;

/// How to reach AWS.
#[derive(Clone, Debug)]
pub struct Aws {
    sdk: SdkConfig,
    retry_partition: Option<RetryPartition>,
}

impl From<SdkConfig> for Aws {
    /// With the retry quota that all clients of a process share.
    fn from(sdk: SdkConfig) -> Self {
        Self { sdk, retry_partition: None }
    }
}

impl Aws {
    /// With a retry quota of its own: what another system in the process retries is not felt.
    #[must_use]
    pub fn with_retry_partition(self, partition: RetryPartition) -> Self {
        Self { retry_partition: Some(partition), ..self }
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

    pub fn cloudwatch(&self) -> aws_sdk_cloudwatch::Client {
        let mut config = aws_sdk_cloudwatch::config::Builder::from(&self.sdk);
        config.set_retry_partition(self.retry_partition.clone());
        aws_sdk_cloudwatch::Client::from_conf(config.build())
    }
}
