//! The state machine itself, and its one door.

use std::collections::BTreeMap;

use super::call::{Call, Origin, ReplyTo};
use super::effect::{Effect, Effects, Part, Reply, ReplyFormat};
use super::faults::Decided;
use super::input::Input;
use super::metrics::Asked;
use super::registry::{Found, registry};
use super::services::Services;
use crate::kernel::{
    self, Answer, CallId, Caller, Completed, Context, EntryFault, FaultReport, Kernel, Letters,
    Lineage, MessageId, NodeId, Operation, OperationFacts, Outbox, Outcome, PhoneText, Run, Scope,
    ServiceName, Settings, Signer, TimerEvent,
};
use crate::wire::{Format, Timestamp, WireError};

/// A whole AWS: every account, region and service, as one value.
///
/// Cloning it forks the world.
pub struct Cloud {
    pub(super) kernel: Kernel,
    pub(super) services: Services,
    /// Who gets the answers of the calls that wait.
    pub(super) waiting: BTreeMap<CallId, ReplyTo>,
    /// Empty between inputs.
    pub(super) outbox: Outbox,
    /// Empty between inputs.
    pub(super) effects: Effects,
    /// Deliveries so far because of one request or timer.
    pub(super) deliveries: usize,
}

/// A request while it runs.
struct Running<'a> {
    id: CallId,
    caller: &'a Caller,
    format: Format,
    operation: &'static Operation,
    of: Found,
    request_id: MessageId,
    cause: NodeId,
    hops: u8,
    is_patient: bool,
    entries: Option<EntryFault>,
}

impl Clone for Cloud {
    fn clone(&self) -> Self {
        let (kernel, services) = (self.kernel.clone(), self.services.clone());
        Self::of(kernel, services, self.waiting.clone())
    }
}

impl Cloud {
    pub fn new(settings: Settings) -> Self {
        Self::of(Kernel::new(settings), Services::default(), BTreeMap::new())
    }

    /// What it is after a reset.
    pub fn anew(&self, start: Timestamp) -> Self {
        let settings = self.settings().clone();
        Self::new(Settings { start, resets: settings.resets + 1, ..settings })
    }

    pub(super) fn of(
        kernel: Kernel,
        services: Services,
        waiting: BTreeMap<CallId, ReplyTo>,
    ) -> Self {
        let (outbox, effects) = (Outbox::default(), Effects::default());
        Self { kernel, services, waiting, outbox, effects, deliveries: 0 }
    }

    /// The one door: lets time pass until `now`, which never goes back, and does what is due on the
    /// way, in order; then deals with `input`.
    pub fn apply(&mut self, now: Timestamp, input: Input<Call>) -> Effects {
        self.advance(now);
        match input {
            Input::Request(call) => self.effects.accepted = Some(self.run(call)),
            Input::ClientGone(call) => self.hang_up(call),
            Input::Answered(id, answer) => self.on_http_answer(id, answer),
            Input::NotCalled(id, reason) => self.on_not_called(id, reason),
            Input::FunctionDone(id, result) => self.on_function_done(id, result),
            Input::Faults(rules) => self.kernel.faults.set(rules, self.kernel.now),
            Input::Text(text) => self.on_text(&text),
            Input::Restarted(settings) => self.on_restarted(*settings),
            Input::Time => {}
        }
        self.settle();
        std::mem::take(&mut self.effects)
    }

    fn advance(&mut self, now: Timestamp) {
        while let Some((at, event)) = self.kernel.timers.take_due(now) {
            self.kernel.now = self.kernel.now.max(at);
            self.fire(event);
            self.settle();
        }
        self.kernel.now = self.kernel.now.max(now);
    }

    fn fire(&mut self, event: TimerEvent) {
        match event {
            TimerEvent::Service { service, scope, key } => {
                let Some(found) = registry().service(&service) else {
                    return;
                };
                if found.collects_metrics {
                    let now = self.kernel.now;
                    let wanted = self.services.of(found.state, &scope).wanted_metrics(now);
                    self.publish_metrics(&scope, &wanted);
                }
                let mut ctx =
                    Context::new(&mut self.kernel, &mut self.outbox, service, scope.clone());
                self.services.of(found.state, &scope).on_timer(&mut ctx, &key);
            }
            TimerEvent::Delivery(delivery) => self.outbox.deliveries.push_back(*delivery),
            TimerEvent::Answer(late) => self.tell(&late.to, late.answer),
        }
    }

