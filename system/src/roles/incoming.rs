//! What a message in a role's queue can be.

use std::time::Duration;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::app::Cause;
use crate::config::Timing;
use crate::contracts::{BusEnvelope, IntegrationEvent, QuoteRequest, Task, Unreadable};
use crate::domain::order::Deadline;
use crate::domain::{OrderId, Timestamp};
use crate::failure::Failure;

#[derive(Clone, Debug)]
pub(super) enum Incoming {
    Event(Box<Known>),
    Timer(Timer),
    Quote(Box<QuoteRequest>),
    /// From the saga's coordinator.
    Task(Box<Task>),
    /// An event that this version does not know.
    Stranger(Box<Stranger>),
}

#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) event: IntegrationEvent,
    /// As it came, with what this version does not know.
    pub(super) envelope: BusEnvelope,
}

#[derive(Clone, Debug)]
pub(super) struct Stranger {
    pub(super) envelope: BusEnvelope,
    pub(super) why: String,
}

/// Tells by its members what a message is.
#[derive(Deserialize)]
struct Kind {
    timer: Option<IgnoredAny>,
    quote_request: Option<IgnoredAny>,
    task: Option<IgnoredAny>,
}

/// A message that a role sends to itself, to be read when the time is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Timer {
    pub(super) timer: Wait,
    pub(super) order_id: OrderId,
    pub(super) correlation_id: String,
    pub(super) causation_id: String,
    /// When it rings, by SQS's clock; read before that, it is sent again. Missing: when it is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) due_at: Option<Timestamp>,
}

/// Work that takes its time, or time that others have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Wait {
    Packing,
    Transit,
    Confirmation,
    Payment,
    Shipping,
}

impl Incoming {
    pub(super) fn parse(body: &str) -> Result<Self, Failure> {
        let unreadable =
            |error: &dyn std::fmt::Display| Failure::GiveUp(format!("unreadable: {error}"));
        let kind: Kind = serde_json::from_str(body).map_err(|error| unreadable(&error))?;
        if kind.timer.is_some() {
            let timer = serde_json::from_str(body).map_err(|error| unreadable(&error))?;
            return Ok(Self::Timer(timer));
        }
        if kind.quote_request.is_some() {
            let request = QuoteRequest::from_body(body).map_err(|error| unreadable(&error))?;
            return Ok(Self::Quote(Box::new(request)));
        }
        if kind.task.is_some() {
            let task = serde_json::from_str(body).map_err(|error| unreadable(&error))?;
            return Ok(Self::Task(Box::new(task)));
        }
        let envelope: BusEnvelope =
            serde_json::from_str(body).map_err(|error| unreadable(&error))?;
        match IntegrationEvent::from_detail(envelope.detail.get()) {
            Ok(event) => Ok(Self::Event(Box::new(Known { event, envelope }))),
            Err(error @ Unreadable::UnknownType(_)) => {
                Ok(Self::Stranger(Box::new(Stranger { envelope, why: error.to_string() })))
            }
            Err(error) => Err(unreadable(&error)),
        }
    }

