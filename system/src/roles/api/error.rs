//! Every refusal of the API, as problem details: a status, a code for programs and a sentence for
//! people. Source: RFC 9457.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use super::{openapi, problems};
use crate::app::CommandError;
use crate::app::shipping::QuoteError;
use crate::app::subscribers::InvalidSubscriber;
use crate::domain::order::OrderError;
use crate::domain::shipping::InvalidShipment;
use crate::domain::stock::StockError;
use crate::domain::{InvalidIdentifier, MoneyError};
use crate::failure::{Dependency, Failure};
use crate::infra::subscribers::NotPut;

#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
    trouble: Option<Trouble>,
}

/// Rides on an answer: whose trouble it was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trouble(pub(super) Dependency);

/// Problem details.
#[derive(Serialize, ToSchema)]
pub(super) struct Problem<'a> {
    /// Where this kind of problem is explained.
    r#type: String,
    /// What kind of problem it is.
    title: &'a str,
    /// That of the answer.
    status: u16,
    /// What is wrong with this request.
    detail: &'a str,
    /// The kind, for programs.
    code: &'a str,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), trouble: None }
    }

    pub(super) fn order_not_found() -> Self {
        OrderError::NotFound.into()
    }

    pub(super) fn key_reused() -> Self {
        let message = "this idempotency key was used for another request";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "IdempotencyKeyReused", message)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let problem = Problem {
            r#type: format!("{}#{}", openapi::PAGE, self.code),
            title: problems::title(self.code),
            status: self.status.as_u16(),
            detail: &self.message,
            code: self.code,
        };
        let mut answer = (self.status, Json(problem)).into_response();
        answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(problems::MEDIA_TYPE));
        if let Some(trouble) = self.trouble {
            answer.extensions_mut().insert(trouble);
        }
        answer
    }
}

impl From<OrderError> for ApiError {
    fn from(error: OrderError) -> Self {
        let (status, code) = match &error {
            OrderError::NotFound => (StatusCode::NOT_FOUND, "OrderNotFound"),
            OrderError::AlreadyExists => (StatusCode::CONFLICT, "OrderAlreadyExists"),
            OrderError::IllegalTransition { .. } => (StatusCode::CONFLICT, "IllegalTransition"),
            OrderError::NoItems
            | OrderError::TooManyItems
            | OrderError::InvalidQuantity(_)
            | OrderError::DuplicateProduct(_)
            | OrderError::NothingToPay
            | OrderError::InvalidPrice(_)
            | OrderError::Text(_)
            | OrderError::Money(_) => (StatusCode::BAD_REQUEST, "InvalidOrder"),
        };
        Self::new(status, code, error.to_string())
    }
}

impl From<MoneyError> for ApiError {
    fn from(error: MoneyError) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidMoney", error.to_string())
    }
}

impl From<StockError> for ApiError {
    fn from(error: StockError) -> Self {
        let (status, code) = match &error {
            StockError::UnknownProduct(_) => (StatusCode::NOT_FOUND, "ProductNotFound"),
            StockError::Insufficient { .. } => (StatusCode::CONFLICT, "InsufficientStock"),
            StockError::BelowReserved { .. } => (StatusCode::CONFLICT, "BelowReserved"),
            StockError::TooMany => (StatusCode::BAD_REQUEST, "InvalidStock"),
        };
        Self::new(status, code, error.to_string())
    }
}

impl From<InvalidShipment> for ApiError {
    fn from(error: InvalidShipment) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidShipment", error.to_string())
    }
}

impl From<InvalidSubscriber> for ApiError {
    fn from(error: InvalidSubscriber) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidSubscriber", error.to_string())
    }
}

impl From<QuoteError> for ApiError {
    fn from(error: QuoteError) -> Self {
        let (status, code) = match error {
            QuoteError::Failed(failure) => return failure.into(),
            QuoteError::Refused(_) => (StatusCode::UNPROCESSABLE_ENTITY, "ShippingRefused"),
            QuoteError::NoAnswer(_) => (StatusCode::GATEWAY_TIMEOUT, "QuoteTimedOut"),
        };
        Self::new(status, code, error.to_string())
    }
}

impl<R: std::error::Error + Into<ApiError>> From<CommandError<R>> for ApiError {
    fn from(error: CommandError<R>) -> Self {
        match error {
            CommandError::Refused(refusal) => refusal.into(),
            CommandError::KeyReused => Self::key_reused(),
            CommandError::Failed(failure) => failure.into(),
        }
    }
}

impl From<NotPut> for ApiError {
    fn from(reason: NotPut) -> Self {
        let code = match reason {
            NotPut::Failed(failure) => return failure.into(),
            NotPut::Exists(_) => "SubscriberExists",
            NotPut::RemovedJustNow(_) => "SubscriberRemovedJustNow",
        };
        Self::new(StatusCode::CONFLICT, code, reason.to_string())
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        // The cause is for the operator; it may name resources that are no caller's business.
        tracing::error!(%failure, "request failed");
        let (status, code) = match &failure {
            Failure::Unavailable(..)
            | Failure::Throttled(..)
            | Failure::Faulty(..)
            | Failure::Retry(_) => (StatusCode::SERVICE_UNAVAILABLE, "Unavailable"),
            Failure::GiveUp(_) => (StatusCode::INTERNAL_SERVER_ERROR, "InternalError"),
        };
        let message = "the request could not be completed; try again later";
        let trouble = match failure {
            Failure::Unavailable(dependency, _) => Some(Trouble(dependency)),
            _ => None,
        };
        Self { trouble, ..Self::new(status, code, message) }
    }
}

impl From<InvalidIdentifier> for ApiError {
    fn from(error: InvalidIdentifier) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidIdentifier", error.to_string())
    }
}
