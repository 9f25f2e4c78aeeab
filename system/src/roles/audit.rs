//! Writes down every event of the bus, also those that nobody here knows.

use crate::adapters::audit_table::AuditEntry;
use crate::app::App;
use crate::app::trail::subjects;
use crate::contracts::{BusEnvelope, EventHeader};
use crate::failure::Failure;

pub(super) async fn record(app: &App, event: &BusEnvelope) -> Result<(), Failure> {
    let BusEnvelope { source, detail, .. } = event;
    let header = EventHeader::from_detail(detail.get())
        .map_err(|error| Failure::GiveUp(format!("unreadable: {error}")))?;
    let subjects = subjects(&header.stream, header.order_id.as_ref());
    if subjects.is_empty() || header.stream.is_empty() {
        return Err(Failure::GiveUp("it does not say to which history it belongs".into()));
    }
    let entry = AuditEntry {
        event_id: header.event_id,
        event_type: header.event_type,
        source: source.clone(),
        stream: header.stream,
        sequence: header.sequence,
        happened_at: header.timestamp,
        recorded_at: app.clock.now(),
        correlation_id: header.correlation_id,
        causation_id: header.causation_id,
        detail: event.told().into_owned(),
    };
    app.audit_table.record(&subjects, &entry).await
}
