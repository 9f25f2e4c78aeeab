//! From the metrics of a widget to what GetMetricData is asked.
//!
//! Source: API reference "Dashboard body structure and syntax", "Metric widget: metrics array".

use serde_json::{Map, Value, json};

/// Most points of one time series in a chart; longer times are shown by longer periods.
const POINTS_MAX: i64 = 720;
const PERIOD: i64 = 300;

/// What is asked, and how each of it is drawn, by its id.
#[derive(Debug, Default)]
pub(super) struct Queries {
    pub(super) asked: Vec<Value>,
    /// Members of rendering, by id.
    pub(super) drawn: Map<String, Value>,
}

/// The queries for a widget's properties over so many seconds.
pub(super) fn queries(properties: &Value, seconds: i64) -> Queries {
    let mut queries = Queries::default();
    let mut before: Vec<String> = Vec::new();
    let metrics = properties["metrics"].as_array().map(Vec::as_slice).unwrap_or_default();
    for (number, metric) in metrics.iter().enumerate() {
        let parts = metric.as_array().map(Vec::as_slice).unwrap_or_default();
        let (texts, rendering) = match parts.split_last() {
            Some((Value::Object(rendering), texts)) => (texts, rendering.clone()),
            _ => (parts, Map::new()),
        };
        let texts: Vec<&str> = texts.iter().filter_map(Value::as_str).collect();
        let words = expanded(&texts, &before);
        let id = rendering
            .get("id")
            .and_then(Value::as_str)
            .map_or_else(|| format!("skyrig{number}"), str::to_owned);
        let setting = |name: &str| rendering.get(name).or_else(|| properties.get(name)).cloned();
        let period = setting("period").and_then(|it| it.as_i64()).unwrap_or(PERIOD);
        let period = fitting(period, seconds);
        let mut query = json!({
            "Id": id, "ReturnData": rendering.get("visible") != Some(&Value::Bool(false)),
        });
        match rendering.get("expression") {
            Some(expression) => {
                query["Expression"] = expression.clone();
                query["Period"] = period.into();
            }
            None if words.len() >= 2 => {
                let stat = setting("stat").unwrap_or_else(|| "Average".into());
                query["MetricStat"] = json!({
                    "Metric": metric_of(&words), "Period": period, "Stat": stat,
                });
                before = words;
            }
            None => continue,
        }
        if let Some(label) = rendering.get("label") {
            query["Label"] = label.clone();
        }
        queries.asked.push(query);
        let shown = ["color", "yAxis"].into_iter();
        let shown = shown.filter_map(|name| Some((name.to_owned(), rendering.get(name)?.clone())));
        let mut shown: Map<String, Value> = shown.collect();
        if !rendering.contains_key("label") && !rendering.contains_key("expression") {
            shown.insert("told_apart_by".to_owned(), told_apart_by(&queries.asked));
        }
        queries.drawn.insert(id, Value::Object(shown));
    }
    queries
}

/// What may tell the last metric from others of its name: values of dimensions, the statistic, the
/// namespace.
fn told_apart_by(asked: &[Value]) -> Value {
    let stat = asked.last().map(|query| &query["MetricStat"]).unwrap_or(&Value::Null);
    let dimensions = stat["Metric"]["Dimensions"].as_array().into_iter().flatten();
    let mut parts: Vec<Value> = dimensions.map(|it| it["Value"].clone()).collect();
    parts.extend([stat["Stat"].clone(), stat["Metric"]["Namespace"].clone()]);
    parts.into()
}

/// Makes labels that occur twice longer by what tells their series apart.
pub(super) fn tell_apart(series: &mut [Value]) {
    let labels: Vec<Value> = series.iter().map(|it| it["label"].clone()).collect();
    let parts: Vec<Vec<Value>> = series
        .iter_mut()
        .map(|it| match it.as_object_mut().and_then(|it| it.remove("told_apart_by")) {
            Some(Value::Array(parts)) => parts,
            _ => Vec::new(),
        })
        .collect();
    for (at, one) in series.iter_mut().enumerate() {
        let twins = (0..labels.len()).filter(|twin| labels[*twin] == labels[at] && *twin != at);
        let twins: Vec<usize> = twins.collect();
        let differs = |(place, part): &(usize, &Value)| {
            twins.iter().any(|twin| parts[*twin].get(*place) != Some(part))
        };
        let more = parts[at].iter().enumerate().filter(differs);
        let more: Vec<&str> = more.filter_map(|(_, part)| part.as_str()).collect();
        if let (false, Some(label)) = (more.is_empty() || twins.is_empty(), labels[at].as_str()) {
            one["label"] = format!("{label} {}", more.join(" ")).into();
        }
    }
}

