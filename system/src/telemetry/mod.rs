//! What OpenTelemetry is told: a span for each hop of an order, and the figures that CloudWatch
//! gets too.
//!
//! The trace is the one that the AWS trace header names, so X-Ray and OpenTelemetry tell one
//! story. Where there is no collector, or the program was built without the feature `otel`, the
//! header goes on as it came and nothing else is done.

#[cfg(feature = "otel")]
mod figures;
#[cfg(feature = "otel")]
mod otlp;
#[cfg(feature = "otel")]
mod spans;

use std::time::Duration;

use crate::trace::{self, TraceHeader};

/// Where spans and figures go: nowhere, unless there is a collector. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Telemetry {
    #[cfg(feature = "otel")]
    open: Option<std::sync::Arc<otlp::Open>>,
}

/// Where the collector is: whole URLs, to which protobuf is posted. What is `None` is not told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collector {
    pub traces: Option<String>,
    pub metrics: Option<String>,
    /// The resource's `service.name`.
    pub service: String,
}

/// One piece of work under a trace.
#[derive(Clone, Debug)]
pub(crate) struct Hop<'a> {
    pub(crate) role: &'static str,
    pub(crate) kind: HopKind,
    /// One of few: spans are grouped by it.
    pub(crate) name: &'a str,
    /// What it is about.
    pub(crate) order_id: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HopKind {
    /// Somebody waits for the answer.
    Request,
    /// A message of a queue.
    Message,
}

#[cfg(feature = "otel")]
impl Telemetry {
    /// Begins to tell the collector, from threads of its own.
    ///
    /// # Errors
    /// What is wrong with the settings, those included that OpenTelemetry's own variables have.
    /// Whether the collector is there, only the log says.
    pub fn begin(collector: &Collector) -> Result<Self, String> {
        otlp::Open::begin(collector).map(|open| Self { open: Some(open.into()) })
    }

    /// Tells what is left and ends; what is done after that is not told. Not to be called where
    /// tokio's tasks run: it waits for the collector.
    ///
    /// # Errors
    /// When the collector does not take it.
    pub fn end(&self) -> Result<(), String> {
        self.open.as_ref().map_or(Ok(()), |open| open.end())
    }

    /// Does `work` under the header that goes on with all that it sends.
    pub(crate) async fn hop<T>(
        &self,
        header: Option<TraceHeader>,
        hop: Hop<'_>,
        failed: fn(&T) -> bool,
        work: impl Future<Output = T>,
    ) -> T {
        match self.open.as_ref().and_then(|open| open.tracer()) {
            Some(tracer) => spans::hop(tracer, header, &hop, failed, work).await,
            None => trace::within(header, work).await,
        }
    }

    pub(crate) fn count(&self, name: &'static str, count: u64) {
        if let Some(figures) = self.open.as_ref().and_then(|open| open.figures()) {
            figures.count(name, count);
        }
    }

    /// How long a service worked on an event, and whether it succeeded.
    pub(crate) fn processed(&self, service: &str, event_type: &str, took: Duration, success: bool) {
        if let Some(figures) = self.open.as_ref().and_then(|open| open.figures()) {
            figures.processed(service, event_type, took, success);
        }
    }

    /// How long ago an event happened that a service is done with now.
    pub(crate) fn caught_up(&self, service: &str, latency: Duration) {
        if let Some(figures) = self.open.as_ref().and_then(|open| open.figures()) {
            figures.caught_up(service, latency);
        }
    }
}

#[cfg(not(feature = "otel"))]
impl Telemetry {
    /// # Errors
    /// Always: this program cannot.
    pub fn begin(_collector: &Collector) -> Result<Self, String> {
        Err("this orderflow was built without the feature otel".to_owned())
    }

    /// # Errors
    /// Never.
    pub fn end(&self) -> Result<(), String> {
        Ok(())
    }

    pub(crate) async fn hop<T>(
        &self,
        header: Option<TraceHeader>,
        hop: Hop<'_>,
        _failed: fn(&T) -> bool,
        work: impl Future<Output = T>,
    ) -> T {
        let Hop { role, kind, name, order_id } = hop;
        tracing::trace!(role, ?kind, name, order_id, "begins");
        trace::within(header, work).await
    }

    pub(crate) fn count(&self, _name: &'static str, _count: u64) {}

    pub(crate) fn processed(&self, _service: &str, _type: &str, _took: Duration, _success: bool) {}

    pub(crate) fn caught_up(&self, _service: &str, _latency: Duration) {}
}
