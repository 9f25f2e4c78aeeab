//! Whether there is a collector: OpenTelemetry's own environment variables say so.
//!
//! Source: OpenTelemetry specification, "Environment Variable Specification" and "OpenTelemetry
//! Protocol Exporter".

use super::print::tell;
use crate::telemetry::{Collector, Telemetry};

const SERVICE: &str = "orderflow";

/// Begins to tell a collector, if the environment names one.
///
/// # Errors
/// What is wrong with a variable.
#[expect(clippy::disallowed_methods, reason = "these variables are OpenTelemetry's, and read here")]
pub(super) fn begin() -> Result<Telemetry, String> {
    let Some(collector) = collector(|name| std::env::var(name).ok())? else {
        return Ok(Telemetry::default());
    };
    if !cfg!(feature = "otel") {
        // The variable may be meant for others: every process of a pod has it.
        tell!(
            "orderflow: OTEL_EXPORTER_OTLP_ENDPOINT has no effect: built without --features otel"
        );
        return Ok(Telemetry::default());
    }
    Telemetry::begin(&collector).map_err(|error| format!("OpenTelemetry: {error}"))
}

/// Tells what is left.
pub(super) async fn end(telemetry: Telemetry) {
    // It waits for the collector.
    let ended = tokio::task::spawn_blocking(move || telemetry.end()).await;
    if let Ok(Err(error)) = ended {
        tracing::warn!(error, "the collector did not take the last spans and figures");
    }
}

/// What the variables say; `None` if nothing shall be told.
fn collector(said: impl Fn(&str) -> Option<String>) -> Result<Option<Collector>, String> {
    // An empty variable counts as none.
    let said = |name: &str| said(name).filter(|value| !value.trim().is_empty());
    if said("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Ok(None);
    }
    let endpoint = |signal: &str, path: &str| -> Result<Option<String>, String> {
        let exporter = format!("OTEL_{signal}_EXPORTER");
        match said(&exporter).as_deref() {
            None | Some("otlp") => {}
            Some("none") => return Ok(None),
            Some(other) => return Err(format!("{exporter}={other}: it is otlp or none")),
        }
        for name in [
            format!("OTEL_EXPORTER_OTLP_{signal}_PROTOCOL"),
            "OTEL_EXPORTER_OTLP_PROTOCOL".to_owned(),
        ] {
            match said(&name).as_deref() {
                None => continue,
                Some("http/protobuf") => break,
                Some(other) => return Err(format!("{name}={other}: it is http/protobuf")),
            }
        }
        let own = said(&format!("OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"));
        let whole = said("OTEL_EXPORTER_OTLP_ENDPOINT");
        Ok(own.or_else(|| Some(format!("{}/{path}", whole?.trim_end_matches('/')))))
    };
    let traces = endpoint("TRACES", "v1/traces")?;
    let metrics = endpoint("METRICS", "v1/metrics")?;
    if traces.is_none() && metrics.is_none() {
        return Ok(None);
    }
    let service = said("OTEL_SERVICE_NAME").unwrap_or_else(|| SERVICE.to_owned());
    Ok(Some(Collector { traces, metrics, service }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Result<Option<Collector>, String> {
        let find = |name: &str| variables.iter().find(|it| it.0 == name);
        collector(|name| find(name).map(|it| it.1.to_owned()))
    }

    fn told(traces: Option<&str>, metrics: Option<&str>, service: &str) -> Option<Collector> {
        let owned = |url: Option<&str>| url.map(ToOwned::to_owned);
        Some(Collector {
            traces: owned(traces),
            metrics: owned(metrics),
            service: service.to_owned(),
        })
    }

    #[test]
    fn the_variables_say_where_the_collector_is() {
        let all = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318/");
        let own = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://t:1/x");
        let (traces, metrics) =
            ("http://127.0.0.1:4318/v1/traces", "http://127.0.0.1:4318/v1/metrics");
        for (variables, expected) in [
            (vec![], None),
            (vec![("OTEL_EXPORTER_OTLP_ENDPOINT", " ")], None),
            (vec![all, ("OTEL_SDK_DISABLED", "TRUE")], None),
            (vec![all], told(Some(traces), Some(metrics), "orderflow")),
            (vec![all, own], told(Some("http://t:1/x"), Some(metrics), "orderflow")),
            (vec![own], told(Some("http://t:1/x"), None, "orderflow")),
            (
                vec![all, ("OTEL_TRACES_EXPORTER", "none"), ("OTEL_SERVICE_NAME", "shop")],
                told(None, Some(metrics), "shop"),
            ),
            (
                vec![all, ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")],
                told(Some(traces), Some(metrics), "orderflow"),
            ),
        ] {
            assert_eq!(of(&variables), Ok(expected), "{variables:?}");
        }
    }

    #[test]
    fn what_it_cannot_do_is_refused() {
        let all = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");
        for (name, value) in [
            ("OTEL_TRACES_EXPORTER", "zipkin"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/json"),
        ] {
            let error = of(&[all, (name, value)]).expect_err(name);
            assert!(error.starts_with(&format!("{name}={value}: it is ")), "{error}");
        }
    }
}
