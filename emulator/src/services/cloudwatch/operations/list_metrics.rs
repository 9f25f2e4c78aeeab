//! ListMetrics: the metrics that were reported in the last two weeks, by name and dimensions.
//!
//! Limits: 500 a page, 10 dimension filters. New metrics appear at once (on AWS within 15 minutes).
//! Errors: `InvalidParameterValue`, `MissingParameter`.
//! Source: API reference "ListMetrics"; recordings of 2025-09-19.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, WantedMetrics};
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::findings::{Findings, Path};
use crate::services::cloudwatch::metric::{DIMENSION_VALUE_MAX, Metric, MetricId, NAME_MAX};
use crate::services::cloudwatch::paging::position_of_parameter;
use crate::services::cloudwatch::state::CloudWatch;

const PAGE: usize = 500;
const FILTERS_MAX: usize = 10;
/// For how long a metric without new samples is listed.
const LISTED: Duration = Duration::from_secs(14 * 86_400);
/// What `RecentlyActive` asks for, with its one value.
const RECENT: (&str, Duration) = ("PT3H", Duration::from_secs(3 * 3600));

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub namespace: Option<String>,
    pub metric_name: Option<String>,
    pub dimensions: Option<Vec<DimensionFilter>>,
    /// The metric after which the page begins; opaque to clients.
    pub next_token: Option<String>,
    pub recently_active: Option<String>,
    pub include_linked_accounts: Option<bool>,
    pub owning_account: Option<String>,
}

/// A dimension that listed metrics have, with this value or any.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DimensionFilter {
    pub name: Option<String>,
    pub value: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub metrics: Option<Vec<Metric>>,
    pub next_token: Option<String>,
    pub owning_accounts: Option<Vec<String>>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    request.check()?;
    if request.include_linked_accounts == Some(true) {
        ctx.not_honoured("IncludeLinkedAccounts")?;
    }
    if request.owning_account.as_deref().is_some_and(|owner| owner != ctx.account()) {
        ctx.not_honoured("OwningAccount")?;
    }
    let after = position_of_parameter(ctx, request.next_token.as_deref())?;
    let after: Option<MetricId> = after.and_then(|after| serde_json::from_str(&after).ok());
    let now = ctx.now();
    cloudwatch.forget_expired(now);
    let age = request.recently_active.as_ref().map_or(LISTED, |_| RECENT.1);
    let mut found = cloudwatch
        .reported_since(now - age, after.as_ref())
        .filter(|metric| request.matches(metric));
    let page: Vec<_> = found.by_ref().take(PAGE).collect();
    let more = found.next().is_some();
    Ok(Response {
        next_token: page.last().filter(|_| more).map(|last| token(ctx, last)),
        metrics: Some(page.into_iter().map(Metric::from).collect()),
        owning_accounts: None,
    })
}

impl Request {
    /// Whose metrics it looks at: of a resource that it names, that one's alone.
    pub(in crate::services::cloudwatch) fn reads(&self) -> WantedMetrics {
        let filters = self.dimensions.as_deref().unwrap_or_default();
        let named = filters.iter().find_map(|it| it.name.clone().zip(it.value.clone()));
        match (self.namespace.clone(), named) {
            (Some(namespace), Some((name, value))) => {
                WantedMetrics::Of([(namespace, name, value)].into())
            }
            _ => WantedMetrics::All,
        }
    }

    fn check(&self) -> Result<(), CloudWatchError> {
        let mut findings = Findings::default();
        for (path, text) in [("Namespace", &self.namespace), ("MetricName", &self.metric_name)] {
            if text.is_some() {
                findings.text(Path::of(path), text.as_deref(), NAME_MAX);
            }
        }
        let filters = self.dimensions.as_deref().unwrap_or_default();
        findings.size(Path::of("Dimensions"), filters.len(), FILTERS_MAX);
        for (number, filter) in (1..).zip(filters) {
            let path = Path::of("Dimensions").item(number);
            findings.text(path.member("Name"), filter.name.as_deref(), NAME_MAX);
            if filter.value.is_some() {
                findings.text(path.member("Value"), filter.value.as_deref(), DIMENSION_VALUE_MAX);
            }
        }
        if self.recently_active.as_deref().is_some_and(|value| value != RECENT.0) {
            findings.one_of(Path::of("RecentlyActive"), &[RECENT.0]);
        }
        findings.done()
    }

    fn matches(&self, metric: &MetricId) -> bool {
        let is = |wanted: &Option<String>, given| wanted.as_deref().is_none_or(|w| w == given);
        is(&self.namespace, metric.namespace())
            && is(&self.metric_name, metric.name())
            && self.dimensions.iter().flatten().all(|filter| {
                let mut dimensions = metric.dimensions().iter();
                dimensions.any(|(name, value)| is(&filter.name, name) && is(&filter.value, value))
            })
    }
}

fn token(ctx: &Context<'_>, last: &MetricId) -> String {
    ctx.page_token(&serde_json::to_string(last).expect("a metric is text"))
}
