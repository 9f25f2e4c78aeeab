//! The poller itself: what its owner asks of it, and when it asks its source.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::news::{Batch, News};
use super::pace::{self, Pace};
use super::queue::Gathering;
use super::record::Record;
use super::settings::Settings;
use super::stream::Reading;
use super::verdict::Verdict;
use crate::kernel::{Answered, CallError, Context, Principal};
use crate::wire::Timestamp;

/// Most bytes of a batch's records: what a function may be given.
///
/// Source: Lambda developer guide, "Batching behavior".
pub(super) const BYTES_MAX: usize = 6 * 1024 * 1024;

/// Somebody's reading of a queue or a stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Poller {
    /// What its tokens and timers begin with, before a slash.
    name: Arc<str>,
    pub(super) principal: Principal,
    pub(super) settings: Settings,
    is_running: bool,
    /// The questions so far: an answer to an older one does not count.
    questions: u64,
    /// The token of the question that is not answered.
    asked: Option<Arc<str>>,
    /// Calls that failed, one after the other.
    troubles: u32,
    paused_until: Option<Timestamp>,
    timer: Option<Timestamp>,
    pub(super) pace: Pace,
    next_batch: u64,
    /// What the owner deals with.
    pub(super) batches: BTreeMap<u64, Batch>,
    pub(super) from: From,
}

/// What is being read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum From {
    Queue(Gathering),
    Stream(Reading),
}

