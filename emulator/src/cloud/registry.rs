//! Every operation of every service, and the way from a request to one of them.

use std::borrow::Cow;
use std::sync::OnceLock;

use bytes::Bytes;
use http::Response;
use http::header::{CONTENT_ENCODING, HeaderName};
use http::request::Parts;
use http::uri;

use super::authentication::Signature;
use super::call::{Call, Origin};
use super::entry::{Entry, StateKind};
use super::input::{HttpRequest, Input};
use super::services;
use crate::kernel::{Account, Arn, Caller, Operation, Region, Scope};
use crate::wire::rest::{self, Route};
#[cfg(any(test, feature = "shapes"))]
use crate::wire::shape::Shape;
use crate::wire::{Format, Protocol, Rejection, Service, absent, detect, form, respond, world};

/// The region of callers who sign nothing.
pub(crate) const DEFAULT_REGION: &str = "us-east-1";
/// Longest request body, also after decompression, but for operations whose rows say more.
pub(crate) const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The members of one operation, for the conformance test.
#[cfg(any(test, feature = "shapes"))]
#[derive(Clone, Debug)]
pub struct OperationShapes {
    pub service: &'static Service,
    pub operation: &'static str,
    pub request: Shape,
    pub response: Shape,
}

/// The services, their operation tables and the kinds of their states. Nothing in it changes.
pub struct Registry {
    entries: Vec<Entry>,
    /// What the core knows of each entry.
    found: Vec<Found>,
    /// What the wire knows of each entry.
    services: Vec<&'static Service>,
    /// Who takes whole requests: the label in their hosts, the service and the operation.
    pub(super) whole: Vec<(&'static str, &'static str, &'static str)>,
    /// Each kind of state once, with the name of the first service that has it.
    states: Vec<(&'static str, StateKind)>,
}

/// All services.
pub fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| Registry::of(services::entries()))
}

/// A service as the core knows it.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) service: &'static Service,
    /// The number of its state.
    pub(super) state: usize,
    pub(super) collects_metrics: bool,
}

/// One operation of a service.
#[derive(Clone, Copy)]
pub(super) struct FoundOperation {
    pub(super) service: &'static Service,
    pub(super) operation: &'static Operation,
    pub(super) of: Found,
}

impl Registry {
    fn of(entries: Vec<Entry>) -> Self {
        let services = entries.iter().map(|entry| entry.service).collect();
        let mut states: Vec<(&'static str, StateKind)> = Vec::new();
        for entry in &entries {
            if states.iter().all(|(_, kind)| kind.id != entry.state.id) {
                states.push((entry.service.name, entry.state));
            }
        }
        let found = entries.iter().map(|entry| {
            let state = states.iter().position(|(_, kind)| kind.id == entry.state.id);
            let state = state.expect("every entry's state is in the list");
            Found { service: entry.service, state, collects_metrics: entry.collects_metrics }
        });
        let whole = entries.iter().flat_map(Entry::whole).collect();
        Self { found: found.collect(), entries, services, whole, states }
    }

    /// The services that are emulated.
    pub fn services(&self) -> &[&'static Service] {
        &self.services
    }

    /// Every operation with its facts.
    pub fn operations(&self) -> impl Iterator<Item = (&'static Service, &Operation)> {
        self.entries
            .iter()
            .flat_map(|entry| entry.operations.values().map(|operation| (entry.service, operation)))
    }

    /// Bytes that the body of a request may have. Asked only of those that have more than usual, as
    /// every route is looked at.
    pub(crate) fn body_bytes_max(&self, parts: &Parts) -> usize {
        let routes = self.operations().filter_map(|(_, operation)| operation.route.as_ref());
        let generous = routes.filter_map(|route| Some((route, route.body_bytes_max?)));
        let fitting = generous.filter(|(route, _)| route.fits(parts).is_some());
        fitting.map(|(_, max)| max).max().unwrap_or(BODY_BYTES_MAX)
    }

    /// The members of every operation.
    #[cfg(any(test, feature = "shapes"))]
    pub fn shapes(&self) -> Vec<OperationShapes> {
        let shapes = self.operations().map(|(service, operation)| {
            let (request, response) = operation.shapes();
            OperationShapes { service, operation: operation.name, request, response }
        });
        shapes.collect()
    }

    pub(super) fn states(&self) -> impl Iterator<Item = StateKind> {
        self.states.iter().map(|(_, kind)| *kind)
    }

    pub(super) fn state_names(&self) -> impl Iterator<Item = &'static str> {
        self.states.iter().map(|(name, _)| *name)
    }

    pub(super) fn found(&self) -> impl Iterator<Item = Found> {
        self.found.iter().copied()
    }

    /// The service with this name in ARNs.
    pub(super) fn service(&self, name: &str) -> Option<Found> {
        self.found.iter().find(|found| found.service.name == name).copied()
    }