/// The words of a metric without shorthand: `.` is what the one before has there, `...` all that it
/// has up to the words that follow.
fn expanded(texts: &[&str], before: &[String]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        match *text {
            "." => words.push(before.get(words.len()).cloned().unwrap_or_default()),
            "..." => {
                let following = texts.len() - at - 1;
                let end = before.len().saturating_sub(following);
                words.extend(before.get(words.len()..end).unwrap_or_default().iter().cloned());
            }
            text => words.push(text.to_owned()),
        }
    }
    words
}

fn metric_of(words: &[String]) -> Value {
    let dimensions = words[2..].chunks_exact(2);
    let dimensions: Vec<Value> =
        dimensions.map(|it| json!({"Name": it[0], "Value": it[1]})).collect();
    json!({"Namespace": words[0], "MetricName": words[1], "Dimensions": dimensions})
}

/// The period, or the next longer one with which the time has not too many points.
fn fitting(period: i64, seconds: i64) -> i64 {
    let least = (seconds / POINTS_MAX).max(1);
    if period >= least {
        return period.max(1);
    }
    [60, 300, 900, 3600, 21_600].into_iter().find(|longer| *longer >= least).unwrap_or(86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shorthand_is_what_stands_before_it() {
        let properties = json!({"stat": "Sum", "period": 60, "metrics": [
            ["AWS/SQS", "Sent", "QueueName", "a", {"color": "#ff0000", "label": "A"}],
            [".", "Received", ".", "."],
            ["...", "b", {"stat": "p99", "yAxis": "right"}],
            [{"expression": "m1*2", "id": "e1"}],
            ["lonely"],
        ]});
        let Queries { asked, drawn } = queries(&properties, 3600);
        let metric = |at: usize| &asked[at]["MetricStat"]["Metric"];
        let dimensions = |value: &str| json!([{"Name": "QueueName", "Value": value}]);
        assert_eq!(metric(1)["MetricName"], "Received");
        assert_eq!(metric(1)["Dimensions"], dimensions("a"));
        assert_eq!(metric(2)["MetricName"], "Received");
        assert_eq!(metric(2)["Dimensions"], dimensions("b"));
        assert_eq!(
            (&asked[2]["MetricStat"]["Stat"], &asked[0]["Label"]),
            (&json!("p99"), &json!("A"))
        );
        assert_eq!((&asked[3]["Id"], &asked[3]["Expression"]), (&json!("e1"), &json!("m1*2")));
        assert_eq!(asked.len(), 4);
        assert_eq!(drawn["skyrig0"], json!({"color": "#ff0000"}));
        assert_eq!(drawn["skyrig2"]["told_apart_by"], json!(["b", "p99", "AWS/SQS"]));
    }

    #[test]
    fn series_of_one_name_are_told_apart() {
        let one = |label: &str, parts: Value| json!({"label": label, "told_apart_by": parts});
        let mut series = [
            one("Sent", json!(["a", "Sum", "N"])),
            one("Sent", json!(["b", "Sum", "N"])),
            one("Age", json!(["a", "Average", "N"])),
            one("Age", json!(["a", "p99", "N"])),
            one("Other", json!([])),
            json!({"label": "given"}),
        ];
        tell_apart(&mut series);
        let labels: Vec<&str> = series.iter().map(|it| it["label"].as_str().unwrap()).collect();
        assert_eq!(labels, ["Sent a", "Sent b", "Age Average", "Age p99", "Other", "given"]);
        assert_eq!(series[0], json!({"label": "Sent a"}));
    }

    #[test]
    fn long_times_have_long_periods() {
        for (period, hours, expected) in
            [(60, 1, 60), (60, 12, 60), (60, 24, 300), (60, 24 * 7, 900), (3600, 1, 3600)]
        {
            assert_eq!(fitting(period, hours * 3600), expected, "{period} over {hours} h");
        }
    }
}
