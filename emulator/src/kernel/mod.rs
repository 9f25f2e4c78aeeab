//! What every service stands on: its context, ids, timers, calls, outbox and lineage.
//!
//! Knows no service, no socket, no clock. `cloud` owns one [`Kernel`] and lends it to handlers as a
//! [`Context`].

mod arn;
mod calling;
mod context;
mod credentials;
mod delivery;
mod facts;
mod fault;
mod feed;
mod function;
mod honoured;
mod identities;
mod ids;
mod letters;
mod lifecycle;
mod lineage;
mod message_fault;
mod metric;
mod operation;
mod outbox;
mod page_token;
mod part;
mod patience;
mod principal;
mod retry;
mod service;
mod session;
mod settings;
mod signing;
mod state;
mod timers;
mod topology;
mod trace;
pub(crate) use timers::pairs;

pub use arn::{Account, Arn, ArnError, Region, Scope};
pub use calling::{
    Answered, CallError, HttpAnswer, HttpTarget, InternalCall, OutsideCall, OutsideId,
    OutsideRequest, ReturnAddress,
};
pub use context::Context;
pub use credentials::{AccessKey, AccessKeys, Secret, SignatureMode};
pub use delivery::{Delivery, DeliveryAttribute, DeliveryError, DeliveryTarget, DeliveryValue};
pub use facts::{
    OperationFacts, Refusal, ResourceMember, Throttling, ThrottlingReason, resource_name,
};
pub(crate) use facts::{as_they_are, in_forms};
pub use fault::{
    EntryFault, FaultEffect, FaultError, FaultPoint, FaultReport, FaultRule, FaultRules, Faults,
    Fired,
};
pub use feed::{Feed, FeedKind, Search};
pub use function::{
    FUNCTION_ANSWER_BYTES_MAX, FunctionEnd, FunctionRun, FunctionVersion, Invocation, OutputLine,
    Package,
};
pub use honoured::NotHonoured;
pub use identities::{Identities, KnownRole, UserKey};
pub use ids::{Ids, MessageId};
pub use letters::{Letter, Letters, PhoneText};
pub use lifecycle::{Lifecycle, Passing};
pub use lineage::{Flow, Lineage, Name, NodeId};
pub use metric::{
    MetricUnit, MetricsBegun, Minutes, Observation, Observed, PublishedMetric, WantedMetrics,
};
#[cfg(feature = "edge")]
pub(crate) use operation::answer;
pub use operation::{
    Answer, Handler, Operation, OperationTable, Outcome, Reply, RequestModel, Run,
};
pub use outbox::{Handing, Outbox};
pub use part::Part;
pub use patience::Patience;
pub use principal::{Principal, ServiceName};
pub use retry::{Exhausted, Pause, Retry, RetryPhase, RetrySchedule};
pub use service::{Hooks, RefusedRequest, ServiceState, SlowedRequest};
pub use session::{Identity, Session, SessionKind, SessionTag, Sessions};
pub use settings::{PolicyMode, PublicAddress, QueueUrls, Settings};
pub(crate) use signing::SIGNATURE_CHARACTERS;
pub use signing::{SignatureVersion, Signer, SigningKey, SigningMode};
pub use state::{CallId, Caller, Completed, Kernel, Parked, PendingOutside};
pub use timers::{LateAnswer, TimerEvent, Timers};
pub use topology::{Figures, Place, Topology, Way, WayKind, place_of};
pub(crate) use trace::times;
pub use trace::{Mismatch, Missed, TargetInput, Trace, TraceNode, What, short_name};