    /// Runs a request; its answer is an effect, or comes later. Returns its number.
    pub(super) fn run(&mut self, mut call: Call) -> CallId {
        let id = CallId(self.kernel.next_call);
        self.kernel.next_call += 1;
        let request_id = self.kernel.ids.uuid();
        let denied = self.authenticate(&mut call).err();
        let Decided { refused, fault, entries } = match call.origin {
            // Whoever only looks on meets no faults.
            #[cfg(any(test, feature = "edge", feature = "sdk", feature = "snapshots"))]
            Origin::Page => Decided::default(),
            _ => self.decide(&call, request_id),
        };
        let Call { caller, format, operation, of, run, origin, body, .. } = call;
        let reply = ReplyFormat { format, request_id, fault };
        let (reply_to, cause, hops, is_patient) = match origin {
            Origin::Service { answer_to, cause, hops, is_patient } => {
                (ReplyTo::Service(reply, answer_to), cause, hops, is_patient)
            }
            _ => (ReplyTo::Client(reply), NodeId::NONE, 0, false),
        };
        let asked = Asked { scope: &caller.scope, format, operation, of, body: &body };
        if let Some(error) = denied.or(refused) {
            self.tell_of_refusal(&asked, &error);
            self.reply(id, reply_to, Err(error));
            return id;
        }
        if let Some(wanted) = &run.reads {
            self.publish_metrics(&caller.scope, wanted);
        }
        let first = self.kernel.lineage.next();
        let running = Running {
            id,
            caller: &caller,
            format,
            operation,
            of,
            request_id,
            cause,
            hops,
            is_patient,
            entries,
        };
        let mut scope = caller.scope.clone();
        if operation.facts.global {
            scope.region = scope.region.home();
        }
        let mut outcome = self.run_in(scope, &running, run);
        if let Some(scope) = self.outbox.elsewhere.take() {
            outcome = self.run_elsewhere(scope, &running, &body).unwrap_or(outcome);
        }
        self.kernel.lineage.asked(request_id, first);
        let of_absent = |error: &&WireError| error.is_of_absent() && !says_so_itself(&body);
        if let Some(error) = outcome.as_ref().err().filter(of_absent) {
            let facts = &operation.facts;
            debug_assert!(is_declared(facts, error), "{}: not in its row", facts.action);
            tracing::warn!(operation = facts.action, "{}", error.message);
        }
        match outcome {
            Ok(Outcome::Done(answer)) => self.reply(id, reply_to, Ok(answer)),
            Ok(Outcome::Parked) => drop(self.waiting.insert(id, reply_to)),
            Err(error) => {
                self.tell_of_refusal(&asked, &error);
                self.reply(id, reply_to, Err(error));
            }
        }
        id
    }

    fn run_in(
        &mut self,
        scope: Scope,
        running: &Running<'_>,
        run: Run,
    ) -> Result<kernel::Reply, WireError> {
        let Running { id, caller, format, operation, of, request_id, .. } = running;
        let Running { cause, hops, is_patient, entries, .. } = running;
        let name = ServiceName::of(format.service.name);
        let state = self.services.of(of.state, &scope);
        let mut ctx = Context::new(&mut self.kernel, &mut self.outbox, name, scope)
            .because_of(*cause)
            .for_call(caller, *id, *request_id)
            .after_hops(*hops)
            .patiently(*is_patient)
            .with_entry_fault(entries.clone())
            .with_facts(&operation.facts);
        run.start(&mut ctx, state)
    }

    /// Runs a request in the scope that holds what it is about; `None` if that has nothing at all.
    fn run_elsewhere(
        &mut self,
        scope: Scope,
        running: &Running<'_>,
        body: &[u8],
    ) -> Option<Result<kernel::Reply, WireError>> {
        self.services.existing(running.of.state, &scope)?;
        // What could be decoded once can be decoded again.
        let run = running.operation.decode(&running.format, body).ok()?;
        let outcome = self.run_in(scope, running, run);
        self.outbox.elsewhere = None;
        Some(outcome)
    }

    fn reply(&mut self, call: CallId, to: ReplyTo, answer: Result<Box<dyn Answer>, WireError>) {
        match to {
            ReplyTo::Client(format) => {
                self.effects.list.push(Effect::Reply(Reply::new(call, format, answer)));
            }
            ReplyTo::Service(format, to) => self.return_answer(format, to, answer),
        }
    }

    /// Passes an event of a stream on. Services that call wait for one answer.
    fn pass_on(&mut self, part: kernel::Part) {
        let (call, last) = (part.call, part.last);
        match self.waiting.get(&call) {
            Some(ReplyTo::Client(format)) => {
                self.effects.list.push(Effect::Part(Part::new(*format, part)));
                if last {
                    self.waiting.remove(&call);
                }
            }
            Some(ReplyTo::Service(..)) => {
                let to = self.waiting.remove(&call);
                self.hang_up(call);
                let text = "a call of a service to an operation that answers with a stream is not \
                            implemented by this emulator";
                let error = WireError::sender("NotImplementedException", text.to_owned());
                if let Some(to) = to {
                    self.reply(call, to, Err(error));
                }
            }
            None => {}
        }
    }

