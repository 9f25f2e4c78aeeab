//! What PutLogAlarm asks for, checked by the limits of AWS's model.

use super::settings::{OPERATORS, check_limits_of_actions};
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::metric::NAME_MAX;
use crate::services::cloudwatch::operations::put_log_alarm::Request;

const DESCRIPTION_MAX: usize = 1024;
const QUERY_MAX: usize = 10_000;

impl Request {
    /// # Errors
    /// `ValidationError`.
    pub(in crate::services::cloudwatch) fn check(&self) -> Result<(), CloudWatchError> {
        let mut constraints = Constraints::default();
        constraints.required("alarmName", self.alarm_name.as_ref());
        let name = self.alarm_name.as_deref();
        constraints.length("alarmName", name, (1, NAME_MAX));
        let description = self.alarm_description.as_deref();
        constraints.length("alarmDescription", description, (0, DESCRIPTION_MAX));
        let query = self.scheduled_query_configuration.as_ref();
        constraints.required("scheduledQueryConfiguration", query);
        if let Some(query) = query {
            let member = |name: &str| format!("scheduledQueryConfiguration.{name}");
            let text = query.query_string.as_ref();
            constraints.required(&member("queryString"), text);
            constraints.length(&member("queryString"), text.map(String::as_str), (0, QUERY_MAX));
            let role = query.scheduled_query_role_arn.as_ref();
            constraints.required(&member("scheduledQueryRoleARN"), role);
            let schedule = query.schedule_configuration.as_ref();
            constraints.required(&member("scheduleConfiguration"), schedule);
            let aggregation = query.aggregation_expression.as_ref();
            constraints.required(&member("aggregationExpression"), aggregation);
        }
        for (member, number) in [
            ("queryResultsToEvaluate", self.query_results_to_evaluate),
            ("queryResultsToAlarm", self.query_results_to_alarm),
        ] {
            constraints.required(member, number.as_ref());
            constraints.range(member, number, (1, i32::MAX));
        }
        constraints.required("threshold", self.threshold.as_ref());
        let operator = self.comparison_operator.as_deref();
        constraints.required("comparisonOperator", operator.as_ref());
        constraints.one_of("comparisonOperator", operator, &OPERATORS);
        constraints.length("treatMissingData", self.treat_missing_data.as_deref(), (1, NAME_MAX));
        check_limits_of_actions(&mut constraints, self.actions());
        constraints.done()?;
        if name.is_some_and(|name| name.contains(|letter: char| letter.is_ascii_control())) {
            let text = "AlarmName must not contain control characters.".to_owned();
            return Err(CloudWatchError::Validation(text));
        }
        Ok(())
    }
}