impl Poller {
    /// A poller that has not begun. Tokens and timers that begin with `name` and a slash are its
    /// own: its owner hands it what comes for them.
    pub(crate) fn new(name: &str, principal: Principal, settings: Settings) -> Self {
        let from = match settings.is_queue() {
            true => From::Queue(Gathering::default()),
            false => From::Stream(Reading::default()),
        };
        Self {
            name: name.into(),
            principal,
            settings,
            is_running: false,
            questions: 0,
            asked: None,
            troubles: 0,
            paused_until: None,
            timer: None,
            pace: Pace::default(),
            next_batch: 0,
            batches: BTreeMap::new(),
            from,
        }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn is_running(&self) -> bool {
        self.is_running
    }

    /// The batch with that number, while its owner deals with it.
    pub(crate) fn batch(&self, id: u64) -> Option<&Batch> {
        self.batches.get(&id)
    }

    /// Begins, or goes on where it stopped.
    pub(crate) fn start(&mut self, ctx: &mut Context<'_>) -> News {
        self.is_running = true;
        self.troubles = 0;
        self.paused_until = None;
        self.go_on(ctx)
    }

    /// Reads no more. Batches that are being dealt with are ended as ever.
    pub(crate) fn stop(&mut self, ctx: &mut Context<'_>) {
        self.is_running = false;
        if let Some(token) = self.asked.take() {
            ctx.withdraw(&token);
        }
        if let From::Queue(gathering) = &mut self.from {
            // They come back to the queue when their visibility timeout is over.
            *gathering = Gathering::default();
        }
    }

    /// Goes on with other settings; the source stays what it is.
    pub(crate) fn change(&mut self, ctx: &mut Context<'_>, settings: Settings) -> News {
        self.settings = settings;
        self.go_on(ctx)
    }

    /// A call has come back whose token begins with this poller's name.
    pub(crate) fn answered(
        &mut self,
        ctx: &mut Context<'_>,
        token: &Arc<str>,
        answer: Result<Answered, CallError>,
    ) -> News {
        if self.asked.as_ref() != Some(token) {
            if let Err(error) = answer {
                tracing::warn!(poller = &*self.name, reason = %error, "a poller's call failed");
            }
            return News::default();
        }
        self.asked = None;
        let mut news = News::default();
        match answer {
            Ok(answer) => {
                self.troubles = 0;
                news.is_read = true;
                let value =
                    if let Answered::Operation(value) = answer { value } else { Value::Null };
                self.take_in(ctx, &value);
            }
            Err(error) => {
                let is_new_place = match &mut self.from {
                    From::Stream(reading) => reading.lost_its_place(&error),
                    From::Queue(_) => false,
                };
                if !is_new_place {
                    self.pause(ctx);
                    news.trouble = Some(error);
                }
            }
        }
        self.hand_out(ctx, &mut news);
        self.ask(ctx);
        news
    }

    /// A timer has rung that begins with this poller's name.
    pub(crate) fn rang(&mut self, ctx: &mut Context<'_>) -> News {
        self.timer = self.timer.filter(|at| *at > ctx.now());
        self.go_on(ctx)
    }

    /// The owner says what came of a batch.
    pub(crate) fn finished(&mut self, ctx: &mut Context<'_>, id: u64, verdict: &Verdict) -> News {
        let mut news = News::default();
        let Some(batch) = self.batches.remove(&id) else { return news };
        match self.from {
            From::Queue(_) => self.delete_done(ctx, &batch, verdict),
            From::Stream(_) => self.move_on(ctx, batch, verdict, &mut news),
        }
        self.hand_out(ctx, &mut news);
        self.ask(ctx);
        news
    }

    fn go_on(&mut self, ctx: &mut Context<'_>) -> News {
        let mut news = News::default();
        self.hand_out(ctx, &mut news);
        self.ask(ctx);
        news
    }

    fn take_in(&mut self, ctx: &mut Context<'_>, answer: &Value) {
        match self.from {
            From::Queue(_) => self.take_messages(ctx, answer),
            From::Stream(_) => self.take_records(ctx, answer),
        }
    }

    fn hand_out(&mut self, ctx: &mut Context<'_>, news: &mut News) {
        if !self.is_running {
            return;
        }
        match self.from {
            From::Queue(_) => self.hand_out_messages(ctx, news),
            From::Stream(_) => self.hand_out_records(ctx, news),
        }
    }

    /// Asks for more, if there is room and nothing is asked already.
    fn ask(&mut self, ctx: &mut Context<'_>) {
        if !self.is_running || self.asked.is_some() || self.is_held(ctx) {
            return;
        }
        match self.from {
            From::Queue(_) => self.ask_queue(ctx),
            From::Stream(_) => self.ask_stream(ctx),
        }
    }

    /// After trouble the next question waits.
    pub(super) fn pause(&mut self, ctx: &Context<'_>) {
        self.troubles += 1;
        self.paused_until = Some(ctx.now() + pace::pause(self.troubles));
    }

    /// Whether it has to wait with what it does next; it is woken then.
    fn is_held(&mut self, ctx: &mut Context<'_>) -> bool {
        let now = ctx.now();
        let until = self.paused_until.filter(|at| *at > now).max(self.pace.wait(now));
        if let Some(at) = until {
            self.wake_at(ctx, at);
        }
        until.is_some()
    }

    pub(super) fn wake_at(&mut self, ctx: &mut Context<'_>, at: Timestamp) {
        if self.timer.is_none_or(|set| at < set) {
            self.timer = Some(at);
            ctx.set_timer(at, &Arc::from(format!("{}/wake", self.name)));
        }
    }

    /// Asks an operation of the source's service; `is_patient` waits as long as it takes.
    pub(super) fn question(
        &mut self,
        ctx: &mut Context<'_>,
        called: (&str, &str),
        input: Value,
        is_patient: bool,
    ) {
        self.questions += 1;
        let token = Arc::from(format!("{}/{}", self.name, self.questions));
        let principal = self.principal.clone();
        match is_patient {
            true => ctx.call_patiently(called, input, principal, &token),
            false => ctx.call(called, input, principal, &token),
        }
        self.asked = Some(token);
    }

    /// Tells something whose answer changes nothing.
    pub(super) fn tell(&self, ctx: &mut Context<'_>, called: (&str, &str), input: Value) {
        let token = Arc::from(format!("{}/told", self.name));
        ctx.call(called, input, self.principal.clone(), &token);
    }

    /// A batch for the owner.
    pub(super) fn begin(
        &mut self,
        ctx: &Context<'_>,
        (records, failures): (Vec<Record>, u32),
        lane: usize,
    ) -> Batch {
        self.pace.count(ctx.now());
        let window = self.window_of(&records, lane);
        let batch = Batch { id: self.next_batch, records, failures, lane, window };
        self.next_batch += 1;
        self.batches.insert(batch.id, batch.clone());
        batch
    }
}
