//! Every operation of every service, and the way from a request to one of them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bytes::Bytes;
use http::Response;
use http::header::{CONTENT_ENCODING, HeaderName};
use http::request::Parts;

use super::call::{Call, RunCall};
use super::services::Services;
use crate::kernel::{Caller, OperationTable, Scope};
use crate::services::{cloudwatch, dynamodb, eventbridge, sns, sqs, sts};
use crate::wire::shape::Shape;
use crate::wire::{Format, Rejection, Service, WireError, detect, respond};

/// The account of callers whose access key id is not an account id.
const DEFAULT_ACCOUNT: &str = "000000000000";
/// The region of callers who sign nothing.
const DEFAULT_REGION: &str = "us-east-1";
/// Longest request body, also after decompression: what DynamoDB, the most generous, takes.
pub(crate) const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;

type Decode = Box<dyn Fn(&Format, &[u8]) -> Result<RunCall, Rejection> + Send + Sync>;

struct Row {
    name: &'static str,
    decode: Decode,
    shapes: Box<dyn Fn() -> (Shape, Shape) + Send + Sync>,
}

/// The members of one operation, for the conformance test.
#[derive(Clone, Debug)]
pub struct OperationShapes {
    pub service: &'static Service,
    pub operation: &'static str,
    pub request: Shape,
    pub response: Shape,
}

/// The operation tables of all services.
pub struct Registry {
    services: Vec<&'static Service>,
    /// The operations of each service, in the order of `services`.
    rows: Vec<BTreeMap<&'static str, Row>>,
}

impl Default for Registry {
    fn default() -> Self {
        Self::new()
    }
}

impl Registry {
    pub fn new() -> Self {
        let mut registry = Self { services: Vec::new(), rows: Vec::new() };
        registry
            .add(&cloudwatch::SERVICE, cloudwatch::table(), |all, scope| all.cloudwatch.of(scope));
        registry.add(&dynamodb::SERVICE, dynamodb::table(), |all, scope| all.dynamodb.of(scope));
        let streams = dynamodb::streams::table();
        registry.add(&dynamodb::streams::SERVICE, streams, |all, scope| all.dynamodb.of(scope));
        registry
            .add(&eventbridge::SERVICE, eventbridge::table(), |all, scope| all.events.of(scope));
        registry.add(&sns::SERVICE, sns::table(), |all, scope| all.sns.of(scope));
        registry.add(&sqs::SERVICE, sqs::table(), |all, scope| all.sqs.of(scope));
        registry.add(&sts::SERVICE, sts::table(), |all, scope| all.sts.of(scope));
        registry
    }

