//! From a request's head to whether it may be answered.

use http::header::{HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN, USER_AGENT};
use http::request::Parts;
use http::{Method, header};

use super::host::{self, AllowedHost};
use super::origin::{self, AllowedOrigin};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const REQUEST_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
/// Of the words of a request that a message repeats.
const CHARACTERS_MAX: usize = 200;

/// The rules of one service. By default only its own pages may use it.
#[derive(Clone, Debug, Default)]
pub struct Visitors {
    /// Names to be known by, besides those that always are.
    pub hosts: Vec<AllowedHost>,
    /// Pages that may use it although they come from elsewhere.
    pub origins: Vec<AllowedOrigin>,
}

/// What a request would do, as far as its head tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Changes nothing, or holds what no page of another site has, such as a signature.
    Harmless,
    /// Changes something.
    Change,
}

/// Whether a request may be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is no page's, or that of a page of the service itself.
    Welcome,
    /// A page of this allowed origin may have the answer.
    Allowed(HeaderValue),
    /// A browser asks whether a page of an allowed origin may send a request.
    Preflight(Preflight),
    Refused(Refusal),
}

/// What a browser asks for a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preflight {
    pub(crate) page: HeaderValue,
    /// The headers that the page would send.
    pub(crate) headers: Option<HeaderValue>,
    /// Whether the page comes from a network that is not this one.
    pub(crate) from_afar: bool,
}

/// Why a request was refused. Its message names the setting that would let it in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(
        "the host {0:?} is not known here, and a web page may have made that name point to this \
         machine; if the name is right, start with --allow-host {0}"
    )]
    Host(String),
    #[error(
        "web pages of {0:?} may not use this; if the page is yours, start with --allow-origin \
         and its origin, such as http://localhost:3000"
    )]
    Origin(String),
    #[error(
        "a web page from elsewhere may not do this (sec-fetch-site: {0}); if the page is yours, \
         start with --allow-origin and its origin, and let it ask by fetch"
    )]
    Site(String),
    #[error(
        "a browser did not say which web page does this, as it says so only to localhost and \
         127.0.0.1; use one of these names"
    )]
    Unsaid,
}

impl Visitors {
    /// Judges by the head of a request alone. Works in time linear in its length.
    pub fn judge(&self, head: &Parts, deed: Deed) -> Verdict {
        let headers = &head.headers;
        if let Some(unknown) = self.unknown_host(head) {
            return Verdict::Refused(Refusal::Host(short(unknown)));
        }
        let mut origins = headers.get_all(ORIGIN).iter();
        match (origins.next(), origins.next()) {
            (Some(page), None) if self.allows(page) => {
                return match asked(head, page) {
                    Some(preflight) => Verdict::Preflight(preflight),
                    None => Verdict::Allowed(page.clone()),
                };
            }
            (Some(page), None) if is_own(page, head) => {}
            (Some(page), _) => {
                let page = String::from_utf8_lossy(page.as_bytes());
                return Verdict::Refused(Refusal::Origin(short(&page)));
            }
            (None, _) => {}
        }
        match deed {
            Deed::Harmless => Verdict::Welcome,
            Deed::Change => by_site(headers),
        }
    }

    /// The host by which the service is asked, if it is not known. Proxies are asked with it in the
    /// first line.
    fn unknown_host<'a>(&self, head: &'a Parts) -> Option<&'a str> {
        let of_line = head.uri.authority().map(|authority| Some(authority.as_str()));
        let of_header = head.headers.get_all(HOST).iter().map(|value| value.to_str().ok());
        let mut all = of_line.into_iter().chain(of_header);
        let is_unknown =
            |name: &Option<&str>| !name.is_some_and(|it| host::is_known(it, &self.hosts));
        all.find(is_unknown).map(|name| host::without_port(name.unwrap_or_default()))
    }

    fn allows(&self, page: &HeaderValue) -> bool {
        page.to_str().is_ok_and(|page| self.origins.iter().any(|origin| origin.is(page)))
    }
}

/// What a browser asks for a page, if it is that which it does.
fn asked(head: &Parts, page: &HeaderValue) -> Option<Preflight> {
    let headers = &head.headers;
    let asks = headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    (head.method == Method::OPTIONS && asks).then(|| Preflight {
        page: page.clone(),
        headers: headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned(),
        from_afar: headers.contains_key(REQUEST_PRIVATE_NETWORK),
    })
}

fn is_own(page: &HeaderValue, head: &Parts) -> bool {
    let authority = head.headers.get(HOST).and_then(|host| host.to_str().ok());
    let authority = authority.or_else(|| head.uri.authority().map(|it| it.as_str()));
    match (page.to_str(), authority) {
        (Ok(page), Some(authority)) => origin::is_of(page, authority),
        _ => false,
    }
}

/// A form, an image or a link of another site comes without an origin, if it gets nothing but a
/// page: then the site must do.
fn by_site(headers: &HeaderMap) -> Verdict {
    let sites = headers.get_all(SEC_FETCH_SITE);
    let foreign =
        |value: &&HeaderValue| [&b"cross-site"[..], b"same-site"].contains(&value.as_bytes());
    if let Some(site) = sites.iter().find(foreign) {
        let site = String::from_utf8_lossy(site.as_bytes());
        return Verdict::Refused(Refusal::Site(site.into_owned()));
    }
    let said = headers.contains_key(SEC_FETCH_SITE) || headers.contains_key(ORIGIN);
    if !said && is_browser(headers) {
        return Verdict::Refused(Refusal::Unsaid);
    }
    Verdict::Welcome
}

/// To a name that is not `localhost`, a browser sends an image's request without any of the headers
/// that would tell. Every browser calls itself so, and a page cannot change that for an image;
/// other programs that pose as browsers, such as PowerShell, leave the engine out.
fn is_browser(headers: &HeaderMap) -> bool {
    let agent = headers.get(USER_AGENT).map(HeaderValue::as_bytes).unwrap_or_default();
    agent.starts_with(b"Mozilla/") && agent.windows(5).any(|part| part == b"Gecko")
}

fn short(text: &str) -> String {
    text.chars().take(CHARACTERS_MAX).collect()
}

#[cfg(test)]
mod tests;
