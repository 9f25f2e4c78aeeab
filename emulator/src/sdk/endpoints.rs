//! Servers that are closures in this process.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, Uri};
use tokio::runtime::Handle;

use crate::host::Asked;
use crate::kernel::{HttpAnswer, HttpTarget, OutsideRequest};

type Answering = Pin<Box<dyn Future<Output = Response<Bytes>> + Send>>;
type Handler = Arc<dyn Fn(Request<Bytes>) -> Answering + Send + Sync>;

/// What is no address of a server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no URL that begins with http:// or https:// and names a host")]
pub struct EndpointError(String);

/// The servers, by their addresses.
#[derive(Clone, Default)]
pub(super) struct Endpoints(Arc<Mutex<BTreeMap<String, Handler>>>);

impl Endpoints {
    pub(super) fn insert<F>(
        &self,
        url: &str,
        handler: impl Fn(Request<Bytes>) -> F + Send + Sync + 'static,
    ) -> Result<(), EndpointError>
    where
        F: Future<Output = Response<Bytes>> + Send + 'static,
    {
        let address = address(url).ok_or_else(|| EndpointError(url.to_owned()))?;
        let handler: Handler = Arc::new(move |request| Box::pin(handler(request)));
        self.lock().insert(address, handler);
        Ok(())
    }

    pub(super) fn remove(&self, url: &str) -> bool {
        address(url).is_some_and(|address| self.lock().remove(&address).is_some())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Handler>> {
        // Every change is one insertion or removal, so the map is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The one with the longest address that `url` is or is below.
    fn find(&self, url: &str) -> Option<Handler> {
        let asked = address(url)?;
        let is_below = |of: &str| {
            asked.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let servers = self.lock();
        let found = servers.iter().filter(|(of, _)| is_below(of)).max_by_key(|(of, _)| of.len());
        found.map(|(_, handler)| Arc::clone(handler))
    }
}

/// Scheme, host, port and path, without a slash at its end.
fn address(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"))?;
    let port = uri.port_u16().unwrap_or(if scheme == "https" { 443 } else { 80 });
    let host = uri.host().filter(|host| !host.is_empty())?.to_ascii_lowercase();
    Some(format!("{scheme}://{host}:{port}{}", uri.path().trim_end_matches('/')))
}

impl Endpoints {
    /// Calls the server that stands for an address, as a task of its own.
    pub(super) fn call(&self, asked: Asked) {
        let OutsideRequest::Http { target, body } = &asked.request else { return };
        let Some(handler) = self.find(&target.url) else {
            let reason = format!("no Emulator::endpoint stands for {}", target.url);
            return asked.fail(reason);
        };
        let seconds = target.timeout_seconds;
        let Some(request) = request(target, body.clone()) else {
            return asked.refuse("the method, the address or a header can't be sent");
        };
        let Ok(runtime) = Handle::try_current() else {
            return asked.fail("a handler needs a tokio runtime, and this call came from none");
        };
        runtime.spawn(async move {
            // A task of its own, so that a panic is the handler's alone.
            let mut answer = tokio::spawn(async move { handler(request).await });
            let within = Duration::from_secs(seconds.into());
            match tokio::time::timeout(within, &mut answer).await {
                Ok(Ok(response)) => asked.answer(answered(response)),
                Ok(Err(error)) if error.is_panic() => asked.fail("the handler panicked"),
                // The runtime ends.
                Ok(Err(_cancelled)) => {}
                Err(_over) => {
                    answer.abort();
                    asked.fail(format!("the server did not answer within {seconds} seconds"));
                }
            }
        });
    }
}

fn request(target: &HttpTarget, body: Bytes) -> Option<Request<Bytes>> {
    let mut request = Request::new(body);
    *request.method_mut() = Method::from_bytes(target.method.as_bytes()).ok()?;
    *request.uri_mut() = target.url.parse().ok()?;
    for (name, value) in &target.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        request.headers_mut().insert(name, HeaderValue::from_bytes(value.as_bytes()).ok()?);
    }
    Some(request)
}

fn answered(response: Response<Bytes>) -> HttpAnswer {
    let (head, body) = response.into_parts();
    let headers = head.headers.iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    HttpAnswer { status: head.status.as_u16(), headers: headers.collect(), body }
}
