//! SetAlarmState: gives an alarm a state until it is evaluated again.
//!
//! Errors: `ResourceNotFound`, `InvalidFormat`, `ValidationError`.
//! Source: API reference "SetAlarmState"; recordings of 2025-09-22.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::alarm::{State, StateValue};
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::metric::NAME_MAX;
use crate::services::cloudwatch::state::CloudWatch;

const REASON_MAX: usize = 1023;
const REASON_DATA_MAX: usize = 4000;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub alarm_name: Option<String>,
    pub state_value: Option<String>,
    pub state_reason: Option<String>,
    /// JSON.
    pub state_reason_data: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    request.check()?;
    let Request { alarm_name, state_value, state_reason, state_reason_data } = request;
    let name = alarm_name.filter(|name| cloudwatch.alarms.get(name).is_some());
    let name = name.ok_or(CloudWatchError::AlarmNotFound)?;
    let value = state_value.as_deref().and_then(StateValue::parse);
    let value = value.expect("the word was checked");
    let is_json = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok();
    if state_reason_data.as_deref().is_some_and(|data| !is_json(data)) {
        let text = "The StateReasonData is not valid JSON".to_owned();
        return Err(CloudWatchError::InvalidFormat(text));
    }
    let reason = state_reason.unwrap_or_default();
    let state = State::new(value, reason, state_reason_data);
    cloudwatch.alarms.set_state(ctx, &name, state);
    Ok(Response {})
}

impl Request {
    fn check(&self) -> Result<(), CloudWatchError> {
        let mut constraints = Constraints::default();
        constraints.required("alarmName", self.alarm_name.as_ref());
        constraints.length("alarmName", self.alarm_name.as_deref(), (1, NAME_MAX));
        constraints.required("stateValue", self.state_value.as_ref());
        constraints.one_of("stateValue", self.state_value.as_deref(), &StateValue::NAMES);
        constraints.required("stateReason", self.state_reason.as_ref());
        constraints.length("stateReason", self.state_reason.as_deref(), (0, REASON_MAX));
        let data = self.state_reason_data.as_deref();
        constraints.length("stateReasonData", data, (0, REASON_DATA_MAX));
        Ok(constraints.done()?)
    }
}
