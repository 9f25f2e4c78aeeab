//! Which web pages may use the API, and what answers say to browsers.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode};
use visitors::{Deed, Verdict, Visitors};

use super::error::ApiError;

/// Stands before everything else, so that a page that is refused takes nobody's place.
pub(super) async fn judge(
    State(visitors): State<Arc<Visitors>>,
    request: Request,
    next: Next,
) -> Response {
    let (head, body) = request.into_parts();
    let looks = head.method == Method::GET || head.method == Method::HEAD;
    let verdict = visitors.judge(&head, if looks { Deed::Harmless } else { Deed::Change });
    let mut answer = match &verdict {
        Verdict::Refused(refusal) => {
            tracing::warn!(method = %head.method, path = head.uri.path(), "refused: {refusal}");
            ApiError::new(StatusCode::FORBIDDEN, "Forbidden", refusal.to_string()).into_response()
        }
        Verdict::Preflight(_) => StatusCode::NO_CONTENT.into_response(),
        _ => next.run(Request::from_parts(head, body)).await,
    };
    verdict.tell(answer.headers_mut());
    visitors::shield(answer.headers_mut());
    answer
}