    /// The service that collects metrics.
    pub(super) fn metrics_collector(&self) -> Option<Found> {
        self.found.iter().find(|found| found.collects_metrics).copied()
    }

    /// An operation by the names of its service and its own.
    pub(super) fn operation(&'static self, service: &str, name: &str) -> Option<FoundOperation> {
        let mut all = self.found.iter().zip(&self.entries);
        let (of, entry) = all.find(|(found, _)| found.service.name == service)?;
        let operation = entry.operations.get(name).or_else(|| entry.besides.get(name))?;
        Some(FoundOperation { service: of.service, operation, of: *of })
    }

    /// The operation of a REST service that a request names by method and path.
    fn routed(&'static self, service: &str, parts: &Parts) -> Option<&'static str> {
        let entry = self.entries.iter().find(|entry| entry.service.name == service)?;
        let fitting = entry
            .operations
            .values()
            .filter_map(|operation| Some((operation.route.as_ref()?.fits(parts)?, operation.name)));
        fitting.max().map(|(_, name)| name)
    }

    /// Decodes an input; replaying a recorded one goes through here too.
    ///
    /// # Errors
    /// The response to a request that reaches no operation.
    pub fn prepare(&'static self, input: &Input) -> Result<Input<Call>, Box<Response<Bytes>>> {
        match input.plain() {
            Ok(input) => Ok(input),
            Err(HttpRequest { parts, body }) => {
                Ok(Input::Request(self.prepare_request(parts, body)?))
            }
        }
    }

    /// Decodes the input of a service that calls another one; its members are in JSON, whatever
    /// protocols the service speaks to clients.
    pub(super) fn prepare_internal(
        &'static self,
        (service, operation): (&str, &str),
        caller: Caller,
        body: Bytes,
        origin: Origin,
    ) -> Result<Call, Rejection> {
        let Some(known) = self.service(service) else {
            return Err(Rejection::UnknownService(service.to_owned()));
        };
        let Some(found) = self.operation(service, operation) else {
            let (service, operation) = (known.service.name, operation.to_owned());
            return Err(Rejection::UnknownOperation { service, operation });
        };
        let FoundOperation { service, operation, of } = found;
        let format = Format {
            protocol: Protocol::AwsJson10,
            service,
            operation: operation.name,
            query_mode: false,
            route: None,
        };
        let run = operation.decode(&format, &body)?;
        let signature = Signature::Unread;
        Ok(Call { caller, signature, format, operation, of, body, attempt: None, run, origin })
    }

    /// Decodes what a page of the emulator itself asks an operation, in JSON.
    ///
    /// # Errors
    /// There is no such operation, or the members are none of it.
    #[cfg(any(test, feature = "edge", feature = "sdk", feature = "snapshots"))]
    pub(crate) fn prepare_for_page(
        &'static self,
        asked: (&str, &str),
        scope: Scope,
        body: Bytes,
    ) -> Result<Call, Rejection> {
        let host = http::HeaderValue::from_static("localhost");
        let caller = Caller {
            scope,
            access_key_id: None,
            principal: None,
            session: None,
            user: None,
            host,
            trace_header: None,
            is_secure: false,
            world: None,
        };
        self.prepare_internal(asked, caller, body, Origin::Page)
    }

    /// Reads a request as far as it can be read without any state.
    ///
    /// # Errors
    /// The response to a request that reaches no operation.
    pub fn prepare_request(
        &'static self,
        parts: &Parts,
        body: &Bytes,
    ) -> Result<Call, Box<Response<Bytes>>> {
        if let Some((found, whole)) = self.taken_whole(parts) {
            return Self::prepare_whole(found, &whole, parts, body);
        }
        let failed = |body: &[u8], it: Rejection| turned_away(parts, body, None, it);
        let inflated = decompress(parts, body).map_err(|it| failed(b"", it))?;
        let body = inflated.as_ref().unwrap_or(body);
        let credential = detect::credential(parts).map_err(|it| failed(body, it))?;
        let has_operation =
            |service: &Service, name: &str| self.operation(service.name, name).is_some();
        let routed = |service: &Service, parts: &Parts| self.routed(service.name, parts);
        let services = &self.services;
        let known = detect::Known { services, has_operation: &has_operation, routed: &routed };
        let target =
            detect::target(parts, body, &credential, known).map_err(|it| failed(body, it))?;
        let service = target.service;
        let Some(FoundOperation { operation, of, .. }) =
            self.operation(service.name, &target.operation)
        else {
            let operation = target.operation.into_owned();
            let rejection = if service.every_operation {
                Rejection::InvalidAction(operation)
            } else {
                Rejection::UnknownOperation { service: service.name, operation }
            };
            return Err(turned_away(parts, body, Some(service), rejection));
        };
        let query_mode = detect::is_query_mode(parts);
        let protocol = target.protocol;
        let route = operation.route.as_ref();
        let format = Format { protocol, service, operation: operation.name, query_mode, route };
        let read = input_of(&target, route, parts, body).and_then(|input| {
            let run = operation.decode(&format, &input)?;
            Ok((input, run))
        });
        let (body, run) = read.map_err(|error| {
            Box::new(respond::failure(format.protocol, Some(service), &error.into(), REJECTED))
        })?;
        let attempt = parts.headers.get(AMZ_SDK_REQUEST).cloned();
        let (mut caller, origin) = (caller(parts, credential), Origin::Client);
        if caller.access_key_id.is_none()
            && let Some(scope) = scope_of_link(operation, service, &body)
        {
            caller.scope = scope;
        }
        let signature = Signature::Unread;
        Ok(Call { caller, signature, format, operation, of, body, attempt, run, origin })
    }
}

/// What is decoded: the body, or a query's form with what else its request says, or what a request
/// of a REST service says in all its parts.
fn input_of(
    target: &detect::Target<'_>,
    route: Option<&Route>,
    parts: &Parts,
    body: &Bytes,
) -> Result<Bytes, Rejection> {
    if let Some(route) = route.filter(|_| target.protocol == Protocol::RestJson1) {
        return rest::members(route, parts, body).map(Bytes::from);
    }
    let from_query = parts.uri.query().filter(|_| body.is_empty()).map(str::as_bytes);
    let input = from_query.unwrap_or(body);
    Ok(match (detect::form_with_path(target, parts.uri.path(), input), from_query) {
        (Some(form), _) => form.into(),
        (None, Some(query)) => Bytes::copy_from_slice(query),
        (None, None) => body.clone(),
    })
}

const X_AMZN_TRACE_ID: HeaderName = HeaderName::from_static("x-amzn-trace-id");
pub(super) const AMZ_SDK_REQUEST: HeaderName = HeaderName::from_static("amz-sdk-request");

/// The request id of answers that no cloud has seen.
pub(crate) const REJECTED: &str = "00000000-0000-0000-0000-000000000000";

/// The answer to a request that reaches no operation. What is not here is also told to whoever runs
/// the emulator: clients often keep an error to themselves.
fn turned_away(
    parts: &Parts,
    body: &[u8],
    service: Option<&'static Service>,
    rejection: Rejection,
) -> Box<Response<Bytes>> {
    if rejection.is_of_absent() {
        tracing::warn!(request = ?detect::asked(parts, body), "{rejection}");
    }
    Box::new(absent::refusal(parts, body, service, rejection, REJECTED))
}

/// Account and region of the resource that a link names, as nobody's signature says them.
fn scope_of_link(operation: &Operation, service: &Service, form: &[u8]) -> Option<Scope> {
    let facts = &operation.facts;
    let resource = facts.resources.first().filter(|_| facts.unsigned)?;
    let arn: Arn = form::parameter(form, resource.path)?.parse().ok()?;
    let names_a_place = &*arn.service == service.name && !arn.region().is_empty();
    names_a_place.then(|| arn.scope.clone())
}

pub(super) fn caller(parts: &Parts, credential: detect::Credential<'_>) -> Caller {
    let account = Account::of_key(credential.access_key_id.as_deref().unwrap_or_default());
    let region = credential.region.as_deref().or_else(|| detect::host_region(parts));
    let region = Region(region.unwrap_or(DEFAULT_REGION).into());
    Caller {
        scope: Scope { account, region },
        host: detect::host(parts),
        access_key_id: credential.access_key_id.map(Cow::into_owned),
        principal: None,
        session: None,
        user: None,
        trace_header: trace_header(parts),
        is_secure: parts.uri.scheme() == Some(&uri::Scheme::HTTPS),
        world: world::of(parts).map(Into::into),
    }
}

fn trace_header(parts: &Parts) -> Option<Box<str>> {
    parts.headers.get(X_AMZN_TRACE_ID)?.to_str().ok().map(Into::into)
}

/// The body without its gzip encoding, if it has one.
fn decompress(parts: &Parts, body: &Bytes) -> Result<Option<Bytes>, Rejection> {
    use std::io::Read as _;
    if body.len() > BODY_BYTES_MAX {
        let limit = registry().body_bytes_max(parts);
        if body.len() > limit {
            return Err(Rejection::TooLarge { limit });
        }
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
            match plain.len() > BODY_BYTES_MAX {
                true => Err(Rejection::TooLarge { limit: BODY_BYTES_MAX }),
                false => Ok(Some(plain.into())),
            }
        }
        Some(other) => {
            let other = String::from_utf8_lossy(other);
            Err(Rejection::Malformed(format!("the content encoding '{other}' is not supported")))
        }
    }
}
