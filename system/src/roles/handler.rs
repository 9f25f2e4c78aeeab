//! Hands a message to the part of the system that deals with it.

use std::sync::Arc;

use tracing::Instrument;

use super::incoming::Incoming;
use super::role::Role;
use super::{fulfilment, notifications, participants, projector};
use crate::adapters::sns::Notifier;
use crate::adapters::sqs::Queue;
use crate::app::{App, Cause};
use crate::failure::Failure;

/// What a role needs to handle its messages.
pub(crate) struct Handler {
    pub(crate) role: Role,
    pub(crate) app: Arc<App>,
    /// The role's own queue.
    pub(crate) queue: Queue,
    /// For the role that notifies.
    pub(crate) notifier: Option<Notifier>,
}

impl Handler {
    /// Handles one message body; may be called again with the same one.
    pub(crate) async fn handle(&self, body: &str) -> Result<(), Failure> {
        let incoming = Incoming::parse(body)?;
        let cause = incoming.cause();
        let none = || String::from("-");
        let (correlation_id, causation_id) = match &cause {
            Some(cause) => (cause.correlation_id.clone(), cause.causation_id.clone()),
            None => (none(), none()),
        };
        let span = tracing::info_span!(
            "event",
            correlation_id,
            causation_id,
            order_id = incoming.order_id().map_or("-", |id| id.as_str()),
            event_type = incoming.name(),
        );
        let started = tokio::time::Instant::now();
        let handled = self.dispatch(&incoming, cause).instrument(span).await;
        self.app
            .metrics
            .took(self.role.as_str(), incoming.name(), started.elapsed());
        handled
    }

    async fn dispatch(&self, incoming: &Incoming, cause: Option<Cause>) -> Result<(), Failure> {
        let handled = match (incoming, &cause) {
            (Incoming::Stranger { detail_type, why }, _) => {
                tracing::warn!(detail_type, why, "skipped");
                Ok(())
            }
            (Incoming::Timer(timer), Some(cause)) if self.role == Role::Fulfilment => {
                fulfilment::finish(&self.app, timer, cause).await
            }
            (Incoming::Event(event), Some(cause)) => match self.role {
                Role::Orders | Role::Inventory | Role::Payments | Role::Fulfilment => {
                    participants::react_to(self, event, cause).await
                }
                Role::Notifications => match &self.notifier {
                    Some(notifier) => notifications::notify(&self.app, notifier, event).await,
                    None => Err(Failure::Retry("there is no topic to publish to".into())),
                },
                Role::Projector => projector::project(&self.app, event).await,
                Role::Api => Err(Failure::GiveUp("the API has no queue".into())),
            },
            (Incoming::Timer(_) | Incoming::Event(_), _) => {
                Err(Failure::GiveUp(format!("{} has no use for it", self.role)))
            }
        };
        // Inside the span, so that the line carries the identifiers.
        match &handled {
            Ok(()) => tracing::debug!("handled"),
            Err(failure) => tracing::warn!(%failure, "failed"),
        }
        handled
    }
}
