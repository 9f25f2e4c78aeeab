//! The integration events, version 1: what this system promises to whoever listens on the bus.
//!
//! They are apart from the domain's own events so that either can change without the other. They
//! know nothing of storage or of who listens.

mod envelope;
mod event_type;
mod payload;
mod quote;
mod source;
mod steps;
mod stream;
mod translate;

pub use envelope::{BusEnvelope, CONTRACT_VERSION, EventHeader, IntegrationEvent, Unreadable};
pub use event_type::{EventType, History};
pub use payload::{Payload, StockChange, samples};
pub use quote::{QuoteOutcome, QuoteReply, QuoteRequest};
pub use source::{SOURCE_PREFIX, Source};
pub use steps::{Because, Step, Task};
pub use stream::{
    HEADER_CAME_FROM, HEADER_CORRELATION_ID, HEADER_CUT_FROM, HEADER_EVENT_ID, HEADER_EVENT_TYPE,
    HEADER_REASON, Topic,
};
pub use translate::{
    from_order, from_payment, from_reservation, from_stock, happened, status_after,
};
