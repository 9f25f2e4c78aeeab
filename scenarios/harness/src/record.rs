//! A hash over everything that crosses the border between the system and its cloud, and one over
//! what is left in the end.
//!
//! It wraps an AWS SDK HTTP client, so it sees exactly what the system sent and was answered, and
//! when. It knows no service. Signing headers are left out: they repeat what is hashed anyway.
//! SDKs write maps in the order of a hash table, which differs from run to run and means nothing;
//! so bodies are hashed with their maps sorted.

use crate::explain::Mentions;
pub use crate::report::Hashes;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

/// Cheap to clone; all clones write to the same record.
#[derive(Clone)]
pub struct Recorder(Arc<Mutex<Record>>);

/// One call, with its answer if one came.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// The header `x-amz-target`; empty for protocols that have none.
    pub target: &'a str,
    pub uri: &'a str,
    pub request: &'a [u8],
    /// 0 if no answer came.
    pub status: u16,
    pub reply: &'a [u8],
}

/// Somebody who is told of each exchange, at the moment of the answer.
pub type Watcher = Box<dyn FnMut(Exchange<'_>) + Send>;

struct Record {
    zero: Instant,
    history: Sha256,
    calls: u64,
    looks: u64,
    watchers: Vec<Watcher>,
    mentions: Mentions,
}

/// What watchers will want to know of the request when its answer comes.
struct Asked {
    target: String,
    uri: String,
    body: Vec<u8>,
}

impl Recorder {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Record {
            zero: Instant::now(),
            history: Sha256::new(),
            calls: 0,
            looks: 0,
            watchers: Vec::new(),
            mentions: Mentions::default(),
        })))
    }

    /// A client that calls `inner` and records each request and each answer.
    pub fn around(&self, inner: SharedHttpClient) -> SharedHttpClient {
        SharedHttpClient::new(Recording { recorder: self.clone(), inner, part: true })
    }

    /// A client for those who only watch: its calls are counted, and no part of the record.
    pub fn beside(&self, inner: SharedHttpClient) -> SharedHttpClient {
        SharedHttpClient::new(Recording { recorder: self.clone(), inner, part: false })
    }

    /// Tells `watcher` of each exchange from now on. It must not call the recorder.
    pub fn watch(&self, watcher: Watcher) {
        self.lock().watchers.push(watcher);
    }

    /// The ids of the messages and events so far whose bodies contain one of `texts`, with the
    /// position of the first that they contain. The memory of bodies is bounded; the oldest go
    /// first.
    pub fn ids_mentioning(&self, texts: &[String]) -> BTreeMap<String, usize> {
        self.lock().mentions.of(texts)
    }

    /// The number of answered calls so far.
    pub fn calls(&self) -> u64 {
        self.lock().calls
    }

    /// The number of calls so far by those who only watch.
    pub fn looks(&self) -> u64 {
        self.lock().looks
    }

    /// The hashes of all that is recorded so far and of a final state with these parts, in
    /// hexadecimal.
    pub fn hashes(&self, state: &[&[u8]]) -> Hashes {
        let history = self.lock().history.clone();
        let mut hash = Sha256::new();
        state.iter().for_each(|part| write(&mut hash, part));
        Hashes { history: hexadecimal(history), state: hexadecimal(hash) }
    }

    fn request(&self, request: &HttpRequest) -> Asked {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let body = request.body().bytes().unwrap_or_default();
        let (method, uri) = (request.method().as_bytes(), request.uri().as_bytes());
        let mut record = self.lock();
        record.write("request", &[method, uri, target.as_bytes(), &sorted(body)]);
        let (target, uri) = (target.to_owned(), request.uri().to_owned());
        Asked { target, uri, body: body.to_vec() }
    }

    fn reply(&self, asked: &Asked, reply: &Result<HttpResponse, ConnectorError>) {
        let mut record = self.lock();
        record.calls += 1;
        let reply = match reply {
            Ok(reply) => reply,
            Err(error) => {
                let error = error.to_string();
                record.write("no reply", &[error.as_bytes()]);
                let Asked { target, uri, body: request } = asked;
                for watcher in &mut record.watchers {
                    let reply = error.as_bytes();
                    watcher(Exchange { target, uri, request, status: 0, reply });
                }
                return;
            }
        };
        let (status, body) = (reply.status().as_u16(), reply.body().bytes().unwrap_or_default());
        record.write("reply", &[&status.to_be_bytes(), body]);
        let Asked { target, uri, body: request } = asked;
        record.mentions.keep(request, body);
        for watcher in &mut record.watchers {
            watcher(Exchange { target, uri, request, status, reply: body });
        }
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        // A hash after a panic elsewhere is still the hash of what was recorded.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Recorder {
    fn default() -> Self {
        Self::new()
    }
}

