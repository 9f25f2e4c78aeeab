//! What becomes of a delivery that a policy does not permit.

use super::Decision;
use crate::kernel::{Context, Delivery, DeliveryError, Name, NodeId, PolicyMode, What};

impl Decision {
    /// Lets `delivery` into the resource `at`, or not.
    ///
    /// # Errors
    /// `NoPermissions` with the reason. Where policies only warn, the delivery passes and the
    /// reason is logged and kept in the lineage.
    pub(crate) fn enforce(
        self,
        ctx: &mut Context<'_>,
        delivery: &Delivery,
        at: &Name,
    ) -> Result<(), DeliveryError> {
        let Self::Denied { reason, .. } = self else {
            return Ok(());
        };
        if ctx.settings().policies == PolicyMode::Enforce {
            return Err(DeliveryError::NoPermissions(reason));
        }
        let_through(ctx, "delivered", (delivery.cause, at), reason);
        Ok(())
    }
}

/// Logs and remembers what was `done` although no policy permits it, as policies only warn.
pub(crate) fn let_through(
    ctx: &mut Context<'_>,
    done: &str,
    (cause, at): (NodeId, &Name),
    reason: String,
) {
    tracing::warn!(%reason, "{done} all the same, as policies only warn");
    let id = ctx.ids().uuid();
    ctx.record_note(cause, What::Warned, at, id, reason);
}
