//! Answers to requests for what is not here, in the form that a client of it can show.
//!
//! A request for an unknown service of a known protocol is answered in that protocol. Services with
//! REST protocols have no module here, as none of them is emulated: their clients read only the
//! error, so only that is written. Clients of S3 take an error from the root `Error` in XML and
//! nothing else, those of CloudFront and Route 53 from an `ErrorResponse` as in the query protocol;
//! all others read JSON with the error's name in a header.
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

const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");
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
    let error = WireError::from(rejection);
    match rest.as_deref() {
        Some(name) if S3.contains(&name) => s3(parts, &error, request_id),
        Some(name) if OTHER_XML.contains(&name) || is_form(parts, body) => {
            respond::failure(Protocol::AwsQuery, None, &error, request_id)
        }
        Some(_) => rest_json(&error, request_id),
        None => respond::failure(detect::likely_protocol(parts), service, &error, request_id),
    }
}

fn is_form(parts: &Parts, body: &[u8]) -> bool {
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    form::parameter(body, "Action").or_else(|| form::parameter(query, "Action")).is_some()
}

fn rest_json(error: &WireError, request_id: &str) -> Response<Bytes> {
    let mut response = respond::failure(Protocol::AwsJson11, None, error, request_id);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.remove(QUERY_ERROR);
    if let Ok(name) = HeaderValue::from_str(&error.shape) {
        headers.insert(ERROR_TYPE, name);
    }
    response
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
