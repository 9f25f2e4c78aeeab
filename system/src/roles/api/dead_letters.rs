//! Dead letters over HTTP, for operators: what failed and why, and back to work with it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::error::ApiError;
use super::input::Segment;
use crate::app::App;
use crate::dead_letters::{self, DeadLetter, Which};
use crate::domain::Timestamp;
use crate::role::{Input, Role};

/// Letters of one request.
const LETTERS_MAX: usize = 100;

/// A message that was given up. What it says is left out: it may be private.
#[derive(Serialize, ToSchema)]
pub(super) struct LetterBody {
    message_id: String,
    /// Missing when its consumer died before it could say why.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_at: Option<Timestamp>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct RedrivenBody {
    /// So many messages went back to the role's queue.
    sent_back: usize,
}

/// Lists up to a hundred dead letters of a role. They stay where they are.
#[utoipa::path(
    get,
    path = "/dead-letters/{role}",
    operation_id = "listDeadLetters",
    tag = "operations",
    params(("role" = String, Path, description = "Such as payments")),
    responses((status = 200, description = "The letters", body = Vec<LetterBody>)),
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Segment(name): Segment,
) -> Result<Json<Vec<LetterBody>>, ApiError> {
    let which = Which::Any(LETTERS_MAX);
    let letters = dead_letters::list(&app.aws, &app.names, role(&name)?, &which).await?;
    Ok(Json(letters.into_iter().map(LetterBody::from).collect()))
}

/// Sends up to a hundred dead letters of a role back to its queue, once what made them fail is
/// mended.
#[utoipa::path(
    post,
    path = "/dead-letters/{role}/redrive",
    operation_id = "redriveDeadLetters",
    tag = "operations",
    params(("role" = String, Path, description = "Such as payments")),
    responses((status = 200, description = "They were sent back", body = RedrivenBody)),
)]
pub(super) async fn redrive(
    State(app): State<Arc<App>>,
    Segment(name): Segment,
) -> Result<Json<RedrivenBody>, ApiError> {
    let which = Which::Any(LETTERS_MAX);
    let sent_back = dead_letters::redrive(&app.aws, &app.names, role(&name)?, &which).await?;
    Ok(Json(RedrivenBody { sent_back }))
}

fn role(name: &str) -> Result<Role, ApiError> {
    let known = Role::parse(name).filter(|role| matches!(role.input(), Input::Queue(_)));
    known.ok_or_else(|| {
        let message = format!("{name:?} is no role with a queue");
        ApiError::new(StatusCode::NOT_FOUND, "NoSuchRole", message)
    })
}

impl From<DeadLetter> for LetterBody {
    fn from(DeadLetter { message_id, note, .. }: DeadLetter) -> Self {
        let Some(note) = note else {
            let none = None;
            return Self { message_id, reason: none, code: None, attempts: None, failed_at: None };
        };
        Self {
            message_id,
            reason: Some(note.reason),
            code: Some(note.code),
            attempts: Some(note.attempts),
            failed_at: Some(note.failed_at),
        }
    }
}
