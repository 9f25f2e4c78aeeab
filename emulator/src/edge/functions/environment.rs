//! One environment: a process of a version's code, with its listener, its folder and its output.

use std::future::pending;
use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use tokio::net::unix::pipe;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use super::exchange::{Answer, Event, Exchange, InitFailure, Said, Whose};
use super::output::Output;
use super::process::{Ended, Launch, Process};
use super::runtime_api::Listener;
use super::unpack::Unpacked;
use crate::edge::clock::machine_time;
use crate::host::error_document;
use crate::kernel::{FunctionEnd, FunctionRun, FunctionVersion, Invocation};

/// How long code may take to begin; what it takes beyond is taken from its first run's time.
///
/// Source: Lambda's developer guide, "Understanding the Lambda execution environment lifecycle".
const INIT_WITHIN: Duration = Duration::from_secs(10);
/// How long extensions have to end.
const END_WITHIN: Duration = Duration::from_secs(2);
/// Between two looks at the memory of code that runs.
const MEMORY_EVERY: Duration = Duration::from_millis(50);
const MEGABYTE: u64 = 1024 * 1024;

/// What is there before the process is.
pub(super) struct Prepared {
    pub(super) version: Arc<FunctionVersion>,
    pub(super) unpacked: Arc<Unpacked>,
    pub(super) supervisor: PathBuf,
    pub(super) log_stream: String,
    /// Programs that are begun beside the runtime.
    pub(super) extensions: Vec<PathBuf>,
}

/// A process and its surroundings. Dropped, all of it is ended and removed.
pub(super) struct Environment {
    version: Arc<FunctionVersion>,
    exchange: Arc<Exchange>,
    output: Arc<Output>,
    reading: JoinHandle<()>,
    process: Process,
    beside: Vec<Process>,
    _listener: Listener,
    _unpacked: Arc<Unpacked>,
    log_stream: String,
    /// Of the first run, which began it.
    init: Mutex<Option<Duration>>,
    is_over: AtomicBool,
    /// When it was last used, in milliseconds since `begun`.
    used: AtomicU64,
    begun: Instant,
}

/// How a run went.
pub(super) enum Ran {
    Run(FunctionRun),
    /// The environment had ended before the code got the event.
    Gone,
}

impl Drop for Environment {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

impl Environment {
    /// Begins the process; `launch` makes of the Runtime API's address what is run.
    pub(super) async fn begin(
        prepared: Prepared,
        launch: impl Fn(&str) -> Launch,
    ) -> io::Result<Self> {
        let Prepared { version, unpacked, supervisor, log_stream, extensions } = prepared;
        let exchange =
            Arc::new(Exchange::new(Whose::Own, Some(Arc::clone(&version)), extensions.len()));
        let listener = Listener::begin(Arc::clone(&exchange), Router::new()).await?;
        let (reader, writer) = io::pipe()?;
        let output = Arc::new(Output::new(pipe::Receiver::from_owned_fd(OwnedFd::from(reader))?));
        let reading = tokio::spawn(Arc::clone(&output).pump());
        let begun = Instant::now();
        let launch = launch(&listener.address.to_string());
        let mut beside = Vec::new();
        for program in extensions {
            let launch = Launch { program, arguments: Vec::new(), ..launch.clone() };
            beside.push(Process::begin(&supervisor, &launch, &writer)?);
        }
        let process = Process::begin(&supervisor, &launch, &writer)?;
        Ok(Self {
            version,
            exchange,
            output,
            reading,
            process,
            beside,
            _listener: listener,
            _unpacked: unpacked,
            log_stream,
            init: Mutex::default(),
            is_over: AtomicBool::new(false),
            used: AtomicU64::new(0),
            begun,
        })
    }

    /// Waits until the code has begun, or for as long as that may take by itself. What came of it
    /// if no event need be handed over.
    pub(super) async fn started(&self) -> Option<FunctionRun> {
        let end = tokio::select! {
            biased;
            ready = self.exchange.ready() => match ready {
                Ok(()) => None,
                Err(failure) => Some(failed(failure)),
            },
            ended = self.ended() => Some(self.init_ended(ended)),
            () = sleep_until(self.begun + INIT_WITHIN) => None,
        };
        let took = self.begun.elapsed();
        *self.init.lock().unwrap_or_else(PoisonError::into_inner) = Some(took);
        Some(self.run_of(end?, Duration::ZERO))
    }

    /// How the first of its processes ended.
    async fn ended(&self) -> (Ended, bool) {
        let beside = async {
            let all = self.beside.iter().map(|process| Box::pin(process.ended()));
            match all.collect::<Vec<_>>() {
                none if none.is_empty() => pending().await,
                some => first(some).await,
            }
        };
        tokio::select! {
            biased;
            ended = self.process.ended() => (ended, false),
            ended = beside => (ended, true),
        }
    }

    fn init_ended(&self, ended: (Ended, bool)) -> FunctionEnd {
        match (self.exchange.init_failure(), ended) {
            (Some(failure), _) => failed(failure),
            (None, (Ended::Exited(status), false)) => FunctionEnd::Exited { status },
            (None, (Ended::NotBegun(reason), false)) => {
                init_failed("Runtime.InvalidEntrypoint", &reason)
            }
            (None, (Ended::Exited(reason) | Ended::NotBegun(reason), true)) => {
                init_failed("Extension.Crash", &reason)
            }
        }
    }

