//! How the URL of a queue is written; `address` reads it.

use crate::kernel::{PublicAddress, QueueUrls};

/// The host of LocalStack, whose names all lead to this machine.
const HOST: &str = "localhost.localstack.cloud";
/// Its region goes without saying.
const FIRST_REGION: &str = "us-east-1";

/// The URL of a queue, by account, region and name, for who asked at `endpoint`
/// (`http://host:port`).
pub(super) fn written(
    public: &PublicAddress,
    endpoint: &str,
    (account, region, name): (&str, &str, &str),
) -> String {
    let (scheme, asked) = endpoint.split_once("://").unwrap_or(("http", endpoint));
    let given = public.host.as_deref();
    let host = |fallback: &str| at_port(given.unwrap_or(fallback), asked);
    match public.queue_urls {
        QueueUrls::AsAsked => format!("{endpoint}/{account}/{name}"),
        QueueUrls::Standard => {
            let host = host(HOST);
            format!("{scheme}://sqs.{region}.{host}/{account}/{name}")
        }
        QueueUrls::Domain => {
            let host = host(HOST);
            let region = if region == FIRST_REGION { "" } else { &format!("{region}.") };
            format!("{scheme}://{region}queue.{host}/{account}/{name}")
        }
        QueueUrls::Path => {
            let host = host("localhost");
            format!("{scheme}://{host}/queue/{region}/{account}/{name}")
        }
        QueueUrls::Plain => format!("{scheme}://{}/{account}/{name}", host("localhost")),
    }
}

/// `host` with the port of `asked`, unless it has one of its own.
fn at_port(host: &str, asked: &str) -> String {
    let port = |authority: &str| {
        let (_, port) = authority.rsplit_once(':')?;
        let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        is_port.then(|| port.to_owned())
    };
    match (port(host), port(asked)) {
        (None, Some(port)) => format!("{host}:{port}"),
        _ => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::sqs::address::Address;

    #[test]
    fn every_form_is_written_and_read_back() {
        let queue = ("123456789012", "eu-west-1", "q");
        let first = ("123456789012", "us-east-1", "q");
        let (none, name, both) = (None, Some("stack"), Some("stack.example:99"));
        for (queue_urls, host, queue, expected) in [
            (QueueUrls::AsAsked, both, queue, "http://me:4567/123456789012/q"),
            (
                QueueUrls::Standard,
                none,
                queue,
                "http://sqs.eu-west-1.localhost.localstack.cloud:4567/123456789012/q",
            ),
            (QueueUrls::Standard, name, queue, "http://sqs.eu-west-1.stack:4567/123456789012/q"),
            (
                QueueUrls::Standard,
                both,
                first,
                "http://sqs.us-east-1.stack.example:99/123456789012/q",
            ),
            (
                QueueUrls::Domain,
                none,
                queue,
                "http://eu-west-1.queue.localhost.localstack.cloud:4567/123456789012/q",
            ),
            (
                QueueUrls::Domain,
                none,
                first,
                "http://queue.localhost.localstack.cloud:4567/123456789012/q",
            ),
            (QueueUrls::Path, none, queue, "http://localhost:4567/queue/eu-west-1/123456789012/q"),
            (
                QueueUrls::Path,
                both,
                queue,
                "http://stack.example:99/queue/eu-west-1/123456789012/q",
            ),
            (QueueUrls::Plain, none, queue, "http://localhost:4567/123456789012/q"),
            (QueueUrls::Plain, name, queue, "http://stack:4567/123456789012/q"),
        ] {
            let public = PublicAddress { host: host.map(str::to_owned), queue_urls };
            let url = written(&public, "http://me:4567", queue);
            assert_eq!(url, expected);
            let read = Address::of(&url);
            assert_eq!((read.account, read.name), (Some("123456789012"), "q"), "{url}");
            assert!(read.region.is_none_or(|region| region == queue.1), "{url}");
        }
        let public = PublicAddress { host: None, queue_urls: QueueUrls::Plain };
        assert_eq!(written(&public, "https://me", first), "https://localhost/123456789012/q");
    }
}
