//! Lambda functions that are closures in this process. They live in tokio's time.

use std::any::{Any, type_name};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::future::Future;
use std::io::{Cursor, Write as _};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::task::JoinError;
use tokio::time::Instant;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::host::{Asked, Host, answered, error_document, log_stream};
use crate::kernel::{Arn, FunctionEnd, FunctionRun, Invocation, OutputLine, OutsideRequest, Scope};
use crate::wire::{Blob, Timestamp};

/// Most lines of one run that are kept, and most bytes of one.
const LINES_MAX: usize = 10_000;
const LINE_BYTES_MAX: usize = 256 * 1024;

/// A function could not be made; holds AWS's reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoFunction(String);

/// Makes a function whose code is a closure, unless one of that name is there.
pub(super) fn ensured(host: &Host, name: &str, scope: &Scope) -> Result<(), NoFunction> {
    let asked = json!({ "FunctionName": name });
    if host.ask(("lambda", "GetFunctionConfiguration"), scope.clone(), &asked).is_ok() {
        return Ok(());
    }
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let written = archive
        .start_file("closure", SimpleFileOptions::default())
        .and_then(|()| Ok(archive.write_all(b"Its code is a closure.\n")?))
        .and_then(|()| archive.finish());
    let zip = written.map_err(|error| NoFunction(error.to_string()))?.into_inner();
    let request = json!({
        "FunctionName": name,
        "Runtime": "provided.al2023",
        "Handler": "closure",
        "Role": format!("arn:aws:iam::{}:role/skyrig", scope.account),
        "Code": { "ZipFile": Blob(zip).to_base64() },
    });
    let made = host.ask(("lambda", "CreateFunction"), scope.clone(), &request);
    made.map(|_function| ()).map_err(NoFunction)
}

/// A function's error: its type and what it says.
type Failure = (String, String);
type Running = Pin<Box<dyn Future<Output = Result<Value, Failure>> + Send>>;
type Handler = Arc<dyn Fn(Value, FunctionContext) -> Running + Send + Sync>;

/// What a closure is told besides its event.
#[derive(Clone, Debug)]
pub struct FunctionContext {
    /// Of this run, a UUID.
    pub request_id: String,
    /// As it was invoked: with the version or the alias, if one was named.
    pub invoked_function_arn: Arn,
    pub function_name: Arc<str>,
    /// `$LATEST` or a number.
    pub function_version: Arc<str>,
    pub memory_limit_megabytes: u32,
    /// The virtual time at which the run is over, done or not.
    pub deadline: Timestamp,
    pub log_group_name: Arc<str>,
    pub log_stream_name: Arc<str>,
    /// JSON, if the caller gave one.
    pub client_context: Option<Arc<str>>,
    /// The X-Ray trace that it belongs to, as a header has it.
    pub trace_header: Option<Arc<str>>,
    /// The user's variables.
    pub environment: BTreeMap<String, String>,
    log: Log,
}

impl FunctionContext {
    /// Writes lines to the function's log group.
    pub fn log(&self, text: impl Display) {
        self.log.write(&text.to_string());
    }
}

/// What a run has written.
#[derive(Clone, Debug)]
struct Log {
    begun: Instant,
    lines: Arc<Mutex<Vec<OutputLine>>>,
}

impl Log {
    fn write(&self, text: &str) {
        let after = self.begun.elapsed();
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        for line in text.lines() {
            if lines.len() < LINES_MAX {
                let text = line.get(..line.floor_char_boundary(LINE_BYTES_MAX));
                lines.push(OutputLine { after, text: text.unwrap_or_default().to_owned() });
            }
        }
    }

