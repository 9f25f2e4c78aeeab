//! Functions that are run by a process somebody else has begun: under a debugger, or with hot
//! reload.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tokio::sync::{Mutex as TurnMutex, watch};
use tokio::time::{Instant, timeout_at};

use super::environment::event;
use super::exchange::{Answer, Exchange, Said, Whose};
use super::runtime_api::Listener;
use crate::kernel::{Arn, FunctionEnd, FunctionRun, Invocation};

/// Most attachments at once.
const ATTACHMENTS_MAX: usize = 100;
/// A page of an attachment's own listener: whoever asks for it is not answered, and when that
/// connection ends, so does the attachment.
pub const HELD: &str = "/attached";

/// All that are there, the latest last.
#[derive(Clone, Default)]
pub(in crate::edge) struct Attachments {
    all: Arc<Mutex<Vec<Arc<Attachment>>>>,
    made: Arc<AtomicU64>,
}

/// A function's place, with an address of its own.
pub(in crate::edge) struct Attachment {
    number: u64,
    name: String,
    qualifier: Option<String>,
    exchange: Arc<Exchange>,
    /// One event at a time.
    turn: TurnMutex<()>,
    listener: Listener,
    ended: watch::Sender<bool>,
}

/// Ends an attachment when it is dropped.
struct Hold {
    all: Attachments,
    number: u64,
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.all.remove(self.number);
    }
}

impl Attachments {
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Attachment>>> {
        // Every change is one insertion or removal.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new one for a function's name or ARN.
    ///
    /// # Errors
    /// Why there is none, for people.
    pub(in crate::edge) async fn add(
        &self,
        name: String,
        qualifier: Option<String>,
    ) -> Result<Arc<Attachment>, String> {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let exchange = Arc::new(Exchange::new(Whose::Attached, None, 0));
        let all = self.clone();
        let held = move || {
            let hold = Hold { all: all.clone(), number };
            async move {
                let _hold = hold;
                std::future::pending::<()>().await;
            }
        };
        let page = Router::new().route(HELD, get(held));
        let listener = Listener::begin(Arc::clone(&exchange), page).await;
        let listener = listener.map_err(|error| format!("no port for it: {error}"))?;
        let (ended, _) = watch::channel(false);
        let turn = TurnMutex::new(());
        let added = Attachment { number, name, qualifier, exchange, turn, listener, ended };
        let added = Arc::new(added);
        let mut all = self.lock();
        if all.len() >= ATTACHMENTS_MAX {
            return Err(format!("there are {ATTACHMENTS_MAX} attachments already"));
        }
        all.push(Arc::clone(&added));
        Ok(added)
    }

    /// Ends one; `false` if there is none of that number.
    pub(in crate::edge) fn remove(&self, number: u64) -> bool {
        let mut all = self.lock();
        let Some(at) = all.iter().position(|it| it.number == number) else { return false };
        all.remove(at).ended.send_replace(true);
        true
    }

    pub(in crate::edge) fn list(&self) -> Vec<Arc<Attachment>> {
        self.lock().clone()
    }

    /// The latest one that an invocation is for.
    pub(super) fn find(&self, invocation: &Invocation) -> Option<Arc<Attachment>> {
        let all = self.lock();
        let mut latest = all.iter().rev();
        latest
            .find(|it| name_matches(invocation, &it.name, it.qualifier.as_deref()))
            .map(Arc::clone)
    }
}

impl Attachment {
    pub(in crate::edge) fn number(&self) -> u64 {
        self.number
    }

    /// The function, and the version or alias, that it is for.
    pub(in crate::edge) fn function(&self) -> (&str, Option<&str>) {
        (&self.name, self.qualifier.as_deref())
    }

    /// Host and port of the Runtime API.
    pub(in crate::edge) fn address(&self) -> String {
        self.listener.address.to_string()
    }

    /// Hands an event to whoever asks, within the function's time-out.
    pub(super) async fn run(&self, invocation: &Invocation, log_stream: String) -> FunctionRun {
        let timeout = Duration::from_secs(invocation.version.timeout_seconds.into());
        let mut ended = self.ended.subscribe();
        let deadline = Instant::now() + timeout;
        let answered = async {
            let _turn = self.turn.lock().await;
            let answer = self.exchange.give(event(invocation, timeout));
            let taken = Taken(&self.exchange);
            let answer = answer.await;
            std::mem::forget(taken);
            answer
        };
        let (end, duration) = tokio::select! {
            biased;
            answer = timeout_at(deadline, answered) => match answer {
                Ok(Ok(Answer { said, duration })) => (said_end(said), duration),
                Ok(Err(_gone)) => (detached(), Duration::ZERO),
                Err(_over) => (FunctionEnd::TimedOut, timeout),
            },
            _ = ended.wait_for(|ended| *ended) => (detached(), Duration::ZERO),
        };
        FunctionRun { duration, log_stream, ..FunctionRun::of(end) }
    }
}

/// Takes the event back when nobody waits for its answer any more.
struct Taken<'a>(&'a Exchange);

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.0.take_back();
    }
}

