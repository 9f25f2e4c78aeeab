//! From a request's head to its service, protocol, operation and caller.
//!
//! One port serves all services, so the request itself must say what it is. The order of the
//! questions is the order of certainty: the path of rpcv2Cbor, the target header of awsJson, then
//! the signature's scope, the method and path of a REST service, the form's `Version`, the host's
//! name, and the form's `Action` if just one service has it.

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

/// Who signed a request, as it says itself; [`super::sigv4`] is who verifies it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credential<'a> {
    pub access_key_id: Option<Cow<'a, str>>,
    pub region: Option<Cow<'a, str>>,
    pub service: Option<Cow<'a, str>>,
}

/// The services that are here.
#[derive(Clone, Copy)]
pub struct Known<'s> {
    pub services: &'s [&'static Service],
    /// Whether a service has an operation of that name.
    pub has_operation: &'s dyn Fn(&'static Service, &str) -> bool,
    /// The operation of a REST service that has this method and path.
    pub routed: &'s dyn Fn(&'static Service, &Parts) -> Option<&'static str>,
}

/// Finds what `parts` and `body` ask for among the services that are `known`.
///
/// # Errors
/// A [`Rejection`] when no service, protocol or operation can be told.
pub fn target<'a>(
    parts: &'a Parts,
    body: &'a [u8],
    credential: &Credential<'_>,
    known: Known<'_>,
) -> Result<Target<'a>, Rejection> {
    if let Some((prefix, operation)) = rpc_path(parts.uri.path()) {
        return by_prefix(known, credential, (prefix, operation), Protocol::RpcV2Cbor);
    }
    if let Some(value) = header(parts, &X_AMZ_TARGET) {
        let (prefix, operation) = value.rsplit_once('.').ok_or(Rejection::NoService)?;
        let version_11 = header(parts, &CONTENT_TYPE).is_some_and(|kind| kind.contains("json-1.1"));
        let protocol = if version_11 { Protocol::AwsJson11 } else { Protocol::AwsJson10 };
        return by_prefix(known, credential, (prefix, operation), protocol);
    }
    match by_route(parts, credential, known) {
        Some(target) => Ok(target),
        None => by_form(parts, body, credential, known),
    }
}

/// What the signature's REST service has by that method and path, or else, for who signs nothing,
/// the only service. An operation that nobody knows is named by method and path.
fn by_route<'a>(
    parts: &Parts,
    credential: &Credential<'_>,
    known: Known<'_>,
) -> Option<Target<'a>> {
    let protocol = Protocol::RestJson1;
    let mut speak = known.services.iter().copied().filter(|it| it.protocols.contains(&protocol));
    if let Some(signed_for) = credential.service.as_deref() {
        let service = speak.find(|service| service.signing_name == signed_for)?;
        let operation = (known.routed)(service, parts).map(Cow::Borrowed);
        let unknown = || Cow::Owned(format!("{} {}", parts.method, parts.uri.path()));
        let operation = operation.unwrap_or_else(unknown);
        return Some(Target { service, protocol, operation });
    }
    if parts.uri.path() == "/" {
        return None;
    }
    let mut found = speak.filter_map(|it| Some((it, (known.routed)(it, parts)?)));
    let (service, operation) = found.next()?;
    let only = found.next().is_none();
    only.then_some(Target { service, protocol, operation: operation.into() })
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
                let lacks = "Authorization header requires 'Credential' parameter.";
                return Err(Rejection::Signature(format!("{lacks} Authorization={value}")));
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
        _ => Err(Rejection::Signature(format!(
            "Credential must have exactly 5 slash-delimited elements, e.g. \
             keyid/date/region/service/term, got '{scope}'"
        ))),
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
    known: Known<'_>,
    credential: &Credential<'_>,
    (prefix, operation): (&str, &'a str),
    protocol: Protocol,
) -> Result<Target<'a>, Rejection> {
    let mut services = known.services.iter();
    let service = services.find(|service| service.target_prefix == Some(prefix));
    let service = service.ok_or_else(|| {
        // `kinesis` says more than `Kinesis_20131202`.
        let is_here = |name: &&str| known.services.iter().any(|it| it.signing_name == *name);
        let signed_for = credential.service.as_deref().filter(|name| !is_here(name));
        Rejection::UnknownService(signed_for.unwrap_or(prefix).to_owned())
    })?;
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
    known: Known<'_>,
) -> Result<Target<'a>, Rejection> {
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    let parameter =
        |name: &str| form::parameter(body, name).or_else(|| form::parameter(query, name));
    let signed_for = credential.service.as_deref();
    let mut services = known.services.iter().copied();
    let signed = services.find(|service| signed_for == Some(service.signing_name));
    let versioned = || {
        let version = parameter("Version")?;
        let mut services = known.services.iter().copied();
        services.find(|service| service.query_version == Some(&*version))
    };
    let found = signed.filter(|service| service.query_version.is_some()).or_else(versioned);
    match signed_for {
        Some(name) if found.or(signed).is_none() => {
            return Err(Rejection::UnknownService(name.to_owned()));
        }
        None if found.is_none() && host_names(parts, S3) => {
            return Err(Rejection::UnknownService(S3.to_owned()));
        }
        _ => {}
    }
    if parts.method != Method::POST && parts.method != Method::GET {
        return Err(Rejection::Method(parts.method.to_string()));
    }
    let operation = parameter("Action").ok_or(Rejection::NoService)?;
    let service = match (found, signed) {
        (Some(service), _) => service,
        // It is here and has no forms.
        (None, Some(_)) => return Err(Rejection::NoService),
        (None, None) => by_host_or_action(parts, &operation, known)?,
    };
    Ok(Target { service, protocol: Protocol::AwsQuery, operation })
}

