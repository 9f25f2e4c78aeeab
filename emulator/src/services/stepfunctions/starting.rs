//! Starting executions, whoever starts them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use skyrig_asl::execution::{About, Input, PAYLOAD_BYTES_MAX};
use skyrig_asl::{Execution, Json};

use super::error::StepFunctionsError;
use super::machine::Machine;
use super::metrics::Count;
use super::names::{self, MachineArn};
use super::run::Run;
use super::state::StepFunctions;
use crate::kernel::{Arn, Context, Delivery, DeliveryError, MessageId, Name, NodeId, What};
use crate::wire::Timestamp;

/// Source: "Step Functions service quotas", open executions of an account.
const OPEN_MAX: usize = 1_000_000;
/// Executions that services may start within a second, so that machines that start each other, or
/// themselves, come to an end.
const BURST_MAX: u32 = 5_000;
/// How long an execution that has ended is kept, with its name.
const KEPT: Duration = Duration::from_secs(90 * 86_400);
/// What is kept of executions that have ended; beyond it the first are forgotten.
// Differs from AWS: at most 512 MiB of ended executions are kept, the last ones.
const CLOSED_BYTES_MAX: usize = 512 << 20;

/// An execution that is to be started.
pub(super) struct Start {
    pub(super) of: MachineArn,
    pub(super) name: Option<String>,
    pub(super) input: Option<String>,
    pub(super) trace_header: Option<String>,
}

/// An execution that waits for its first step, or one that was started before just so.
pub(super) struct Begun {
    pub(super) key: Arc<str>,
    pub(super) arn: Arn,
    pub(super) started: Timestamp,
    pub(super) is_new: bool,
}

/// By which version and alias a machine is run.
struct Chosen {
    version: Option<u64>,
    alias: Option<String>,
}

impl StepFunctions {
    /// Puts an execution in. Its first step is the caller's.
    ///
    /// # Errors
    /// Those of StartExecution.
    pub(super) fn begin(
        &mut self,
        ctx: &mut Context<'_>,
        start: Start,
    ) -> Result<Begun, StepFunctionsError> {
        self.forget(ctx.now());
        let input = read_input(start.input.as_deref())?;
        let given = start.name.as_deref().map(|name| names::check(Some(name))).transpose()?;
        if names::is_here(ctx, &start.of.arn) {
            self.live_machine(ctx, &start.of)?;
        } else if start.of.arn.region() == ctx.region() {
            ctx.belongs_to(start.of.arn.account());
        }
        let share = ctx.ids().fraction();
        let machine = self.live_machine(ctx, &start.of)?;
        let chosen = choose(machine, &start.of, share)?;
        let express = machine.is_express();
        let id = ctx.ids().uuid();
        let name = given.unwrap_or_else(|| id.to_string());
        let machine_name = start.of.name.clone();
        let (arn, key) = if express {
            let key = format!("{machine_name}:{name}:{id}");
            (ctx.arn(format!("express:{key}")), key)
        } else {
            let key = format!("{machine_name}:{name}");
            (ctx.arn(format!("execution:{key}")), key)
        };
        let key: Arc<str> = key.into();
        if let Some(known) = self.executions.get(&key) {
            let same = known.stopped.is_none() && *known.execution.input() == input;
            if !same {
                return Err(StepFunctionsError::ExecutionAlreadyExists(arn.to_string()));
            }
            return Ok(Begun { key, arn, started: known.started, is_new: false });
        }
        self.bound(ctx)?;
        let run =
            self.new_run(ctx, (Arc::clone(&key), arn.clone()), (start, name, id), chosen, input);
        self.executions.insert(Arc::clone(&key), run);
        Ok(Begun { key, arn, started: ctx.now(), is_new: true })
    }

    /// # Errors
    /// `ExecutionLimitExceeded`.
    fn bound(&mut self, ctx: &Context<'_>) -> Result<(), StepFunctionsError> {
        let by_service = ctx.caller().is_none_or(|caller| caller.principal.is_some());
        if by_service {
            let second = ctx.now().seconds();
            if self.burst.0 != second {
                self.burst = (second, 0);
            }
            self.burst.1 += 1;
        }
        if self.open >= OPEN_MAX || (by_service && self.burst.1 > BURST_MAX) {
            return Err(StepFunctionsError::ExecutionLimitExceeded);
        }
        Ok(())
    }

