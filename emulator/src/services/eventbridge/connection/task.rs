//! The HTTP request of a state machine's task, which a connection authorizes.
//!
//! Source: developer guide of Step Functions, "Call HTTPS APIs in Step Functions workflows": what
//! the connection says takes precedence. Unverified: the words of errors.

use bytes::Bytes;
use serde::Deserialize;

use super::form::{self, Arrays};
use super::request::{Parameters, with_query};
use super::{Connection, ConnectionState};
use crate::kernel::{Arn, CallError, Context, Delivery, DeliveryError, HttpTarget};
use crate::services::eventbridge::state::EventBridge;

/// Step Functions waits so long for a server.
const TIMEOUT_SECONDS: u32 = 60;
const FORM: &str = "application/x-www-form-urlencoded";

/// What a task asks for, as the parameters of its delivery say it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    url: String,
    method: String,
    headers: Vec<(String, String)>,
    query: Vec<(String, String)>,
    /// The body becomes a form, whose arrays are written so.
    form: Option<Arrays>,
    /// Headers of the task's service, which nothing replaces.
    fixed: Vec<(String, String)>,
}

impl EventBridge {
    /// Asks a server for the sender of a delivery to a connection.
    pub(in crate::services::eventbridge) fn ask_with_connection(
        &mut self,
        ctx: &mut Context<'_>,
        arn: &Arn,
        delivery: &Delivery,
    ) {
        match self.task_request(ctx, arn, delivery) {
            Ok((target, body)) => ctx.ask_for_sender(target, Bytes::from(body)),
            Err(error) => ctx.refuse_sender(error),
        }
    }

    fn task_request(
        &mut self,
        ctx: &mut Context<'_>,
        arn: &Arn,
        delivery: &Delivery,
    ) -> Result<(HttpTarget, String), CallError> {
        let parameters = delivery.parameters.as_deref().unwrap_or_default();
        let asked: Asked = serde_json::from_str(parameters)
            .map_err(|_| CallError::Undelivered(format!("{arn} takes no events")))?;
        let connection = self.connection_of_arn(ctx, arn);
        let connection = connection.ok_or_else(|| {
            refused("ResourceNotFound", format!("The connection {arn} does not exist."))
        })?;
        if connection.state != ConnectionState::Authorized {
            let state = connection.state.as_str();
            return Err(invalid_state(format!("The connection {arn} is in the state {state}.")));
        }
        connection.of_task(ctx, &asked, &delivery.body)
    }
}

impl Connection {
    fn of_task(
        &mut self,
        ctx: &mut Context<'_>,
        asked: &Asked,
        body: &str,
    ) -> Result<(HttpTarget, String), CallError> {
        let http = self.auth.invocation_http_parameters.clone().unwrap_or_default();
        let of_connection = http.query_string_parameters.unwrap_or_default();
        let is_own = |(key, _): &&(String, String)| {
            !of_connection.iter().any(|it| it.key.as_deref() == Some(key.as_str()))
        };
        let query: Vec<_> = asked.query.iter().filter(is_own).cloned().collect();
        let url = with_query(&asked.url, &form::of_pairs(&query));
        // What the connection adds to a body that there is not is all of it.
        let adds = http.body_parameters.is_some_and(|it| !it.is_empty());
        let body = if adds && body.is_empty() { "{}" } else { body };
        let kind = if asked.form.is_some() { FORM } else { "application/json" };
        let mut headers = vec![("content-type".to_owned(), kind.to_owned())];
        headers.extend(asked.headers.iter().cloned());
        let parameters = Parameters::with_headers(headers);
        let server = (url.as_str(), asked.method.as_str());
        let (mut target, body) = self.request(ctx, server, &parameters, body).map_err(error_of)?;
        target.timeout_seconds = TIMEOUT_SECONDS;
        let is_replaced = |name: &str| {
            name == "accept-encoding" || asked.fixed.iter().any(|(fixed, _)| fixed == name)
        };
        target.headers.retain(|(name, _)| !is_replaced(name));
        target.headers.extend(asked.fixed.iter().cloned());
        let body = match asked.form {
            None => body,
            Some(arrays) => form::of_document(&body, arrays),
        };
        Ok((target, body))
    }
}

fn error_of(error: DeliveryError) -> CallError {
    match error {
        DeliveryError::NoPermissions(reason) | DeliveryError::Unreachable(reason) => {
            invalid_state(reason)
        }
        other => CallError::Undelivered(other.to_string()),
    }
}

fn invalid_state(message: String) -> CallError {
    refused("InvalidConnectionState", message)
}

fn refused(name: &str, message: String) -> CallError {
    let shape = format!("Events.ConnectionResource.{name}");
    CallError::Refused { shape, status: 400, message }
}
