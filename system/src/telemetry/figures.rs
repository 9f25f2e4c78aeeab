//! The figures of [`crate::metrics`] as OpenTelemetry's instruments.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, Meter};

#[derive(Debug)]
pub(super) struct Figures {
    meter: Meter,
    /// By name; one is made when something is counted for the first time.
    counters: Mutex<BTreeMap<&'static str, Counter<u64>>>,
    duration: Histogram<f64>,
    latency: Histogram<f64>,
}

impl Figures {
    pub(super) fn new(meter: Meter) -> Self {
        let duration = meter.f64_histogram("orderflow.event.duration").with_unit("s");
        let duration = duration.with_description("How long a role works on an event.").build();
        let latency = meter.f64_histogram("orderflow.event.latency").with_unit("s");
        let told = "From when an event happened until a role is done with it.";
        let latency = latency.with_description(told).build();
        Self { meter, counters: Mutex::default(), duration, latency }
    }

    pub(super) fn count(&self, name: &'static str, count: u64) {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        let made = || self.meter.u64_counter(format!("orderflow.{name}")).build();
        counters.entry(name).or_insert_with(made).add(count, &[]);
    }

    pub(super) fn processed(&self, service: &str, event_type: &str, took: Duration, success: bool) {
        let of = [
            KeyValue::new("orderflow.role", service.to_owned()),
            KeyValue::new("event.type", event_type.to_owned()),
            KeyValue::new("result", if success { "success" } else { "failure" }),
        ];
        self.duration.record(took.as_secs_f64(), &of);
    }

    pub(super) fn caught_up(&self, service: &str, latency: Duration) {
        let of = [KeyValue::new("orderflow.role", service.to_owned())];
        self.latency.record(latency.as_secs_f64(), &of);
    }
}
