//! GetMetricData: the data of many metrics and expressions, page by page.
//!
//! Limits: 500 queries, 100,800 points a page; the work of a request is bounded too.
//! Errors: `ValidationError`, `InvalidNextToken`.
//! Source: API reference "GetMetricData"; recordings of 2025-09-19.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, WantedMetrics};
use crate::services::cloudwatch::alarm::MetricDataQuery;
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::data_page::{Place, page};
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::math::{self, Asked, Message, Window};
use crate::services::cloudwatch::state::CloudWatch;
use crate::wire::Timestamp;

const POINTS_MAX: i32 = 100_800;
const ASCENDING: &str = "TimestampAscending";
const ORDERS: [&str; 2] = ["TimestampDescending", ASCENDING];

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub metric_data_queries: Option<Vec<MetricDataQuery>>,
    pub start_time: Option<Timestamp>,
    pub end_time: Option<Timestamp>,
    /// The place at which the page begins; opaque to clients.
    pub next_token: Option<String>,
    pub scan_by: Option<String>,
    pub max_datapoints: Option<i32>,
    pub label_options: Option<LabelOptions>,
}

/// How times in labels are written.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LabelOptions {
    /// `+hhmm` or `-hhmm`.
    pub timezone: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub metric_data_results: Option<Vec<MetricDataResult>>,
    pub next_token: Option<String>,
    pub messages: Option<Vec<MessageData>>,
}

/// One series.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MetricDataResult {
    pub id: Option<String>,
    pub label: Option<String>,
    pub timestamps: Option<Vec<Timestamp>>,
    pub values: Option<Vec<f64>>,
    pub status_code: Option<String>,
    pub messages: Option<Vec<MessageData>>,
}

/// What AWS has to say about an answer.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MessageData {
    pub code: Option<String>,
    pub value: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let checked = request.check()?;
    let after = request.next_token.as_deref().map(|token| {
        let position = ctx.page_position(token);
        position.and_then(|it| Place::parse(&it)).ok_or(CloudWatchError::InvalidNextToken)
    });
    let after = after.transpose()?;
    let asked = Asked {
        now: ctx.now(),
        account: ctx.account(),
        region: ctx.region(),
        timezone_minutes: checked.timezone_minutes,
    };
    let queries = request.metric_data_queries.unwrap_or_default();
    let at = (&asked, checked.window);
    let evaluation = math::evaluate(cloudwatch, &queries, "MetricDataQueries", at)?;
    let ascending = request.scan_by.as_deref() == Some(ASCENDING);
    let (results, next) = page(evaluation.results, ascending, after, checked.points_max);
    Ok(Response {
        metric_data_results: Some(results),
        next_token: next.map(|place| ctx.page_token(&place.to_string())),
        messages: Some(evaluation.messages.into_iter().map(MessageData::from).collect()),
    })
}

/// What of a request is not its queries.
struct Checked {
    window: Window,
    points_max: usize,
    timezone_minutes: i64,
}

impl Request {
    /// Whose metrics it looks at.
    pub(in crate::services::cloudwatch) fn reads(&self) -> WantedMetrics {
        math::wanted(self.metric_data_queries.as_deref().unwrap_or_default())
    }

    fn check(&self) -> Result<Checked, CloudWatchError> {
        let mut constraints = Constraints::default();
        constraints.required("metricDataQueries", self.metric_data_queries.as_ref());
        constraints.required("startTime", self.start_time.as_ref());
        constraints.required("endTime", self.end_time.as_ref());
        constraints.one_of("scanBy", self.scan_by.as_deref(), &ORDERS);
        constraints.range("maxDatapoints", self.max_datapoints, (1, POINTS_MAX));
        constraints.done()?;
        let (start, end) = (self.start_time.unwrap_or_default(), self.end_time.unwrap_or_default());
        let timezone = self.label_options.as_ref().and_then(|it| it.timezone.as_deref());
        let timezone_minutes = minutes_ahead(timezone)?;
        Ok(Checked {
            window: Window::checked(start, end)?,
            points_max: self.max_datapoints.unwrap_or(POINTS_MAX).unsigned_abs() as usize,
            timezone_minutes,
        })
    }
}

/// How many minutes a time zone (`+0130`) is ahead of UTC.
///
/// # Errors
/// `ValidationError`.
pub(super) fn minutes_ahead(timezone: Option<&str>) -> Result<i64, CloudWatchError> {
    timezone.map_or(Some(0), minutes).ok_or_else(|| {
        let text = "The parameter LabelOptions.Timezone must have the form +hhmm or -hhmm.";
        CloudWatchError::Validation(text.to_owned())
    })
}

/// `+0130` in minutes.
fn minutes(zone: &str) -> Option<i64> {
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let digits = zone.strip_prefix(['+', '-'])?;
    let number: i64 = digits.parse().ok().filter(|_| digits.len() == 4)?;
    let (hours, minutes) = (number / 100, number % 100);
    let is_time = digits.bytes().all(|byte| byte.is_ascii_digit()) && hours < 24 && minutes < 60;
    is_time.then_some(sign * (hours * 60 + minutes))
}

impl From<Message> for MessageData {
    fn from(message: Message) -> Self {
        Self { code: Some(message.code.to_owned()), value: Some(message.value) }
    }
}
