//! What a handler may use: the time, its caller, ids, timers, the outbox and the lineage.

use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;

use super::operation::Coded;
use super::{
    Account, Answer, Arn, CallError, CallId, Caller, Completed, Delivery, EntryFault, Handing,
    HttpTarget, Identities, Identity, Ids, InternalCall, Kernel, KnownRole, Letter, MessageId,
    MetricUnit, MetricsBegun, Name, NodeId, Observed, OperationFacts, Outbox, OutsideCall,
    OutsideId, OutsideRequest, Parked, PendingOutside, Principal, PublishedMetric, ReturnAddress,
    Scope, ServiceName, Session, Sessions, Settings, Signer, TimerEvent, What,
};
use crate::wire::{Fault, JsonFirst, Timestamp, WireError};

/// A dimension of a metric: its name and value.
type Dimension<'a> = (&'static str, &'a Arc<str>);

/// Lent to a handler for the length of one input.
pub struct Context<'a> {
    pub(super) kernel: &'a mut Kernel,
    pub(super) outbox: &'a mut Outbox,
    pub(super) service: ServiceName,
    scope: Scope,
    caller: Option<&'a Caller>,
    call: Option<CallId>,
    request_id: MessageId,
    pub(super) cause: NodeId,
    hops: u8,
    entry_fault: Option<EntryFault>,
    pub(super) facts: Option<&'static OperationFacts>,
    /// Whoever calls waits as long as it takes.
    pub(super) is_patient: bool,
    /// Something was changed: from now on nothing may be refused as not honoured.
    pub(super) acted: bool,
}

impl<'a> Context<'a> {
    /// A context for a timer or a delivery: nobody calls.
    pub fn new(
        kernel: &'a mut Kernel,
        outbox: &'a mut Outbox,
        service: ServiceName,
        scope: Scope,
    ) -> Self {
        let cause = NodeId::NONE;
        Self {
            kernel,
            outbox,
            service,
            scope,
            caller: None,
            call: None,
            request_id: MessageId::default(),
            cause,
            hops: 0,
            entry_fault: None,
            facts: None,
            is_patient: false,
            acted: false,
        }
    }

    /// The same for the request `call` of `caller`, who is answered with `request_id`.
    pub fn for_call(self, caller: &'a Caller, call: CallId, request_id: MessageId) -> Self {
        Self { caller: Some(caller), call: Some(call), request_id, ..self }
    }

    /// The same after so many services.
    pub fn after_hops(self, hops: u8) -> Self {
        Self { hops, ..self }
    }

    /// The same for a request of an operation with these facts.
    pub fn with_facts(self, facts: &'static OperationFacts) -> Self {
        Self { facts: Some(facts), ..self }
    }

    /// The same for a request of whose entries some fail.
    pub fn with_entry_fault(self, entry_fault: Option<EntryFault>) -> Self {
        Self { entry_fault, ..self }
    }

    /// The same for something that `cause` led to.
    pub fn because_of(self, cause: NodeId) -> Self {
        Self { cause, ..self }
    }

    pub fn now(&self) -> Timestamp {
        self.kernel.now
    }

    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    pub fn account(&self) -> &str {
        &self.scope.account.0
    }

    pub fn region(&self) -> &str {
        &self.scope.region.0
    }

    /// The caller, unless this is a timer or a delivery.
    pub fn caller(&self) -> Option<&Caller> {
        self.caller
    }

    /// The IAM action that the request needs: `sqs:SendMessage`. Empty for timers and deliveries.
    pub fn action(&self) -> &str {
        self.facts.map_or("", |facts| &facts.action)
    }

    /// Says that another account holds what the request is about. It is run there then, on behalf
    /// of the same caller; what this run answers counts only where that account has nothing.
    pub fn belongs_to(&mut self, account: &str) {
        debug_assert!(!self.acted, "only what has changed nothing can be run again");
        let account = Account(account.into());
        self.outbox.elsewhere = Some(Scope { account, ..self.scope.clone() });
    }

    /// Says the same of the region that holds what all regions share, unless that is this one.
    pub fn belongs_to_home(&mut self) {
        let home = Scope { region: self.scope.region.home(), ..self.scope.clone() };
        self.outbox.elsewhere = Some(home).filter(|home| *home != self.scope);
    }

    /// Whether a client of another account calls.
    pub fn is_foreign(&self) -> bool {
        self.caller.is_some_and(|caller| caller.scope.account != self.scope.account)
    }

    /// The ARN of who calls: that of a session, else that of the account's user.
    pub fn caller_arn(&self) -> String {
        let user = || self.scope.region.user_arn(self.account());
        self.caller.map_or_else(user, Caller::arn)
    }

