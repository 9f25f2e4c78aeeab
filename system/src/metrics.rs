//! Counters and timings of this process, published to CloudWatch and reset after that.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use crate::adapters::cloudwatch::{Durations, Figure, FigureValue, MetricSink};
use crate::domain::Timestamp;
use crate::failure::Failure;
use crate::telemetry::Telemetry;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counter {
    OrdersProcessed,
    EventsPublished,
    ProcessingErrors,
    NotificationsSent,
    /// By the carrier, refusals included.
    QuotesAnswered,
    /// Requests that the carrier dropped because nobody waits any more: the deadline is over, or
    /// who asked is gone.
    QuoteRequestsExpired,
    /// Replies for which nobody waits, any more or at all.
    QuoteRepliesUnclaimed,
    /// To the stream.
    RecordsAppended,
    /// From the stream, and in the figures.
    RecordsCounted,
    /// From the stream, and put aside with the reason.
    RecordsRefused,
}

/// Counts since the last publication.
#[derive(Debug)]
pub struct Metrics {
    system: String,
    telemetry: Telemetry,
    collected: Mutex<Collected>,
}

#[derive(Clone, Debug, Default)]
struct Collected {
    counters: BTreeMap<Counter, u64>,
    /// By service and event type.
    durations: BTreeMap<(String, String), Durations>,
    /// From when an event happened until a service was done with it, by service.
    latencies: BTreeMap<String, Durations>,
    /// By service, event type and result.
    results: BTreeMap<(String, String, &'static str), u64>,
}

impl Counter {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OrdersProcessed => "orders_processed",
            Self::EventsPublished => "events_published",
            Self::ProcessingErrors => "processing_errors",
            Self::NotificationsSent => "notifications_sent",
            Self::QuotesAnswered => "quotes_answered",
            Self::QuoteRequestsExpired => "quote_requests_expired",
            Self::QuoteRepliesUnclaimed => "quote_replies_unclaimed",
            Self::RecordsAppended => "records_appended",
            Self::RecordsCounted => "records_counted",
            Self::RecordsRefused => "records_refused",
        }
    }
}

impl Metrics {
    /// `system` tells the figures of several systems apart.
    pub fn new(system: &str) -> Self {
        let (telemetry, collected) = Default::default();
        Self { system: system.to_owned(), telemetry, collected }
    }

    /// The same, which tells a collector as well.
    #[must_use]
    pub fn telling(self, telemetry: Telemetry) -> Self {
        Self { telemetry, ..self }
    }

    pub fn add(&self, counter: Counter, count: usize) {
        self.telemetry.count(counter.as_str(), count as u64);
        *self.lock().counters.entry(counter).or_default() += count as u64;
    }

    /// Whether nothing was counted since the last publication.
    pub fn is_empty(&self) -> bool {
        let Collected { counters, durations, latencies, results } = &*self.lock();
        counters.is_empty() && durations.is_empty() && latencies.is_empty() && results.is_empty()
    }

    /// Notes how long a service worked on an event, and whether it succeeded.
    pub fn processed(&self, service: &str, event_type: &str, duration: Duration, success: bool) {
        self.telemetry.processed(service, event_type, duration, success);
        let (service, event_type) = (service.to_owned(), event_type.to_owned());
        let result = if success { "Success" } else { "Failure" };
        let one = Durations { count: 1, sum: duration, least: duration, most: duration };
        let mut collected = self.lock();
        let key = (service.clone(), event_type.clone(), result);
        *collected.results.entry(key).or_default() += 1;
        merge(&mut collected.durations, (service, event_type), one);
    }

    /// Notes how long ago an event happened that a service is done with now.
    pub fn caught_up(&self, service: &str, latency: Duration) {
        self.telemetry.caught_up(service, latency);
        let one = Durations { count: 1, sum: latency, least: latency, most: latency };
        merge(&mut self.lock().latencies, service.to_owned(), one);
    }

    /// Publishes and resets, with `gauges` of this moment. When AWS does not take the figures they
    /// are kept for the next time, all but the gauges.
    pub async fn publish(
        &self,
        sink: &MetricSink,
        now: Timestamp,
        gauges: Vec<Figure>,
    ) -> Result<(), Failure> {
        let taken = std::mem::take(&mut *self.lock());
        let mut figures = self.figures(&taken);
        figures.extend(gauges);
        if figures.is_empty() {
            return Ok(());
        }
        let sent = sink.put(&figures, now).await;
        if sent.is_err() {
            let mut collected = self.lock();
            for (counter, count) in taken.counters {
                *collected.counters.entry(counter).or_default() += count;
            }
            for (key, durations) in taken.durations {
                merge(&mut collected.durations, key, durations);
            }
            for (service, latencies) in taken.latencies {
                merge(&mut collected.latencies, service, latencies);
            }
            for (key, count) in taken.results {
                *collected.results.entry(key).or_default() += count;
            }
        }
        sent
    }