    fn add<S: 'static>(
        &mut self,
        service: &'static Service,
        table: OperationTable<S>,
        select: for<'a> fn(&'a mut Services, &Scope) -> &'a mut S,
    ) {
        let rows = table.into_operations().map(|operation| {
            let operation = std::sync::Arc::new(operation);
            let shapes = std::sync::Arc::clone(&operation);
            let name = operation.name;
            let decode: Decode = Box::new(move |format, body| {
                let run = operation.decode(format, body)?;
                Ok(Box::new(move |ctx, services| {
                    let scope = ctx.scope().clone();
                    run(ctx, select(services, &scope))
                }))
            });
            let shapes = Box::new(move || (shapes.request_shape(), shapes.response_shape()));
            (name, Row { name, decode, shapes })
        });
        self.rows.push(rows.collect());
        self.services.push(service);
    }

    /// The services that are emulated.
    pub fn services(&self) -> &[&'static Service] {
        &self.services
    }

    /// The members of every operation.
    pub fn shapes(&self) -> Vec<OperationShapes> {
        let of_service = |service: &'static Service| {
            self.rows_of(service).values().map(move |row| {
                let (request, response) = (row.shapes)();
                OperationShapes { service, operation: row.name, request, response }
            })
        };
        self.services.iter().copied().flat_map(of_service).collect()
    }

    fn rows_of(&self, service: &'static Service) -> &BTreeMap<&'static str, Row> {
        let index = self.services.iter().position(|known| std::ptr::eq(*known, service));
        &self.rows[index.expect("a service that was detected is one of ours")]
    }

    /// Reads a request as far as it can be read without any state.
    ///
    /// # Errors
    /// The response to a request that reaches no operation.
    pub fn prepare(&self, parts: &Parts, body: &Bytes) -> Result<Call, Box<Response<Bytes>>> {
        let failed = |service, error: WireError| {
            let protocol = detect::likely_protocol(parts);
            Box::new(respond::failure(protocol, service, &error, REJECTED))
        };
        let inflated = decompress(parts, body).map_err(|e| failed(None, e.into()))?;
        let body = inflated.as_ref().unwrap_or(body);
        let credential = detect::credential(parts).map_err(|e| failed(None, e.into()))?;
        let target = detect::target(parts, body, &credential, &self.services)
            .map_err(|e| failed(None, e.into()))?;
        let service = target.service;
        let Some(row) = self.rows_of(service).get(&*target.operation) else {
            let operation = target.operation.into_owned();
            let error = if service.every_operation {
                Rejection::InvalidAction(operation)
            } else {
                Rejection::UnknownOperation { service: service.name, operation }
            };
            return Err(failed(Some(service), error.into()));
        };
        let format = Format { protocol: target.protocol, service, operation: row.name };
        let from_query = parts.uri.query().filter(|_| body.is_empty()).map(str::as_bytes);
        let input = from_query.unwrap_or(body);
        let with_path = detect::form_with_path(&target, parts.uri.path(), input);
        let run =
            (row.decode)(&format, with_path.as_deref().unwrap_or(input)).map_err(|error| {
                Box::new(respond::failure(format.protocol, Some(service), &error.into(), REJECTED))
            })?;
        let attempt = parts.headers.get(AMZ_SDK_REQUEST).cloned();
        let body = match (with_path, from_query) {
            (Some(form), _) => form.into(),
            (None, Some(query)) => Bytes::copy_from_slice(query),
            (None, None) => body.clone(),
        };
        Ok(Call { caller: caller(parts, credential), format, body, attempt, run })
    }
}

const AMZ_SDK_REQUEST: HeaderName = HeaderName::from_static("amz-sdk-request");

/// The request id of answers that no cloud has seen.
const REJECTED: &str = "00000000-0000-0000-0000-000000000000";

fn caller(parts: &Parts, credential: detect::Credential<'_>) -> Caller {
    let is_account = |key: &&str| key.len() == 12 && key.bytes().all(|b| b.is_ascii_digit());
    let account = credential.access_key_id.as_deref().filter(is_account);
    let region = credential.region.as_deref();
    Caller {
        scope: Scope::new(account.unwrap_or(DEFAULT_ACCOUNT), region.unwrap_or(DEFAULT_REGION)),
        host: detect::host(parts),
        access_key_id: credential.access_key_id.map(Cow::into_owned),
    }
}

/// The body without its gzip encoding, if it has one.
fn decompress(parts: &Parts, body: &Bytes) -> Result<Option<Bytes>, Rejection> {
    use std::io::Read as _;
    let too_large = || Rejection::TooLarge { limit: BODY_BYTES_MAX };
    if body.len() > BODY_BYTES_MAX {
        return Err(too_large());
    }
    match parts.headers.get(CONTENT_ENCODING).map(|value| value.as_bytes()) {
        None | Some(b"identity" | b"aws-chunked" | b"") => Ok(None),
        Some(b"gzip") => {
            let mut plain = Vec::new();
            let mut reader =
                flate2::read::GzDecoder::new(&body[..]).take(BODY_BYTES_MAX as u64 + 1);
            reader
                .read_to_end(&mut plain)
                .map_err(|error| Rejection::Malformed(error.to_string()))?;
            if plain.len() > BODY_BYTES_MAX { Err(too_large()) } else { Ok(Some(plain.into())) }
        }
        Some(other) => {
            let other = String::from_utf8_lossy(other);
            Err(Rejection::Malformed(format!("the content encoding '{other}' is not supported")))
        }
    }
}
