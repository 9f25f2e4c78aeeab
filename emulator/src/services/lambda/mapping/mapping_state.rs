//! A mapping: what it is set to, its states, and its poller.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::check;
use super::running::{BEGINS, POLLER};
use super::shapes::EventSourceMappingConfiguration;
use super::windows::Aggregate;
use crate::kernel::{Context, Lifecycle, Passing};
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::invoke::PRINCIPAL;
use crate::services::shared::polling::{News, Poller};
use crate::wire::Timestamp;

/// How long states that pass last on AWS, about.
const PASSING_TIME: Duration = Duration::from_secs(15);
/// Mappings of an account in a region; AWS gives no bound.
const MAPPINGS_MAX: usize = 10_000;

/// What is done with a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services::lambda) enum Deed {
    Create,
    Update,
    Enable,
    Disable,
    Delete,
}

impl Deed {
    /// AWS's word for the state that passes then.
    fn passing(self) -> &'static str {
        match self {
            Self::Create => "Creating",
            Self::Update => "Updating",
            Self::Enable => "Enabling",
            Self::Disable => "Disabling",
            Self::Delete => "Deleting",
        }
    }
}

/// The mappings of an account in a region, by their ids.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::services::lambda) struct Mappings {
    pub(in crate::services::lambda) all: BTreeMap<Arc<str>, Mapping>,
}

/// One mapping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::lambda) struct Mapping {
    pub(in crate::services::lambda) id: Arc<str>,
    pub(in crate::services::lambda) arn: String,
    /// As it was given; what changes by itself is filled in when it is told.
    pub(in crate::services::lambda) wire: EventSourceMappingConfiguration,
    pub(in crate::services::lambda) tags: BTreeMap<String, String>,
    pub(in crate::services::lambda) is_enabled: bool,
    modified: Timestamp,
    passing: Option<Passing>,
    is_deleted: bool,
    /// Why it does not run although it is enabled.
    obstacle: Option<String>,
    pub(super) poller: Option<Poller>,
    /// What the function has made of the window that is open.
    #[serde(default)]
    pub(super) aggregate: Option<Aggregate>,
    /// What came of the last batch.
    pub(super) last_result: Option<String>,
}

impl Mappings {
    /// Forgets those that were deleted and whose state has passed.
    pub(in crate::services::lambda) fn forget_deleted(&mut self, ctx: &Context<'_>) {
        self.all.retain(|_, mapping| !mapping.is_gone(ctx));
    }

    /// # Errors
    /// `ResourceNotFoundException`.
    pub(in crate::services::lambda) fn get(
        &mut self,
        ctx: &Context<'_>,
        id: Option<&str>,
    ) -> Result<&mut Mapping, LambdaError> {
        self.forget_deleted(ctx);
        let missing = "The resource you requested does not exist.";
        let missing = || LambdaError::NotFound(missing.to_owned());
        self.all.get_mut(id.unwrap_or_default()).ok_or_else(missing)
    }

    /// # Errors
    /// `ResourceConflictException` for another mapping of the same source and function.
    pub(in crate::services::lambda) fn check_new(
        &mut self,
        ctx: &Context<'_>,
        new: &EventSourceMappingConfiguration,
    ) -> Result<(), LambdaError> {
        self.forget_deleted(ctx);
        if self.all.len() >= MAPPINGS_MAX {
            return Err(LambdaError::parameter("The number of mappings exceeds the limit."));
        }
        let is_same = |old: &&Mapping| {
            new.event_source_arn.is_some()
                && old.wire.event_source_arn == new.event_source_arn
                && old.wire.function_arn == new.function_arn
        };
        let Some(old) = self.all.values().find(is_same) else { return Ok(()) };
        let name = new.function_arn.as_deref().and_then(|arn| arn.rsplit(':').next());
        Err(LambdaError::Conflict(format!(
            "The event source arn (\" {} \") and function (\" {} \") provided mapping already \
             exists. Please update or delete the existing mapping with UUID {}",
            new.event_source_arn.as_deref().unwrap_or_default(),
            name.unwrap_or_default(),
            old.id
        )))
    }
}

