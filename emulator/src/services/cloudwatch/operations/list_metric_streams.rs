//! ListMetricStreams: the metric streams in the order of their names.
//!
//! Limits: 500 a page.
//! Errors: `InvalidParameterValue`, `InvalidNextToken`.
//! Source: API reference "ListMetricStreams".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::held::{MetricStream, MetricStreamEntry, page};
use crate::services::cloudwatch::paging::{page_size, position};
use crate::services::cloudwatch::state::CloudWatch;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub max_results: Option<i32>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub entries: Option<Vec<MetricStreamEntry>>,
    pub next_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let max = page_size(request.max_results)?;
    let after = position(ctx, request.next_token.as_deref())?;
    let (streams, more) = page(&cloudwatch.held.streams, after.as_deref(), max);
    let last = streams.last().filter(|_| more);
    let next_token = last.map(|(name, _)| ctx.page_token(name));
    let entry = |(name, stream): (&String, &MetricStream)| MetricStreamEntry {
        arn: Some(stream.arn.clone()),
        creation_date: Some(stream.created),
        last_update_date: Some(stream.updated),
        name: Some(name.clone()),
        firehose_arn: Some(stream.firehose_arn.clone()),
        state: Some(stream.state()),
        output_format: Some(stream.output_format.clone()),
    };
    Ok(Response { entries: Some(streams.into_iter().map(entry).collect()), next_token })
}