    fn new_run(
        &mut self,
        ctx: &mut Context<'_>,
        (key, arn): (Arc<str>, Arn),
        (start, name, id): (Start, String, MessageId),
        chosen: Chosen,
        input: Json,
    ) -> Run {
        let seed = ctx.ids().next_u64();
        let lineage = ctx.name(arn.as_str());
        let cause = record_start(ctx, &lineage, &name, id);
        self.open += 1;
        self.started += 1;
        let machine = self.machines.get_mut(&start.of.name).expect("it was found before");
        machine.running += 1;
        let metric_name = Arc::clone(&machine.metric_name);
        machine.activity.count(ctx, &metric_name, Count::Started);
        let revision = match chosen.version {
            Some(number) => Arc::clone(&machine.versions[&number].revision),
            None => Arc::clone(&machine.revision),
        };
        let about = About {
            id: arn.to_string(),
            name: name.clone(),
            machine_arn: machine.arn.to_string(),
            machine_name: machine.name.clone(),
            role_arn: Some(revision.settings.role_arn.clone()),
            region: ctx.region().to_owned(),
            express: revision.settings.express,
        };
        Run {
            key,
            arn,
            name,
            machine: machine.name.clone(),
            machine_arn: machine.arn.to_string(),
            version_arn: chosen.version.map(|number| machine.version_arn(number)),
            alias_arn: chosen.alias.map(|alias| format!("{}:{alias}", machine.arn)),
            revision,
            trace_header: start.trace_header,
            number: self.started,
            started: ctx.now(),
            stopped: None,
            redriven: None,
            execution: Execution::new(about, input, seed),
            history: Vec::new(),
            history_bytes: 0,
            child_histories: BTreeMap::new(),
            unlogged: Vec::new(),
            tasks: BTreeMap::new(),
            waiters: Vec::new(),
            subject: id,
            lineage,
            cause,
            cause_of_states: BTreeMap::new(),
        }
    }

    /// Forgets executions that ended long ago, and the first if there is too much of them.
    pub(super) fn forget(&mut self, now: Timestamp) {
        while let Some((at, key)) = self.closed.front() {
            if *at + KEPT > now && self.closed_bytes <= CLOSED_BYTES_MAX {
                return;
            }
            // One that was redriven stands there again, or will.
            let is_it = |run: &Run| run.stopped == Some(*at);
            if self.executions.get(key).is_some_and(is_it)
                && let Some(run) = self.executions.remove(key)
            {
                self.closed_bytes = self.closed_bytes.saturating_sub(run.bytes());
            }
            self.closed.pop_front();
        }
    }

    /// A rule's or a pipe's target: an execution whose input is the message.
    ///
    /// # Errors
    /// [`DeliveryError`].
    pub(super) fn take_in(
        &mut self,
        ctx: &mut Context<'_>,
        to: &Arn,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        let of = names::machine(Some(to.as_str()))
            .map_err(|_| DeliveryError::NotImplemented(to.to_string()))?;
        let start = Start {
            of,
            name: None,
            input: Some(delivery.body.to_string()),
            trace_header: delivery.trace_header.as_deref().map(str::to_owned),
        };
        let begun = self.begin(ctx, start).map_err(|error| match error {
            StepFunctionsError::MachineDoesNotExist(_) | StepFunctionsError::MachineDeleting(_) => {
                DeliveryError::NoResource(to.to_string())
            }
            StepFunctionsError::ExecutionLimitExceeded => {
                DeliveryError::Unreachable(error.to_string())
            }
            other => DeliveryError::Invalid(other.to_string()),
        })?;
        self.advance(ctx, &begun.key, Input::Start);
        Ok(())
    }
}

/// # Errors
/// `InvalidExecutionInput`.
fn read_input(text: Option<&str>) -> Result<Json, StepFunctionsError> {
    let invalid = |words: String| StepFunctionsError::InvalidExecutionInput(words);
    let text = text.unwrap_or("{}");
    if text.is_empty() {
        return Err(invalid("Invalid execution input.".to_owned()));
    }
    if text.len() > PAYLOAD_BYTES_MAX {
        // Unverified: the text.
        return Err(invalid(format!("The input is longer than {PAYLOAD_BYTES_MAX} bytes.")));
    }
    Json::parse(text).map_err(invalid)
}

/// # Errors
/// `StateMachineDoesNotExist` for a version or an alias that is not there.
fn choose(machine: &Machine, of: &MachineArn, share: f64) -> Result<Chosen, StepFunctionsError> {
    let Some(qualifier) = &of.qualifier else {
        return Ok(Chosen { version: None, alias: None });
    };
    if let Some(version) = machine.version(qualifier) {
        return Ok(Chosen { version: Some(version.number), alias: None });
    }
    let missing = || StepFunctionsError::MachineDoesNotExist(of.arn.to_string());
    let alias = machine.aliases.get(qualifier).ok_or_else(missing)?;
    Ok(Chosen { version: Some(alias.choose(share)), alias: Some(qualifier.clone()) })
}

fn record_start(ctx: &mut Context<'_>, at: &Name, name: &str, subject: MessageId) -> NodeId {
    let cause = ctx.cause();
    ctx.record_note(cause, What::ExecutionStarted, at, subject, name)
}
