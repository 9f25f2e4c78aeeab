//! Names by which a service is known.

use std::net::Ipv4Addr;
use std::str::FromStr;

/// Names that public DNS has nothing for, or that lead to nobody but this machine and AWS; with
/// them all names below them.
const KNOWN: [&str; 4] =
    ["localhost", "localhost.localstack.cloud", "amazonaws.com", "docker.internal"];

/// A name to be known by, besides addresses and those that always are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedHost {
    /// In small letters.
    name: String,
    /// Whether it is the names below that are meant: `*.example.com`.
    below: bool,
}

/// What is no name of a host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no host's name, such as shop.example.com or *.example.com, without a port")]
pub struct InvalidHost(String);

impl FromStr for AllowedHost {
    type Err = InvalidHost;

    fn from_str(text: &str) -> Result<Self, InvalidHost> {
        let (name, below) = match text.strip_prefix("*.") {
            Some(name) => (name, true),
            None => (text, false),
        };
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        let is_label = |label: &str| !label.is_empty() && label.bytes().all(is_of_label);
        if name.split('.').all(is_label) {
            Ok(Self { name, below })
        } else {
            Err(InvalidHost(text.to_owned()))
        }
    }
}

fn is_of_label(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

impl AllowedHost {
    fn has(&self, name: &str) -> bool {
        if self.below { is_below(name, &self.name) } else { name.eq_ignore_ascii_case(&self.name) }
    }
}

/// Whether a page's host cannot be meant by `authority` (`name:port`): it is an address, a name
/// that is always known, one of `allowed`, or a name without a dot. Public DNS has no hosts with
/// such names, and it is how containers call each other.
pub(crate) fn is_known(authority: &str, allowed: &[AllowedHost]) -> bool {
    let name = without_port(authority);
    let is_address = name.starts_with('[') && name.ends_with(']');
    if is_address || name.parse::<Ipv4Addr>().is_ok() {
        return true;
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    let has_one_label = !name.is_empty() && name.bytes().all(is_of_label);
    has_one_label
        || KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known) || is_below(name, known))
        || allowed.iter().any(|host| host.has(name))
}

/// The name or address in `name:port` or `[address]:port`.
pub(crate) fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => authority,
    }
}

fn is_below(name: &str, parent: &str) -> bool {
    let Some(at) = name.len().checked_sub(parent.len()) else { return false };
    let (below, end) = name.as_bytes().split_at(at);
    below.len() > 1 && below.ends_with(b".") && end.eq_ignore_ascii_case(parent.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_are_those_that_no_page_can_have() {
        let allowed: Vec<AllowedHost> =
            ["Shop.example.com", "*.dev.example"].map(|it| it.parse().expect("a name")).into();
        for known in [
            "127.0.0.1:4566",
            "127.0.0.1",
            "192.168.1.5:80",
            "0.0.0.0:4566",
            "[::1]:4566",
            "[fe80::1]",
            "localhost",
            "LOCALHOST:4566",
            "localhost.:4566",
            "a.b.localhost:4566",
            "localhost.localstack.cloud:4566",
            "sqs.eu-west-1.localhost.localstack.cloud",
            "sqs.us-east-1.amazonaws.com",
            "host.docker.internal:4566",
            "sqs:4566",
            "my_emulator-1",
            "shop.EXAMPLE.com:1",
            "x.dev.example",
        ] {
            assert!(is_known(known, &allowed), "{known}");
        }
        for unknown in [
            "",
            ":4566",
            "evil.example:4566",
            "localhost.evil.example",
            "evillocalhost.example",
            "evilamazonaws.com",
            "127.0.0.1.evil.example",
            "127.0.0.1.nip.io:4566",
            "[::1].evil.example",
            "1.2.3",
            "amazonaws.com.evil.example",
            ".amazonaws.com",
            "shop.example.com.evil.example",
            "x.shop.example.com",
            "dev.example",
            "localhost@evil.example",
            "evil.example:80@localhost:x",
            "a b",
            "\u{fc}.example",
        ] {
            assert!(!is_known(unknown, &allowed), "{unknown}");
        }
    }

    #[test]
    fn a_name_has_neither_scheme_nor_port() {
        for good in ["a", "a.b", "*.a.b", "A-1.b_c."] {
            assert!(good.parse::<AllowedHost>().is_ok(), "{good}");
        }
        for bad in ["", "*", "*.", "a..b", "http://a", "a:80", "a/b", "*.*.a", ".a", "a b"] {
            assert!(bad.parse::<AllowedHost>().is_err(), "{bad}");
        }
    }
}
