//! A log group: its streams, its settings, and what looks at its events as they come.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::activity::Activity;
use super::metric_filter::MetricFilter;
use super::shapes;
use super::stream::LogStream;
use super::subscription::Subscription;
use crate::kernel::{Arn, Context};

/// Streams with the same retention, tags and filters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct LogGroup {
    pub(super) name: Arc<str>,
    /// `arn:…:log-group:NAME`.
    pub(super) arn: Arn,
    /// In milliseconds since 1970.
    pub(super) created: i64,
    pub(super) retention_days: Option<i32>,
    pub(super) class: String,
    pub(super) kms_key_id: Option<String>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) deletion_protection: bool,
    pub(super) streams: BTreeMap<Arc<str>, LogStream>,
    pub(super) metric_filters: BTreeMap<String, MetricFilter>,
    pub(super) subscriptions: BTreeMap<String, Subscription>,
    pub(super) activity: Activity,
}

const DAY_MILLIS: i64 = 86_400_000;

impl LogGroup {
    pub(super) fn new(ctx: &Context<'_>, name: &str) -> Self {
        Self {
            name: name.into(),
            arn: ctx.arn(format!("log-group:{name}")),
            created: ctx.now().millis(),
            retention_days: None,
            class: "STANDARD".to_owned(),
            kms_key_id: None,
            tags: BTreeMap::new(),
            deletion_protection: false,
            streams: BTreeMap::new(),
            metric_filters: BTreeMap::new(),
            subscriptions: BTreeMap::new(),
            activity: Activity::default(),
        }
    }

    /// Events from before this time are gone.
    pub(super) fn kept_since(&self, now: i64) -> i64 {
        self.retention_days.map_or(i64::MIN, |days| now - i64::from(days) * DAY_MILLIS)
    }

    /// Forgets what is older than the retention; returns its bytes.
    pub(super) fn settle(&mut self, now: i64) -> u64 {
        let since = self.kept_since(now);
        match since {
            i64::MIN => 0,
            _ => self.streams.values_mut().map(|stream| stream.forget_before(since)).sum(),
        }
    }

    /// Bytes that it holds, as AWS counts them.
    pub(super) fn bytes(&self) -> u64 {
        self.streams.values().map(|stream| stream.bytes).sum()
    }

    pub(super) fn described(&self) -> shapes::LogGroup {
        shapes::LogGroup {
            arn: Some(format!("{}:*", self.arn)),
            creation_time: Some(self.created),
            deletion_protection_enabled: Some(self.deletion_protection),
            kms_key_id: self.kms_key_id.clone(),
            log_group_arn: Some(self.arn.to_string()),
            log_group_class: Some(self.class.clone()),
            log_group_name: Some(self.name.to_string()),
            metric_filter_count: Some(self.metric_filters.len() as i32),
            retention_in_days: self.retention_days,
            stored_bytes: Some(self.bytes() as i64),
            ..shapes::LogGroup::default()
        }
    }

    pub(super) fn described_stream(&self, name: &str, stream: &LogStream) -> shapes::LogStream {
        shapes::LogStream {
            arn: Some(format!("{}:log-stream:{name}", self.arn)),
            creation_time: Some(stream.created),
            first_event_timestamp: stream.first_event,
            last_event_timestamp: stream.last_event,
            last_ingestion_time: stream.last_ingestion,
            log_stream_name: Some(name.to_owned()),
            // AWS has counted no bytes by stream since 2019.
            stored_bytes: Some(0),
            upload_sequence_token: stream
                .last_ingestion
                .map(|_| super::putting::SEQUENCE_TOKEN.to_owned()),
        }
    }
}