    /// Hands an event over and waits for what comes of it.
    pub(super) async fn run(&self, invocation: &Invocation) -> Ran {
        if self.is_over() {
            return Ran::Gone;
        }
        let timeout = Duration::from_secs(self.version.timeout_seconds.into());
        self.output.begin();
        let begun = Instant::now();
        let mut answer = self.exchange.give(event(invocation, timeout));
        let mut look = begun + MEMORY_EVERY;
        let (end, duration) = loop {
            tokio::select! {
                biased;
                answer = &mut answer => match answer {
                    Ok(answer) => break answered(answer),
                    Err(_never) => break (killed(), begun.elapsed()),
                },
                (ended, _) = self.ended() => {
                    self.end();
                    // Code that ended before it got the event did not do it.
                    if !self.exchange.take_back() {
                        return Ran::Gone;
                    }
                    let status = match ended {
                        Ended::Exited(status) | Ended::NotBegun(status) => status,
                    };
                    break (FunctionEnd::Exited { status }, begun.elapsed());
                }
                () = sleep_until(begun + timeout) => {
                    self.exchange.take_back();
                    self.end();
                    break (FunctionEnd::TimedOut, timeout);
                }
                () = sleep_until(look) => {
                    look = Instant::now() + MEMORY_EVERY;
                    if self.memory_megabytes() > self.version.memory_megabytes {
                        self.exchange.take_back();
                        break (FunctionEnd::OutOfMemory, begun.elapsed());
                    }
                }
            }
        };
        self.used.store(self.begun.elapsed().as_millis() as u64, Ordering::Relaxed);
        Ran::Run(self.run_of(end, duration))
    }

    fn run_of(&self, end: FunctionEnd, duration: Duration) -> FunctionRun {
        let memory_used_megabytes = self.memory_megabytes();
        let end = match end {
            // What took too much in between two looks did so all the same.
            FunctionEnd::Returned { .. }
            | FunctionEnd::Failed { .. }
            | FunctionEnd::Exited { .. }
                if memory_used_megabytes > self.version.memory_megabytes =>
            {
                FunctionEnd::OutOfMemory
            }
            end => end,
        };
        if !matches!(end, FunctionEnd::Returned { .. } | FunctionEnd::Failed { .. }) {
            self.end();
        }
        FunctionRun {
            output: self.output.take(),
            duration,
            init_duration: self.init.lock().unwrap_or_else(PoisonError::into_inner).take(),
            memory_used_megabytes,
            log_stream: self.log_stream.clone(),
            ..FunctionRun::of(end)
        }
    }

    fn memory_megabytes(&self) -> u32 {
        u32::try_from(self.process.memory_used_bytes().div_ceil(MEGABYTE)).unwrap_or(u32::MAX)
    }

    /// It takes no more events.
    fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed) || self.process.has_ended()
    }

    pub(super) fn version(&self) -> &Arc<FunctionVersion> {
        &self.version
    }

    /// How long it has not been used.
    pub(super) fn idle(&self) -> Duration {
        let used = Duration::from_millis(self.used.load(Ordering::Relaxed));
        self.begun.elapsed().saturating_sub(used)
    }

    /// Waits until its process has ended, without holding it.
    pub(super) fn gone(&self) -> impl Future<Output = Ended> + use<> {
        self.process.ended()
    }

    /// Ends it in order: extensions that want to know are told, and have some time.
    pub(super) async fn close(self: Arc<Self>, reason: &'static str) {
        self.end();
        let deadline = machine_time() + END_WITHIN;
        if self.exchange.close(reason, deadline.millis()) {
            let done = tokio::time::timeout(END_WITHIN, self.exchange.extensions_done());
            let _too_late = done.await;
        }
        self.beside.iter().for_each(Process::end);
        self.process.end();
    }
}

/// The first of some futures to end.
async fn first<F: Future<Output = Ended> + Unpin>(mut all: Vec<F>) -> Ended {
    std::future::poll_fn(|cx| {
        let mut polled = all.iter_mut().map(|it| std::pin::Pin::new(it).poll(cx));
        polled.find(std::task::Poll::is_ready).unwrap_or(std::task::Poll::Pending)
    })
    .await
}

fn answered(Answer { said, duration }: Answer) -> (FunctionEnd, Duration) {
    let end = match said {
        Said::Returned(payload) => FunctionEnd::Returned { payload },
        Said::Failed { payload, error_type } => FunctionEnd::Failed { payload, error_type },
        Said::Abandoned => FunctionEnd::Exited {
            status: "it asked for another event without an answer".to_owned(),
        },
    };
    (end, duration)
}

pub(super) fn failed(InitFailure { payload, error_type }: InitFailure) -> FunctionEnd {
    FunctionEnd::InitFailed { payload, error_type }
}

fn init_failed(error_type: &str, reason: &str) -> FunctionEnd {
    let payload = error_document(error_type, reason);
    FunctionEnd::InitFailed { payload, error_type: Some(error_type.to_owned()) }
}

fn killed() -> FunctionEnd {
    FunctionEnd::Exited { status: "signal: killed".to_owned() }
}

/// An invocation as the code is told of it; its deadline is by the machine's clock, as its own is.
pub(super) fn event(invocation: &Invocation, timeout: Duration) -> Event {
    Event {
        request_id: invocation.request_id.clone(),
        function: invocation.function.to_string(),
        payload: invocation.payload.clone(),
        deadline_millis: (machine_time() + timeout).millis(),
        client_context: invocation.client_context.clone(),
        trace_header: invocation.trace_header.clone(),
    }
}
