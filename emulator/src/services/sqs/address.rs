//! What a queue's URL says: every form that clients use.
//!
//! `http://HOST/ACCOUNT/NAME`, `http://HOST/queue/REGION/ACCOUNT/NAME`, with a region in the host
//! or without (`sqs.REGION.…`, `REGION.queue.…`), and a queue's name alone.

use crate::kernel::Account;
use crate::wire::detect::{is_region, region_of_host};

/// A queue as its URL names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address<'u> {
    pub(super) name: &'u str,
    pub(super) account: Option<&'u str>,
    pub(super) region: Option<&'u str>,
}

impl<'u> Address<'u> {
    pub(super) fn of(url: &'u str) -> Self {
        let (host, path) = match url.split_once("://") {
            Some((_, rest)) => rest.split_once('/').unwrap_or((rest, "")),
            None => ("", url),
        };
        let mut parts = path.trim_end_matches('/').rsplit('/');
        let name = parts.next().unwrap_or_default();
        let account = parts.next().filter(|part| Account::is_number(part));
        let of_path = parts.next().filter(|part| is_region(part));
        let of_path = of_path.filter(|_| parts.next() == Some("queue"));
        Self { name, account, region: of_path.or_else(|| region_of_host(host)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_say_name_account_and_region() {
        let (one, two) = ("123456789012", "eu-west-1");
        for (url, account, region) in [
            ("q", None, None),
            ("http://localhost:4566/123456789012/q", Some(one), None),
            ("http://localhost:4566/123456789012/q/", Some(one), None),
            ("/123456789012/q", Some(one), None),
            ("123456789012/q", Some(one), None),
            ("http://localhost:4566/q", None, None),
            ("http://localhost/queue/eu-west-1/123456789012/q", Some(one), Some(two)),
            ("http://localhost/other/eu-west-1/123456789012/q", Some(one), None),
            ("https://sqs.eu-west-1.amazonaws.com/123456789012/q", Some(one), Some(two)),
            ("https://eu-west-1.queue.amazonaws.com/123456789012/q", Some(one), Some(two)),
            ("https://queue.amazonaws.com/123456789012/q", Some(one), None),
            (
                "http://sqs.eu-west-1.localhost.localstack.cloud:4566/123456789012/q",
                Some(one),
                Some(two),
            ),
            (
                "http://eu-west-1.queue.localhost.localstack.cloud:4566/123456789012/q",
                Some(one),
                Some(two),
            ),
            ("http://sqs.localhost/12345678901/q", None, None),
        ] {
            assert_eq!(Address::of(url), Address { name: "q", account, region }, "{url}");
        }
        assert_eq!(Address::of("http://localhost:4566").name, "");
        assert_eq!(Address::of("").name, "");
    }
}
