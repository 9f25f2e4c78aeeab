//! What handlers leave for others while they run: deliveries, calls, data points, answers.
//!
//! `cloud` takes it from there as soon as the handler has returned. So no service holds another,
//! and nothing is nested. Empty again once an input is dealt with: no part of the state.

use std::collections::VecDeque;

use bytes::Bytes;

use super::{
    CallError, Completed, Delivery, HttpTarget, InternalCall, MetricsBegun, OutsideCall, Part,
    Patience, PublishedMetric, Scope,
};

/// What one input has led to so far.
#[derive(Default)]
pub struct Outbox {
    pub deliveries: VecDeque<Delivery>,
    pub calls: VecDeque<InternalCall>,
    /// Calls whose answers may take for ever, and the end of such calls, in order.
    pub patience: VecDeque<Patience>,
    pub outside: Vec<OutsideCall>,
    pub completed: VecDeque<Completed>,
    /// Events of answers that are streams.
    pub parts: VecDeque<Part>,
    pub metrics: Vec<PublishedMetric>,
    pub metrics_begun: Vec<MetricsBegun>,
    /// The account and region that hold what the request is about, if it was not run there.
    pub elsewhere: Option<Scope>,
    /// What its target's service wants of the delivery that is handed over, if not to keep it.
    pub handing: Option<Handing>,
}

/// What becomes of a delivery that the service of its target does not keep.
#[derive(Debug)]
pub enum Handing {
    /// A server outside gets it; what it answers decides what becomes of the delivery.
    Outside(HttpTarget, Bytes),
    /// A server outside is asked; its answer, whatever it says, is the sender's.
    Asked(HttpTarget, Bytes),
    /// The sender is told why it is not done.
    Refused(CallError),
}
