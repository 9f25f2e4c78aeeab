//! From settings to a connection: an emulator when an endpoint is given, AWS only when asked for.

use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;

use super::args::Settings;
use crate::adapters::https;

const REGION: &str = "us-east-1";

/// Environment variables that say that there are credentials.
const CREDENTIAL_SOURCES: [&str; 3] =
    ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"];

/// The endpoint to use; `None` is AWS itself.
pub(super) fn endpoint(settings: &Settings) -> Result<Option<&str>, String> {
    let endpoint = settings.endpoint.as_deref().filter(|url| !url.is_empty());
    match (endpoint, settings.aws) {
        (Some(url), false) => Ok(Some(url)),
        (None, true) => Ok(None),
        (Some(url), true) => Err(format!(
            "--aws and the endpoint {url} exclude each other (is AWS_ENDPOINT_URL set?)"
        )),
        (None, false) => Err("where to? Give --endpoint URL (or AWS_ENDPOINT_URL) for an \
                              emulator, or --aws for AWS itself"
            .into()),
    }
}

/// The SDK's configuration. Calls nothing with an endpoint.
pub(super) async fn sdk_config(settings: &Settings) -> Result<aws_types::SdkConfig, String> {
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(https::client());
    if let Some(region) = &settings.region {
        loader = loader.region(Region::new(region.clone()));
    }
    // On the loader it outranks every environment variable; on a finished `SdkConfig` it would not.
    if let Some(url) = endpoint(settings)? {
        loader = loader.endpoint_url(url);
        if settings.region.is_none() {
            loader = loader.region(Region::new(REGION));
        }
        if !CREDENTIAL_SOURCES.iter().any(|name| std::env::var_os(name).is_some()) {
            let test = Credentials::new("test", "test", None, None, "orderflow emulator default");
            loader = loader.credentials_provider(test);
        }
    }
    Ok(loader.load().await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::TimingProfile;

    fn settings(endpoint: Option<&str>, aws: bool) -> Settings {
        Settings {
            endpoint: endpoint.map(str::to_owned),
            aws,
            region: None,
            prefix: "test".into(),
            timing: TimingProfile::Fast,
            log: None,
        }
    }

    #[test]
    fn aws_itself_is_used_only_when_asked_for() {
        let url = "http://127.0.0.1:4566";
        assert_eq!(endpoint(&settings(Some(url), false)), Ok(Some(url)));
        assert_eq!(endpoint(&settings(None, true)), Ok(None));
        assert!(endpoint(&settings(None, false)).is_err());
        assert!(endpoint(&settings(Some(""), false)).is_err());
        assert!(endpoint(&settings(Some(url), true)).is_err());
    }

    #[tokio::test]
    async fn an_endpoint_brings_a_region() {
        let sdk = sdk_config(&settings(Some("http://127.0.0.1:4566"), false)).await;
        let sdk = sdk.expect("an endpoint is given");
        assert_eq!(sdk.endpoint_url(), Some("http://127.0.0.1:4566"));
        assert_eq!(sdk.region().map(AsRef::as_ref), Some("us-east-1"));
    }
}