impl Record {
    fn write(&mut self, label: &str, parts: &[&[u8]]) {
        let at = Instant::now().saturating_duration_since(self.zero).as_nanos();
        self.history.update(at.to_be_bytes());
        for part in [label.as_bytes()].iter().chain(parts) {
            write(&mut self.history, part);
        }
    }
}

/// Each part goes in with its length, so that no two run together.
fn write(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_be_bytes());
    hash.update(part);
}

fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A JSON body with sorted keys, a form with sorted entries, anything else as it is.
fn sorted(body: &[u8]) -> Cow<'_, [u8]> {
    if body.starts_with(b"{") {
        let Ok(mut value) = serde_json::from_slice::<Value>(body) else {
            return Cow::Borrowed(body);
        };
        value.sort_all_objects();
        return Cow::Owned(serde_json::to_vec(&value).unwrap_or_else(|_| body.to_vec()));
    }
    match std::str::from_utf8(body) {
        Ok(form) if form.starts_with("Action=") => Cow::Owned(sorted_form(form).into_bytes()),
        _ => Cow::Borrowed(body),
    }
}

/// `Attributes.entry.2.key=a` is an entry of a map; its number only says when it was written.
fn sorted_form(form: &str) -> String {
    let mut entries = BTreeMap::<(&str, &str), Vec<&str>>::new();
    let mut parts = Vec::new();
    for pair in form.split('&') {
        let entry = pair.split_once(".entry.").and_then(|(map, entry)| {
            let (number, field) = entry.split_once('.')?;
            Some((map, number, field))
        });
        match entry {
            Some((map, number, field)) => entries.entry((map, number)).or_default().push(field),
            None => parts.push(pair.to_owned()),
        }
    }
    parts.extend(
        entries.into_iter().map(|((map, _), fields)| format!("{map}.{}", fields.join("&"))),
    );
    parts.sort();
    parts.join("&")
}

struct Recording<Inner> {
    recorder: Recorder,
    inner: Inner,
    /// Of the record, rather than only watching.
    part: bool,
}

impl<Inner> fmt::Debug for Recording<Inner> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recording")
    }
}

impl HttpClient for Recording<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        let recorder = self.recorder.clone();
        SharedHttpConnector::new(Recording { recorder, inner, part: self.part })
    }
}

impl HttpConnector for Recording<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if !self.part {
            self.recorder.lock().looks += 1;
            return self.inner.call(request);
        }
        let asked = self.recorder.request(&request);
        let recorder = self.recorder.clone();
        let answer = self.inner.call(request);
        HttpConnectorFuture::new(async move {
            let reply = answer.await;
            recorder.reply(&asked, &reply);
            reply
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Recorder, sorted};

    #[tokio::test(start_paused = true)]
    async fn the_state_is_no_part_of_the_history() {
        let recorder = Recorder::new();
        let hashes = |state: &[&[u8]]| recorder.hashes(state);
        let first = hashes(&[b"stock 1", b"cloud"]);
        assert_eq!(first, hashes(&[b"stock 1", b"cloud"]));
        for other in
            [&[&b"stock 2"[..], b"cloud"][..], &[b"stock 1", b"clouds"], &[b"stock 1cloud"]]
        {
            assert_eq!(first.history, hashes(other).history);
            assert_ne!(first.state, hashes(other).state);
        }
        recorder.lock().write("request", &[b"GET"]);
        let longer = hashes(&[b"stock 1", b"cloud"]);
        assert_ne!(first.history, longer.history);
        assert_eq!(first.state, longer.state);
    }

    #[test]
    fn the_order_of_maps_means_nothing() {
        let check = |one: &str, other: &str, same: bool| {
            let equal = sorted(one.as_bytes()) == sorted(other.as_bytes());
            assert_eq!(equal, same, "{one} {other}");
        };
        check(r#"{"a":{"x":1,"y":2},"b":3}"#, r#"{"b":3,"a":{"y":2,"x":1}}"#, true);
        check(r#"{"a":[1,2]}"#, r#"{"a":[2,1]}"#, false);
        let form = |first: &str, second: &str| {
            format!("Action=P&M.entry.1.Name={first}&M.entry.2.Name={second}&V=1")
        };
        check(&form("a", "b"), &form("b", "a"), true);
        check(&form("a", "b"), &form("a", "c"), false);
        check("{broken", "{broken", true);
        check("a=1&b=2", "b=2&a=1", false);
    }
}
