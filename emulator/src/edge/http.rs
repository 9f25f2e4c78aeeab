//! One HTTP request: to the cloud, or to the admin API.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use http::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, DATE, HOST, HeaderName, HeaderValue,
    RETRY_AFTER,
};
use http::request::Parts;
use http::uri::Scheme;
use http::{Extensions, Request, Response, StatusCode, Version};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;
use visitors::{Verdict, Visitors};

use super::body::{self, Answer, Held, Sent, Share};
use super::connection::{Connection, Phase};
use super::limits::Limits;
use super::visitors as page;
use super::worlds::{self, World, Worlds};
use super::{admin, snapshots};
use crate::cloud::{BODY_BYTES_MAX, REJECTED, registry};
use crate::host::{AnswerLost, Body, Host, Panicked, failed_alone};
use crate::kernel::SignatureMode;
use crate::wire::{Protocol, Rejection, Timestamp, WireError, detect, respond};

/// Longest head of a request; a path with its query may take half of it.
pub(super) const HEAD_BYTES_MAX: usize = 128 * 1024;
/// What a function's page may do at the emulator's own host: nothing in its name.
const SANDBOX: HeaderValue =
    HeaderValue::from_static("sandbox allow-scripts allow-forms allow-popups");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// What every connection needs.
#[derive(Clone)]
pub(super) struct Front {
    worlds: Arc<Worlds>,
    /// Those about worlds.
    pages: axum::Router,
    /// How header names are spelt.
    spelling: Extensions,
    visitors: Visitors,
    signatures: SignatureMode,
    held: Arc<Held>,
    limits: Limits,
    tls: Option<TlsAcceptor>,
}

impl Front {
    pub(super) fn new(
        worlds: Arc<Worlds>,
        spelling: Extensions,
        visitors: Visitors,
        signatures: SignatureMode,
    ) -> Self {
        let limits = Limits::default();
        let held = Arc::new(Held::new(limits.held_bytes_max));
        let pages = worlds::router(Arc::clone(&worlds));
        Self { worlds, pages, spelling, visitors, signatures, held, limits, tls: None }
    }

    /// The same for clients who may also speak TLS.
    pub(super) fn with_tls(self, tls: Option<TlsAcceptor>) -> Self {
        Self { tls, ..self }
    }

    pub(super) fn tls(&self) -> Option<TlsAcceptor> {
        self.tls.clone()
    }

    #[cfg(test)]
    pub(super) fn with_limits(self, limits: Limits) -> Self {
        let held = Arc::new(Held::new(limits.held_bytes_max));
        Self { held, limits, ..self }
    }

    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    /// The cloud of those who name no world.
    pub(super) fn host(&self) -> &Arc<Host> {
        &self.worlds.own().host
    }

    pub(super) fn worlds(&self) -> &Arc<Worlds> {
        &self.worlds
    }

    /// The world that a request is for, if not the server's own. Whom the emulator does not let in,
    /// and a browser that only asks, makes none.
    fn world(
        &self,
        named: Option<Arc<str>>,
        verdict: &Verdict,
    ) -> Result<Option<Arc<World>>, Rejection> {
        match (named, verdict) {
            (None, _) | (_, Verdict::Refused(_)) => Ok(None),
            (Some(name), Verdict::Preflight(_)) => Ok(self.worlds.get(&name)),
            (Some(name), _) => self.worlds.of(&name).map(Some),
        }
    }

