//! What each widget of a dashboard shows, as JSON for the page.

use serde_json::{Map, Value, json};

use super::queries::{Queries, queries, tell_apart};
use crate::wire::Timestamp;

/// Most pages of points that are asked for a widget.
const PAGES_MAX: usize = 5;
/// Most widgets that are drawn; AWS takes no more.
const WIDGETS_MAX: usize = 500;
const COLUMNS: i64 = 24;
/// Sizes of widgets that say none.
const SIZE: (i64, i64) = (6, 6);

/// Asks an operation of CloudWatch in a region, or in that of the page.
pub(super) type Ask<'a> = &'a dyn Fn(&str, Option<&str>, &Value) -> Result<Value, String>;

/// The time that is shown.
pub(super) struct Window {
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
}

impl Window {
    /// The last `minutes` before `now`, or what the body says, or `usual`.
    pub(super) fn of(body: &Value, minutes: Option<u32>, usual: u32, now: Timestamp) -> Self {
        let back = |minutes: i64| Timestamp::from_millis(now.millis() - minutes * 60_000);
        let start = body["start"].as_str().unwrap_or_default();
        let absolute = |text: &str| Timestamp::parse_iso(text);
        let window = match (minutes, absolute(start)) {
            (Some(minutes), _) => return Self { start: back(minutes.into()), end: now },
            (None, Some(start)) => {
                let end = body["end"].as_str().and_then(absolute).unwrap_or(now);
                Self { start, end }
            }
            (None, None) => {
                let minutes = relative(start).unwrap_or_else(|| usual.into());
                Self { start: back(minutes), end: now }
            }
        };
        if window.start < window.end {
            window
        } else {
            Self { start: back(usual.into()), end: now }
        }
    }

    fn seconds(&self) -> i64 {
        self.end.seconds() - self.start.seconds()
    }
}

/// `-PT3H`, `-P7D`, `-P1M`: minutes back. A month is one of thirty days.
fn relative(text: &str) -> Option<i64> {
    let rest = text.strip_prefix("-P")?;
    let (number, unit) = match rest.strip_prefix('T') {
        Some(time) => {
            let (number, unit) = time.split_at_checked(time.len().checked_sub(1)?)?;
            (
                number,
                match unit {
                    "H" => 60,
                    "M" => 1,
                    _ => return None,
                },
            )
        }
        None => {
            let (number, unit) = rest.split_at_checked(rest.len().checked_sub(1)?)?;
            (
                number,
                match unit {
                    "D" => 1440,
                    "W" => 7 * 1440,
                    "M" => 30 * 1440,
                    _ => return None,
                },
            )
        }
    };
    let number: u32 = number.parse().ok().filter(|number| (1..100_000).contains(number))?;
    Some(i64::from(number) * unit)
}

/// The widgets of a body, in their order.
pub(super) fn widgets(body: &Value, window: &Window, ask: Ask<'_>) -> Vec<Value> {
    let widgets = body["widgets"].as_array().map(Vec::as_slice).unwrap_or_default();
    widgets.iter().take(WIDGETS_MAX).map(|it| widget(it, window, ask)).collect()
}

fn widget(widget: &Value, window: &Window, ask: Ask<'_>) -> Value {
    let kind = widget["type"].as_str().unwrap_or_default();
    let properties = &widget["properties"];
    let number = |name: &str| widget[name].as_i64();
    let mut shown = json!({
        "type": kind,
        "title": properties["title"].as_str(),
        "x": number("x"),
        "y": number("y"),
        "width": number("width").unwrap_or(SIZE.0).clamp(1, COLUMNS),
        "height": number("height").unwrap_or(SIZE.1).clamp(1, 1000),
    });
    match kind {
        "metric" => metric(&mut shown, properties, window, ask),
        "alarm" => alarms(&mut shown, properties, ask),
        "text" => {
            shown["markdown"] = properties["markdown"].clone();
            shown["plain"] = (properties["background"] == "transparent").into();
        }
        "log" => {
            shown["query"] = properties["query"].clone();
            shown["problem"] = "There are no logs here to ask.".into();
        }
        other => {
            shown["problem"] = format!("Widgets of the type {other} are not drawn here.").into()
        }
    }
    shown
}

