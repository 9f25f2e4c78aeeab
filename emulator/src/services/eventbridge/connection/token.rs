//! OAuth: a connection fetches a token with its client's credentials, and again when that is
//! refused or has ended.
//!
//! Source: user guide "Connections for API destinations"; RFC 6749, section 4.4.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::request::{self, form};
use super::shapes::ConnectionParameter;
use super::{Connection, ConnectionState, OAUTH};
use crate::kernel::{
    Answered, CallError, Context, DeliveryError, HttpAnswer, HttpTarget, OutsideRequest,
};
use crate::services::eventbridge::state::EventBridge;
use crate::wire::Timestamp;

/// What the service's words for its questions begin with.
const ANSWER: &str = "token/";

/// A token that ends within this time is not used any more.
const MARGIN: Duration = Duration::from_secs(60);
const REASON_CHARACTERS_MAX: usize = 512;

/// What an authorization server gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Token {
    value: String,
    /// When it ends, if the server said so.
    ends: Option<Timestamp>,
}

impl Connection {
    /// Begins to be authorized with the parameters it has now.
    pub(super) fn authorize(&mut self, ctx: &mut Context<'_>) {
        (self.passing, self.reason) = (None, None);
        self.forget_token();
        if self.kind == OAUTH {
            self.state = ConnectionState::Authorizing;
            self.ask(ctx);
        } else {
            self.state = ConnectionState::Authorized;
            self.authorized = ctx.now();
        }
    }

    pub(super) fn forget_token(&mut self) {
        self.token = None;
        // An answer that is on its way is for parameters that do not count any more.
        self.question += 1;
    }

    /// The token was refused: another one is fetched.
    pub(in crate::services::eventbridge) fn token_was_refused(&mut self, ctx: &mut Context<'_>) {
        if self.kind == OAUTH && self.token.is_some() {
            self.forget_token();
            self.ask(ctx);
        }
    }

    /// The token for a request.
    ///
    /// # Errors
    /// `Unreachable` while there is none yet.
    pub(super) fn token(&mut self, ctx: &mut Context<'_>) -> Result<String, DeliveryError> {
        let is_over = |ends: Timestamp| ends <= ctx.now() + MARGIN;
        if self.token.as_ref().and_then(|token| token.ends).is_some_and(is_over) {
            self.forget_token();
            self.ask(ctx);
        }
        let waiting = || {
            let name = &self.name;
            DeliveryError::Unreachable(format!("the connection {name} has no OAuth token yet"))
        };
        self.token.as_ref().map(|token| token.value.clone()).ok_or_else(waiting)
    }

    // Differs from AWS: an OAuth token is asked for with `grant_type`, `client_id` and
    // `client_secret` in a form, which parameters of the connection replace; AWS does not document
    // its request.
    fn ask(&mut self, ctx: &mut Context<'_>) {
        let Some(oauth) = &self.auth.oauth_parameters else { return };
        let client = oauth.client_parameters.clone().unwrap_or_default();
        let http = oauth.oauth_http_parameters.clone().unwrap_or_default();
        let own = |key: &str, value: Option<String>| ConnectionParameter {
            is_value_secret: None,
            key: Some(key.to_owned()),
            value,
        };
        let mut fields = vec![
            own("grant_type", Some("client_credentials".to_owned())),
            own("client_id", client.client_id),
            own("client_secret", client.client_secret),
        ];
        for parameter in http.body_parameters.unwrap_or_default() {
            fields.retain(|field| field.key != parameter.key);
            fields.push(parameter);
        }
        let method = oauth.http_method.clone().unwrap_or_default();
        let mut query = http.query_string_parameters.unwrap_or_default();
        if method == "GET" {
            query.append(&mut fields);
        }
        let url = oauth.authorization_endpoint.as_deref().unwrap_or_default();
        let mut headers = request::Headers::default();
        headers.set("content-type", "application/x-www-form-urlencoded");
        headers.set("accept", "application/json");
        headers.set("user-agent", request::USER_AGENT);
        for parameter in http.header_parameters.unwrap_or_default() {
            let value = parameter.value.unwrap_or_default();
            headers.set(&parameter.key.unwrap_or_default(), &value);
        }
        let target = HttpTarget {
            url: request::with_query(url, &form(&query)),
            method,
            headers: headers.into_list(),
            timeout_seconds: request::TIMEOUT_SECONDS,
        };
        let token: Arc<str> = format!("{ANSWER}{}/{}", self.name, self.question).into();
        let body = Bytes::from(form(&fields));
        ctx.ask_outside(OutsideRequest::Http { target, body }, &token);
    }

    fn answered(&mut self, now: Timestamp, answer: Result<Answered, CallError>) {
        match token(now, answer) {
            Ok(token) => {
                self.token = Some(token);
                (self.state, self.reason) = (ConnectionState::Authorized, None);
                self.authorized = now;
            }
            Err(reason) => {
                self.state = ConnectionState::Deauthorized;
                self.reason = Some(reason.chars().take(REASON_CHARACTERS_MAX).collect());
            }
        }
    }
}

impl EventBridge {
    /// An authorization server has answered; `token` is the word for the question.
    pub(in crate::services::eventbridge) fn on_token(
        &mut self,
        ctx: &mut Context<'_>,
        token: &str,
        answer: Result<Answered, CallError>,
    ) {
        let question = token.strip_prefix(ANSWER).and_then(|rest| rest.rsplit_once('/'));
        let Some((name, number)) = question else { return };
        let now = ctx.now();
        if let Ok(connection) = self.connection(ctx, name, "describe")
            && number.parse() == Ok(connection.question)
        {
            connection.answered(now, answer);
        }
    }
}

/// The token in an answer, or why there is none.
fn token(now: Timestamp, answer: Result<Answered, CallError>) -> Result<Token, String> {
    let HttpAnswer { status, body, .. } = match answer {
        Ok(Answered::Http(answer)) => answer,
        Ok(_) => return Err("The authorization server gave no HTTP answer.".to_owned()),
        Err(error) => return Err(format!("The authorization server was not reached: {error}.")),
    };
    if !(200..300).contains(&status) {
        return Err(format!("The authorization server answered {status}."));
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let value = body["access_token"].as_str().filter(|text| !text.contains(char::is_control));
    let value = value.ok_or("The authorization server's answer has no access_token.")?.to_owned();
    // Some write it as a text.
    let seconds = &body["expires_in"];
    let seconds = seconds.as_u64().or_else(|| seconds.as_str()?.parse().ok());
    let lasts = seconds.map(|seconds| Duration::from_secs(seconds.min(u32::MAX.into())));
    Ok(Token { value, ends: lasts.map(|lasts| now + lasts) })
}
