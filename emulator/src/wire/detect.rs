//! From a request's head to its service, protocol, operation and caller.
//!
//! One port serves all services, so the request itself must say what it is. The order of the
//! questions is the order of certainty: the path of rpcv2Cbor, the target header of awsJson, then
//! the signature's scope and the form's `Version` and `Action`.

use std::borrow::Cow;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName};
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderValue, Method};

use super::{Protocol, Rejection, Service, form};

const X_AMZ_TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const X_AMZN_QUERY_MODE: HeaderName = HeaderName::from_static("x-amzn-query-mode");

/// What a request asks for.
#[derive(Clone, Debug)]
pub struct Target<'a> {
    pub service: &'static Service,
    pub protocol: Protocol,
    pub operation: Cow<'a, str>,
}

/// Who signed a request, as it says itself. Signatures are not verified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credential<'a> {
    pub access_key_id: Option<Cow<'a, str>>,
    pub region: Option<Cow<'a, str>>,
    pub service: Option<Cow<'a, str>>,
}

/// Finds what `parts` and `body` ask for among `services`.
///
/// # Errors
/// A [`Rejection`] when no service, protocol or operation can be told.
pub fn target<'a>(
    parts: &'a Parts,
    body: &'a [u8],
    credential: &Credential<'_>,
    services: &[&'static Service],
) -> Result<Target<'a>, Rejection> {
    if let Some((prefix, operation)) = rpc_path(parts.uri.path()) {
        return by_prefix(services, prefix, operation, Protocol::RpcV2Cbor);
    }
    if let Some(value) = header(parts, &X_AMZ_TARGET) {
        let (prefix, operation) = value.rsplit_once('.').ok_or(Rejection::NoService)?;
        let version_11 = header(parts, &CONTENT_TYPE).is_some_and(|kind| kind.contains("json-1.1"));
        let protocol = if version_11 { Protocol::AwsJson11 } else { Protocol::AwsJson10 };
        return by_prefix(services, prefix, operation, protocol);
    }
    by_form(parts, body, credential, services)
}

/// A query request's form with the member that its path names, where the form leaves it out:
/// `POST /000000000000/MyQueue/`.
///
/// Source: SQS's API reference, "Examples" of each operation (query protocol).
pub fn form_with_path(target: &Target<'_>, path: &str, form: &[u8]) -> Option<Vec<u8>> {
    let member = target.service.path_member.filter(|_| target.protocol == Protocol::AwsQuery)?;
    let path = path.trim_matches('/');
    if path.is_empty() || form::parameter(form, member).is_some() {
        return None;
    }
    Some([form, b"&", member.as_bytes(), b"=", path.as_bytes()].concat())
}

/// Reads the credential scope from the Authorization header or a presigned URL.
///
/// # Errors
/// [`Rejection::Signature`] when there is one and it cannot be read.
pub fn credential(parts: &Parts) -> Result<Credential<'_>, Rejection> {
    let scope = match parts.headers.get(AUTHORIZATION) {
        Some(value) => {
            let value = value.to_str().map_err(|_| Rejection::Signature("not ASCII".to_owned()))?;
            // Every SDK begins like this; searching is for those that do not.
            let scope = value
                .strip_prefix("AWS4-HMAC-SHA256 Credential=")
                .or_else(|| value.split_once("Credential=").map(|(_, scope)| scope));
            let Some(scope) = scope else {
                return Err(Rejection::Signature("it has no 'Credential' parameter".to_owned()));
            };
            let end = scope.bytes().position(|byte| matches!(byte, b',' | b' '));
            Some(Cow::Borrowed(&scope[..end.unwrap_or(scope.len())]))
        }
        None => parts
            .uri
            .query()
            .and_then(|query| form::parameter(query.as_bytes(), "X-Amz-Credential")),
    };
    match scope {
        None => Ok(Credential::default()),
        Some(Cow::Borrowed(scope)) => parse_scope(scope),
        Some(Cow::Owned(scope)) => parse_scope(&scope).map(Credential::into_owned),
    }
}

impl Credential<'_> {
    fn into_owned(self) -> Credential<'static> {
        let own = |text: Option<Cow<'_, str>>| text.map(|text| Cow::Owned(text.into_owned()));
        Credential {
            access_key_id: own(self.access_key_id),
            region: own(self.region),
            service: own(self.service),
        }
    }
}

/// Reads `<key>/<date>/<region>/<service>/aws4_request`; SigV4a has no region.
fn parse_scope(scope: &str) -> Result<Credential<'_>, Rejection> {
    let mut parts = [""; 6];
    let mut count = 0;
    for (slot, part) in parts.iter_mut().zip(scope.split('/')) {
        *slot = part;
        count += 1;
    }
    let some = |text| Some(Cow::Borrowed(text));
    match &parts[..count] {
        [key, _date, region, service, "aws4_request"] => Ok(Credential {
            access_key_id: some(*key),
            region: some(*region),
            service: some(*service),
        }),
        [key, _date, service, "aws4_request"] => {
            Ok(Credential { access_key_id: some(*key), region: None, service: some(*service) })
        }
        _ => Err(Rejection::Signature(format!("'{scope}' is not a credential scope"))),
    }
}

