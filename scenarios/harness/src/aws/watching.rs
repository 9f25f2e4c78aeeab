//! Metrics, alarms, logs, mail and the clock.

use super::door::Aws;
use super::words::{Done, optional};
use crate::world::{Arguments, WorldError, text};
use serde_json::{Value, json};

/// What a metric is summed up over, and in what steps: at most 1,440 of them are answered.
const WINDOW_SECONDS: i64 = 14 * DAY_SECONDS;
const DAY_SECONDS: i64 = 86_400;
/// Most lines of one look.
const LINES_MAX: usize = 1000;
const STATISTICS: [&str; 4] = ["Sum", "SampleCount", "Minimum", "Maximum"];

pub(super) async fn metric(aws: &Aws, of: &Arguments) -> Done {
    let statistic = optional(of, "statistic").unwrap_or("Sum");
    if statistic != "Average" && !STATISTICS.contains(&statistic) {
        let known = STATISTICS.join(", ");
        return Err(WorldError(format!("no statistic is {statistic}; there are Average, {known}")));
    }
    let dimensions = of.get("dimensions").and_then(Value::as_object).into_iter().flatten();
    let dimensions = dimensions.map(|(name, value)| json!({ "Name": name, "Value": value }));
    // What counts towards the present minute is seen too.
    let end = aws.now_seconds().await? + 60;
    let input = json!({
        "Namespace": text(of, "namespace")?,
        "MetricName": text(of, "name")?,
        "Dimensions": dimensions.collect::<Vec<_>>(),
        "StartTime": end - WINDOW_SECONDS,
        "EndTime": end,
        "Period": DAY_SECONDS,
        "Statistics": STATISTICS,
    });
    let answer = aws.ask("cloudwatch", "GetMetricStatistics", &input).await?;
    let points = answer["Datapoints"].as_array().map_or(&[][..], Vec::as_slice);
    let all = |name: &str| {
        points.iter().filter_map(|point| point[name].as_f64()).collect::<Vec<_>>().into_iter()
    };
    let sum = |name: &str| all(name).sum::<f64>();
    let value = match statistic {
        "Minimum" => all(statistic).reduce(f64::min),
        "Maximum" => all(statistic).reduce(f64::max),
        "Average" => Some(sum("Sum") / sum("SampleCount")).filter(|value| value.is_finite()),
        _ => Some(sum(statistic)),
    };
    Ok(json!(value.unwrap_or_default()))
}

pub(super) async fn alarm(aws: &Aws, of: &Arguments) -> Done {
    let name = text(of, "name")?;
    let input = json!({ "AlarmNames": [name], "AlarmTypes": ["MetricAlarm", "CompositeAlarm"] });
    let answer = aws.ask("cloudwatch", "DescribeAlarms", &input).await?;
    let kinds = ["MetricAlarms", "CompositeAlarms"];
    let state = kinds.iter().find_map(|kind| answer[*kind][0]["StateValue"].as_str());
    state.map(|state| json!(state)).ok_or_else(|| WorldError(format!("there is no alarm {name}")))
}

pub(super) async fn logs(aws: &Aws, of: &Arguments) -> Done {
    let filter = optional(of, "filter").unwrap_or_default();
    let mut input = json!({ "logGroupName": text(of, "group")?, "filterPattern": filter });
    let mut lines = Vec::new();
    loop {
        let page = aws.ask("logs", "FilterLogEvents", &input).await?;
        let events = page["events"].as_array().into_iter().flatten();
        let line = |event: &Value| event["message"].as_str().map(|line| line.trim_end().to_owned());
        lines.extend(events.filter_map(line));
        lines.truncate(LINES_MAX);
        match page["nextToken"].as_str() {
            Some(next) if lines.len() < LINES_MAX => input["nextToken"] = json!(next),
            _ => return Ok(json!(lines)),
        }
    }
}

pub(super) async fn mail(aws: &Aws, of: &Arguments) -> Done {
    let found = aws.letters().await?;
    let to = optional(of, "to");
    let letters = found.iter().filter(|letter| to.is_none_or(|to| letter["to"] == to));
    let shown = letters.map(|letter| {
        json!({
            "to": letter["to"],
            "subject": letter["subject"],
            "body": letter["body"],
            "protocol": letter["protocol"],
        })
    });
    Ok(Value::Array(shown.collect()))
}

pub(super) async fn clock(aws: &Aws) -> Done {
    Ok(json!(aws.now().await?))
}
