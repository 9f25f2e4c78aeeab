//! The parts of a server's URL that a call needs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Uri;

/// A URL, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) is_secure: bool,
    /// In small letters, without the brackets of an IPv6 address.
    pub(super) name: String,
    pub(super) port: u16,
    /// What the header `Host` says.
    pub(super) host: String,
    /// Path and query.
    pub(super) path: String,
    /// The header `Authorization` of a user in the URL.
    pub(super) authorization: Option<String>,
}

impl Address {
    /// # Errors
    /// Why it is no address of an HTTP server.
    pub(super) fn of(url: &str) -> Result<Self, String> {
        let wrong = |why: &str| format!("{url} is no address of an HTTP server: {why}");
        let uri: Uri =
            url.parse().map_err(|error: http::uri::InvalidUri| wrong(&error.to_string()))?;
        let is_secure = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(wrong("it begins with neither http:// nor https://")),
        };
        let authority = uri.authority().ok_or_else(|| wrong("it names no host"))?;
        let user = authority.as_str().rsplit_once('@').map(|(user, _)| user);
        let name = authority.host().to_ascii_lowercase();
        let name = name.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(&name);
        let host = authority.as_str().rsplit('@').next().unwrap_or_default();
        if name.is_empty() {
            return Err(wrong("it names no host"));
        }
        Ok(Self {
            is_secure,
            name: name.to_owned(),
            port: authority.port_u16().unwrap_or(if is_secure { 443 } else { 80 }),
            host: host.to_owned(),
            path: uri.path_and_query().map_or("/", |it| it.as_str()).to_owned(),
            authorization: user.map(|user| format!("Basic {}", STANDARD.encode(plain(user)))),
        })
    }
}

/// Undoes percent escapes; a broken one stays.
fn plain(text: &str) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = match (first, after) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => {
                plain.push(high << 4 | low);
                rest = &after[2..];
            }
            None => {
                plain.push(*first);
                rest = after;
            }
        }
    }
    plain
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        let of = |url: &str| {
            let it = Address::of(url)?;
            let basic = it.authorization.unwrap_or_default();
            Ok::<_, String>(format!(
                "{} {} {} {} {} {basic}",
                it.is_secure, it.name, it.port, it.host, it.path
            ))
        };
        for (url, parts) in [
            ("http://A.example", "false a.example 80 A.example / "),
            ("https://a:8443/x?y=%20", "true a 8443 a:8443 /x?y=%20 "),
            ("http://[::1]:81/", "false ::1 81 [::1]:81 / "),
            ("http://u%40:p@h/", "false h 80 h / Basic dUA6cA=="),
            ("http://127.1/?q", "false 127.1 80 127.1 /?q "),
        ] {
            assert_eq!(of(url).as_deref(), Ok(parts), "{url}");
        }
        for url in ["", "/x", "ftp://a/", "http://", "http://a b/", "a:80", "http://:80/"] {
            assert!(of(url).is_err(), "{url}");
        }
    }
}