fn metric(shown: &mut Value, properties: &Value, window: &Window, ask: Ask<'_>) {
    let region = properties["region"].as_str();
    for name in ["view", "stacked", "yAxis", "legend", "setPeriodToTimeRange", "sparkline"] {
        shown[name] = properties[name].clone();
    }
    let mut lines = annotated(&properties["annotations"]);
    let mut wanted = queries(properties, window.seconds());
    if let Some(arn) = properties["annotations"]["alarms"][0].as_str()
        && let Some(alarm) = alarm_of(arn, ask)
    {
        shown["alarm"] = brief(&alarm);
        shown["title"] = properties["title"].as_str().or(alarm["AlarmName"].as_str()).into();
        if wanted.asked.is_empty() {
            wanted = queries_of_alarm(&alarm);
        }
        if let Some(threshold) = alarm["Threshold"].as_f64() {
            lines.push(json!({"value": threshold, "label": alarm["AlarmName"]}));
        }
    }
    shown["lines"] = lines.into();
    match series(&wanted, region, window, ask) {
        Ok(series) => shown["series"] = series.into(),
        Err(problem) => shown["problem"] = problem.into(),
    }
}

/// Horizontal lines, those of bands one by one.
fn annotated(annotations: &Value) -> Vec<Value> {
    let lines = annotations["horizontal"].as_array().into_iter().flatten();
    let lines = lines.flat_map(|line| match line {
        Value::Array(pair) => pair.iter().take(2).collect(),
        line => vec![line],
    });
    let line = |it: &Value| {
        let members = ["value", "label", "color", "yAxis"];
        members.iter().map(|name| ((*name).to_owned(), it[*name].clone())).collect::<Value>()
    };
    lines.filter(|it| it["visible"] != false).map(line).collect()
}

