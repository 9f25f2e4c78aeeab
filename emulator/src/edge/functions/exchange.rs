//! What passes between Lambda and the code in one environment: events, answers, errors.
//!
//! Knows no process and no HTTP; both sides wait here for one another.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

use crate::kernel::FunctionVersion;

/// Most extensions of a function.
///
/// Source: Lambda's developer guide, "Augment Lambda functions using Lambda extensions".
const EXTENSIONS_MAX: usize = 10;

/// What the code is told of an invocation.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) request_id: String,
    pub(super) function: String,
    pub(super) payload: Bytes,
    /// Milliseconds since 1970 by the machine's clock.
    pub(super) deadline_millis: i64,
    pub(super) client_context: Option<Arc<str>>,
    pub(super) trace_header: Option<Arc<str>>,
}

/// What the code answered, and how long it took.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) said: Said,
    pub(super) duration: Duration,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    Returned(Bytes),
    Failed {
        payload: Bytes,
        error_type: Option<String>,
    },
    /// Another one asks for events, and this one has not answered.
    Abandoned,
}

/// Why the code could not begin.
#[derive(Clone, Debug)]
pub(super) struct InitFailure {
    pub(super) payload: Bytes,
    pub(super) error_type: Option<String>,
}

/// Why a request of the code is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// No invocation has that id, or it is over.
    RequestId,
    /// It is not its turn: what it has done last, and what it wants now.
    Turn(&'static str, &'static str),
    /// There is no such extension.
    Extension,
    ExtensionsFull,
    /// An extension registers when all have begun.
    Late,
    /// The environment ends.
    Closed,
}

/// What an extension may be told.
#[derive(Clone, Debug)]
pub(super) enum Notice {
    Invoke(Event),
    Shutdown { reason: &'static str, deadline_millis: i64 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Runtime {
    Starting,
    /// Asks for an event.
    Waiting,
    /// Has an event.
    Working,
    /// Has answered and not asked since.
    Answered,
}

impl Runtime {
    /// The state's name in AWS's errors.
    fn name(self) -> &'static str {
        match self {
            Self::Starting => "Started",
            Self::Waiting => "Ready",
            Self::Working => "Running",
            Self::Answered => "InvocationResponse",
        }
    }
}

/// Whose code is at the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// A process that was begun for it.
    Own,
    /// Whoever attached: it may come, go and come again.
    Attached,
}

/// Both sides' meeting place.
pub(super) struct Exchange {
    whose: Whose,
    pub(super) version: Option<Arc<FunctionVersion>>,
    state: Mutex<State>,
    changed: Notify,
}

struct State {
    runtime: Runtime,
    turn: Option<Turn>,
    extensions: BTreeMap<String, Extension>,
    /// So many are begun and must register before anything else.
    extensions_expected: usize,
    init_failure: Option<InitFailure>,
    closed: bool,
}

struct Turn {
    event: Event,
    /// When the code got it.
    handed: Option<Instant>,
    back: oneshot::Sender<Answer>,
}

struct Extension {
    name: String,
    wants_invoke: bool,
    wants_shutdown: bool,
    notices: VecDeque<Notice>,
    waits: bool,
    has_asked: bool,
}

