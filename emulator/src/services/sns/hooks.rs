//! What SNS does when none of its operations is called.

use super::state::Sns;
use crate::kernel::{Arn, Context, Delivery, DeliveryError, Hooks};

impl Hooks for Sns {
    fn deliver(
        &mut self,
        ctx: &mut Context<'_>,
        to: &Arn,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        self.take_in(ctx, to, delivery)
    }
}
