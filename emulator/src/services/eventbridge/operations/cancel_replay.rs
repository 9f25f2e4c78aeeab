//! CancelReplay: stops a replay; what it has put stays put.
//!
//! Errors: `ResourceNotFoundException`, `IllegalStatusException` (it is over).
//! Source: API reference "CancelReplay".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::replay::ReplayState;
use crate::services::eventbridge::state::EventBridge;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub replay_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub replay_arn: Option<String>,
    pub state: Option<String>,
    pub state_reason: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let name = constraint::required("replayName", request.replay_name)?;
    let replay = events.replay(ctx, &name)?;
    if !replay.state.is_active() {
        return Err(EventsError::IllegalStatus(name));
    }
    // The step that is due next ends it.
    replay.state = ReplayState::Cancelling;
    Ok(Response {
        replay_arn: Some(replay.arn.to_string()),
        state: Some(replay.state.as_str().to_owned()),
        state_reason: None,
    })
}
