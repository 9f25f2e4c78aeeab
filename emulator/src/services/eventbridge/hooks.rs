//! What EventBridge does when none of its operations is called.

use std::sync::Arc;

use super::state::EventBridge;
use crate::kernel::{Arn, Context, Delivery, DeliveryError, Hooks};

impl Hooks for EventBridge {
    fn deliver(
        &mut self,
        ctx: &mut Context<'_>,
        to: &Arn,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        self.take_in(ctx, to, delivery)
    }

    fn on_timer(&mut self, ctx: &mut Context<'_>, key: &Arc<str>) {
        self.go_on_with_replay(ctx, key);
    }
}