    /// The temporary credentials with which the request was signed, if they were issued here.
    pub fn session(&self) -> Option<&'a Session> {
        self.caller.and_then(|caller| caller.session.as_deref())
    }

    /// Who calls, if it is a session or a user that was made here.
    pub fn identity(&self) -> Option<&'a Identity> {
        self.caller.and_then(Caller::identity)
    }

    /// The roles and users that IAM has made: IAM adds to them.
    pub fn identities(&mut self) -> &mut Identities {
        &mut self.kernel.identities
    }

    /// The role with this ARN, if IAM has made it.
    pub fn known_role(&self, arn: &str) -> Option<&KnownRole> {
        self.kernel.identities.role(arn)
    }

    /// The temporary credentials that were issued: STS adds to them.
    pub fn sessions(&mut self) -> &mut Sessions {
        &mut self.kernel.sessions
    }

    /// Whose account an access key id is of.
    pub fn account_of(&self, access_key_id: &str) -> Account {
        let known = self.kernel.account_of(access_key_id).cloned();
        known.unwrap_or_else(|| Account::of_key(access_key_id))
    }

    pub fn settings(&self) -> &Settings {
        &self.kernel.settings
    }

    /// Who signs notifications.
    pub fn signer(&self) -> Signer {
        self.kernel.signer()
    }

    pub fn ids(&mut self) -> &mut Ids {
        &mut self.kernel.ids
    }

    /// The ARN of a resource of this service in the caller's account and region.
    pub fn arn(&self, resource: impl Into<String>) -> Arn {
        self.scope.arn(&self.service, resource)
    }

    /// Leaves a message for another service; it goes out after the handler has returned.
    pub fn deliver(&mut self, delivery: Delivery) {
        self.acted = true;
        self.outbox.deliveries.push_back(delivery);
    }

    /// Leaves a letter for somebody outside of the cloud, where it can be read; its number, time
    /// and scope are filled in.
    pub fn post(&mut self, letter: Letter) {
        self.acted = true;
        let (at, scope) = (self.kernel.now, self.scope.clone());
        self.kernel.letters.put(Letter { at, scope, ..letter });
    }

    /// Leaves data points for CloudWatch; `at` is the start of the first minute.
    pub fn publish_metric(
        &mut self,
        namespace: &'static str,
        name: &'static str,
        dimension: (&'static str, &Arc<str>),
        at: Timestamp,
        unit: MetricUnit,
        observed: Observed,
    ) {
        self.publish_metric_of(namespace, name, &[dimension], at, unit, observed);
    }

    /// The same for a metric that has more dimensions, or none.
    pub fn publish_metric_of(
        &mut self,
        namespace: &'static str,
        name: &'static str,
        dimensions: &[Dimension<'_>],
        at: Timestamp,
        unit: MetricUnit,
        observed: Observed,
    ) {
        let scope = self.scope.clone();
        let dimensions = dimensions.iter().map(|(name, value)| (*name, Arc::clone(value)));
        let dimensions = dimensions.collect();
        let metric = PublishedMetric { scope, namespace, name, dimensions, at, unit, observed };
        self.outbox.metrics.push(metric);
    }

    /// Tells CloudWatch that a resource which published nothing will publish again: whoever watches
    /// its metrics has to look.
    pub fn begin_metrics(&mut self, namespace: &'static str, dimension: (&'static str, &Arc<str>)) {
        let scope = self.scope.clone();
        let dimension = (dimension.0, Arc::clone(dimension.1));
        self.outbox.metrics_begun.push(MetricsBegun { scope, namespace, dimension });
    }

    /// Tries a delivery again at `at`.
    pub fn deliver_at(&mut self, at: Timestamp, delivery: Delivery) {
        self.kernel.timers.set(at, TimerEvent::Delivery(Box::new(delivery)));
    }

    /// Wakes this service at `at` with `key`.
    pub fn set_timer(&mut self, at: Timestamp, key: &Arc<str>) {
        self.acted = true;
        let (service, scope) = (self.service.clone(), self.scope.clone());
        let key = Arc::clone(key);
        self.kernel.timers.set(at, TimerEvent::Service { service, scope, key });
    }

    /// Lets the call wait under `key`; the service answers it later with [`Context::complete`].
    pub fn park(&mut self, key: &Arc<str>) -> CallId {
        let call = self.call.expect("only a request can wait");
        let (service, scope) = (self.service.clone(), self.scope.clone());
        let key = Arc::clone(key);
        self.kernel.parked.insert(call, Parked { service, scope, key });
        call
    }

    /// Answers a call that waited.
    pub fn complete<R: Serialize + Send + 'static>(&mut self, call: CallId, response: R) {
        self.kernel.parked.remove(&call);
        let answer = Ok(Box::new(Coded::<JsonFirst, R>::new(response)) as Box<dyn Answer>);
        self.outbox.completed.push_back(Completed { call, answer });
    }

    /// Answers a call that waited with an error.
    pub fn fail(&mut self, call: CallId, error: WireError) {
        self.kernel.parked.remove(&call);
        self.outbox.completed.push_back(Completed { call, answer: Err(error) });
    }

    /// Calls an operation of a service on behalf of `principal`, in the account and region of this
    /// context. The answer comes to [`super::Hooks::on_answer`] with `token`.
    pub fn call(
        &mut self,
        (service, operation): (&str, &str),
        input: serde_json::Value,
        principal: Principal,
        token: &Arc<str>,
    ) {
        let call = self.internal_call((service, operation), input, principal, token);
        self.call_with(call);
    }

    /// The same with everything said: another account, a cause, the hops so far.
    pub fn call_with(&mut self, call: InternalCall) {
        self.outbox.calls.push_back(call);
    }

    /// Asks the world outside: an HTTP server, or a function's process. The answer comes to
    /// [`super::Hooks::on_answer`] with `token`.
    pub fn ask_outside(&mut self, request: OutsideRequest, token: &Arc<str>) -> OutsideId {
        let who_waits = PendingOutside::Service(self.return_address(token));
        let id = self.kernel.ask_outside(who_waits);
        self.outbox.outside.push(OutsideCall { id, request });
        id
    }

    /// Sends the delivery that is being handed over to an HTTP server, and with what body. What it
    /// answers decides what becomes of the delivery; to be tried again it is handed over anew.
    pub fn deliver_outside(&mut self, target: HttpTarget, body: Bytes) {
        self.outbox.handing = Some(Handing::Outside(target, body));
    }

    /// Asks an HTTP server for the sender of the delivery that is being handed over, who gets its
    /// answer whatever it says.
    pub fn ask_for_sender(&mut self, target: HttpTarget, body: Bytes) {
        self.outbox.handing = Some(Handing::Asked(target, body));
    }

    /// Tells the sender of the delivery that is being handed over why it is not done.
    pub fn refuse_sender(&mut self, error: CallError) {
        self.outbox.handing = Some(Handing::Refused(error));
    }

    /// Where answers to this service in this account and region go.
    pub fn return_address(&self, token: &Arc<str>) -> ReturnAddress {
        let (service, scope) = (self.service.clone(), self.scope.clone());
        ReturnAddress { service, scope, token: Arc::clone(token) }
    }

    /// The number of the request, unless this is a timer or a delivery.
    pub fn call_id(&self) -> Option<CallId> {
        self.call
    }

    /// The id that the answer to the request will have; zero for a timer or a delivery.
    pub fn request_id(&self) -> MessageId {
        self.request_id
    }

    /// How many services were passed on the way to this request, if a service calls.
    pub fn hops(&self) -> u8 {
        self.hops
    }

    /// What led to this: the cause of the next lineage entry.
    pub fn cause(&self) -> NodeId {
        self.cause
    }

    /// A resource's name for the lineage. Services keep it beside the resource.
    pub fn name(&self, resource: &str) -> Name {
        Name::of(resource)
    }

    /// Records that `what` happened to `subject` at `resource`, caused by `cause`.
    pub fn record(&mut self, cause: NodeId, what: What, at: &Name, subject: MessageId) -> NodeId {
        self.acted = true;
        self.kernel.lineage.record(self.kernel.now, cause, what, at.clone(), subject, None)
    }

    /// The same with a note for people.
    pub fn record_note(
        &mut self,
        cause: NodeId,
        what: What,
        at: &Name,
        subject: MessageId,
        note: impl Into<Box<str>>,
    ) -> NodeId {
        self.acted = true;
        let note = Some(note.into());
        self.kernel.lineage.record(self.kernel.now, cause, what, at.clone(), subject, note)
    }

    /// Records that somebody has a delivery who keeps no lineage: a server, a person, a device.
    pub fn record_delivered(&mut self, delivery: &Delivery, note: Option<Box<str>>) {
        let known = delivery.message_id.or(self.kernel.lineage.subject(delivery.cause));
        let (at, id) = (self.name(delivery.to.as_str()), known.unwrap_or_default());
        let (now, cause) = (self.kernel.now, delivery.cause);
        self.acted = true;
        self.kernel.lineage.record(now, cause, What::Delivered, at, id, note);
    }

    /// Whether a fault rule lets this entry of a batch fail, and how. Ask once an entry.
    pub fn entry_fault(&mut self) -> Option<WireError> {
        let EntryFault { code, share } = self.entry_fault.clone()?;
        let message = "a fault rule lets this entry fail";
        let error = WireError { fault: Fault::Receiver, ..WireError::sender("", message) };
        let fails = self.kernel.faults.fraction() < share;
        fails.then(|| WireError { shape: code.clone().into(), query_code: code.into(), ..error })
    }
}
