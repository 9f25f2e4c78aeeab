//! What every client of the brokers does the same way: its log lines, and signing in.

use std::error::Error;

use rdkafka::ClientContext;
use rdkafka::client::OAuthToken;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::ConsumerContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use super::Security;

/// How a client signs in.
#[derive(Clone, Debug)]
pub(super) struct Login {
    /// Signs in with AWS credentials for this region.
    iam_region: Option<String>,
}

/// What librdkafka tells a client: what all have in common, and what this kind hears besides.
pub(super) struct Context<T> {
    login: Login,
    pub(super) own: T,
}

impl Login {
    pub(super) fn new(security: &Security) -> Self {
        let iam_region = match security {
            Security::Iam { region } => Some(region.clone()),
            Security::Plaintext | Security::Tls => None,
        };
        Self { iam_region }
    }

    pub(super) fn context<T>(&self, own: T) -> Context<T> {
        Context { login: self.clone(), own }
    }

    /// A token that proves the AWS credentials which the environment has. Blocks; may be called on
    /// any thread, of a runtime or not.
    fn token(&self) -> Result<OAuthToken, Box<dyn Error>> {
        let region = self.iam_region.clone().ok_or("this client does not sign in with a token")?;
        let token = std::thread::spawn(move || token(region)).join();
        Ok(token.map_err(|_| "the token's thread panicked")??)
    }
}

impl<T: Send + Sync + 'static> ClientContext for Context<T> {
    /// Whether librdkafka asks this program for tokens.
    const ENABLE_REFRESH_OAUTH_TOKEN: bool = cfg!(feature = "msk");

    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log_line(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        log_error(&error, reason);
    }

    fn generate_oauth_token(&self, _: Option<&str>) -> Result<OAuthToken, Box<dyn Error>> {
        self.login.token()
    }
}

impl ConsumerContext for Context<()> {}

/// A log line of librdkafka.
fn log_line(level: RDKafkaLogLevel, facility: &str, message: &str) {
    match level {
        RDKafkaLogLevel::Info | RDKafkaLogLevel::Debug => {
            tracing::debug!(target: "librdkafka", facility, "{message}");
        }
        _ => tracing::warn!(target: "librdkafka", facility, "{message}"),
    }
}

/// An error of a client as a whole. Those that matter to a call are its answer as well.
pub(super) fn log_error(error: &KafkaError, reason: &str) {
    // The end of a partition comes this way too, and is no error.
    if error.rdkafka_error_code() != Some(RDKafkaErrorCode::PartitionEOF) {
        tracing::debug!(target: "librdkafka", "{error}: {reason}");
    }
}

#[cfg(feature = "msk")]
fn token(region: String) -> Result<OAuthToken, String> {
    use aws_config::{BehaviorVersion, Region};

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let region = Region::new(region);
        let config = aws_config::defaults(BehaviorVersion::latest())
            .http_client(crate::adapters::https::client())
            .region(region.clone());
        let provider = config.load().await.credentials_provider();
        let provider = provider.ok_or("the environment has no AWS credentials")?;
        signed(region, provider).await
    })
}

#[cfg(feature = "msk")]
async fn signed(
    region: aws_config::Region,
    provider: aws_credential_types::provider::SharedCredentialsProvider,
) -> Result<OAuthToken, String> {
    use aws_msk_iam_sasl_signer::generate_auth_token_from_credentials_provider as generate;

    let signed = generate(region, provider).await.map_err(|error| error.to_string())?;
    let (token, lifetime_ms) = signed;
    // The brokers take the name from the token.
    Ok(OAuthToken { token, principal_name: "iam".to_owned(), lifetime_ms })
}

#[cfg(not(feature = "msk"))]
fn token(_: String) -> Result<OAuthToken, String> {
    Err("built without the feature \"msk\"".to_owned())
}

#[cfg(all(test, feature = "msk"))]
mod tests {
    use aws_credential_types::Credentials;
    use aws_credential_types::provider::SharedCredentialsProvider;

    use super::super::{Endpoint, KafkaSettings, KafkaStream};
    use super::*;

    #[tokio::test]
    async fn a_token_is_a_signed_request_to_connect() {
        let keys = Credentials::new("AKID", "secret", None, None, "test");
        let provider = SharedCredentialsProvider::new(keys);
        let token = signed(aws_config::Region::new("eu-west-1"), provider).await.unwrap();
        // https://kafka.eu-west-1. in base64.
        assert!(token.token.starts_with("aHR0cHM6Ly9rYWZrYS5ldS13ZXN0LTEu"), "{}", token.token);
        assert!(token.lifetime_ms > 0);
    }

    #[tokio::test]
    async fn librdkafka_takes_the_settings() {
        let msk = "b-1.demo.a1.c2.kafka.eu-west-1.amazonaws.com:9098";
        for text in [format!("tls://{msk}"), format!("iam://{msk}")] {
            let endpoint: Endpoint = text.parse().unwrap();
            KafkaStream::connect(&endpoint, KafkaSettings::default()).unwrap();
        }
    }
}
