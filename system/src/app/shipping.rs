//! What it costs to send something: the carrier is asked, and waited for a while.

use super::context::App;
use super::draft::Cause;
use super::orders;
use crate::contracts::QuoteOutcome;
use crate::domain::OrderId;
use crate::domain::shipping::{Parcel, Quote, Shipment};
use crate::failure::Failure;
use crate::quotes::Question;

/// Why there is no quote.
#[derive(Debug, thiserror::Error)]
pub enum QuoteError {
    /// In the carrier's words.
    #[error("{0}")]
    Refused(String),
    #[error("the carrier did not answer within {} s; try again later", .0.as_secs())]
    NoAnswer(std::time::Duration),
    #[error(transparent)]
    Failed(Failure),
}

/// What an order's shipment is; `None` when there is no such order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfOrder {
    Shipment(Shipment),
    /// It was placed without one.
    NoAddress,
}

/// Asks the carrier. `order_id` is for the logs only.
pub async fn quote(
    app: &App,
    order_id: Option<&OrderId>,
    shipment: Shipment,
    cause: &Cause,
) -> Result<Quote, QuoteError> {
    let Cause { correlation_id, causation_id } = cause;
    let question = Question { order_id, shipment, correlation_id, causation_id };
    let reply = app.quotes.ask(question).await.map_err(QuoteError::Failed)?;
    match reply.map(|reply| reply.outcome) {
        Some(QuoteOutcome::Quoted(quote)) => Ok(quote),
        Some(QuoteOutcome::Refused { reason }) => Err(QuoteError::Refused(reason)),
        None => {
            tracing::warn!("no quote in time");
            Err(QuoteError::NoAnswer(app.timing.quote_timeout))
        }
    }
}

/// What would be sent for an order.
pub async fn of_order(app: &App, order_id: &OrderId) -> Result<Option<OfOrder>, Failure> {
    let Some(row) = orders::view(app, order_id).await? else {
        return Ok(None);
    };
    let Some(destination) = row.details.shipping_address else {
        return Ok(Some(OfOrder::NoAddress));
    };
    let items = row.details.items.into_iter();
    let items =
        items.map(|line| Parcel { product_id: line.product_id, quantity: line.quantity }).collect();
    Ok(Some(OfOrder::Shipment(Shipment { destination, items })))
}