    fn figures(&self, collected: &Collected) -> Vec<Figure> {
        let system = ("System", self.system.clone());
        let counters = collected.counters.iter().map(|(counter, count)| Figure {
            name: counter.as_str(),
            dimensions: vec![system.clone()],
            value: FigureValue::Count(*count),
        });
        let durations =
            collected.durations.iter().flat_map(|((service, event_type), durations)| {
                let by = [("ServiceName", service.clone()), ("EventType", event_type.clone())];
                let value = FigureValue::Durations(*durations);
                twice("EventProcessingTime", &system, &by, value)
            });
        let results =
            collected.results.iter().flat_map(|((service, event_type, result), count)| {
                let by = [
                    ("ServiceName", service.clone()),
                    ("EventType", event_type.clone()),
                    ("Result", (*result).to_owned()),
                ];
                twice("EventProcessingResult", &system, &by, FigureValue::Count(*count))
            });
        let latencies = collected.latencies.iter().map(|(service, latencies)| Figure {
            name: "EventLatency",
            dimensions: vec![system.clone(), ("ServiceName", service.clone())],
            value: FigureValue::Durations(*latencies),
        });
        counters.chain(durations).chain(results).chain(latencies).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Collected> {
        self.collected.lock().expect("nothing panics while it counts")
    }
}

/// A figure of one system, and the same of all systems together. CloudWatch knows a figure by all
/// of its dimensions and sums nothing up: who asks by service and event type finds the second.
fn twice(
    name: &'static str,
    system: &(&'static str, String),
    by: &[(&'static str, String)],
    value: FigureValue,
) -> [Figure; 2] {
    let of_all = Figure { name, dimensions: by.to_vec(), value };
    let dimensions = std::iter::once(system).chain(by).cloned().collect();
    [Figure { dimensions, ..of_all.clone() }, of_all]
}

fn merge<K: Ord>(all: &mut BTreeMap<K, Durations>, key: K, more: Durations) {
    all.entry(key)
        .and_modify(|known| {
            known.count += more.count;
            known.sum += more.sum;
            known.least = known.least.min(more.least);
            known.most = known.most.max(more.most);
        })
        .or_insert(more);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_summed_by_name_and_dimension() {
        let metrics = Metrics::new("shop");
        metrics.add(Counter::EventsPublished, 2);
        metrics.add(Counter::EventsPublished, 3);
        for (millis, success) in [(4, true), (6, false), (2, true)] {
            let duration = Duration::from_millis(millis);
            metrics.processed("payments", "Payment Requested", duration, success);
        }
        metrics.processed("orders", "Payment Processed", Duration::ZERO, true);
        let figures = metrics.figures(&metrics.lock());
        let (of_all, figures): (Vec<_>, Vec<_>) =
            figures.into_iter().partition(|figure| figure.dimensions[0].0 != "System");
        assert_eq!((of_all.len(), figures.len()), (5, 6));
        for (of_all, figure) in of_all.iter().zip(&figures[1..]) {
            assert_eq!((of_all.name, of_all.value), (figure.name, figure.value));
            assert_eq!(of_all.dimensions, figure.dimensions[1..]);
        }
        assert_eq!(figures[0].name, "events_published");
        assert_eq!(figures[0].value, FigureValue::Count(5));
        let FigureValue::Durations(durations) = figures[2].value else { panic!("durations") };
        assert_eq!((durations.count, durations.sum), (3, Duration::from_millis(12)));
        let results: Vec<_> = figures[3..]
            .iter()
            .map(|figure| {
                assert_eq!(figure.name, "EventProcessingResult");
                let values: Vec<_> = figure.dimensions.iter().map(|(_, it)| it.as_str()).collect();
                (values.join(", "), figure.value)
            })
            .collect();
        let expected = [
            ("shop, orders, Payment Processed, Success", 1),
            ("shop, payments, Payment Requested, Failure", 1),
            ("shop, payments, Payment Requested, Success", 2),
        ];
        assert_eq!(results, expected.map(|(of, n)| (of.to_owned(), FigureValue::Count(n))));
    }
}
