//! Where pages come from: `scheme://host:port`.

use std::str::FromStr;

/// The origin of pages that may use a service. Any scheme will do, as browsers' extensions have
/// their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedOrigin(String);

/// What is no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no origin, such as http://localhost:3000: a scheme, a host, and maybe a port")]
pub struct InvalidOrigin(String);

impl FromStr for AllowedOrigin {
    type Err = InvalidOrigin;

    fn from_str(text: &str) -> Result<Self, InvalidOrigin> {
        let origin = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
        let invalid = || InvalidOrigin(text.to_owned());
        let (scheme, authority) = origin.split_once("://").ok_or_else(invalid)?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:[]".contains(&byte);
        let has_scheme = scheme.starts_with(|it: char| it.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        if !has_scheme || authority.is_empty() || !authority.bytes().all(is_plain) {
            return Err(invalid());
        }
        // Browsers leave these out.
        let usual_port = match scheme {
            "http" => ":80",
            "https" => ":443",
            _ => "",
        };
        let origin = origin.strip_suffix(usual_port).unwrap_or(&origin);
        Ok(Self(origin.to_owned()))
    }
}

impl AllowedOrigin {
    pub(crate) fn is(&self, origin: &str) -> bool {
        self.0.eq_ignore_ascii_case(origin)
    }
}

/// Whether `origin` is that of the pages which are at `authority` itself. What stands before, TLS
/// or not, is left open: a proxy may add it.
pub(crate) fn is_of(origin: &str, authority: &str) -> bool {
    let of_web = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    of_web.is_some_and(|page| page.eq_ignore_ascii_case(authority))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for (text, origin) in [
            ("http://localhost:3000", "http://localhost:3000"),
            ("HTTP://LocalHost:3000/", "http://localhost:3000"),
            ("http://localhost:80", "http://localhost"),
            ("https://shop.example:443", "https://shop.example"),
            ("https://shop.example:80", "https://shop.example:80"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("chrome-extension://abcdef", "chrome-extension://abcdef"),
        ] {
            let parsed: AllowedOrigin = text.parse().expect(text);
            assert!(parsed.is(origin), "{text}: {parsed:?}");
        }
        for bad in ["", "*", "null", "localhost:3000", "http://", "http://a/b", "http://*", "://a"]
        {
            assert!(bad.parse::<AllowedOrigin>().is_err(), "{bad}");
        }
    }

    #[test]
    fn pages_of_the_service_itself_have_its_host_and_port() {
        let check = |origin, authority, expected| {
            assert_eq!(is_of(origin, authority), expected, "{origin} {authority}");
        };
        check("http://localhost:4566", "localhost:4566", true);
        check("https://Skyrig.localhost", "skyrig.localhost", true);
        check("http://localhost:3000", "localhost:4566", false);
        check("http://127.0.0.1:4566", "localhost:4566", false);
        check("http://localhost", "localhost:4566", false);
        check("null", "null", false);
        check("file://localhost", "localhost", false);
    }
}
