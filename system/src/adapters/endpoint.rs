//! Which brokers: the text of the option `--kafka`.

use std::fmt;
use std::str::FromStr;

/// Where the stream's brokers are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// librdkafka's mock cluster in this process: in memory, for development and demonstrations.
    Embedded,
    /// One broker in a container of this image, for as long as the stream is there.
    Testcontainers { image: String },
    Brokers {
        /// `HOST:PORT`, separated by commas; any of the cluster's brokers.
        bootstrap: String,
        security: Security,
    },
}

/// The image of a broker in a container, unless the option names another.
const IMAGE: &str = "apache/kafka:4.0.0";

/// How a client and the brokers know each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Security {
    /// Not at all.
    Plaintext,
    /// The brokers show certificates.
    Tls,
    /// Beside TLS the client signs in with its AWS credentials, as Amazon MSK has it.
    Iam { region: String },
}

/// A text that names no brokers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEndpoint {
    #[error(
        "not embedded, testcontainers, HOST:PORT,…, tls://HOST:PORT,… or iam://HOST:PORT,…: {0:?}"
    )]
    Unknown(String),
    #[error("--kafka {option} needs a build with the feature {feature:?}")]
    NeedsFeature { option: String, feature: &'static str },
    #[error("no AWS region in the host names of {0:?}; MSK's are …kafka.REGION.amazonaws.com:PORT")]
    NoRegion(String),
}

impl FromStr for Endpoint {
    type Err = InvalidEndpoint;

    fn from_str(text: &str) -> Result<Self, InvalidEndpoint> {
        match text.split_once("://") {
            _ if text == "embedded" => Ok(Self::Embedded),
            None if text == "testcontainers" => container(text, IMAGE),
            Some(("testcontainers", image)) if !image.is_empty() => container(text, image),
            None => brokers(text, text, Security::Plaintext),
            Some(("tls", list)) => secured(text, list, Security::Tls),
            Some(("iam", list)) => {
                let found = list.split(',').find_map(region);
                let region = found.ok_or_else(|| InvalidEndpoint::NoRegion(list.to_owned()))?;
                secured(text, list, Security::Iam { region: region.to_owned() })
            }
            Some(_) => Err(InvalidEndpoint::Unknown(text.to_owned())),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded => f.write_str("embedded"),
            Self::Testcontainers { image } if image == IMAGE => f.write_str("testcontainers"),
            Self::Testcontainers { image } => write!(f, "testcontainers://{image}"),
            Self::Brokers { bootstrap, security } => match security {
                Security::Plaintext => f.write_str(bootstrap),
                Security::Tls => write!(f, "tls://{bootstrap}"),
                Security::Iam { .. } => write!(f, "iam://{bootstrap}"),
            },
        }
    }
}

fn container(text: &str, image: &str) -> Result<Endpoint, InvalidEndpoint> {
    match cfg!(feature = "testcontainers") {
        true => Ok(Endpoint::Testcontainers { image: image.to_owned() }),
        false => Err(needs_feature(text, "testcontainers")),
    }
}

fn secured(text: &str, list: &str, security: Security) -> Result<Endpoint, InvalidEndpoint> {
    let endpoint = brokers(text, list, security)?;
    match cfg!(feature = "msk") {
        true => Ok(endpoint),
        false => Err(needs_feature(text, "msk")),
    }
}

fn brokers(text: &str, list: &str, security: Security) -> Result<Endpoint, InvalidEndpoint> {
    let is_broker = |it: &str| {
        let (host, port) = it.rsplit_once(':').unwrap_or_default();
        !host.is_empty()
            && !host.contains(|it: char| it.is_whitespace() || it == '/')
            && port.parse::<u16>().is_ok_and(|it| it > 0)
    };
    match list.split(',').all(is_broker) {
        true => Ok(Endpoint::Brokers { bootstrap: list.to_owned(), security }),
        false => Err(InvalidEndpoint::Unknown(text.to_owned())),
    }
}

fn needs_feature(option: &str, feature: &'static str) -> InvalidEndpoint {
    InvalidEndpoint::NeedsFeature { option: option.to_owned(), feature }
}

/// The region in the name of an MSK broker.
fn region(broker: &str) -> Option<&str> {
    let (host, _) = broker.rsplit_once(':')?;
    let name = host.strip_suffix(".amazonaws.com").or(host.strip_suffix(".amazonaws.com.cn"))?;
    let (service, region) = name.rsplit_once('.')?;
    let is_msk = service.ends_with(".kafka") || service.ends_with(".kafka-serverless");
    is_msk.then_some(region)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MSK: &str = "b-1.demo.a1.c2.kafka.eu-west-1.amazonaws.com:9098";

    #[test]
    fn options_are_read_and_written() {
        for text in ["embedded", "localhost:9092", "a:1,b.example:65535", "[::1]:9092"] {
            let endpoint: Endpoint = text.parse().unwrap();
            assert_eq!(endpoint.to_string(), text);
        }
    }

    #[test]
    fn what_names_no_brokers_is_refused() {
        for text in ["", "localhost", "a:0", "a:1,", ":9092", "a:70000", "http://a:1", "a b:1"] {
            assert_eq!(text.parse::<Endpoint>(), Err(InvalidEndpoint::Unknown(text.to_owned())));
        }
        let found = "iam://localhost:9098".parse::<Endpoint>();
        assert_eq!(found, Err(InvalidEndpoint::NoRegion("localhost:9098".to_owned())));
    }

    #[test]
    fn containers_need_the_feature() {
        for (text, image) in
            [("testcontainers", IMAGE), ("testcontainers://local/kafka:1", "local/kafka:1")]
        {
            let expected = match cfg!(feature = "testcontainers") {
                true => Ok(Endpoint::Testcontainers { image: image.to_owned() }),
                false => Err(needs_feature(text, "testcontainers")),
            };
            assert_eq!(text.parse::<Endpoint>(), expected);
        }
    }

    #[test]
    fn secured_brokers_need_the_feature() {
        let text = format!("iam://{MSK}");
        let security = Security::Iam { region: "eu-west-1".to_owned() };
        let expected = match cfg!(feature = "msk") {
            true => Ok(Endpoint::Brokers { bootstrap: MSK.to_owned(), security }),
            false => Err(needs_feature(&text, "msk")),
        };
        assert_eq!(text.parse::<Endpoint>(), expected);
    }
}
