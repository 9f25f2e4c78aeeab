//! Hands a message to the part of the system that deals with it.

use std::sync::Arc;

use super::incoming::{Incoming, Stranger};
use super::{audit, bridge, carrier, coordinated, notifications};
use super::{participants, projector, timers};
use crate::adapters::sns::Notifier;
use crate::adapters::sqs::Queue;
use crate::app::App;
use crate::contracts::BusEnvelope;
use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};
use crate::role::{Role, Saga};

/// What a role needs to handle its messages.
pub(crate) struct Handler {
    pub(crate) role: Role,
    pub(crate) app: Arc<App>,
    /// The role's own queue.
    pub(crate) queue: Queue,
    /// Where what it sends itself goes in.
    pub(crate) intake: Queue,
    /// For the role that notifies.
    pub(crate) notifier: Option<Notifier>,
    pub(crate) saga: Saga,
    /// For the role that begins sagas, if a coordinator leads them.
    pub(crate) machine_arn: Option<String>,
}

impl Handler {
    /// Handles one message; may be called again with the same one. `received_at`: when SQS first
    /// handed it out.
    pub(super) async fn handle(
        &self,
        incoming: &Incoming,
        received_at: Timestamp,
    ) -> Result<(), Failure> {
        match (incoming, &incoming.cause()) {
            (Incoming::Stranger(stranger), _) if self.role == Role::Audit => {
                audit::record(&self.app, &stranger.envelope).await
            }
            (Incoming::Stranger(stranger), _) if self.role == Role::Bridge => {
                bridge::carry(&self.app, &stranger.envelope).await
            }
            (Incoming::Stranger(stranger), _) => {
                let Stranger { envelope: BusEnvelope { detail_type, .. }, why } = &**stranger;
                tracing::warn!(detail_type, why, "skipped");
                Ok(())
            }
            (Incoming::Timer(timer), Some(cause)) if self.role.participant().is_some() => {
                timers::ring(self, timer, cause, received_at).await
            }
            (Incoming::Quote(request), Some(cause)) if self.role == Role::Carrier => {
                carrier::answer(self, request, cause).await
            }
            (Incoming::Task(task), Some(cause)) if self.role.participant().is_some() => {
                coordinated::perform(self, task, cause, received_at).await
            }
            (Incoming::Event(known), Some(_))
                if self.role == Role::Orders && self.saga == Saga::StepFunctions =>
            {
                coordinated::report(self, &known.event).await
            }
            (Incoming::Event(known), Some(cause)) => match self.role {
                Role::Orders | Role::Inventory | Role::Payments | Role::Fulfilment => {
                    participants::react_to(self, &known.event, cause, received_at).await
                }
                Role::Notifications => match &self.notifier {
                    Some(notifier) => {
                        notifications::notify(&self.app, notifier, &known.event).await
                    }
                    None => Err(Failure::Retry("there is no topic to publish to".into())),
                },
                Role::Projector => projector::project(&self.app, &known.event).await,
                Role::Audit => audit::record(&self.app, &known.envelope).await,
                Role::Bridge => bridge::carry(&self.app, &known.envelope).await,
                Role::Carrier => Err(Failure::GiveUp("the carrier takes no events".into())),
                Role::Api | Role::Analytics => {
                    Err(Failure::GiveUp(format!("{} has no queue", self.role)))
                }
            },
            (
                Incoming::Timer(_) | Incoming::Quote(_) | Incoming::Task(_) | Incoming::Event(_),
                _,
            ) => Err(Failure::GiveUp(format!("{} has no use for it", self.role))),
        }
    }

    /// What it cannot do its work without.
    pub(super) fn dependencies(&self) -> Vec<Dependency> {
        self.saga.dependencies(self.role)
    }
}
