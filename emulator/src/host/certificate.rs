//! The certificate that SNS's messages name, as a page.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http::{Method, Response};

use super::Host;
use crate::cloud::Cloud;

impl Host {
    /// The certificate, if that is what is asked for.
    pub(super) fn certificate(&self, parts: &Parts) -> Option<Response<Bytes>> {
        let looks = parts.method == Method::GET || parts.method == Method::HEAD;
        if !looks || !parts.uri.path().ends_with(".pem") {
            return None;
        }
        // The key is made outside of the lock, if this is its first use.
        let signer = self.with_cloud(Cloud::signer)?;
        if parts.uri.path() != signer.certificate_path() {
            return None;
        }
        let mut page = Response::new(Bytes::from(signer.certificate()));
        let kind = HeaderValue::from_static("application/x-pem-file");
        page.headers_mut().insert(CONTENT_TYPE, kind);
        Some(page)
    }
}
