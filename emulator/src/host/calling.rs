//! One request: read, run, waited for, and answered.

use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::Response;
use http::request::Parts;
use tokio::sync::oneshot;

use super::failure::failure;
use super::{AnswerLost, Body, CLOSED, Driving, Host, Kept, Panicked, failed_alone};
use crate::cloud::journal::Draft;
use crate::cloud::{AnswerFault, Call, Effect, Input, registry};
use crate::kernel::CallId;
use crate::wire::{Protocol, Service, detect};

/// What has come of a request at once.
pub(super) enum Started {
    Done(Kept),
    /// An answer that is a stream has begun.
    Streams(AnswerFault, Response<Body>),
    Waits(CallId, oneshot::Receiver<Kept>),
}

impl Host {
    /// Answers a request, in the future if it waits. Dropping the future hangs up.
    ///
    /// # Errors
    /// [`AnswerLost`] when a fault rule says so; the operation has happened all the same.
    pub async fn call(&self, parts: &Parts, body: &Bytes) -> Result<Response<Body>, AnswerLost> {
        let whole = |response: Response<Bytes>| Ok(response.map(Body::Whole));
        if let Some(certificate) = self.certificate(parts) {
            return whole(certificate);
        }
        let call = match self.whole(|| self.prepare(parts, body)) {
            Ok(Ok(call)) => call,
            Ok(Err(rejected)) => return whole(*rejected),
            Err(Panicked) => return whole(failed_alone((None, detect::likely_protocol(parts)))),
        };
        let spoken = call.speaks();
        let draft = self.writes_down().then(|| Draft::request(parts, body));
        let reply = match self.start(call, draft) {
            Some(Started::Done(reply)) => Some(reply),
            Some(Started::Waits(id, reply)) => self.wait(id, reply).await,
            Some(Started::Streams(fault, response)) => {
                return self.on_its_way(fault).await.map(|()| response);
            }
            None => None,
        };
        let Some((reply, records)) = reply else { return whole(self.gone(spoken)) };
        let (service, protocol) = spoken;
        if let Err(not_kept) = self.kept(records).await {
            return whole(failure((Some(service), protocol), 500, &not_kept.to_string()));
        }
        self.on_its_way(reply.fault()).await?;
        let written = self.whole(|| reply.write());
        if let Ok(written) = &written {
            self.record_answer(reply.call, written);
        }
        whole(written.unwrap_or_else(|Panicked| failed_alone((Some(service), protocol))))
    }

    /// What becomes of an answer before its client sees it.
    async fn on_its_way(&self, AnswerFault { delay, lost }: AnswerFault) -> Result<(), AnswerLost> {
        if !delay.is_zero() {
            let _counted = Delayed::begin(&self.delayed);
            self.sleep(delay).await;
        }
        if lost { Err(AnswerLost) } else { Ok(()) }
    }

    /// Reads a request as far as it can be read outside the lock.
    fn prepare(&self, parts: &Parts, body: &Bytes) -> Result<Call, Box<Response<Bytes>>> {
        let mut call = registry().prepare_request(parts, body)?;
        if self.verifies {
            call.read_signature(parts, body);
            // Under a lock of its own, so that the hashing is under none.
            if let Some(secret) = self.with_cloud(|cloud| cloud.secret_of(&call)).flatten() {
                call.prove(secret);
            }
        }
        Ok(call)
    }

    pub(super) fn start(&self, call: Call, draft: Option<Draft>) -> Option<Started> {
        let mut state = self.lock()?;
        let effects = self.put(&mut state, Input::Request(call), draft)?;
        let id = effects.accepted.expect("a request is accepted");
        let (mut own, mut others) = (None, Vec::new());
        for effect in effects.list {
            match effect {
                Effect::Reply(reply) if reply.call == id => {
                    own = Some(Started::Done((reply, state.records)));
                }
                Effect::Part(part) if part.call == id && own.is_none() => {
                    own = self.begin_stream(&mut state, part);
                }
                other => others.push(other),
            }
        }
        let started = own.unwrap_or_else(|| {
            let (sender, receiver) = oneshot::channel();
            if !state.ending {
                state.waiting.insert(id, sender);
            }
            Started::Waits(id, receiver)
        });
        self.release(state, others);
        Some(started)
    }

    /// Waits for the answer to `id` and lets time move on meanwhile; `None` when the cloud is
    /// gone.
    async fn wait(&self, id: CallId, mut reply: oneshot::Receiver<Kept>) -> Option<Kept> {
        let hang_up = HangUp { host: self, id };
        let reply = loop {
            tokio::select! {
                biased;
                reply = &mut reply => break reply,
                () = self.pass_time(), if self.driving == Driving::Callers => {}
            }
        };
        std::mem::forget(hang_up);
        reply.ok()
    }

    /// The answer to a call that the cloud did not answer.
    fn gone(&self, (service, protocol): (&'static Service, Protocol)) -> Response<Bytes> {
        let refusal = self.refusal().map(|not_kept| not_kept.to_string());
        let (status, message) = match (self.lock(), &refusal) {
            (None, _) => (500, CLOSED),
            (Some(_), Some(refusal)) => (503, refusal.as_str()),
            (Some(_), None) => (503, "the emulator was reset or is shutting down"),
        };
        failure((Some(service), protocol), status, message)
    }
}

/// Counts an answer that is delayed, for as long as it is.
struct Delayed<'a>(&'a AtomicUsize);

impl<'a> Delayed<'a> {
    fn begin(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(count)
    }
}

impl Drop for Delayed<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Removes a waiting call when its client goes away.
struct HangUp<'a> {
    host: &'a Host,
    id: CallId,
}

impl Drop for HangUp<'_> {
    fn drop(&mut self) {
        self.host.lock_any().waiting.remove(&self.id);
        self.host.apply(Input::ClientGone(self.id));
    }
}
