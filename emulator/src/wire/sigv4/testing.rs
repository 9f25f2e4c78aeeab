//! How tests sign requests.

use bytes::Bytes;
use hmac::Mac as _;
use http::Request;

use super::canonical;
use super::signed::{keyed, signing_key};
use crate::wire::{Timestamp, hex};

/// Who signs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signer<'a> {
    pub(crate) key: &'a str,
    pub(crate) secret: &'a str,
    pub(crate) token: Option<&'a str>,
    pub(crate) service: &'a str,
    pub(crate) at: Timestamp,
}

impl Signer<'_> {
    /// The request with its `Authorization`; an older one is replaced.
    pub(crate) fn sign(&self, request: Request<Bytes>) -> Request<Bytes> {
        let date = self.at.iso_seconds().replace(['-', ':'], "");
        let (mut parts, body) = request.into_parts();
        parts.headers.insert("x-amz-date", date.parse().unwrap());
        let mut names = vec!["host".to_owned(), "x-amz-date".to_owned()];
        if let Some(token) = self.token {
            parts.headers.insert("x-amz-security-token", token.parse().unwrap());
            names.push("x-amz-security-token".to_owned());
        }
        let scope = [&date[..8], "us-east-1", self.service].map(str::to_owned);
        let path = format!("{}/aws4_request", scope.join("/"));
        let canonical = canonical::request((&parts, parts.uri.path()), &body, &names);
        let hash = canonical::hash(canonical.as_bytes());
        let string_to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{path}\n{hash}");
        let signature = keyed(&signing_key(self.secret, &scope), &string_to_sign);
        let signature = signature.finalize().into_bytes();
        let signature = hex(&signature);
        let (key, names) = (self.key, names.join(";"));
        let value = format!(
            "AWS4-HMAC-SHA256 Credential={key}/{path}, SignedHeaders={names}, \
             Signature={signature}"
        );
        parts.headers.insert("authorization", value.parse().unwrap());
        Request::from_parts(parts, body)
    }
}