impl Exchange {
    pub(super) fn new(
        whose: Whose,
        version: Option<Arc<FunctionVersion>>,
        extensions_expected: usize,
    ) -> Self {
        let state = State {
            runtime: Runtime::Starting,
            turn: None,
            extensions: BTreeMap::new(),
            extensions_expected,
            init_failure: None,
            closed: false,
        };
        Self { whose, version, state: Mutex::new(state), changed: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No change can panic half-way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `look` finds something.
    async fn until<T>(&self, mut look: impl FnMut(&mut State) -> Option<T>) -> T {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if let Some(found) = look(&mut self.lock()) {
                return found;
            }
            changed.await;
        }
    }

    // What the runner does.

    /// Waits until the code has begun: it asks for its first event, and so do all extensions.
    pub(super) async fn ready(&self) -> Result<(), InitFailure> {
        self.until(|state| {
            if let Some(failure) = &state.init_failure {
                return Some(Err(failure.clone()));
            }
            let extensions = state.extensions.len() >= state.extensions_expected
                && state.extensions.values().all(|it| it.has_asked);
            (state.runtime != Runtime::Starting && extensions).then_some(Ok(()))
        })
        .await
    }

    /// Hands an event over; the code gets it when it asks for one.
    pub(super) fn give(&self, event: Event) -> oneshot::Receiver<Answer> {
        let (back, answer) = oneshot::channel();
        self.lock().turn = Some(Turn { event, handed: None, back });
        self.changed.notify_waiters();
        answer
    }

    /// Takes back what was given; whether the code had got it already.
    pub(super) fn take_back(&self) -> bool {
        self.lock().turn.take().is_some_and(|turn| turn.handed.is_some())
    }

    pub(super) fn init_failure(&self) -> Option<InitFailure> {
        self.lock().init_failure.clone()
    }

    /// The environment ends: extensions that want to know are told, and nobody gets events. Returns
    /// whether anybody was told.
    pub(super) fn close(&self, reason: &'static str, deadline_millis: i64) -> bool {
        let told = {
            let mut state = self.lock();
            state.closed = true;
            let wanting = state.extensions.values_mut().filter(|it| it.wants_shutdown);
            let told = wanting.map(|it| {
                it.notices.push_back(Notice::Shutdown { reason, deadline_millis });
                it.waits = false;
            });
            told.count() > 0
        };
        self.changed.notify_waiters();
        told
    }

    // What the code does.

    /// The next event, when there is one.
    pub(super) async fn next(&self) -> Result<Event, Refused> {
        {
            let mut state = self.lock();
            let is_handed = state.turn.as_ref().is_some_and(|turn| turn.handed.is_some());
            match self.whose {
                Whose::Own if is_handed => return Err(Refused::Turn("Running", "Ready")),
                Whose::Attached if is_handed => state.answer(Said::Abandoned),
                _ => {}
            }
            state.runtime = Runtime::Waiting;
        }
        self.changed.notify_waiters();
        self.until(|state| {
            if state.closed {
                return Some(Err(Refused::Closed));
            }
            let turn = state.turn.as_mut().filter(|turn| turn.handed.is_none())?;
            turn.handed = Some(Instant::now());
            let event = turn.event.clone();
            state.runtime = Runtime::Working;
            let wanting = state.extensions.values_mut().filter(|it| it.wants_invoke);
            wanting.for_each(|it| it.notices.push_back(Notice::Invoke(event.clone())));
            Some(Ok(event))
        })
        .await
        .inspect(|_| self.changed.notify_waiters())
    }

    /// The code answers an invocation.
    pub(super) fn answer(&self, request_id: &str, said: Said) -> Result<(), Refused> {
        let mut state = self.lock();
        let wanted = match said {
            Said::Returned(_) => "InvocationResponse",
            _ => "InvocationErrorResponse",
        };
        if state.runtime != Runtime::Working {
            return Err(Refused::Turn(state.runtime.name(), wanted));
        }
        let is_it = |turn: &Turn| turn.handed.is_some() && turn.event.request_id == request_id;
        if !state.turn.as_ref().is_some_and(is_it) {
            return Err(Refused::RequestId);
        }
        state.runtime = Runtime::Answered;
        state.answer(said);
        Ok(())
    }

    /// The code could not begin.
    pub(super) fn fail_init(&self, failure: InitFailure) -> Result<(), Refused> {
        {
            let mut state = self.lock();
            if state.runtime != Runtime::Starting {
                return Err(Refused::Turn(state.runtime.name(), "InitError"));
            }
            state.init_failure = Some(failure);
        }
        self.changed.notify_waiters();
        Ok(())
    }

    /// An extension is there.
    pub(super) fn register(
        &self,
        (id, name): (String, String),
        (wants_invoke, wants_shutdown): (bool, bool),
    ) -> Result<(), Refused> {
        let mut state = self.lock();
        // A program beside the runtime may be slower to begin than that.
        let expected = state.extensions.len() < state.extensions_expected;
        if state.runtime != Runtime::Starting && !expected {
            return Err(Refused::Late);
        }
        if state.extensions.len() >= EXTENSIONS_MAX {
            return Err(Refused::ExtensionsFull);
        }
        let notices = VecDeque::new();
        let (waits, has_asked) = (false, false);
        let extension = Extension { name, wants_invoke, wants_shutdown, notices, waits, has_asked };
        state.extensions.insert(id, extension);
        Ok(())
    }

    /// What an extension is told next, when there is something.
    pub(super) async fn next_notice(&self, id: &str) -> Result<Notice, Refused> {
        match self.lock().extensions.get_mut(id) {
            None => return Err(Refused::Extension),
            Some(extension) => (extension.waits, extension.has_asked) = (true, true),
        }
        self.changed.notify_waiters();
        self.until(|state| {
            let Some(extension) = state.extensions.get_mut(id) else {
                return Some(Err(Refused::Extension));
            };
            let notice = extension.notices.pop_front()?;
            extension.waits = false;
            Some(Ok(notice))
        })
        .await
    }

    /// An extension is gone, by an error that it reports.
    pub(super) fn fail_extension(&self, id: &str, error_type: &str) -> Result<(), Refused> {
        {
            let mut state = self.lock();
            let extension = state.extensions.remove(id).ok_or(Refused::Extension)?;
            let message = format!("the extension {} reported an error", extension.name);
            let payload = crate::host::error_document(error_type, &message);
            let error_type = Some(error_type.to_owned());
            if state.runtime == Runtime::Starting {
                state.init_failure = Some(InitFailure { payload, error_type });
            } else {
                state.answer(Said::Failed { payload, error_type });
            }
        }
        self.changed.notify_waiters();
        Ok(())
    }

    /// Waits until no extension has anything to do.
    pub(super) async fn extensions_done(&self) {
        self.until(|state| {
            let idle = |it: &Extension| it.waits || !it.wants_shutdown;
            state.extensions.values().all(idle).then_some(())
        })
        .await;
    }
}

impl State {
    /// Ends the turn.
    fn answer(&mut self, said: Said) {
        if let Some(Turn { handed, back, .. }) = self.turn.take() {
            let duration = handed.map_or(Duration::ZERO, |handed| handed.elapsed());
            // Whoever asked may have given up.
            let _gone = back.send(Answer { said, duration });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str) -> Event {
        Event {
            request_id: id.to_owned(),
            function: "arn:aws:lambda:us-east-1:000000000000:function:f".to_owned(),
            payload: Bytes::from_static(b"{}"),
            deadline_millis: 0,
            client_context: None,
            trace_header: None,
        }
    }

    fn returned() -> Said {
        Said::Returned(Bytes::from_static(b"1"))
    }

    #[tokio::test]
    async fn an_event_is_answered_once_and_by_its_id() {
        let exchange = Exchange::new(Whose::Own, None, 0);
        assert_eq!(exchange.answer("a", returned()), Err(turn("Started")));
        let answer = exchange.give(event("a"));
        assert_eq!(exchange.next().await.unwrap().request_id, "a");
        assert_eq!(exchange.next().await.unwrap_err(), Refused::Turn("Running", "Ready"));
        assert_eq!(exchange.answer("b", returned()), Err(Refused::RequestId));
        assert_eq!(exchange.answer("a", returned()), Ok(()));
        assert_eq!(exchange.answer("a", returned()), Err(turn("InvocationResponse")));
        assert_eq!(answer.await.unwrap().said, returned());
        exchange.ready().await.unwrap();
    }

    fn turn(from: &'static str) -> Refused {
        Refused::Turn(from, "InvocationResponse")
    }

    #[tokio::test]
    async fn who_attaches_may_come_again() {
        let exchange = Exchange::new(Whose::Attached, None, 0);
        let first = exchange.give(event("a"));
        exchange.next().await.unwrap();
        let second = async {
            let next = exchange.next().await.unwrap();
            exchange.answer(&next.request_id, returned()).unwrap();
        };
        let driver = async {
            assert_eq!(first.await.unwrap().said, Said::Abandoned);
            exchange.give(event("b")).await.unwrap()
        };
        let ((), answer) = tokio::join!(second, driver);
        assert_eq!(answer.said, returned());
    }

    #[tokio::test]
    async fn extensions_are_waited_for_and_told() {
        let exchange = Exchange::new(Whose::Own, None, 1);
        assert_eq!(exchange.next_notice("x").await.unwrap_err(), Refused::Extension);
        exchange.register(("x".to_owned(), "watch".to_owned()), (true, true)).unwrap();
        let _answer = exchange.give(event("a"));
        exchange.next().await.unwrap();
        let late = exchange.register(("y".to_owned(), "late".to_owned()), (true, true));
        assert_eq!(late, Err(Refused::Late));
        let notice = exchange.next_notice("x").await.unwrap();
        assert!(matches!(notice, Notice::Invoke(event) if event.request_id == "a"));
        exchange.ready().await.unwrap();
        assert!(exchange.close("spindown", 0));
        let notice = exchange.next_notice("x").await.unwrap();
        assert!(matches!(notice, Notice::Shutdown { reason: "spindown", .. }));
        assert_eq!(exchange.next().await.unwrap_err(), Refused::Turn("Running", "Ready"));
    }

    #[tokio::test]
    async fn who_fails_to_begin_says_so() {
        let exchange = Exchange::new(Whose::Own, None, 0);
        let failure = InitFailure { payload: Bytes::from_static(b"{}"), error_type: None };
        exchange.fail_init(failure.clone()).unwrap();
        assert_eq!(exchange.ready().await.unwrap_err().payload, failure.payload);
    }
}