    pub(super) async fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
        connection: Arc<Connection>,
    ) -> Result<Response<Sent>, AnswerLost> {
        let (mut parts, body) = request.into_parts();
        if connection.is_secure() {
            over_tls(&mut parts);
        }
        let named = worlds::take(&mut parts, self.worlds.are_there());
        let spoken = detect::likely_protocol(&parts);
        let verdict = self.visitors.judge(&parts, page::deed(&parts, self.signatures));
        // Whom the emulator lets in, a function's own settings tell more.
        let whole = registry().whole(&parts).filter(|_| !matches!(verdict, Verdict::Refused(_)));
        let told = whole.map(|whole| whole.domain.is_none());
        let mut share = Share::none(&self.held);
        let named = named.and_then(|named| self.world(named, &verdict));
        let world = named.as_ref().map(Option::as_ref);
        let world = world.map(|world| world.unwrap_or_else(|| self.worlds.own()));
        let asked = Asked { verdict: &verdict, world };
        let world = world.unwrap_or_else(|_none| self.worlds.own());
        let answered = {
            let mut reply = pin!(self.reply((parts, asked), body, &connection, &mut share));
            poll_fn(|cx| match world.host.whole(|| reply.as_mut().poll(cx)) {
                Ok(polled) => polled.map(Ok),
                Err(Panicked) => Poll::Ready(Err(Panicked)),
            })
            .await
        };
        // Admin pages have panicked, or what stands around a call: what is in the cloud is whole.
        let alone = || failed_alone((None, spoken)).map(Body::Whole);
        let mut response = answered.unwrap_or_else(|Panicked| Ok(alone()))?;
        if !share.resize(response.body().known_bytes()) {
            response = last_answer(spoken, Rejection::NoRoom).map(Body::Whole);
            share.resize(0);
        }
        match told {
            None => verdict.tell(response.headers_mut()),
            // By its path, a function's page would be one of the emulator's own.
            Some(true) => {
                response.headers_mut().append(CONTENT_SECURITY_POLICY, SANDBOX);
            }
            Some(false) => {}
        }
        response.headers_mut().insert(DATE, date(world.host.clock().now()));
        *response.extensions_mut() = self.spelling.clone();
        if matches!(response.body(), Body::Whole(_)) {
            connection.begin(Phase::Answering);
        }
        let held = Arc::clone(&self.held);
        Ok(response.map(|body| match body {
            Body::Whole(bytes) => Sent::Whole(Full::new(Answer { bytes, _share: share })),
            Body::Stream(frames) => Sent::Stream { frames, held, connection },
        }))
    }

    /// Also a page that is refused is heard to the end: a client that still writes would not see
    /// why.
    async fn reply(
        &self,
        (parts, Asked { verdict, world }): (Parts, Asked<'_>),
        body: Incoming,
        connection: &Connection,
        share: &mut Share,
    ) -> Result<Response<Body>, AnswerLost> {
        connection.begin(Phase::Reading);
        let body = match checked(&parts, share) {
            Ok(limit) => body::read(body, limit, self.limits.pace, share).await,
            Err(rejection) => Err(rejection),
        };
        let body = match body {
            Ok(body) => body,
            Err(rejection) => {
                connection.leaves_unread();
                let answer = last_answer(detect::likely_protocol(&parts), rejection);
                return Ok(answer.map(Body::Whole));
            }
        };
        connection.begin(Phase::Working);
        let world = match (verdict, world) {
            (Verdict::Refused(refusal), _) => {
                return Ok(page::refuse(&parts, refusal).map(Body::Whole));
            }
            (_, Err(rejection)) => {
                return Ok(page::no_world(&parts, rejection).map(Body::Whole));
            }
            (_, Ok(world)) => world,
        };
        let answer = match verdict {
            _ if registry().whole(&parts).is_some() => return world.host.call(&parts, &body).await,
            Verdict::Preflight(_) => page::preflight(),
            _ if worlds::has(parts.uri.path()) => ask_admin(self.pages.clone(), parts, body).await,
            _ if admin::has(parts.uri.path()) => ask_admin(world.pages(), parts, body).await,
            _ => return world.host.call(&parts, &body).await,
        };
        Ok(answer.map(Body::Whole))
    }

    /// The answer to what is no request of HTTP/1.1, as bytes.
    pub(super) fn no_http(&self, status: u16) -> Bytes {
        let rejection = match status {
            414 => Rejection::UriTooLong,
            431 => Rejection::HeadersTooLarge { limit: HEAD_BYTES_MAX },
            _ => Rejection::NotHttp("this is no request of HTTP/1.1, or it is malformed"),
        };
        let (head, body) = last_answer(Protocol::AwsQuery, rejection).into_parts();
        let mut bytes = format!("HTTP/1.1 {}\r\n", head.status).into_bytes();
        let (date, length) = (date(self.host().clock().now()), HeaderValue::from(body.len()));
        let rest = [(&DATE, &date), (&CONTENT_LENGTH, &length)];
        for (name, value) in head.headers.iter().chain(rest) {
            let name = if *name == REQUEST_ID { "x-amzn-RequestId" } else { name.as_str() };
            bytes.extend([name.as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        bytes.extend([b"\r\n", &body[..]].concat());
        bytes.into()
    }
}

/// What is known of a request before its body is read.
#[derive(Clone, Copy)]
struct Asked<'a> {
    verdict: &'a Verdict,
    world: Result<&'a Arc<World>, &'a Rejection>,
}

/// Lets a request say that it came over TLS: its address becomes a whole one, so that links and
/// addresses in answers begin with `https` too.
fn over_tls(parts: &mut Parts) {
    let mut uri = std::mem::take(&mut parts.uri).into_parts();
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let authority = host.and_then(|host| host.parse().ok());
    if let (Some(authority), true) = (authority, uri.path_and_query.is_some()) {
        (uri.scheme, uri.authority) = (Some(Scheme::HTTPS), Some(authority));
    }
    parts.uri = uri.try_into().unwrap_or_default();
}

/// Looks at a head before its body is read; says how many bytes that may have.
fn checked(parts: &Parts, share: &Share) -> Result<usize, Rejection> {
    let hosts = parts.headers.get_all(HOST).iter().count();
    if hosts > 1 || hosts == 0 && parts.version == Version::HTTP_11 {
        return Err(Rejection::NotHttp("a request of HTTP/1.1 has one Host header"));
    }
    let declared = parts.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let declared: usize = declared.and_then(|length| length.parse().ok()).unwrap_or(0);
    let is_long = declared > BODY_BYTES_MAX;
    let limit = match is_long {
        true => {
            snapshots::body_bytes_max(parts).unwrap_or_else(|| registry().body_bytes_max(parts))
        }
        false => BODY_BYTES_MAX,
    };
    if declared > limit {
        return Err(Rejection::TooLarge { limit });
    }
    if !share.fits(declared) {
        return Err(Rejection::NoRoom);
    }
    Ok(limit)
}

/// An answer after which the connection is closed, as the rest of the request is not read.
fn last_answer(protocol: Protocol, rejection: Rejection) -> Response<Bytes> {
    let error = WireError::from(rejection);
    let mut response = respond::failure(protocol, None, &error, REJECTED);
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    if error.status == StatusCode::SERVICE_UNAVAILABLE.as_u16() {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

/// The `Date` of an answer: virtual time, written once a second on each thread.
fn date(now: Timestamp) -> HeaderValue {
    thread_local! {
        static WRITTEN: RefCell<Option<(i64, HeaderValue)>> = const { RefCell::new(None) };
    }
    WRITTEN.with_borrow_mut(|written| match written {
        Some((second, value)) if *second == now.seconds() => value.clone(),
        _ => {
            let text = now.http_date();
            let value = HeaderValue::from_str(&text).expect("a date is plain ASCII");
            *written = Some((now.seconds(), value.clone()));
            value
        }
    })
}

async fn ask_admin(admin: axum::Router, parts: Parts, body: Bytes) -> Response<Bytes> {
    let request = Request::from_parts(parts, axum::body::Body::from(body));
    let Ok(response) = admin.oneshot(request).await;
    let (mut parts, body) = response.into_parts();
    visitors::shield(&mut parts.headers);
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    Response::from_parts(parts, body)
}
