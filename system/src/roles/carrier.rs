//! The carrier: answers requests for shipping quotes, each to the queue that the request names.
//!
//! A quote is a pure function of the request, so a request that is delivered twice is answered
//! twice, with the same quote.

use super::handler::Handler;
use crate::app::Cause;
use crate::contracts::{QuoteOutcome, QuoteReply, QuoteRequest};
use crate::domain::shipping;
use crate::failure::Failure;
use crate::metrics::Counter;

/// Answers in time, or not at all.
pub(super) async fn answer(
    handler: &Handler,
    request: &QuoteRequest,
    cause: &Cause,
) -> Result<(), Failure> {
    let app = &*handler.app;
    let known = |name: &str| app.names.is_reply_queue(name);
    // Whoever can write to the requests shall not make the carrier write anywhere.
    let Some(replies) = handler.queue.neighbour(&request.reply_to, known) else {
        let reply_to = &request.reply_to;
        return Err(Failure::GiveUp(format!("{reply_to:?} is no reply queue of this system")));
    };
    if app.clock.now() >= request.deadline {
        tracing::warn!(deadline = request.deadline.to_rfc3339(), "too late to answer; dropped");
        app.metrics.add(Counter::QuoteRequestsExpired, 1);
        return Ok(());
    }
    let outcome = match shipping::quote(&request.shipment) {
        Ok(quote) => QuoteOutcome::Quoted(quote),
        Err(refusal) => QuoteOutcome::Refused { reason: refusal.to_string() },
    };
    let reply = QuoteReply {
        request_id: request.request_id.clone(),
        correlation_id: cause.correlation_id.clone(),
        causation_id: cause.causation_id.clone(),
        outcome,
    };
    if !replies.offer(&reply.to_body()).await? {
        tracing::warn!(request_id = reply.request_id, "who asked is gone; dropped");
        app.metrics.add(Counter::QuoteRequestsExpired, 1);
        return Ok(());
    }
    tracing::info!(request_id = reply.request_id, "answered");
    app.metrics.add(Counter::QuotesAnswered, 1);
    Ok(())
}
