//! A pipe: what it is set to, its states, and its poller.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::activity::Activity;
use super::error::PipesError;
use super::logging;
use super::settings::Settings;
use crate::kernel::{Arn, CallError, Context, Lifecycle, Name, Passing, Principal};
use crate::services::shared::polling::{News, Poller};
use crate::wire::Timestamp;

/// Who reads sources and calls targets.
// Differs from AWS: pipes act as the service itself, not in their roles.
pub(super) const PRINCIPAL: Principal = Principal::of("pipes.amazonaws.com");
/// What the keys of timers of pipes begin with that wait for their beginning.
pub(super) const BEGINS: &str = "@begins/";
/// How long states that pass last on AWS, about.
const PASSING_TIME: Duration = Duration::from_secs(20);

/// What is done with a pipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Deed {
    Create,
    Update,
    Start,
    Stop,
    Delete,
}

impl Deed {
    /// AWS's word for the state that passes then.
    fn passing(self) -> &'static str {
        match self {
            Self::Create => "CREATING",
            Self::Update => "UPDATING",
            Self::Start => "STARTING",
            Self::Stop => "STOPPING",
            Self::Delete => "DELETING",
        }
    }

    /// AWS's word for a pipe that can't run after it.
    fn failed(self) -> &'static str {
        match self {
            Self::Create => "CREATE_FAILED",
            Self::Update => "UPDATE_FAILED",
            Self::Start | Self::Stop | Self::Delete => "START_FAILED",
        }
    }
}

/// Where a pipe has come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Settled {
    Running,
    Stopped,
    /// It can't run since then: why.
    Failed(Deed, String),
}

/// What each operation that changes a pipe answers.
pub(super) struct Told {
    pub(super) arn: String,
    pub(super) created: Timestamp,
    pub(super) current: String,
    pub(super) desired: String,
    pub(super) modified: Timestamp,
    pub(super) name: String,
}

/// One pipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Pipe {
    pub(super) name: Arc<str>,
    pub(super) arn: Arn,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) settings: Settings,
    pub(super) tags: BTreeMap<String, String>,
    /// It is to run.
    pub(super) is_wanted: bool,
    settled: Settled,
    passing: Option<Passing>,
    /// What was done last.
    deed: Deed,
    pub(super) is_deleted: bool,
    /// Its source could be read since it was started.
    has_read: bool,
    pub(super) poller: Option<Poller>,
    pub(super) activity: Activity,
    pub(super) lineage: Name,
}

impl Pipe {
    pub(super) fn new(ctx: &Context<'_>, name: &str, settings: Settings) -> Self {
        let arn = ctx.arn(format!("pipe/{name}"));
        let now = ctx.now();
        let poller = settings.poller.clone().map(|it| Poller::new(name, PRINCIPAL, it));
        Self {
            name: name.into(),
            lineage: ctx.name(arn.as_str()),
            arn,
            created: now,
            modified: now,
            settings,
            tags: BTreeMap::new(),
            is_wanted: true,
            settled: Settled::Stopped,
            passing: None,
            deed: Deed::Create,
            is_deleted: false,
            has_read: false,
            poller,
            activity: Activity::default(),
        }
    }

    /// AWS's word for the state that whoever asks now sees.
    pub(super) fn state(&self, ctx: &Context<'_>) -> String {
        if let Some(passing) = self.passing.as_ref().filter(|passing| passing.lasts(ctx)) {
            return passing.status.to_string();
        }
        match &self.settled {
            Settled::Running => "RUNNING".to_owned(),
            Settled::Stopped => "STOPPED".to_owned(),
            Settled::Failed(since, _) => since.failed().to_owned(),
        }
    }

    /// Why it is in its state, if there is something to say.
    pub(super) fn reason(&self, ctx: &Context<'_>) -> Option<String> {
        match &self.settled {
            Settled::Failed(since, reason) if since.failed() == self.state(ctx) => {
                Some(reason.clone())
            }
            _ => None,
        }
    }

    pub(super) fn desired(&self) -> String {
        match (self.is_deleted, self.is_wanted) {
            (true, _) => "DELETED",
            (false, true) => "RUNNING",
            (false, false) => "STOPPED",
        }
        .to_owned()
    }

