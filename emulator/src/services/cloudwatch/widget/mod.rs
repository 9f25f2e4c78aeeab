//! Pictures of metrics: what GetMetricWidgetImage answers.
//!
//! A widget is read, its metrics are evaluated as GetMetricData does, and the chart is drawn pixel
//! by pixel. Nothing of it knows requests.

mod axis;
mod canvas;
mod chart;
mod definition;
mod font;
mod latest;
mod png;

pub(super) use chart::drawn;
pub(super) use definition::Widget;
