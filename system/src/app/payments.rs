//! Takes payments and gives them back, one step at the gateway after the other.
//!
//! The gateway acts first and the event is recorded second. When the record fails, the step is
//! repeated; the gateway recognises its key, so money moves once.

use super::context::App;
use super::draft::{ATTEMPTS, Cause, Draft, History, contended};
use crate::adapters::event_store::CommitError;
use crate::contracts::{Source, from_payment};
use crate::domain::payment::{self, Event, Goal, Payment, Step};
use crate::domain::saga::TakePayment;
use crate::domain::{OrderId, PaymentMethod};
use crate::failure::Failure;
use crate::ports::{Authorisation, AuthorisationRequest, Voiding};

/// What is wanted of an order's payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DesiredPayment {
    Taken(TakePayment),
    GivenBack,
}

/// Goes on until the payment is as wanted, or declined. Done twice, it changes nothing.
pub async fn pursue(
    app: &App,
    order_id: &OrderId,
    wanted: &DesiredPayment,
    cause: &Cause,
) -> Result<(), Failure> {
    let stream_id = format!("payment#{order_id}");
    // What the gateway is asked for follows from what was recorded, so it is read first; after that
    // it is what was just written.
    let mut written = false;
    for _ in 0..ATTEMPTS {
        let history = match written {
            true => History::<Event>::known(&app.store, &stream_id).await?,
            false => History::<Event>::load(&app.store, &stream_id).await?,
        };
        let payment = history.events.iter().fold(Payment::None, payment::evolve);
        let Some(event) = take_step(app, order_id, &payment, wanted).await? else {
            return Ok(());
        };
        let not_before = history.recorded_at;
        let mut draft = Draft::new(app, Source::Payments, Some(order_id), cause, not_before);
        let payload = from_payment(&event);
        draft.append(&stream_id, &history.tip, &[(event, payload)], None);
        match draft.commit().await {
            Ok(()) => written = true,
            Err(CommitError::Conflict) => written = false,
            Err(CommitError::Failed(failure)) => return Err(failure),
        }
    }
    Err(contended(&stream_id))
}

/// Asks the gateway for the next step. `None` when there is nothing left to do.
async fn take_step(
    app: &App,
    order_id: &OrderId,
    payment: &Payment,
    wanted: &DesiredPayment,
) -> Result<Option<Event>, Failure> {
    let goal = match wanted {
        DesiredPayment::Taken(_) => Goal::Take,
        DesiredPayment::GivenBack => Goal::GiveBack,
    };
    Ok(match (payment::next_step(payment, goal), wanted) {
        (Step::Authorise, DesiredPayment::Taken(asked)) => {
            Some(authorise(app, order_id, asked).await?)
        }
        (Step::Capture { amount }, _) => {
            app.gateway.capture(order_id, &key("capture", order_id)).await?;
            Some(Event::PaymentCaptured { amount })
        }
        (Step::Void, _) => Some(void(app, order_id, payment).await?),
        (Step::Refund { amount }, _) => {
            app.gateway.refund(order_id, &key("refund", order_id)).await?;
            Some(Event::PaymentRefunded { amount })
        }
        (Step::Done, _) | (Step::Authorise, DesiredPayment::GivenBack) => None,
    })
}

/// By which the gateway knows a step that it was asked for before: a step is taken once in the life
/// of an order, so its repetition has the same key.
fn key(step: &str, order_id: &OrderId) -> String {
    format!("{step}#{order_id}")
}

/// The record of a capture may be missing: then the gateway knows better, and what it took is
/// recorded now and given back in the next step.
async fn void(app: &App, order_id: &OrderId, payment: &Payment) -> Result<Event, Failure> {
    match (app.gateway.void(order_id).await?, payment) {
        (Voiding::Voided, _) => Ok(Event::PaymentVoided),
        (Voiding::Captured, Payment::Authorised { amount }) => {
            Ok(Event::PaymentCaptured { amount: *amount })
        }
        (Voiding::Captured, _) => {
            Err(Failure::Retry(format!("the gateway took the payment of {order_id} unasked")))
        }
    }
}

async fn authorise(app: &App, order_id: &OrderId, asked: &TakePayment) -> Result<Event, Failure> {
    let request = AuthorisationRequest {
        order_id: order_id.clone(),
        customer_id: asked.customer_id.clone(),
        amount: asked.amount,
        payment_method: asked.payment_method.clone(),
    };
    Ok(match app.gateway.authorise(&request).await? {
        Authorisation::Approved { reference } => Event::PaymentAuthorised {
            amount: request.amount,
            payment_method: PaymentMethod::hidden(),
            reference,
        },
        Authorisation::Declined { reason } => Event::PaymentDeclined { reason },
    })
}
