//! A cloud under test: every answer is checked, and the state after every input.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use http::Response;
use skyrig::cloud::{Driver, Input, Recorded, Waiting};
use skyrig::kernel::{CallId, OutsideCall};
use skyrig::{Cloud, Settings};

use crate::answer;

/// The code of errors that fault rules make, so that they are no surprise.
pub(crate) const FAULT: &str = "FuzzFault";
/// A smaller state is checked after each input, a larger one so much less often.
const CHECKED_BYTES: usize = 24 * 1024;
/// What stands between two checks of one state, at most.
const INPUTS_UNCHECKED_MAX: usize = 64;

/// A promise that was broken, in words.
pub(crate) type Broken = String;

pub(crate) struct Subject {
    pub(crate) driver: Driver,
    /// The calls that wait.
    pub(crate) open: BTreeSet<CallId>,
    /// What the world outside was asked and has not answered.
    pub(crate) asked: Vec<OutsideCall>,
    /// Bytes of the state when it was last checked, and the inputs since.
    state_bytes: usize,
    unchecked: usize,
    pub(crate) states_checked: u64,
}

/// The answers that an input led to, by the number of the call; 0 stands for a request that no
/// operation saw.
#[derive(Default)]
pub(crate) struct Answers {
    pub(crate) call: Option<CallId>,
    pub(crate) all: BTreeMap<CallId, Response<Bytes>>,
    pub(crate) turned_away: Option<Response<Bytes>>,
}

impl Answers {
    /// What the request of this input was answered with, if it does not wait.
    pub(crate) fn own(&self) -> Option<&Response<Bytes>> {
        self.turned_away.as_ref().or_else(|| self.all.get(&self.call?))
    }
}

impl Subject {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            driver: Driver::new(settings),
            open: BTreeSet::new(),
            asked: Vec::new(),
            state_bytes: 0,
            unchecked: 0,
            states_checked: 0,
        }
    }

    /// Feeds an input and checks what it leads to.
    ///
    /// # Errors
    /// What was not as it must be.
    pub(crate) fn feed(&mut self, recorded: &Recorded) -> Result<Answers, Broken> {
        let fed = catch_unwind(AssertUnwindSafe(|| self.fed(recorded)));
        fed.unwrap_or_else(|panic| Err(format!("panic: {}", message(&*panic))))
    }

    fn fed(&mut self, recorded: &Recorded) -> Result<Answers, Broken> {
        let mut answers = Answers::default();
        match self.driver.replay(recorded) {
            Ok(call) => answers.call = call,
            Err(refusal) => answers.turned_away = Some(*refusal),
        }
        if let Input::ClientGone(call) = recorded.input {
            self.open.remove(&call);
        }
        answers.all = self.driver.take_answers();
        for (call, response) in &answers.all {
            if answers.call != Some(*call) && !self.open.remove(call) {
                return Err(format!("call {} is answered, which does not wait", call.0));
            }
            check(response)?;
        }
        answers.turned_away.as_ref().map_or(Ok(()), check)?;
        if let Some(call) = answers.call
            && !answers.all.contains_key(&call)
        {
            self.open.insert(call);
        }
        self.asked.extend(self.driver.take_asked());
        let waiting: BTreeSet<CallId> = self.driver.cloud.waiting_clients().collect();
        if waiting != self.open {
            return Err(format!("{waiting:?} wait, not {:?}", self.open));
        }
        self.unchecked += 1;
        if self.unchecked >= (self.state_bytes / CHECKED_BYTES).min(INPUTS_UNCHECKED_MAX) {
            self.check_state()?;
        }
        Ok(answers)
    }

    /// Whether the state is what can be written down and read again. Goes on with what was read.
    pub(crate) fn check_state(&mut self) -> Result<(), Broken> {
        let snapshot = self.driver.cloud.snapshot();
        let restored = Cloud::restore(&snapshot, Waiting::Kept);
        self.driver.cloud = restored.map_err(|error| format!("its own snapshot: {error}"))?;
        if self.driver.cloud.snapshot() != snapshot {
            return Err("a snapshot of what it restores differs".to_owned());
        }
        self.state_bytes = snapshot.len();
        self.unchecked = 0;
        self.states_checked += 1;
        Ok(())
    }
}

fn check(response: &Response<Bytes>) -> Result<(), Broken> {
    let status = response.status().as_u16();
    // REST services have the code in a header.
    let named = response.headers().get("x-amzn-errortype").is_some_and(|code| code == FAULT);
    let of_fault =
        named || response.body().windows(FAULT.len()).any(|part| part == FAULT.as_bytes());
    if status >= 500 && !(status == 501 || of_fault) {
        return Err(format!("status {status}: {}", response.body().escape_ascii()));
    }
    answer::check(response, 200..600);
    Ok(())
}

/// What a panic said.
pub(crate) fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no text")
}
