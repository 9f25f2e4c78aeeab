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
    Ok(configured(settings, endpoint(settings)?).await)
}

/// The same for code that AWS or an emulator has begun, and that need not be told which.
pub(super) async fn sdk_config_of_function(settings: &Settings) -> aws_types::SdkConfig {
    let endpoint = settings.endpoint.as_deref().filter(|url| !url.is_empty());
    configured(settings, endpoint).await
}

async fn configured(settings: &Settings, endpoint: Option<&str>) -> aws_types::SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(https::client());
    if let Some(region) = &settings.region {
        loader = loader.region(Region::new(region.clone()));
    }
    // On the loader it outranks every environment variable; on a finished `SdkConfig` it would not.
    if let Some(url) = endpoint {
        loader = loader.endpoint_url(url);
        if settings.region.is_none() {
            loader = loader.region(Region::new(REGION));
        }
        if !CREDENTIAL_SOURCES.iter().any(|name| std::env::var_os(name).is_some()) {
            let test = Credentials::new("test", "test", None, None, "orderflow emulator default");
            loader = loader.credentials_provider(test);
        }
    }
    loader.load().await
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;
    use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
    use tokio::net::{TcpListener, TcpStream};

    use super::super::args::LogFormat;
    use super::super::entry::Session;
    use super::*;
    use crate::adapters::sqs::Queue;
    use crate::app::App;
    use crate::config::{Config, Names, TimingProfile};
    use crate::role::Saga;

    fn settings(endpoint: Option<&str>, aws: bool) -> Settings {
        Settings {
            endpoint: endpoint.map(str::to_owned),
            aws,
            region: None,
            prefix: "test".into(),
            fifo: false,
            timing: TimingProfile::Fast,
            saga: Saga::default(),
            log: None,
            log_format: LogFormat::Text,
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

    /// Answers each request of each connection with an empty JSON object.
    async fn serve(listener: TcpListener, connections: Arc<AtomicUsize>) {
        while let Ok((stream, _)) = listener.accept().await {
            connections.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(answer(stream));
        }
    }

    async fn answer(stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let (mut body_bytes, mut line) = (0, String::new());
            while line != "\r\n" {
                line.clear();
                if stream.read_line(&mut line).await? == 0 {
                    return Ok(());
                }
                if let Some((name, value)) = line.split_once(':')
                    && name.eq_ignore_ascii_case("content-length")
                {
                    body_bytes = value.trim().parse().unwrap_or(0);
                }
            }
            stream.read_exact(&mut vec![0; body_bytes]).await?;
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await?;
        }
    }

    #[tokio::test]
    async fn calls_share_connections() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let connections = Arc::new(AtomicUsize::new(0));
        tokio::spawn(serve(listener, Arc::clone(&connections)));
        let sdk = sdk_config(&settings(Some(&url), false)).await.expect("an endpoint is given");
        let config = Config::new(Names::parse("test").expect("a prefix"), TimingProfile::Fast);
        let app = App::new(&config, &sdk.into(), Session::deps());
        let call = async |number: usize| match number % 3 {
            0 => app.inbox.contains("key").await.map(drop),
            1 => app.store.load("order#o").await.map(drop),
            _ => Queue::find(&app.aws, "orders").await.map(drop),
        };
        for number in 0..60 {
            assert_eq!(call(number).await, Ok(()));
        }
        assert_eq!(connections.load(Ordering::Relaxed), 1, "one after the other");
        for _ in 0..5 {
            let all = join_all((0..20).map(call)).await;
            assert!(all.iter().all(Result::is_ok), "{all:?}");
        }
        let opened = connections.load(Ordering::Relaxed);
        assert!(opened <= 20, "{opened} connections for twenty calls at once");
    }
}
