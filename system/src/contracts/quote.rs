//! What a customer's process and the carrier send each other: a request that says where the reply
//! goes and until when it is worth anything, and the reply.

use serde::{Deserialize, Serialize};

use crate::domain::shipping::{Quote, Shipment};
use crate::domain::{OrderId, Timestamp};

/// Asks what it costs to send something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteRequest {
    /// By which the reply is recognised; each request has its own.
    pub request_id: String,
    /// The request that started it all; several quotes may have it in common.
    pub correlation_id: String,
    /// What led to this request.
    pub causation_id: String,
    /// The URL of the queue that the reply goes to.
    pub reply_to: String,
    /// From then on nobody waits for the reply.
    pub deadline: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    pub shipment: Shipment,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteReply {
    /// Of the request.
    pub request_id: String,
    pub correlation_id: String,
    /// The request, since it led to the reply.
    pub causation_id: String,
    pub outcome: QuoteOutcome,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QuoteOutcome {
    Quoted(Quote),
    Refused { reason: String },
}

/// Under a name of its own it is told apart from events and timers.
#[derive(Serialize, Deserialize)]
struct Wire {
    quote_request: QuoteRequest,
}

impl QuoteRequest {
    /// The body of its message.
    pub fn to_body(&self) -> String {
        let wire = Wire { quote_request: self.clone() };
        serde_json::to_string(&wire).expect("plain fields always serialise")
    }

    /// Reads the body of a message.
    pub fn from_body(body: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(body).map(|wire: Wire| wire.quote_request)
    }
}

impl QuoteReply {
    /// The body of its message.
    pub fn to_body(&self) -> String {
        serde_json::to_string(self).expect("plain fields always serialise")
    }
}
