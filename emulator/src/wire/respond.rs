//! Typed answers and errors as HTTP responses, per protocol.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Response, StatusCode};
use serde_json::{Map, Value};

use super::{Fault, Format, Protocol, Service, WireError, cbor, event_stream, rest, xml};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");
const CRC32: HeaderName = HeaderName::from_static("x-amz-crc32");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
const SMITHY_PROTOCOL: HeaderName = HeaderName::from_static("smithy-protocol");

/// The response with an encoded answer.
pub fn success(format: &Format, body: Vec<u8>, request_id: &str) -> Response<Bytes> {
    let (status, headers, body) = match (format.protocol, format.route) {
        (Protocol::AwsQuery, _) => {
            (200, HeaderMap::new(), query_envelope(format, &body, request_id).into())
        }
        (Protocol::RestJson1, Some(route)) => rest::answer(route, body),
        _ => (200, HeaderMap::new(), body.into()),
    };
    // An answer without content has no body, not even an empty document.
    let body = if status == 204 { Bytes::new() } else { body };
    let mut response = response(format.protocol, Some(format.service), status, body, request_id);
    response.headers_mut().extend(headers);
    response
}

/// The head of an answer that is a stream of events.
pub fn stream(format: &Format, request_id: &str) -> Response<Bytes> {
    let Format { protocol, service, .. } = *format;
    let mut response = response(protocol, Some(service), 200, Bytes::new(), request_id);
    let content_type = HeaderValue::from_static(event_stream::CONTENT_TYPE);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

/// The response with an operation's error.
///
/// The statuses of a service that once spoke the query protocol alone are for those who still
/// expect them; anybody else sees 400 for every mistake of the client.
/// Source: API references of SQS and CloudWatch, "Errors"; recordings of clients in query mode.
pub fn refusal(format: &Format, error: &WireError, request_id: &str) -> Response<Bytes> {
    let Format { protocol, service, query_mode, .. } = *format;
    let mut response = failure(protocol, Some(service), error, request_id);
    let of_operation = error.fault == Fault::Sender && error.namespace.is_none();
    let expects = query_mode || protocol == Protocol::AwsQuery;
    if service.query_compatible && of_operation && !expects {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response
}

/// The response with an error. `service` is unknown when the request named none.
pub fn failure(
    protocol: Protocol,
    service: Option<&'static Service>,
    error: &WireError,
    request_id: &str,
) -> Response<Bytes> {
    let body: Vec<u8> = match protocol {
        Protocol::AwsJson10 | Protocol::AwsJson11 => {
            error_document(service, error).to_string().into()
        }
        Protocol::RestJson1 => rest_error(service, error).to_string().into(),
        Protocol::RpcV2Cbor => cbor::to_vec(&error_document(service, error))
            .expect("text, numbers and maps have a form in CBOR"),
        Protocol::AwsQuery => query_error(service, error, request_id).into_bytes(),
    };
    let mut response = response(protocol, service, error.status, body.into(), request_id);
    if protocol == Protocol::RestJson1 {
        if let Ok(name) = HeaderValue::from_str(&error.shape) {
            response.headers_mut().insert(ERROR_TYPE, name);
        }
        return response;
    }
    if protocol != Protocol::AwsQuery && service.is_none_or(|service| service.query_compatible) {
        let value = format!("{};{}", error.query_code, error.fault.as_str());
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(QUERY_ERROR, value);
        }
    }
    response
}

fn error_document(service: Option<&'static Service>, error: &WireError) -> Value {
    let namespace = error.namespace.or(service.map(|service| service.namespace));
    let kind = match namespace {
        Some(namespace) => format!("{namespace}#{}", error.shape),
        None => error.shape.to_string(),
    };
    let mut document = Map::new();
    document.insert("__type".to_owned(), kind.into());
    if !error.message.is_empty() {
        document.insert("message".to_owned(), error.message.clone().into());
    }
    document.extend(error.members.iter().flat_map(|members| (**members).clone()));
    Value::Object(document)
}

/// The body of an error whose name stands in a header. Clients of a service that is not here may
/// read either name of the text.
fn rest_error(service: Option<&'static Service>, error: &WireError) -> Value {
    let mut document = Map::new();
    document.insert("Message".to_owned(), error.message.clone().into());
    if service.is_none() {
        document.insert("message".to_owned(), error.message.clone().into());
    }
    document.extend(error.members.iter().flat_map(|members| (**members).clone()));
    Value::Object(document)
}

fn query_envelope(format: &Format, members: &[u8], request_id: &str) -> String {
    let Format { service, operation, .. } = format;
    let members = std::str::from_utf8(members).expect("the XML writer writes UTF-8");
    let namespace = service.xml_namespace;
    let result = if service.without_result.contains(operation) {
        String::new()
    } else if members.is_empty() {
        format!("<{operation}Result/>")
    } else {
        format!("<{operation}Result>{members}</{operation}Result>")
    };
    format!(
        "<?xml version=\"1.0\"?><{operation}Response xmlns=\"{namespace}\">{result}\
         <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>\
         </{operation}Response>"
    )
}

fn query_error(service: Option<&'static Service>, error: &WireError, request_id: &str) -> String {
    let mut out = String::from("<?xml version=\"1.0\"?><ErrorResponse");
    if let Some(service) = service {
        out.push_str(&format!(" xmlns=\"{}\"", service.xml_namespace));
    }
    out.push_str(&format!("><Error><Type>{}</Type><Code>", error.fault.as_str()));
    xml::escape(&error.query_code, &mut out);
    out.push_str("</Code>");
    if !error.message.is_empty() {
        out.push_str("<Message>");
        xml::escape(&error.message, &mut out);
        out.push_str("</Message>");
    }
    if error.detail && service.is_some_and(|service| service.error_detail) {
        out.push_str("<Detail/>");
    }
    out.push_str("</Error><RequestId>");
    out.push_str(request_id);
    out.push_str("</RequestId></ErrorResponse>");
    out
}

fn response(
    protocol: Protocol,
    service: Option<&'static Service>,
    status: u16,
    body: Bytes,
    request_id: &str,
) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(protocol.content_type()));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, id);
    }
    if protocol == Protocol::RpcV2Cbor {
        headers.insert(SMITHY_PROTOCOL, HeaderValue::from_static("rpc-v2-cbor"));
    }
    if service.is_some_and(|service| service.crc32) {
        headers.insert(CRC32, HeaderValue::from(crc32fast::hash(&body)));
    }
    *response.body_mut() = body;
    response
}
