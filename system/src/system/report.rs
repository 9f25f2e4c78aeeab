//! Tells CloudWatch how this process is: what it has counted, whether its services are well, and
//! how far the readers of the stream are behind.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use tracing::Instrument;

use crate::adapters::cloudwatch::{Figure, FigureValue, MetricSink};
use crate::app::App;
use crate::role::Role;
use crate::roles::topics_read;

/// Where nothing has changed and nothing is counted, figures of the moment leave every so many
/// periods: an idle process need not say each minute that it is well.
const QUIET_PERIODS: u32 = 5;
/// How long the brokers may take to say how far the readers are.
const LAG_WITHIN: Duration = Duration::from_secs(20);

const LAG: &str = "stream_lag_records";

/// The figures of the moment that were published last, and when.
#[derive(Default)]
struct Told(Option<(Instant, Vec<Figure>)>);

pub(super) async fn report(
    app: Arc<App>,
    services: Vec<Role>,
    sink: MetricSink,
    mut stop: watch::Receiver<bool>,
) {
    let period: Duration = app.timing.metrics_period;
    let span = tracing::info_span!("metrics");
    async {
        let mut told = Told::default();
        loop {
            let stopped = tokio::select! {
                biased;
                _ = stop.wait_for(|stopped| *stopped) => true,
                () = tokio::time::sleep(period) => false,
            };
            let mut moment = health(&app, &services);
            // Who writes the stream is asked, as its readers may all be gone.
            if services.contains(&Role::Bridge) && !stopped {
                moment.extend(lag(&app).await);
            }
            let moment = told.due(moment, !app.metrics.is_empty(), period);
            if let Err(failure) = app.metrics.publish(&sink, app.clock.now(), moment).await {
                tracing::warn!(%failure, "figures kept for the next time");
                told = Told::default();
            }
            if stopped {
                break;
            }
        }
    }
    .instrument(span)
    .await;
}

impl Told {
    /// What of the moment is to be published: all, or nothing. `others` says whether other figures
    /// leave too, which costs the same call.
    fn due(&mut self, moment: Vec<Figure>, others: bool, period: Duration) -> Vec<Figure> {
        let now = Instant::now();
        // An alarm counts the minutes in which something is wrong.
        let others = others || moment.iter().any(is_wrong);
        let quiet = self.0.as_ref().is_some_and(|(at, told)| {
            *told == moment && now.saturating_duration_since(*at) < QUIET_PERIODS * period
        });
        if quiet && !others {
            return Vec::new();
        }
        self.0 = Some((now, moment.clone()));
        moment
    }
}

fn is_wrong(figure: &Figure) -> bool {
    let well = if figure.name == LAG { 0.0 } else { 1.0 };
    figure.value != FigureValue::Gauge(well)
}

/// One for each service of this process that is well, none for one that leaves a dependency alone.
fn health(app: &App, services: &[Role]) -> Vec<Figure> {
    let of = |role: &Role| {
        let ill = role.dependencies().iter().any(|it| app.breakers.is_open(*it));
        Figure {
            name: "ServiceHealth",
            dimensions: vec![
                ("System", app.names.prefix().to_owned()),
                ("ServiceName", role.to_string()),
            ],
            value: FigureValue::Gauge(if ill { 0.0 } else { 1.0 }),
        }
    };
    services.iter().map(of).collect()
}

/// Records that the analytics has still to read.
async fn lag(app: &App) -> Option<Figure> {
    let (group, topics) = (app.names.stream_group(), topics_read(&app.names));
    let asked = app.stream().ok()?.lag(&group, &topics);
    let lag = match tokio::time::timeout(LAG_WITHIN, asked).await {
        Ok(Ok(lag)) => lag,
        Ok(Err(error)) => {
            tracing::debug!(%error, "nobody knows how far the readers of the stream are");
            return None;
        }
        Err(_) => return None,
    };
    Some(Figure {
        name: LAG,
        dimensions: vec![("System", app.names.prefix().to_owned())],
        value: FigureValue::Gauge(lag as f64),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gauge(value: f64) -> Vec<Figure> {
        vec![Figure { name: "g", dimensions: Vec::new(), value: FigureValue::Gauge(value) }]
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_process_says_seldom_that_it_is_well_and_at_once_that_it_is_not() {
        let period = Duration::from_secs(60);
        let mut told = Told::default();
        let mut spoken = Vec::new();
        for minute in 0..14 {
            let value = if (7..9).contains(&minute) { 0.0 } else { 1.0 };
            if !told.due(gauge(value), minute == 12, period).is_empty() {
                spoken.push(minute);
            }
            tokio::time::advance(period).await;
        }
        assert_eq!(spoken, [0, 5, 7, 8, 9, 12]);
    }
}
