//! Tells staff what they should know: each alert was written down with the state that led to it,
//! and is sent until it is sent, so after a crash it may be sent twice.

use crate::adapters::analytics_table::AnalyticsTable;
use crate::adapters::sns::Notifier;
use crate::app::figures::{Alert, BOARD, customers_task};
use crate::failure::Failure;

/// Sends what waits on the board and in the tasks of customers.
pub(super) async fn send(
    table: &AnalyticsTable,
    notifier: &Notifier,
    partitions: u32,
) -> Result<(), Failure> {
    let tasks = (0..partitions).map(customers_task);
    for task in std::iter::once(BOARD.to_owned()).chain(tasks) {
        for alert in Alert::waiting(table, &task).await? {
            let body = serde_json::to_string(&alert).expect("plain fields always serialise");
            let subject = format!("Order figures: {}", alert.kind);
            notifier.publish(&subject, &body, &[("kind", &alert.kind)]).await?;
            tracing::warn!(kind = alert.kind, text = alert.text, "alert");
            alert.sent(table, &task).await?;
        }
    }
    Ok(())
}