impl Mapping {
    /// Makes a mapping of a configuration, which has its function's ARN.
    ///
    /// # Errors
    /// What is wrong with the configuration.
    pub(in crate::services::lambda) fn new(
        ctx: &mut Context<'_>,
        mut wire: EventSourceMappingConfiguration,
    ) -> Result<Self, LambdaError> {
        let settings = check::read(ctx, &mut wire)?;
        let id = ctx.ids().uuid().to_string();
        let poller = settings.map(|it| Poller::new(&format!("{POLLER}{id}"), PRINCIPAL, it));
        let is_stream = poller.as_ref().is_some_and(|it| it.settings().stream.is_some());
        Ok(Self {
            arn: ctx.arn(format!("event-source-mapping:{id}")).to_string(),
            id: id.into(),
            wire,
            tags: BTreeMap::new(),
            is_enabled: true,
            modified: ctx.now(),
            passing: None,
            is_deleted: false,
            obstacle: None,
            poller,
            aggregate: None,
            last_result: is_stream.then(|| "No records processed".to_owned()),
        })
    }

    /// Takes another configuration.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(in crate::services::lambda) fn change(
        &mut self,
        ctx: &mut Context<'_>,
        mut wire: EventSourceMappingConfiguration,
    ) -> Result<News, LambdaError> {
        let settings = check::read(ctx, &mut wire)?;
        self.wire = wire;
        Ok(match (&mut self.poller, settings) {
            (Some(poller), Some(settings)) => poller.change(ctx, settings),
            _ => News::default(),
        })
    }

    fn is_gone(&self, ctx: &Context<'_>) -> bool {
        self.is_deleted && !self.passing.as_ref().is_some_and(|passing| passing.lasts(ctx))
    }

    /// Nothing may be changed while a state passes.
    ///
    /// # Errors
    /// `ResourceInUseException`.
    pub(in crate::services::lambda) fn check_not_busy(
        &self,
        ctx: &Context<'_>,
    ) -> Result<(), LambdaError> {
        match self.passing.as_ref().filter(|passing| passing.lasts(ctx)) {
            None => Ok(()),
            // Source: users' reports of AWS's answers.
            Some(_) => Err(LambdaError::InUse(
                "Cannot update the event source mapping because it is in use.".to_owned(),
            )),
        }
    }

    /// A state begins that passes by itself; what is to run then begins at its end.
    pub(in crate::services::lambda) fn pass(&mut self, ctx: &mut Context<'_>, deed: Deed) -> News {
        self.passing = Some(Passing::begin(ctx, deed.passing(), PASSING_TIME));
        self.modified = ctx.now();
        self.is_deleted |= deed == Deed::Delete;
        if !self.is_enabled || self.is_deleted {
            if let Some(poller) = &mut self.poller {
                poller.stop(ctx);
            }
            return News::default();
        }
        match ctx.settings().lifecycle {
            Lifecycle::UntilRead => self.begin(ctx),
            Lifecycle::Timed => {
                ctx.set_timer(ctx.now() + PASSING_TIME, &Arc::from(format!("{BEGINS}{}", self.id)));
                News::default()
            }
        }
    }

    /// The time has come at which it may run.
    pub(super) fn begin(&mut self, ctx: &mut Context<'_>) -> News {
        if !self.is_enabled || self.is_deleted {
            return News::default();
        }
        match &mut self.poller {
            Some(poller) if poller.is_running() => News::default(),
            Some(poller) => poller.start(ctx),
            None => {
                let source = self.wire.event_source_arn.as_deref().unwrap_or("Kafka");
                let reason = format!("The source {source} is not implemented by this emulator");
                tracing::warn!(mapping = &*self.id, reason, "the mapping does not run");
                self.obstacle = Some(reason);
                News::default()
            }
        }
    }

    /// The mapping as it is told.
    pub(in crate::services::lambda) fn told(
        &self,
        ctx: &Context<'_>,
    ) -> EventSourceMappingConfiguration {
        let passing = self.passing.as_ref().filter(|passing| passing.lasts(ctx));
        let is_running = self.is_enabled && self.obstacle.is_none();
        let settled = if is_running { "Enabled" } else { "Disabled" };
        let reason = self.obstacle.clone().filter(|_| self.is_enabled);
        EventSourceMappingConfiguration {
            uuid: Some(self.id.to_string()),
            event_source_mapping_arn: Some(self.arn.clone()),
            last_modified: Some(self.modified),
            last_processing_result: self.last_result.clone(),
            state: Some(passing.map_or(settled.to_owned(), |it| it.status.to_string())),
            state_transition_reason: Some(reason.unwrap_or_else(|| "USER_INITIATED".to_owned())),
            ..self.wire.clone()
        }
    }
}