fn said_end(said: Said) -> FunctionEnd {
    match said {
        Said::Returned(payload) => FunctionEnd::Returned { payload },
        Said::Failed { payload, error_type } => FunctionEnd::Failed { payload, error_type },
        Said::Abandoned => {
            let status = "the attached process asked for another event without an answer";
            FunctionEnd::Exited { status: status.to_owned() }
        }
    }
}

fn detached() -> FunctionEnd {
    FunctionEnd::Exited { status: "the attached process was detached".to_owned() }
}

/// Whether the function of `invocation` is called `name` (a name or an ARN), and is asked for by
/// `qualifier` or has that version. Without a qualifier every version is meant.
fn name_matches(invocation: &Invocation, name: &str, qualifier: Option<&str>) -> bool {
    let version = &invocation.version;
    let is_named = match name.parse::<Arn>() {
        Ok(arn) => arn == version.function,
        Err(_no_arn) => *version.name == *name,
    };
    // `function:NAME:QUALIFIER`
    let asked = invocation.function.resource.split(':').nth(2);
    is_named && qualifier.is_none_or(|it| asked == Some(it) || *version.version == *it)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use bytes::Bytes;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;
    use crate::kernel::FunctionVersion;
    use crate::wire::Timestamp;

    fn invocation(qualifier: &str, timeout_seconds: u32) -> Invocation {
        let arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
        Invocation {
            function: format!("{arn}{qualifier}").parse().unwrap(),
            request_id: "8476a536-e9f4-11e8-9739-2dfe598c3fcd".to_owned(),
            payload: Bytes::from_static(b"{}"),
            client_context: None,
            trace_header: None,
            at: Timestamp::from_millis(0),
            version: Arc::new(FunctionVersion {
                function: arn.parse().unwrap(),
                name: "f".into(),
                version: "3".into(),
                revision: "1".into(),
                runtime: None,
                handler: None,
                timeout_seconds,
                memory_megabytes: 128,
                ephemeral_storage_megabytes: 512,
                environment: BTreeMap::new(),
                log_group: "/aws/lambda/f".into(),
                code: None,
                layers: Vec::new(),
            }),
        }
    }

    /// Sends a request and leaves the connection open.
    async fn send(address: &str, line: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let length = body.len();
        let head = format!("{line} HTTP/1.1\r\nhost: {address}\r\ncontent-length: {length}\r\n");
        let request = format!("{head}connection: close\r\n\r\n{body}");
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    async fn ask(address: &str, line: &str, body: &str) -> String {
        let mut answer = String::new();
        send(address, line, body).await.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn events_go_to_whoever_asks_and_late_answers_to_nobody() {
        let all = Attachments::default();
        let attached = all.add("f".to_owned(), None).await.unwrap();
        let (address, path) = (attached.address(), "/2018-06-01/runtime/invocation");
        let once = invocation("", 60);
        let answering = async {
            let event = ask(&address, &format!("GET {path}/next"), "").await;
            assert!(event.contains("lambda-runtime-aws-request-id: 8476a536"), "{event}");
            let line = format!("POST {path}/{}/response", once.request_id);
            assert!(ask(&address, &line, "[1]").await.starts_with("HTTP/1.1 202"));
        };
        let (run, ()) = tokio::join!(attached.run(&once, "s".to_owned()), answering);
        assert_eq!(run.end, FunctionEnd::Returned { payload: Bytes::from_static(b"[1]") });
        // Nobody asks for it in time.
        let late = invocation("", 0);
        assert_eq!(attached.run(&late, "s".to_owned()).await.end, FunctionEnd::TimedOut);
        let line = format!("POST {path}/{}/response", late.request_id);
        assert!(ask(&address, &line, "[1]").await.starts_with("HTTP/1.1 403"));
    }

    #[tokio::test]
    async fn the_latest_that_fits_is_found() {
        let all = Attachments::default();
        let (any, live) = ("f".to_owned(), Some("live".to_owned()));
        let first = all.add(any.clone(), None).await.unwrap();
        let second = all.add(any, live).await.unwrap();
        let by_arn = "arn:aws:lambda:eu-west-1:000000000000:function:f".to_owned();
        all.add(by_arn, None).await.unwrap();
        let found = |qualifier| all.find(&invocation(qualifier, 1)).map(|it| it.number());
        assert_eq!(found(":live"), Some(second.number()));
        assert_eq!((found(""), found(":3")), (Some(first.number()), Some(first.number())));
        assert!(all.remove(first.number()) && !all.remove(first.number()));
        assert_eq!(found(""), None);
    }

    #[tokio::test]
    async fn the_end_of_a_connection_detaches() {
        let all = Attachments::default();
        let attached = all.add("f".to_owned(), None).await.unwrap();
        let held = send(&attached.address(), &format!("GET {HELD}"), "").await;
        let once = invocation("", 60);
        let detaching = async {
            // The event is there before the connection goes.
            drop(held);
        };
        let (run, ()) = tokio::join!(attached.run(&once, "s".to_owned()), detaching);
        assert_eq!(run.end, detached());
        assert!(all.list().is_empty());
    }
}