    fn take(&self) -> Vec<OutputLine> {
        std::mem::take(&mut self.lines.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The functions, by name.
#[derive(Clone)]
pub(super) struct Functions {
    seed: u64,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    handlers: BTreeMap<String, Handler>,
    /// By version and revision, the numbers of environments that are at work.
    busy: BTreeMap<String, BTreeSet<u64>>,
}

impl Functions {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, state: Arc::default() }
    }

    pub(super) fn insert<F, E>(
        &self,
        name: &str,
        handler: impl Fn(Value, FunctionContext) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = Result<Value, E>> + Send + 'static,
        E: Display + 'static,
    {
        let handler: Handler = Arc::new(move |event, context| {
            let running = handler(event, context);
            Box::pin(async move {
                running.await.map_err(|error| (error_type::<E>(), error.to_string()))
            })
        });
        self.lock().handlers.insert(name.to_owned(), handler);
    }

    pub(super) fn remove(&self, name: &str) -> bool {
        self.lock().handlers.remove(name).is_some()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is one insertion or removal, so the maps are whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs the closure of a function, as a task of its own.
    pub(super) fn run(&self, asked: Asked) {
        let OutsideRequest::Function(invocation) = &asked.request else { return };
        let invocation = invocation.clone();
        let handler = self.lock().handlers.get(&*invocation.version.name).map(Arc::clone);
        let Some(handler) = handler else {
            let name = &invocation.version.name;
            let reason =
                format!("no Emulator::function stands for {name}, and no code is run here");
            return asked.refuse(reason);
        };
        let Ok(runtime) = Handle::try_current() else {
            return asked.fail("a handler needs a tokio runtime, and this call came from none");
        };
        let environment = Environment::taken(self, &invocation);
        runtime.spawn(async move {
            if let Some(run) = run(handler, &invocation, &environment.log_stream).await {
                drop(environment);
                asked.done(run);
            }
        });
    }
}

/// The place in which a closure runs: two at once have two, and their own log streams.
struct Environment {
    of: Functions,
    key: String,
    number: u64,
    log_stream: Arc<str>,
}

impl Environment {
    /// The first one that is not at work.
    fn taken(functions: &Functions, invocation: &Invocation) -> Self {
        let version = &invocation.version;
        let key = format!("{}:{} {}", version.function, version.version, version.revision);
        let number = {
            let mut state = functions.lock();
            let busy = state.busy.entry(key.clone()).or_default();
            let number = (0..).find(|number| !busy.contains(number)).unwrap_or_default();
            busy.insert(number);
            number
        };
        let log_stream = log_stream(functions.seed, version, (number, invocation.at)).into();
        Self { of: functions.clone(), key, number, log_stream }
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        let mut state = self.of.lock();
        if let Some(busy) = state.busy.get_mut(&self.key) {
            busy.remove(&self.number);
            if busy.is_empty() {
                state.busy.remove(&self.key);
            }
        }
    }
}

/// What a run comes to; `None` when the runtime ends.
async fn run(
    handler: Handler,
    invocation: &Invocation,
    log_stream: &Arc<str>,
) -> Option<FunctionRun> {
    let timeout = Duration::from_secs(invocation.version.timeout_seconds.into());
    let begun = Instant::now();
    let log = Log { begun, lines: Arc::default() };
    let context = context(invocation, log_stream, log.clone());
    let end = match serde_json::from_slice(&invocation.payload) {
        Err(error) => failed(("Runtime.UnmarshalError".to_owned(), error.to_string())),
        Ok(event) => {
            // A task of its own, so that a panic is the function's alone.
            let mut running = tokio::spawn(async move { handler(event, context).await });
            match tokio::time::timeout(timeout, &mut running).await {
                Ok(Ok(Ok(value))) => answered(Bytes::from(value.to_string())),
                Ok(Ok(Err(failure))) => failed(failure),
                Ok(Err(error)) => failed(panicked(error)?),
                Err(_over) => {
                    running.abort();
                    FunctionEnd::TimedOut
                }
            }
        }
    };
    let duration = begun.elapsed().min(timeout);
    let log_stream = log_stream.to_string();
    Some(FunctionRun { duration, output: log.take(), log_stream, ..FunctionRun::of(end) })
}

fn context(invocation: &Invocation, log_stream: &Arc<str>, log: Log) -> FunctionContext {
    let version = &invocation.version;
    FunctionContext {
        request_id: invocation.request_id.clone(),
        invoked_function_arn: invocation.function.clone(),
        function_name: Arc::clone(&version.name),
        function_version: Arc::clone(&version.version),
        memory_limit_megabytes: version.memory_megabytes,
        deadline: invocation.at + Duration::from_secs(version.timeout_seconds.into()),
        log_group_name: Arc::clone(&version.log_group),
        log_stream_name: Arc::clone(log_stream),
        client_context: invocation.client_context.clone(),
        trace_header: invocation.trace_header.clone(),
        environment: version.environment.clone(),
        log,
    }
}

fn failed((error_type, message): Failure) -> FunctionEnd {
    let payload = error_document(&error_type, &message);
    FunctionEnd::Failed { payload, error_type: Some(error_type) }
}

/// A panic as an error; none when the task was cancelled.
fn panicked(error: JoinError) -> Option<Failure> {
    let panic: Box<dyn Any + Send> = error.try_into_panic().ok()?;
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| Some((*panic.downcast_ref::<&str>()?).to_owned()));
    Some(("Panic".to_owned(), text.unwrap_or_else(|| "the handler panicked".to_owned())))
}

/// The name of an error's type without its path: `OrderError`, `String`, `str`.
fn error_type<E>() -> String {
    let name = type_name::<E>().trim_start_matches('&');
    let path = name.split('<').next().unwrap_or(name);
    path.rsplit("::").next().unwrap_or(path).to_owned()
}
