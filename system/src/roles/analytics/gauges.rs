//! The figures of a minute as CloudWatch's metrics.

use crate::adapters::cloudwatch::{Figure, FigureValue};
use crate::analytics::Figures;

/// Dimensioned by the system, and money by its currency.
pub(super) fn gauges(system: &str, figures: &Figures) -> Vec<Figure> {
    let of = |name, extra: Option<(&'static str, String)>, value: f64| Figure {
        name,
        dimensions: [Some(("System", system.to_owned())), extra].into_iter().flatten().collect(),
        value: FigureValue::Gauge(value),
    };
    let mut gauges = vec![
        of("orders_per_minute", None, figures.counts.placed as f64),
        of("deliveries_per_minute", None, figures.counts.delivered as f64),
        of("cancellations_per_minute", None, figures.counts.cancelled as f64),
    ];
    for (currency, minor_units) in &figures.counts.revenue.0 {
        let currency = Some(("Currency", currency.to_string()));
        gauges.push(of("revenue_per_minute", currency, *minor_units as f64));
    }
    let hour = &figures.hour;
    let percentile = |pick: fn(&crate::analytics::board::Percentiles) -> u64| {
        hour.fulfilment.as_ref().map(|it| pick(it) as f64 / 1000.0)
    };
    let rates = [
        ("conversion", hour.conversion),
        ("cancellation_rate", hour.cancellation_rate),
        ("payment_failure_rate", hour.payment_failure_rate),
        ("fulfilment_seconds_p50", percentile(|it| it.p50_millis)),
        ("fulfilment_seconds_p95", percentile(|it| it.p95_millis)),
        ("fulfilment_seconds_p99", percentile(|it| it.p99_millis)),
    ];
    gauges.extend(rates.into_iter().filter_map(|(name, value)| Some(of(name, None, value?))));
    gauges
}
