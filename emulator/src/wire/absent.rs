//! Answers to requests for what is not here, in the form that a client of it can show.
//!
//! A request for an unknown service of a known protocol is answered in that protocol, and so is one
//! for what a service here does not have. The clients of REST services read only the error, so only
//! that is written. Clients of S3 take an error from the root `Error` in XML and nothing else,
//! those of CloudFront and Route 53 from an `ErrorResponse` as in the query protocol; all others
//! read JSON with the error's name in a header.
//!
//! Source: Smithy 2.0, "AWS restXml protocol" (`noErrorWrapping` is S3's) and "AWS restJson1
//! protocol", "Operation error serialization"; S3's API reference, "Error responses".

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::request::Parts;
use http::{Response, StatusCode};

use super::{Protocol, Rejection, Service, WireError, detect, form, respond, xml};

/// The signing names of S3 and of what speaks like it.
const S3: [&str; 4] = ["s3", "s3express", "s3-object-lambda", "s3-outposts"];
/// Those of the other services that read XML.
const OTHER_XML: [&str; 2] = ["cloudfront", "route53"];

const S3_REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");

/// The answer to a request that reached no operation, or not even a service.
pub fn refusal(
    parts: &Parts,
    body: &[u8],
    service: Option<&'static Service>,
    rejection: Rejection,
    request_id: &str,
) -> Response<Bytes> {
    let rest = match &rejection {
        Rejection::UnknownService(name) if !detect::names_operation(parts) => Some(name.clone()),
        _ => None,
    };
    let is_unknown = matches!(rejection, Rejection::UnknownOperation { .. });
    let error = WireError::from(rejection);
    if service.is_some_and(|it| it.protocols.contains(&Protocol::RestJson1)) {
        let status = if is_unknown { StatusCode::NOT_IMPLEMENTED.as_u16() } else { error.status };
        return respond::failure(Protocol::RestJson1, service, &error.status(status), request_id);
    }
    match rest.as_deref() {
        Some(name) if S3.contains(&name) => s3(parts, &error, request_id),
        Some(name) if OTHER_XML.contains(&name) || is_form(parts, body) => {
            respond::failure(Protocol::AwsQuery, None, &error, request_id)
        }
        Some(_) => respond::failure(Protocol::RestJson1, None, &error, request_id),
        None => respond::failure(detect::likely_protocol(parts), service, &error, request_id),
    }
}

fn is_form(parts: &Parts, body: &[u8]) -> bool {
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    form::parameter(body, "Action").or_else(|| form::parameter(query, "Action")).is_some()
}

/// S3's own code for what it does not have, with a status that clients do not try again.
fn s3(parts: &Parts, error: &WireError, request_id: &str) -> Response<Bytes> {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>");
    for (name, value) in [
        ("Code", "NotImplemented"),
        ("Message", &error.message),
        ("Resource", parts.uri.path()),
        ("RequestId", request_id),
    ] {
        text.push_str(&format!("<{name}>"));
        xml::escape(value, &mut text);
        text.push_str(&format!("</{name}>"));
    }
    text.push_str("</Error>");
    let mut response = Response::new(Bytes::from(text));
    *response.status_mut() = StatusCode::NOT_IMPLEMENTED;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(S3_REQUEST_ID, id);
    }
    response
}