/// The service that takes forms and whose host is asked, or else the only one with that action.
fn by_host_or_action(
    parts: &Parts,
    action: &str,
    known: Known<'_>,
) -> Result<&'static Service, Rejection> {
    let takes_forms = known.services.iter().copied().filter(|it| it.query_version.is_some());
    let of_host = takes_forms.clone().find(|service| host_names(parts, service.signing_name));
    let takers: Vec<_> = takes_forms.filter(|it| (known.has_operation)(it, action)).collect();
    let has = |service: &Service| takers.iter().any(|it| it.name == service.name);
    match (of_host, takers.as_slice()) {
        // A host's name may mean something else, so it counts less than what the service can do.
        (Some(service), takers) if takers.is_empty() || has(service) => Ok(service),
        (_, [service]) => Ok(service),
        (_, []) => Err(Rejection::NoService),
        (_, several) => Err(Rejection::SharedAction {
            action: action.to_owned(),
            services: several.iter().map(|it| it.name).collect::<Vec<_>>().join(", "),
        }),
    }
}

/// The service whose clients need not sign, and whose host is all that tells of it.
const S3: &str = "s3";

/// Whether a part of the host's name is `name`: `sqs.us-east-1.amazonaws.com`,
/// `sns.localhost:4566`.
fn host_names(parts: &Parts, name: &str) -> bool {
    let host = header(parts, &HOST).or(parts.uri.host()).unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    host.split('.').any(|part| part.eq_ignore_ascii_case(name))
}

/// Whether a request says by target or path which operation it wants; one of a REST service says so
/// in its own way.
pub(super) fn names_operation(parts: &Parts) -> bool {
    parts.headers.contains_key(X_AMZ_TARGET) || rpc_path(parts.uri.path()).is_some()
}

/// What a request asks for, in words for the log: `AmazonKinesis.PutRecord`, `ListUsers`,
/// `PUT /bucket`. Leaves the query out, which may hold a signature.
pub fn asked(parts: &Parts, body: &[u8]) -> String {
    const CHARACTERS_MAX: usize = 200;
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    let target = header(parts, &X_AMZ_TARGET).map(Cow::Borrowed);
    let action = || form::parameter(body, "Action").or_else(|| form::parameter(query, "Action"));
    let words = match target.or_else(action) {
        Some(words) => words.into_owned(),
        None => format!("{} {}", parts.method, parts.uri.path()),
    };
    words.chars().take(CHARACTERS_MAX).collect()
}