fn series(
    Queries { asked, drawn }: &Queries,
    region: Option<&str>,
    window: &Window,
    ask: Ask<'_>,
) -> Result<Vec<Value>, String> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<(String, Value)> = Vec::new();
    let mut token = Value::Null;
    for _ in 0..PAGES_MAX {
        let mut input = json!({
            "MetricDataQueries": asked, "ScanBy": "TimestampAscending",
            "StartTime": window.start.millis() as f64 / 1000.0,
            "EndTime": window.end.millis() as f64 / 1000.0,
        });
        if token.is_string() {
            input["NextToken"] = token;
        }
        let answer = ask("GetMetricData", region, &input)?;
        for result in answer["MetricDataResults"].as_array().into_iter().flatten() {
            add(&mut found, result, drawn);
        }
        token = answer["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    let mut series: Vec<Value> = found.into_iter().map(|(_, series)| series).collect();
    tell_apart(&mut series);
    Ok(series)
}

/// Adds a page of a time series to what earlier pages brought.
fn add(found: &mut Vec<(String, Value)>, result: &Value, drawn: &Map<String, Value>) {
    let id = result["Id"].as_str().unwrap_or_default();
    let label = result["Label"].as_str().unwrap_or_default();
    let times = result["Timestamps"].as_array().into_iter().flatten();
    let values = result["Values"].as_array().into_iter().flatten();
    let point = |(time, value): (&Value, &Value)| {
        json!([time.as_f64().unwrap_or_default() * 1000.0, value])
    };
    let points: Vec<Value> = times.zip(values).map(point).collect();
    let key = format!("{id} {label}");
    if let Some((_, known)) = found.iter_mut().find(|(known, _)| *known == key) {
        if let Some(known) = known["points"].as_array_mut() {
            known.extend(points);
        }
        return;
    }
    let mut series = json!({"label": label, "points": points});
    for (name, value) in drawn.get(id).and_then(Value::as_object).into_iter().flatten() {
        series[name] = value.clone();
    }
    if let Some(told) = result["Messages"][0]["Value"].as_str() {
        series["message"] = told.into();
    }
    found.push((key, series));
}

/// What an alarm watches, as GetMetricData is asked for it.
fn queries_of_alarm(alarm: &Value) -> Queries {
    if let Some(metrics) = alarm["Metrics"].as_array() {
        return Queries { asked: metrics.clone(), drawn: Map::new() };
    }
    if !alarm["MetricName"].is_string() {
        return Queries::default();
    }
    let stat = alarm["Statistic"].as_str().or(alarm["ExtendedStatistic"].as_str());
    let metric = json!({
        "Namespace": alarm["Namespace"], "MetricName": alarm["MetricName"],
        "Dimensions": alarm["Dimensions"],
    });
    let stat = json!({"Metric": metric, "Period": alarm["Period"], "Stat": stat});
    let query = json!({"Id": "skyrig0", "MetricStat": stat});
    Queries { asked: vec![query], drawn: Map::new() }
}

/// The region and the name in an alarm's ARN; a name alone is as good.
fn parts(arn: &str) -> (Option<&str>, &str) {
    let mut parts = arn.splitn(7, ':').skip(3);
    match (arn.starts_with("arn:"), parts.next(), parts.nth(2)) {
        (true, Some(region), Some(name)) => (Some(region), name),
        _ => (None, arn),
    }
}

fn alarm_of(arn: &str, ask: Ask<'_>) -> Option<Value> {
    let (region, name) = parts(arn);
    let types = ["MetricAlarm", "CompositeAlarm", "LogAlarm"];
    let input = json!({"AlarmNames": [name], "AlarmTypes": types});
    let answer = ask("DescribeAlarms", region, &input).ok()?;
    let lists = ["MetricAlarms", "CompositeAlarms", "LogAlarms"];
    lists.iter().find_map(|list| answer[list].get(0)).cloned()
}

fn brief(alarm: &Value) -> Value {
    json!({
        "name": alarm["AlarmName"],
        "state": alarm["StateValue"],
        "reason": alarm["StateReason"],
        "since": alarm["StateTransitionedTimestamp"].as_f64().map(|it| it * 1000.0),
        "suppressed_by": alarm["ActionsSuppressedBy"],
    })
}

fn alarms(shown: &mut Value, properties: &Value, ask: Ask<'_>) {
    let arns = properties["alarms"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut alarms: Vec<Value> = arns
        .map(|arn| match alarm_of(arn, ask) {
            Some(alarm) => brief(&alarm),
            None => {
                json!({"name": parts(arn).1, "state": null, "reason": "There is no such alarm."})
            }
        })
        .collect();
    let states = properties["states"].as_array().filter(|states| !states.is_empty());
    if let Some(states) = states {
        alarms.retain(|alarm| states.contains(&alarm["state"]));
    }
    if let Some("stateUpdatedTimestamp" | "timestamp") = properties["sortBy"].as_str() {
        // The latest change first.
        let since = |alarm: &Value| alarm["since"].as_f64().unwrap_or_default();
        alarms.sort_by(|one, other| since(other).total_cmp(&since(one)));
    }
    shown["alarms"] = alarms.into();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        for (text, expected) in [
            ("-PT5M", Some(5)),
            ("-PT3H", Some(180)),
            ("-P7D", Some(7 * 1440)),
            ("-P2W", Some(14 * 1440)),
            ("-P1M", Some(30 * 1440)),
            ("-PT", None),
            ("-P", None),
            ("PT3H", None),
            ("-PT3ä", None),
            ("-PT999999H", None),
        ] {
            assert_eq!(relative(text), expected, "{text}");
        }
    }

    #[test]
    fn alarms_are_found_by_arn_or_name() {
        let arn = "arn:aws:cloudwatch:eu-west-1:000000000000:alarm:a:b";
        assert_eq!(parts(arn), (Some("eu-west-1"), "a:b"));
        assert_eq!(parts("a"), (None, "a"));
    }
}
