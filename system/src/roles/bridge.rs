//! Takes order, stock and payment events from the bus to the stream. A message is done with when
//! all in-sync replicas have its records; one that comes again is appended again.

use crate::app::App;
use crate::app::records::records;
use crate::contracts::BusEnvelope;
use crate::failure::Failure;
use crate::metrics::Counter;

pub(super) async fn carry(app: &App, event: &BusEnvelope) -> Result<(), Failure> {
    let records = records(&app.names, event)
        .map_err(|error| Failure::GiveUp(format!("unreadable: {error}")))?;
    let count = records.len();
    for appended in app.stream()?.append(records).await {
        let place = appended?;
        app.appended.add(&place);
        tracing::debug!(topic = place.of.topic, offset = place.offset, "appended");
    }
    app.metrics.add(Counter::RecordsAppended, count);
    Ok(())
}
