//! A process's own way to the emulator: an address of its own, behind which every request is passed
//! on as it is, and heard.

use super::call::Call;
use super::traffic::Traffic;
use crate::stage::http as exchange;
use crate::timeline::Timeline;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue, TRANSFER_ENCODING};
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::cell::Cell;
use std::rc::Rc;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// More than any request of AWS has.
const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;
/// So many calls are told of on the timeline.
const TOLD_MAX: u32 = 20_000;
/// Answers that are streams are not waited for.
const STREAM: &str = "application/vnd.amazon.eventstream";

type Body = BoxBody<Bytes, hyper::Error>;

/// What doorways have in common.
#[derive(Clone)]
pub(super) struct House {
    pub(super) emulator: String,
    pub(super) traffic: Traffic,
    pub(super) timeline: Timeline,
    pub(super) told: Rc<Cell<u32>>,
}

impl House {
    /// Opens a doorway for `who`, and returns its address. It is open for as long as this thread's
    /// tasks are.
    pub(super) async fn open(&self, who: &str) -> Result<String, String> {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.map_err(|error| format!("no port is free: {error}"))?;
        let address = listener.local_addr().map_err(|error| error.to_string())?.to_string();
        let (house, who): (Self, Rc<str>) = (self.clone(), who.into());
        tokio::task::spawn_local(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let _is_a_hint = stream.set_nodelay(true);
                let (house, who) = (house.clone(), Rc::clone(&who));
                let serve = service_fn(move |request| {
                    let (house, who) = (house.clone(), Rc::clone(&who));
                    async move { house.pass(&who, request).await }
                });
                connections.spawn_local(async move {
                    // Whoever breaks its connection off knows why.
                    let _gone =
                        http1::Builder::new().serve_connection(TokioIo::new(stream), serve).await;
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Ok(address)
    }

    /// The error breaks the connection, as the emulator has broken its own: a fault lets answers
    /// get lost so.
    async fn pass(&self, who: &str, request: Request<Incoming>) -> Result<Response<Body>, String> {
        let (parts, body) = request.into_parts();
        let body = match Limited::new(body, BODY_BYTES_MAX).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) => return Ok(too_large(&error.to_string())),
        };
        let call = Call::read(&parts, &body);
        // Dropped when the answer is known, or when the process has broken off.
        let unanswered = self.traffic.begin(who, &call, Instant::now());
        let answer = self.answer(who, &call, parts, body).await;
        drop(unanswered);
        answer
    }

    async fn answer(
        &self,
        who: &str,
        call: &Call,
        mut parts: Parts,
        body: Bytes,
    ) -> Result<Response<Body>, String> {
        // The body is whole now.
        parts.headers.remove(TRANSFER_ENCODING);
        parts.headers.remove("expect");
        let length = HeaderValue::from(body.len());
        parts.headers.insert(http::header::CONTENT_LENGTH, length);
        let request = Request::from_parts(parts, Full::new(body));
        let answer = match exchange::send(&self.emulator, request).await {
            Ok(answer) => answer,
            Err(error) => {
                self.tell(who, format!("{}: no answer: {error}", call.told()));
                return Err(error);
            }
        };
        let kind = answer.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
        if kind == Some(STREAM.as_bytes()) {
            return Ok(answer.map(|body| body.boxed()));
        }
        let (head, body) = answer.into_parts();
        let body = exchange::whole(Response::new(body)).await?;
        let ok = head.status.is_success();
        self.traffic.answered(who, call, &body, ok, Instant::now());
        self.tell_answer(who, call, head.status, &body);
        let whole = Full::new(body).map_err(|never| match never {}).boxed();
        Ok(Response::from_parts(head, whole))
    }

    fn tell_answer(&self, who: &str, call: &Call, status: StatusCode, body: &[u8]) {
        if !status.is_success() {
            let told = call.told();
            return self.tell(who, format!("{told}: {} {}", status.as_u16(), error_code(body)));
        }
        for message in call.received(body) {
            if self.may_tell() {
                let from = call.subject.as_deref().unwrap_or("a queue");
                let what = format!("receives {} from {from}", message.id);
                self.timeline.note_about(&message.id, who, what);
            }
        }
        if !call.is_poll() && !self.traffic.is_looked_at(who) {
            self.tell(who, call.told());
        }
    }

    fn tell(&self, who: &str, what: String) {
        if self.may_tell() {
            self.timeline.note(who, what);
        }
    }

    fn may_tell(&self) -> bool {
        let told = self.told.get();
        self.told.set(told.saturating_add(1));
        if told == TOLD_MAX {
            self.timeline.note("stage", "further calls are not told of");
        }
        told < TOLD_MAX
    }
}

/// AWS's code, in either protocol.
fn error_code(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let code = json["__type"].as_str().map(|code| code.rsplit('#').next().unwrap_or(code));
    let in_xml = || text.split_once("<Code>")?.1.split_once("</Code>").map(|(code, _)| code);
    code.or_else(in_xml).unwrap_or_default().to_owned()
}

fn too_large(reason: &str) -> Response<Body> {
    let body = Full::new(Bytes::from(reason.to_owned()));
    let mut answer = Response::new(body.map_err(|never| match never {}).boxed());
    *answer.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
    answer
}
