//! From a request's head to its service, protocol, operation and caller.
//!
//! One port serves all services, so the request itself must say what it is. The order of the
//! questions is the order of certainty: the path of rpcv2Cbor, the target header of awsJson, then
//! the signature's scope and the form's `Version` and `Action`.

use std::borrow::Cow;

use http::Method;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::request::Parts;

use super::{Protocol, Rejection, Service, form};

/// What a request asks for.
#[derive(Clone, Debug)]
pub struct Target {
    pub service: &'static Service,
    pub protocol: Protocol,
    pub operation: String,
}

/// Who signed a request, as it says itself. Signatures are not verified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credential {
    pub access_key_id: Option<String>,
    pub region: Option<String>,
    pub service: Option<String>,
}

/// Finds what `parts` and `body` ask for among `services`.
///
/// # Errors
/// A [`Rejection`] when no service, protocol or operation can be told.
pub fn target(
    parts: &Parts,
    body: &[u8],
    credential: &Credential,
    services: &[&'static Service],
) -> Result<Target, Rejection> {
    if let Some((prefix, operation)) = rpc_path(parts.uri.path()) {
        return by_prefix(services, prefix, operation, Protocol::RpcV2Cbor);
    }
    if let Some(value) = header(parts, "x-amz-target") {
        let (prefix, operation) = value.rsplit_once('.').ok_or(Rejection::NoService)?;
        let version_11 =
            header(parts, "content-type").is_some_and(|kind| kind.contains("json-1.1"));
        let protocol = if version_11 { Protocol::AwsJson11 } else { Protocol::AwsJson10 };
        return by_prefix(services, prefix, operation, protocol);
    }
    by_form(parts, body, credential, services)
}

/// Reads the credential scope from the Authorization header or a presigned URL.
///
/// # Errors
/// [`Rejection::Signature`] when there is one and it cannot be read.
pub fn credential(parts: &Parts) -> Result<Credential, Rejection> {
    let scope = match parts.headers.get(AUTHORIZATION) {
        Some(value) => {
            let value = value.to_str().map_err(|_| Rejection::Signature("not ASCII".to_owned()))?;
            let Some(at) = value.find("Credential=") else {
                return Err(Rejection::Signature("it has no 'Credential' parameter".to_owned()));
            };
            let scope = value[at + "Credential=".len()..].split([',', ' ']).next();
            scope.map(|scope| Cow::Borrowed(scope.as_bytes()))
        }
        None => parts
            .uri
            .query()
            .and_then(|query| form::parameter(query.as_bytes(), "X-Amz-Credential"))
            .map(|scope| Cow::Owned(scope.into_owned().into_bytes())),
    };
    let Some(scope) = scope else {
        return Ok(Credential::default());
    };
    let scope = String::from_utf8_lossy(&scope);
    // <key>/<date>/<region>/<service>/aws4_request; SigV4a has no region.
    let parts: Vec<&str> = scope.split('/').collect();
    let owned = |text: &str| Some(text.to_owned());
    match parts.as_slice() {
        [key, _date, region, service, "aws4_request"] => Ok(Credential {
            access_key_id: owned(key),
            region: owned(region),
            service: owned(service),
        }),
        [key, _date, service, "aws4_request"] => {
            Ok(Credential { access_key_id: owned(key), region: None, service: owned(service) })
        }
        _ => Err(Rejection::Signature(format!("'{scope}' is not a credential scope"))),
    }
}

/// `http://host:port` as the client wrote it.
pub fn endpoint(parts: &Parts) -> String {
    let host = header(parts, HOST.as_str()).or_else(|| parts.uri.authority().map(|a| a.as_str()));
    format!("http://{}", host.unwrap_or("localhost"))
}

/// The protocol in which a request would want to hear that it was not understood.
pub fn likely_protocol(parts: &Parts) -> Protocol {
    match header(parts, CONTENT_TYPE.as_str()) {
        Some(kind) if kind.contains("cbor") => Protocol::RpcV2Cbor,
        Some(kind) if kind.contains("json-1.1") => Protocol::AwsJson11,
        Some(kind) if kind.contains("json") => Protocol::AwsJson10,
        _ if header(parts, "x-amz-target").is_some() => Protocol::AwsJson10,
        _ => Protocol::AwsQuery,
    }
}

fn header<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    parts.headers.get(name)?.to_str().ok()
}

/// The prefix and operation of `…/service/<prefix>/operation/<operation>`.
fn rpc_path(path: &str) -> Option<(&str, &str)> {
    let (before, operation) = path.split_once("/operation/")?;
    let (_base, prefix) = before.split_once("/service/")?;
    Some((prefix, operation))
}

fn by_prefix(
    services: &[&'static Service],
    prefix: &str,
    operation: &str,
    protocol: Protocol,
) -> Result<Target, Rejection> {
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
    Ok(Target { service, protocol, operation: operation.to_owned() })
}

fn by_form(
    parts: &Parts,
    body: &[u8],
    credential: &Credential,
    services: &[&'static Service],
) -> Result<Target, Rejection> {
    if parts.method != Method::POST && parts.method != Method::GET {
        return Err(Rejection::Method(parts.method.to_string()));
    }
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    let parameter = |name| form::parameter(body, name).or_else(|| form::parameter(query, name));
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
            let unknown = credential.service.clone().map(Rejection::UnknownService);
            return Err(unknown.filter(|_| signed.is_none()).unwrap_or(Rejection::NoService));
        }
    };
    let operation = parameter("Action").ok_or(Rejection::NoService)?.into_owned();
    Ok(Target { service, protocol: Protocol::AwsQuery, operation })
}