    /// The name under which it is counted and logged.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Event(known) => known.event.payload.detail_type(),
            Self::Timer(Timer { timer, .. }) => timer.name(),
            Self::Quote(_) => "Quote Request",
            Self::Task(task) => task.task.as_str(),
            Self::Stranger(_) => "Unknown",
        }
    }

    /// What is caused by handling it.
    pub(super) fn cause(&self) -> Option<Cause> {
        match self {
            Self::Event(known) => Some(Cause {
                correlation_id: known.event.correlation_id.clone(),
                causation_id: known.event.event_id.clone(),
            }),
            Self::Timer(timer) => Some(Cause {
                correlation_id: timer.correlation_id.clone(),
                causation_id: timer.causation_id.clone(),
            }),
            Self::Quote(request) => Some(Cause {
                correlation_id: request.correlation_id.clone(),
                causation_id: request.request_id.clone(),
            }),
            Self::Task(task) => Some(Cause {
                correlation_id: task.because.correlation_id.clone(),
                causation_id: task.because.event_id.clone(),
            }),
            Self::Stranger(_) => None,
        }
    }

    /// Gives every log line within it the identifiers.
    pub(super) fn span(&self) -> tracing::Span {
        let event_type = self.name();
        match self.cause() {
            Some(cause) => cause.span(event_type, self.order_id()),
            None => tracing::info_span!("event", event_type),
        }
    }

    pub(super) fn order_id(&self) -> Option<&OrderId> {
        match self {
            Self::Event(known) => known.event.order_id.as_ref(),
            Self::Timer(timer) => Some(&timer.order_id),
            Self::Quote(request) => request.order_id.as_ref(),
            Self::Task(task) => Some(&task.order_id),
            Self::Stranger(_) => None,
        }
    }
}

/// Whether a role could read `body`.
///
/// # Errors
/// `GiveUp` with the reason when it could not.
pub fn readable(body: &str) -> Result<(), Failure> {
    Incoming::parse(body).map(drop)
}

impl Wait {
    pub(super) fn duration(self, timing: &Timing) -> Duration {
        match self {
            Self::Packing => timing.packing,
            Self::Transit => timing.transit,
            Self::Confirmation => timing.confirm_within,
            Self::Payment => timing.pay_within,
            Self::Shipping => timing.ship_within,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Packing => "Packing Timer",
            Self::Transit => "Transit Timer",
            Self::Confirmation => "Confirmation Deadline",
            Self::Payment => "Payment Deadline",
            Self::Shipping => "Shipping Deadline",
        }
    }
}

impl From<Deadline> for Wait {
    fn from(deadline: Deadline) -> Self {
        match deadline {
            Deadline::Confirmation => Self::Confirmation,
            Deadline::Payment => Self::Payment,
            Deadline::Shipping => Self::Shipping,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_apart() {
        let timer = r#"{"timer":"packing","order_id":"o","correlation_id":"a","causation_id":"b"}"#;
        assert_eq!(Incoming::parse(timer).expect("a timer").name(), "Packing Timer");
        let event = |event_type: &str| {
            format!(
                r#"{{"version":"0","source":"ecommerce.orders","detail-type":"{event_type}",
                "detail":{{"event_id":"e","order_id":"o","event_type":"{event_type}",
                "event_data":{{"customer_id":"c"}},"timestamp":"2026-01-01T00:00:00Z",
                "correlation_id":"a","causation_id":"b","sequence":1,"version":1}}}}"#
            )
        };
        let shipped = Incoming::parse(&event("Order Shipped")).expect("an event");
        assert_eq!(shipped.name(), "Order Shipped");
        let cause = shipped.cause().expect("an event has a cause");
        assert_eq!((cause.correlation_id.as_str(), cause.causation_id.as_str()), ("a", "e"));
        let request = r#"{"quote_request":{"request_id":"r","correlation_id":"a",
            "causation_id":"b","reply_to":"q","deadline":"2026-01-01T00:00:00Z","shipment":
            {"destination":{"street":"s","city":"c","zip_code":"z","country":"US"},"items":[]}}}"#;
        let request = Incoming::parse(request).expect("a request");
        let cause = request.cause().expect("a request has a cause");
        assert_eq!((request.name(), cause.causation_id.as_str()), ("Quote Request", "r"));
        let stranger = Incoming::parse(&event("Order Gift-Wrapped")).expect("tolerated");
        assert_eq!(stranger.name(), "Unknown");
    }

    #[test]
    fn what_is_unreadable_will_never_be_readable() {
        for body in ["", "{}", "[]", r#"{"timer":"nap"}"#, r#"{"source":"s","detail-type":"d"}"#] {
            assert!(matches!(Incoming::parse(body), Err(Failure::GiveUp(_))), "{body}");
        }
    }
}