    /// What operations tell of it.
    pub(super) fn told(&self, ctx: &Context<'_>) -> Told {
        Told {
            arn: self.arn.to_string(),
            created: self.created,
            current: self.state(ctx),
            desired: self.desired(),
            modified: self.modified,
            name: self.name.to_string(),
        }
    }

    pub(super) fn is_running(&self) -> bool {
        self.settled == Settled::Running && !self.is_deleted
    }

    /// It was deleted, and nobody sees it any more.
    pub(super) fn is_gone(&self, ctx: &Context<'_>) -> bool {
        self.is_deleted && !self.passing.as_ref().is_some_and(|passing| passing.lasts(ctx))
    }

    /// Nothing may be changed while a state passes.
    ///
    /// # Errors
    /// `ConflictException`.
    pub(super) fn check_not_busy(&self, ctx: &Context<'_>) -> Result<(), PipesError> {
        match self.passing.as_ref().filter(|passing| passing.lasts(ctx)) {
            None => Ok(()),
            Some(passing) => Err(PipesError::Busy {
                name: self.name.to_string(),
                state: passing.status.to_string(),
            }),
        }
    }

    /// A state begins that passes by itself: `CREATING` and the like. What is to run then begins at
    /// its end.
    pub(super) fn pass(&mut self, ctx: &mut Context<'_>, deed: Deed) -> News {
        self.deed = deed;
        self.passing = Some(Passing::begin(ctx, deed.passing(), PASSING_TIME));
        self.modified = ctx.now();
        if !self.is_wanted || self.is_deleted {
            self.halt(ctx);
            return News::default();
        }
        match ctx.settings().lifecycle {
            Lifecycle::UntilRead => self.begin(ctx),
            Lifecycle::Timed => {
                let key = Arc::from(format!("{BEGINS}{}", self.name));
                ctx.set_timer(ctx.now() + PASSING_TIME, &key);
                News::default()
            }
        }
    }

    /// The time has come at which it may run.
    pub(super) fn begin_later(&mut self, ctx: &mut Context<'_>) -> News {
        let is_due = self.passing.as_ref().is_none_or(|passing| !passing.lasts(ctx));
        if !is_due || !self.is_wanted || self.is_deleted || self.is_running() {
            return News::default();
        }
        self.begin(ctx)
    }

    fn begin(&mut self, ctx: &mut Context<'_>) -> News {
        if let Some(reason) = self.settings.obstacle() {
            self.fail(ctx, reason);
            return News::default();
        }
        self.settled = Settled::Running;
        self.has_read = false;
        logging::open(ctx, self);
        self.poller.as_mut().map(|poller| poller.start(ctx)).unwrap_or_default()
    }

    fn halt(&mut self, ctx: &mut Context<'_>) {
        self.settled = Settled::Stopped;
        if let Some(poller) = &mut self.poller {
            poller.stop(ctx);
        }
    }

    fn fail(&mut self, ctx: &mut Context<'_>, reason: String) {
        self.halt(ctx);
        tracing::warn!(pipe = self.arn.as_str(), reason, "the pipe does not run");
        self.settled = Settled::Failed(self.deed, reason);
    }

    /// What reading the source came to. What is not there when the pipe starts ends it; what goes
    /// away later may come back.
    pub(super) fn hear(&mut self, ctx: &mut Context<'_>, news: &News) {
        self.has_read |= news.is_read;
        let Some(CallError::Refused { shape, message, .. }) = &news.trouble else { return };
        let is_absent = ["DoesNotExist", "NotFound", "AccessDenied"];
        if !self.has_read && is_absent.iter().any(|word| shape.contains(word)) {
            self.fail(ctx, message.clone());
        }
    }

    /// Takes other settings; the source stays.
    pub(super) fn change(&mut self, ctx: &mut Context<'_>, settings: Settings) -> News {
        self.settings = settings;
        let Some(poller) = &mut self.poller else { return News::default() };
        match self.settings.poller.clone() {
            Some(settings) => poller.change(ctx, settings),
            None => News::default(),
        }
    }
}
