//! DescribeAlarmHistory: what happened to alarms in the last 30 days, deleted ones included.
//!
//! Limits: 100 entries a page.
//! Errors: `InvalidNextToken`, `ValidationError`.
//! Source: API reference "DescribeAlarmHistory".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::alarm::{AlarmHistoryItem, AlarmKind, Item};
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::metric::NAME_MAX;
use crate::services::cloudwatch::paging::position;
use crate::services::cloudwatch::state::CloudWatch;
use crate::wire::Timestamp;

const PAGE_MAX: i32 = 100;
const ITEM_TYPES: [&str; 5] = [
    "ConfigurationUpdate",
    "StateUpdate",
    "Action",
    "AlarmContributorStateUpdate",
    "AlarmContributorAction",
];
const ORDERS: [&str; 2] = ["TimestampDescending", "TimestampAscending"];

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub alarm_name: Option<String>,
    pub alarm_contributor_id: Option<String>,
    pub alarm_types: Option<Vec<String>>,
    pub history_item_type: Option<String>,
    pub start_date: Option<Timestamp>,
    pub end_date: Option<Timestamp>,
    pub max_records: Option<i32>,
    /// The number of the entry after which the page begins.
    pub next_token: Option<String>,
    pub scan_by: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub alarm_history_items: Option<Vec<AlarmHistoryItem>>,
    pub next_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    request.check()?;
    let after = position(ctx, request.next_token.as_deref())?;
    let after: Option<u64> = after.and_then(|after| after.parse().ok());
    let limit = request.max_records.unwrap_or(PAGE_MAX).unsigned_abs() as usize;
    let found = cloudwatch.alarms.history.items(ctx.now()).filter(|item| request.wants(item));
    let shown: Vec<&Item> = if request.scan_by.as_deref() == Some(ORDERS[1]) {
        found.filter(|item| after.is_none_or(|after| item.number > after)).take(limit + 1).collect()
    } else {
        let found = found.rev().filter(|item| after.is_none_or(|after| item.number < after));
        found.take(limit + 1).collect()
    };
    let page = &shown[..shown.len().min(limit)];
    let more = shown.len() > limit;
    Ok(Response {
        alarm_history_items: Some(page.iter().map(|item| AlarmHistoryItem::from(*item)).collect()),
        next_token: page
            .last()
            .filter(|_| more)
            .map(|item| ctx.page_token(&item.number.to_string())),
    })
}

impl Request {
    fn check(&self) -> Result<(), CloudWatchError> {
        let mut constraints = Constraints::default();
        constraints.length("alarmName", self.alarm_name.as_deref(), (1, NAME_MAX));
        let kind = self.history_item_type.as_deref();
        constraints.one_of("historyItemType", kind, &ITEM_TYPES);
        constraints.one_of("scanBy", self.scan_by.as_deref(), &ORDERS);
        constraints.range("maxRecords", self.max_records, (1, PAGE_MAX));
        for (number, kind) in (1..).zip(self.alarm_types.iter().flatten()) {
            let member = format!("alarmTypes.{number}.member");
            constraints.one_of(&member, Some(kind), &AlarmKind::NAMES);
        }
        Ok(constraints.done()?)
    }

    /// No entry is about a contributor.
    fn wants(&self, item: &Item) -> bool {
        self.alarm_name.as_deref().is_none_or(|name| name == item.alarm)
            && self.alarm_contributor_id.is_none()
            && item.of.is_of(self.alarm_types.as_deref())
            && self.history_item_type.as_deref().is_none_or(|kind| kind == item.kind.as_str())
            && self.start_date.is_none_or(|start| start <= item.at)
            && self.end_date.is_none_or(|end| item.at <= end)
    }
}