    /// The client of a waiting call is gone.
    pub(super) fn hang_up(&mut self, call: CallId) {
        self.waiting.remove(&call);
        if let Some(parked) = self.kernel.parked.remove(&call)
            && let Some(found) = registry().service(&parked.service)
        {
            self.services.of(found.state, &parked.scope).on_client_gone(call, &parked.key);
        }
    }

    /// Somebody answers a text, so whoever sent one hears of it.
    fn on_text(&mut self, text: &PhoneText) {
        for (name, state) in self.services.used_in(&text.scope) {
            let (name, scope) = (ServiceName::of(name), text.scope.clone());
            let mut ctx = Context::new(&mut self.kernel, &mut self.outbox, name, scope);
            state.on_text(&mut ctx, text);
        }
    }

    /// The program around it was started anew.
    fn on_restarted(&mut self, settings: Settings) {
        let Settings { seed, start, resets, .. } = self.kernel.settings;
        self.kernel.settings = Settings { seed, start, resets, ..settings };
        for call in self.waiting_clients().collect::<Vec<_>>() {
            self.hang_up(call);
        }
        // A service treats an unanswered server and an unanswered function alike.
        let asked: Vec<_> = self.kernel.outside.keys().copied().collect();
        for id in asked {
            let reason = "the emulator was started anew before there was an answer";
            self.on_http_answer(id, Err(reason.to_owned()));
        }
    }

    /// Deals with all that handlers have left, and with what that leads to.
    fn settle(&mut self) {
        self.deliveries = 0;
        loop {
            if let Some(delivery) = self.outbox.deliveries.pop_front() {
                self.dispatch(delivery);
            } else if let Some(call) = self.outbox.calls.pop_front() {
                self.call_service(call, false);
            } else if let Some(Completed { call, answer }) = self.outbox.completed.pop_front() {
                if let Some(to) = self.waiting.remove(&call) {
                    self.reply(call, to, answer);
                }
            } else if let Some(patience) = self.outbox.patience.pop_front() {
                self.be_patient(patience);
            } else if let Some(part) = self.outbox.parts.pop_front() {
                self.pass_on(part);
            } else if !self.outbox.metrics.is_empty() || !self.outbox.metrics_begun.is_empty() {
                self.collect_metrics();
            } else {
                break;
            }
        }
        let asked = self.outbox.outside.drain(..).map(Effect::Outside);
        self.effects.list.extend(asked);
    }

    /// The virtual time.
    pub fn now(&self) -> Timestamp {
        self.kernel.now
    }

    pub fn settings(&self) -> &Settings {
        &self.kernel.settings
    }

    /// The names of the services that were ever used.
    pub fn used_services(&self) -> Vec<&'static str> {
        let used = registry().found().filter(|found| self.services.is_used(found.state));
        used.map(|found| found.service.name).collect()
    }

    /// Each account and region in which any service was ever used, with the names of those.
    pub fn used(&self) -> BTreeMap<Scope, Vec<&'static str>> {
        self.services.used()
    }

    /// When something is due, if anything is.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.kernel.timers.next_deadline()
    }

    /// The calls of clients that wait for their answers.
    pub fn waiting_clients(&self) -> impl Iterator<Item = CallId> {
        let clients = self.waiting.iter().filter(|(_, to)| matches!(to, ReplyTo::Client(_)));
        clients.map(|(call, _)| *call)
    }

    /// Who signs notifications; its certificate is what SNS's messages name.
    pub fn signer(&self) -> Signer {
        self.kernel.signer()
    }

    /// The fault rules with their counts.
    pub fn faults(&self) -> Vec<FaultReport> {
        self.kernel.faults.report()
    }

    /// What would have left the cloud for people and devices, oldest first; the latest 16 MiB.
    pub fn letters(&self) -> &Letters {
        &self.kernel.letters
    }

    /// Everything that the lineage holds, oldest first.
    pub fn lineage(&self) -> &Lineage {
        &self.kernel.lineage
    }
}

/// Whether a request has the words by which refusals of what is not here are known: an error that
/// repeats them is none.
fn says_so_itself(body: &[u8]) -> bool {
    const WORD: &[u8] = b"emulator";
    body.windows(WORD.len()).any(|part| part == WORD)
}

/// What is refused as not implemented stands in the operation's row, from which the documentation
/// is written.
fn is_declared(facts: &OperationFacts, error: &WireError) -> bool {
    error.message.ends_with("strict mode is on") || facts.refuses(&error.message)
}