/// Whether the client expects the statuses of the query protocol.
pub fn is_query_mode(parts: &Parts) -> bool {
    parts.headers.get(X_AMZN_QUERY_MODE).is_some_and(|value| value.as_bytes() == b"true")
}

/// The host and port by which the client knows this emulator, as it wrote them.
pub fn host(parts: &Parts) -> HeaderValue {
    let authority = || HeaderValue::from_str(parts.uri.authority()?.as_str()).ok();
    let host = parts.headers.get(HOST).cloned().or_else(authority);
    host.unwrap_or_else(|| HeaderValue::from_static("localhost"))
}

/// The region in the host by which the client knows this emulator: `sqs.eu-west-1.localhost`.
pub fn host_region(parts: &Parts) -> Option<&str> {
    let host = header(parts, &HOST).or_else(|| parts.uri.authority().map(Authority::as_str));
    host.and_then(region_of_host)
}

/// The region in `SERVICE.REGION.…` or `REGION.queue.…`.
///
/// Source: "AWS service endpoints"; SQS's older endpoints have the second form.
pub fn region_of_host(host: &str) -> Option<&str> {
    let host = host.rsplit_once(':').map_or(host, |(host, _port)| host);
    let mut labels = host.split('.');
    let (first, second) = (labels.next()?, labels.next()?);
    let of_queue = is_region(first) && second == "queue";
    let found = if of_queue { first } else { second };
    is_region(found).then_some(found)
}

/// Whether it is written as regions are: `us-east-1`, `us-gov-west-1`.
pub fn is_region(text: &str) -> bool {
    let mut parts = text.split('-');
    let number = parts.next_back().unwrap_or_default();
    let is_word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    number.len() == 1
        && number.bytes().all(|b| b.is_ascii_digit())
        && (2..=4).contains(&parts.clone().count())
        && parts.all(is_word)
}

/// The protocol in which a request would want to hear that it was not understood.
pub fn likely_protocol(parts: &Parts) -> Protocol {
    match header(parts, &CONTENT_TYPE) {
        Some(kind) if kind.contains("cbor") => Protocol::RpcV2Cbor,
        Some(kind) if kind.contains("json-1.1") => Protocol::AwsJson11,
        Some(kind) if kind.contains("json") => Protocol::AwsJson10,
        _ if header(parts, &X_AMZ_TARGET).is_some() => Protocol::AwsJson10,
        _ => Protocol::AwsQuery,
    }
}

fn header<'a>(parts: &'a Parts, name: &HeaderName) -> Option<&'a str> {
    parts.headers.get(name)?.to_str().ok()
}

/// The prefix and operation of `…/service/<prefix>/operation/<operation>`.
fn rpc_path(path: &str) -> Option<(&str, &str)> {
    let (before, operation) = path.split_once("/operation/")?;
    let (_base, prefix) = before.split_once("/service/")?;
    Some((prefix, operation))
}

fn by_prefix<'a>(
    services: &[&'static Service],
    prefix: &str,
    operation: &'a str,
    protocol: Protocol,
) -> Result<Target<'a>, Rejection> {
    let service = services
        .iter()
        .find(|service| service.target_prefix == Some(prefix))
        .ok_or_else(|| Rejection::UnknownService(prefix.to_owned()))?;
    // A client may send JSON 1.1 to a service of 1.0; the body is the same and AWS does not mind.
    let speaks = |wanted| service.protocols.contains(&wanted);
    let protocol = match protocol {
        Protocol::AwsJson10 if !speaks(protocol) => Protocol::AwsJson11,
        Protocol::AwsJson11 if !speaks(protocol) => Protocol::AwsJson10,
        same => same,
    };
    if !speaks(protocol) {
        return Err(Rejection::UnknownOperation {
            service: service.name,
            operation: format!("{operation} over this protocol"),
        });
    }
    Ok(Target { service, protocol, operation: operation.into() })
}

fn by_form<'a>(
    parts: &'a Parts,
    body: &'a [u8],
    credential: &Credential<'_>,
    services: &[&'static Service],
) -> Result<Target<'a>, Rejection> {
    if parts.method != Method::POST && parts.method != Method::GET {
        return Err(Rejection::Method(parts.method.to_string()));
    }
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    let parameter =
        |name: &str| form::parameter(body, name).or_else(|| form::parameter(query, name));
    let signed =
        services.iter().find(|service| credential.service.as_deref() == Some(service.signing_name));
    let versioned = || {
        let version = parameter("Version")?;
        services.iter().find(|service| service.query_version == Some(&*version))
    };
    let service = match signed.filter(|service| service.query_version.is_some()).or_else(versioned)
    {
        Some(service) => service,
        None => {
            let unknown = credential.service.as_deref().map(str::to_owned);
            let unknown = unknown.map(Rejection::UnknownService);
            return Err(unknown.filter(|_| signed.is_none()).unwrap_or(Rejection::NoService));
        }
    };
    let operation = parameter("Action").ok_or(Rejection::NoService)?;
    Ok(Target { service, protocol: Protocol::AwsQuery, operation })
}
