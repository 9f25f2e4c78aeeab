//! Events that other services deliver to functions.

use std::sync::Arc;

use super::asked::{Asked, EVENT_BYTES_MAX, is_json};
use crate::kernel::{Arn, Context, Delivery, DeliveryError};
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::state::Lambda;
use crate::services::shared::policy::PolicyRequest;
use crate::wire::Timestamp;

impl Lambda {
    /// Takes an event in, if the policy of what is named permits it. That is all that the sender
    /// waits for.
    ///
    /// # Errors
    /// [`DeliveryError`] with the reason, the missing policy statement included.
    pub(in crate::services::lambda) fn take_in(
        &mut self,
        ctx: &mut Context<'_>,
        to: &Arn,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        let no_resource = || DeliveryError::NoResource(to.to_string());
        let (name, qualifier) = named(to).ok_or_else(no_resource)?;
        let function = self.functions.get(name).ok_or_else(no_resource)?;
        if qualifier.is_some_and(|it| !function.has(it)) {
            return Err(no_resource());
        }
        let name = Arc::clone(&function.name);
        let policy = function.policy(qualifier).cloned().unwrap_or_default();
        let asks = request(to, (delivery.principal.as_str(), &delivery.from), ctx.now());
        let at = ctx.name(to.as_str());
        policy.evaluate(&asks).enforce(ctx, delivery, &at)?;
        let refused = |error: LambdaError| DeliveryError::Invalid(error.to_string());
        let payload =
            is_json(delivery.body.as_bytes().to_vec(), EVENT_BYTES_MAX).map_err(refused)?;
        let asked = Asked {
            request_id: ctx.ids().uuid(),
            function: name,
            qualifier: qualifier.map(Arc::from),
            payload,
            client_context: None,
            trace_header: delivery.trace_header.as_deref().map(Arc::from),
            cause: delivery.cause,
            hops: delivery.hops + 1,
        };
        // What there is no room for may find some later.
        self.accept(ctx, asked).map_err(|error| DeliveryError::Unreachable(error.to_string()))
    }
}

/// The name and the qualifier in a function's ARN.
pub(super) fn named(arn: &Arn) -> Option<(&str, Option<&str>)> {
    let name = arn.resource.strip_prefix("function:")?;
    Some(match name.split_once(':') {
        Some((name, qualifier)) => (name, Some(qualifier)),
        None => (name, None),
    })
}

/// A delivery as a function's policy sees it.
pub(super) fn request<'a>(
    to: &'a Arn,
    (principal, source): (&'a str, &'a Arn),
    now: Timestamp,
) -> PolicyRequest<'a> {
    PolicyRequest {
        principal,
        session: None,
        action: "lambda:InvokeFunction",
        resource: to.as_str(),
        source_arn: Some(source.as_str()),
        source_account: Some(source.account()),
        source_owner: None,
        own_keys: &[],
        now,
    }
}
