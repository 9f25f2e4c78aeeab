//! Who may call a function over HTTP.
//!
//! Source: developer guide "Control access to Lambda function URLs": since October 2025 both
//! actions are needed, the second one with the condition that it is used through an address.

use crate::kernel::{Context, PolicyMode};
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::function::Function;
use crate::services::lambda::function_url::AWS_IAM;
use crate::services::shared::policy::{Decision, PolicyRequest, let_through};

/// Whom policies take who has not signed for.
const ANYBODY: &str = "anonymous";

/// # Errors
/// `AccessDeniedException`. The client is not told why, as on AWS; the log is, with the statement
/// that is missing. Where policies only warn, who has no permission passes, who has not signed
/// does not.
pub(super) fn check(
    ctx: &mut Context<'_>,
    function: &Function,
    qualifier: Option<&str>,
    auth_type: &str,
) -> Result<(), LambdaError> {
    let resource = function.qualified(qualifier);
    let signed = ctx.caller().filter(|it| it.access_key_id.is_some() && auth_type == AWS_IAM);
    if auth_type == AWS_IAM && signed.is_none() {
        tracing::warn!(%resource, "a request to the function's address is not signed");
        return Err(LambdaError::Forbidden);
    }
    let principal = signed.map_or(ANYBODY.to_owned(), |it| it.principal_name().into_owned());
    let session = ctx.session().filter(|_| signed.is_some());
    let policy = function.policy(qualifier).cloned().unwrap_or_default();
    // In its own account a caller's own policies are enough, which are not looked at here.
    let is_own = signed.is_some() && !ctx.is_foreign();
    for action in ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"] {
        let request = PolicyRequest {
            principal: &principal,
            session,
            action,
            resource: resource.as_str(),
            source_arn: None,
            source_account: None,
            source_owner: None,
            own_keys: &[
                ("lambda:functionurlauthtype", auth_type),
                ("lambda:invokedviafunctionurl", "true"),
            ],
            now: ctx.now(),
        };
        let Decision::Denied { reason, explicit } = policy.evaluate(&request) else { continue };
        if is_own && !explicit {
            continue;
        }
        if ctx.settings().policies == PolicyMode::Enforce {
            tracing::warn!(%resource, %reason, "a request to the function's address is refused");
            return Err(LambdaError::Forbidden);
        }
        let (cause, at) = (ctx.cause(), ctx.name(resource.as_str()));
        let denial = format!("{principal} may not {action} {resource}: {reason}");
        let_through(ctx, "done", (cause, &at), denial);
    }
    Ok(())
}
