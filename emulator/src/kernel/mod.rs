//! What every service stands on: its context, ids, timers, parked calls, outbox and lineage.
//!
//! Knows no service, no socket, no clock. `cloud` owns one [`Kernel`] and lends it to handlers as a
//! [`Context`].

mod arn;
mod context;
mod fault;
mod ids;
mod lineage;
mod metric;
mod operation;
mod outbox;
mod settings;
mod timers;
pub(crate) use timers::pairs;

pub use arn::{Account, Arn, ArnError, Region, Scope};
pub use context::{CallId, Caller, Completed, Context, Effects, Kernel, NotHonoured};
pub use fault::{
    EntryFault, FaultEffect, FaultError, FaultPoint, FaultReport, FaultRule, Faults, Fired,
};
pub use ids::{Ids, MessageId};
pub use lineage::{Lineage, Name, NodeId, Trace, TraceNode, What};
pub use metric::{MetricUnit, MetricsBegun, Observation, PublishedMetric};
pub use operation::{Answer, Operation, OperationTable, Outcome, Reply, Run};
pub use outbox::{Delivery, DeliveryAttribute, DeliveryError, DeliveryValue, Principal, Retry};
pub use settings::{PolicyMode, Settings};
pub use timers::{TimerEvent, Timers};
