//! What PutAlarmMuteRule asks for, checked by the limits of AWS's model.

use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::metric::NAME_MAX;
use crate::services::cloudwatch::operations::put_alarm_mute_rule::Request;

const DESCRIPTION_MAX: usize = 1024;
const TARGETS_MAX: usize = 100;
const EXPRESSION_MAX: usize = 256;
const WORD_MAX: usize = 50;

impl Request {
    /// # Errors
    /// `ValidationError`.
    pub(in crate::services::cloudwatch) fn check(&self) -> Result<(), CloudWatchError> {
        let mut constraints = Constraints::default();
        constraints.required("name", self.name.as_ref());
        constraints.length("name", self.name.as_deref(), (1, NAME_MAX));
        constraints.length("description", self.description.as_deref(), (0, DESCRIPTION_MAX));
        constraints.required("rule", self.rule.as_ref());
        if let Some(rule) = &self.rule {
            constraints.required("rule.schedule", rule.schedule.as_ref());
        }
        if let Some(schedule) = self.rule.as_ref().and_then(|rule| rule.schedule.as_ref()) {
            let member = |name: &str| format!("rule.schedule.{name}");
            let (expression, duration) = (&schedule.expression, &schedule.duration);
            constraints.required(&member("expression"), expression.as_ref());
            let bounds = (1, EXPRESSION_MAX);
            constraints.length(&member("expression"), expression.as_deref(), bounds);
            constraints.required(&member("duration"), duration.as_ref());
            constraints.length(&member("duration"), duration.as_deref(), (1, WORD_MAX));
            let timezone = schedule.timezone.as_deref();
            constraints.length(&member("timezone"), timezone, (1, WORD_MAX));
        }
        if let Some(targets) = &self.mute_targets {
            let names = targets.alarm_names.as_ref();
            constraints.required("muteTargets.alarmNames", names);
            let list = names.map(Vec::as_slice).unwrap_or_default();
            constraints.entries("muteTargets.alarmNames", list, (0, TARGETS_MAX));
            for (number, name) in (1..).zip(list) {
                let member = format!("muteTargets.alarmNames.{number}.member");
                constraints.length(&member, Some(name), (1, NAME_MAX));
            }
        }
        constraints.done()?;
        let name = self.name.as_deref().unwrap_or_default();
        if name.contains(|letter: char| letter.is_ascii_control()) {
            let text = "Name must not contain control characters.".to_owned();
            return Err(CloudWatchError::Validation(text));
        }
        Ok(())
    }
}

/// The name of a rule, if it is there and of good length.
///
/// # Errors
/// `ValidationError`.
pub(in crate::services::cloudwatch) fn checked_mute_rule_name(
    name: Option<String>,
) -> Result<String, CloudWatchError> {
    let mut constraints = Constraints::default();
    constraints.required("alarmMuteRuleName", name.as_ref());
    constraints.length("alarmMuteRuleName", name.as_deref(), (1, NAME_MAX));
    constraints.done()?;
    Ok(name.unwrap_or_default())
}
