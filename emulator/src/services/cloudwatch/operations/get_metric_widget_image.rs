//! GetMetricWidgetImage: a chart of metrics as a PNG.
//!
//! Limits: 500 metrics; 50 to 2,000 pixels each way.
//! Errors: `ValidationError`.
//! Source: API reference "GetMetricWidgetImage". Unverified: how AWS draws it.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, WantedMetrics};
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::math::{self, Asked, Window};
use crate::services::cloudwatch::state::CloudWatch;
use crate::services::cloudwatch::widget::{Widget, drawn};
use crate::wire::Blob;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub metric_widget: Option<String>,
    pub output_format: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub metric_widget_image: Option<Blob>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let mut constraints = Constraints::default();
    constraints.required("metricWidget", request.metric_widget.as_ref());
    constraints.done()?;
    match request.output_format.as_deref() {
        None | Some("png") => {}
        Some(other) => return Err(CloudWatchError::OutputFormatNotImplemented(other.to_owned())),
    }
    let text = request.metric_widget.unwrap_or_default();
    let widget = Widget::parse(&text).map_err(CloudWatchError::Validation)?;
    let now = ctx.now();
    let window = Window::checked(widget.start.from(now), widget.end.from(now))?;
    let asked = Asked {
        now,
        account: ctx.account(),
        region: ctx.region(),
        timezone_minutes: super::get_metric_data::minutes_ahead(widget.timezone.as_deref())?,
    };
    let evaluation =
        math::evaluate(cloudwatch, &widget.queries, "MetricDataQueries", (&asked, window))?;
    let times = (window.start.seconds(), window.end.seconds());
    let image = drawn(&widget, &evaluation.results, times);
    Ok(Response { metric_widget_image: Some(Blob(image)) })
}

impl Request {
    /// Whose metrics it looks at.
    pub(in crate::services::cloudwatch) fn reads(&self) -> WantedMetrics {
        let widget = self.metric_widget.as_deref().map(Widget::parse);
        match widget {
            Some(Ok(widget)) => math::wanted(&widget.queries),
            _ => WantedMetrics::Of(Default::default()),
        }
    }
}
