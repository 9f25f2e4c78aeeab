//! Moves time: that of the cloud and that of the script together. Real processes live on real time;
//! what is moved are the waits of the cloud, and only while nobody is at work.

use super::company::Company;
use super::system::ClockMode;
use super::traffic::AtWork;
use crate::aws::{Aws, UnderWay};
use crate::clock::MovedClock;
use crate::stage::http;
use crate::timeline::Timeline;
use crate::world::WorldError;
use serde_json::{Value, json};
use std::fmt;
use std::time::Duration;
use tokio::time::{Instant, sleep};

const CLOCK: &str = "/_skyrig/clock";
/// Between two looks in real time: often at first, as most of what is under way is soon done.
const LOOK_SOON: Duration = Duration::from_millis(2);
const LOOK_LATER: Duration = Duration::from_millis(20);
/// How long an address may take to say whether its process is at work.
const ASK_WITHIN: Duration = Duration::from_secs(1);

pub(super) struct Conductor {
    pub(super) clock: MovedClock,
    pub(super) mode: ClockMode,
    pub(super) settle: Duration,
    pub(super) patience: Duration,
    pub(super) aws: Aws,
    pub(super) company: Company,
    pub(super) timeline: Timeline,
    /// The cloud's time when the script's clock was made, in milliseconds since 1970.
    pub(super) epoch: i64,
}

/// Why time waits.
enum Waits {
    /// Processes are started or ended.
    Moves,
    /// The script itself is at it.
    Script,
    /// Servers and functions.
    Outside(usize),
    AtWork(AtWork),
}

impl Conductor {
    /// Lets time pass until the emulator is gone; says why.
    pub(super) async fn conduct(&self) -> String {
        let conducted = match self.mode {
            ClockMode::Manual => self.step_by_step().await,
            ClockMode::Scaled(factor) => self.steadily(factor).await,
        };
        match conducted {
            Ok(never) => match never {},
            Err(WorldError(error)) => error,
        }
    }

    async fn steadily(&self, factor: f64) -> Result<std::convert::Infallible, WorldError> {
        let change = json!({ "mode": "scaled", "factor": factor });
        let _changed: Value = self.aws.post(CLOCK, &change).await?;
        loop {
            self.company.look_after();
            let now = self.aws.under_way().await?.now();
            self.clock.move_to(self.passed(now));
            sleep(LOOK_SOON).await;
        }
    }

    async fn step_by_step(&self) -> Result<std::convert::Infallible, WorldError> {
        let mut waiting: Option<Instant> = None;
        loop {
            self.company.look_after();
            let events = self.company.traffic.events();
            let under_way = self.aws.under_way().await?;
            let waits = self.waits(&under_way).await;
            if let Some(waits) = waits {
                let since = *waiting.get_or_insert_with(Instant::now);
                let waited = since.elapsed();
                if waited >= self.patience && waits.may_be_given_up() {
                    self.give_up(&waits);
                    waiting = None;
                    if matches!(waits, Waits::AtWork(AtWork::Unanswered(_)) | Waits::Outside(_)) {
                        self.step(&under_way).await?;
                    }
                }
                sleep(if waited < LOOK_LATER { LOOK_SOON } else { LOOK_LATER }).await;
                continue;
            }
            waiting = None;
            if self.company.traffic.events() != events {
                // Something has happened between the two looks: that was not one moment.
                continue;
            }
            self.step(&under_way).await?;
        }
    }

    /// Moves on to what is due next: in the cloud, or for the script.
    async fn step(&self, under_way: &UnderWay) -> Result<(), WorldError> {
        let passed = self.clock.passed();
        let sleeper = self.clock.next_sleeper();
        if sleeper.is_some_and(|at| at <= passed) {
            // Whoever waits for it is about to be told.
            tokio::task::yield_now().await;
            return Ok(());
        }
        if sleeper.is_none() && self.company.doing.asking().is_none() {
            // The script is about to do something.
            sleep(LOOK_SOON).await;
            return Ok(());
        }
        let due = under_way.next_deadline().map(|at| self.passed(at));
        let Some(next) = sleeper.into_iter().chain(due).min() else {
            sleep(LOOK_SOON).await;
            return Ok(());
        };
        // The cloud counts milliseconds; one is the least that it moves.
        let by = next.saturating_sub(passed).as_micros().div_ceil(1000).max(1);
        let change = json!({ "advance_seconds": by as f64 / 1000.0 });
        // What the move leads to may be heard of before it is done.
        self.clock.show(passed + Duration::from_millis(u64::try_from(by).unwrap_or(u64::MAX)));
        let _moved: Value = self.aws.post(CLOCK, &change).await?;
        let now = self.aws.under_way().await?.now();
        self.clock.move_to(self.passed(now));
        Ok(())
    }

    async fn waits(&self, under_way: &UnderWay) -> Option<Waits> {
        if self.company.doing.is_moving() {
            return Some(Waits::Moves);
        }
        let now = Instant::now();
        if let Some(since) = self.company.doing.asking() {
            // What the script waits for may itself wait for the cloud's time.
            let heard = self.company.traffic.heard().map_or(since, |heard| heard.max(since));
            if now < heard + self.settle {
                return Some(Waits::Script);
            }
        }
        let outside = under_way.servers + under_way.functions;
        if outside > 0 {
            return Some(Waits::Outside(outside));
        }
        let parked = under_way.waiting + under_way.delayed;
        let found = self.company.traffic.at_work(now, self.settle, parked, &under_way.queues);
        if let Some(found) = found {
            return Some(Waits::AtWork(found));
        }
        for (who, address) in self.company.traffic.askers() {
            if says_yes(&address).await {
                return Some(Waits::AtWork(AtWork::Says { who }));
            }
        }
        None
    }

    /// Time goes on all the same, and it is said.
    fn give_up(&self, waits: &Waits) {
        if let Waits::AtWork(reason) = waits {
            self.company.traffic.give_up(reason);
        }
        let patience = self.patience.as_secs_f64();
        self.timeline.note("clock", format!("goes on after {patience} s of real time: {waits}"));
    }

    /// The script's time at a time of the cloud.
    fn passed(&self, at: i64) -> Duration {
        Duration::from_millis(u64::try_from(at - self.epoch).unwrap_or(0))
    }
}

impl Waits {
    fn may_be_given_up(&self) -> bool {
        !matches!(self, Self::Moves | Self::Script)
    }
}

impl fmt::Display for Waits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Moves => write!(f, "processes are started or ended"),
            Self::Script => write!(f, "the script is at work"),
            Self::Outside(1) => write!(f, "a function or a server outside has not answered"),
            Self::Outside(count) => {
                write!(f, "{count} functions and servers outside have not answered")
            }
            Self::AtWork(reason) => reason.fmt(f),
        }
    }
}

/// Whether an address answers `true`, alone or as the member `busy`.
async fn says_yes(address: &str) -> bool {
    let rest = address.strip_prefix("http://").unwrap_or(address);
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let path = if path.is_empty() { "/" } else { path };
    let asked = tokio::time::timeout(ASK_WITHIN, http::call(host, "GET", path, "")).await;
    let Ok(Ok((200, body))) = asked else { return false };
    let answer: Value = serde_json::from_str(body.trim()).unwrap_or_default();
    answer == true || answer["busy"] == true
}
