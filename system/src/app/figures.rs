//! The figures of the stream: which rows of the table they are, and what is shown of them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::context::App;
use crate::adapters::analytics_table::{AnalyticsTable, RowChange};
use crate::analytics::{
    Board, CustomerHead, CustomerTotals, Figures, Merge, MinuteNumber, RestoreError, Settings,
    Totals,
};
use crate::domain::Timestamp;
use crate::failure::Failure;

/// The task of what all tasks' figures are together.
pub(crate) const BOARD: &str = "board";
/// Minutes that are kept after they were closed: a week.
const KEPT_MINUTES: u32 = 7 * 24 * 60;
/// Minutes that are shown at most.
pub const SHOWN_MAX: u32 = 24 * 60;
/// Alerts that are shown at most, the newest.
const ALERTS_MAX: i32 = 50;

const HEAD: &str = "head";
const CLOSED: &str = "closed";
const MINUTE: &str = "minute#";
const STOCK: &str = "stock#";
const ALERT: &str = "alert#";
const TO_BE_SENT: &str = "unsent#";
const STOCK_WATCH: &str = "stock-watch";

/// Something that staff should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Alert {
    /// The same alert, raised again after a crash, has the same one.
    pub id: String,
    pub at: Timestamp,
    /// For filters: what kind of thing it is.
    pub kind: String,
    /// For people.
    pub text: String,
    /// The ids of the events that led to it, where it is about some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
}

/// What is shown.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct View {
    /// The end of the newest minute that is closed.
    pub closed_until: Option<Timestamp>,
    /// Events from about then on may be missing for good: an embedded broker ended before they were
    /// counted. Without it, the figures have all that was told.
    pub incomplete_since: Option<Timestamp>,
    pub totals: Totals,
    pub visits: Visits,
    /// Closed minutes, the oldest first.
    pub minutes: Vec<Figures>,
    /// The newest first.
    pub alerts: Vec<Alert>,
}

/// What customers did, since the beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Visits {
    /// Visits that are over: nothing became of a customer's orders for half an hour.
    pub over: u64,
    /// Of them: those in which something was ordered.
    pub with_orders: u64,
    /// How long they were, from the first event to the last; none before one is over.
    pub p50_millis: Option<u64>,
    pub p95_millis: Option<u64>,
    /// How often each pattern was found.
    pub patterns: BTreeMap<String, u64>,
}

pub(crate) fn orders_task(partition: u32) -> String {
    format!("orders-{partition}")
}

pub(crate) fn customers_task(partition: u32) -> String {
    format!("customers-{partition}")
}

/// How long after the watermark a minute is closed.
pub(crate) fn lateness() -> Duration {
    Settings::default().lateness
}

/// Totals, the last `minutes` closed minutes (1 to [`SHOWN_MAX`]), and alerts.
pub async fn view(app: &App, minutes: u32) -> Result<View, Failure> {
    let table = AnalyticsTable::new(&app.aws, &app.names);
    let closed = closed(&table).await?;
    let shown = closed_since(&table, closed, minutes).await?;
    let mut alerts = Vec::new();
    for (row, value) in table.last_rows(BOARD, ALERT, &after(ALERT), ALERTS_MAX).await? {
        alerts.push(read(&row, &value)?);
    }
    let totals = totals(&table, app.partitions).await?;
    let visits = visits(&table, app.partitions).await?;
    let closed_until = closed.map(MinuteNumber::end);
    let incomplete_since = incomplete_since(&table, app.partitions).await?;
    Ok(View { closed_until, incomplete_since, totals, visits, minutes: shown, alerts })
}

/// The earliest of what the tasks say.
async fn incomplete_since(
    table: &AnalyticsTable,
    partitions: u32,
) -> Result<Option<Timestamp>, Failure> {
    let mut since = None;
    for partition in 0..partitions {
        for task in [orders_task(partition), customers_task(partition)] {
            let told = table.checkpoint(&task).await?.progress.incomplete_since;
            since = since.into_iter().chain(told).min();
        }
    }
    Ok(since)
}

async fn visits(table: &AnalyticsTable, partitions: u32) -> Result<Visits, Failure> {
    let mut totals = CustomerTotals::default();
    for partition in 0..partitions {
        if let Some(value) = table.row(&customers_task(partition), HEAD).await? {
            totals.merge(&read::<CustomerHead>(HEAD, &value)?.totals);
        }
    }
    Ok(Visits {
        over: totals.sessions,
        with_orders: totals.sessions_with_orders,
        p50_millis: totals.session_millis.quantile(500),
        p95_millis: totals.session_millis.quantile(950),
        patterns: totals.matches,
    })
}

/// What all tasks have counted.
pub async fn totals(table: &AnalyticsTable, partitions: u32) -> Result<Totals, Failure> {
    let mut board = Board::new(partitions, lateness());
    for partition in 0..partitions {
        if let Some(value) = table.row(&orders_task(partition), HEAD).await? {
            put(&mut board, partition, HEAD, &value)?;
        }
    }
    Ok(board.totals())
}

/// Gives the board what the tasks have written: minutes only `from` then on.
pub(crate) async fn feed(
    table: &AnalyticsTable,
    partitions: u32,
    board: &mut Board,
    from: Option<MinuteNumber>,
) -> Result<(), Failure> {
    let first = from.map_or_else(|| MINUTE.to_owned(), minute_row);
    for partition in 0..partitions {
        let task = orders_task(partition);
        // First, so that what it says to be closed has been written.
        if let Some(value) = table.row(&task, HEAD).await? {
            put(board, partition, HEAD, &value)?;
        }
        let minutes = table.rows(&task, &first, &after(MINUTE)).await?;
        let stock = table.rows(&task, STOCK, &after(STOCK)).await?;
        for (row, value) in minutes.into_iter().chain(stock) {
            put(board, partition, &row, &value)?;
        }
    }
    Ok(())
}

/// The figures of the last `minutes` closed minutes, the oldest first.
pub(crate) async fn closed_since(
    table: &AnalyticsTable,
    closed: Option<MinuteNumber>,
    minutes: u32,
) -> Result<Vec<Figures>, Failure> {
    let Some(newest) = closed else { return Ok(Vec::new()) };
    let oldest = newest.back(minutes.saturating_sub(1));
    let rows = table.rows(BOARD, &minute_row(oldest), &minute_row(newest)).await?;
    rows.iter().map(|(row, value)| read(row, value)).collect()
}

/// The newest minute that was closed.
pub(crate) async fn closed(table: &AnalyticsTable) -> Result<Option<MinuteNumber>, Failure> {
    let row = table.row(BOARD, CLOSED).await?;
    row.map(|value| read(CLOSED, &value)).transpose()
}

/// The first minute in which anything happened, of those that are kept.
pub(crate) async fn first_minute(
    table: &AnalyticsTable,
    partitions: u32,
) -> Result<Option<MinuteNumber>, Failure> {
    let mut first = None;
    for partition in 0..partitions {
        let task = orders_task(partition);
        let row = table.first_row(&task, MINUTE, &after(MINUTE)).await?;
        let minute = row.and_then(|row| {
            let time = row.strip_prefix(MINUTE)?.strip_suffix('Z')?;
            Timestamp::parse(&format!("{time}:00Z")).ok().map(MinuteNumber::of)
        });
        first = first.into_iter().chain(minute).min();
    }
    Ok(first)
}

/// What is remembered of the products at risk, as it was written down.
pub(crate) async fn stock_watch<T: DeserializeOwned>(
    table: &AnalyticsTable,
) -> Result<Option<T>, Failure> {
    let row = table.row(BOARD, STOCK_WATCH).await?;
    row.map(|value| read(STOCK_WATCH, &value)).transpose()
}

pub(crate) fn stock_watch_row(watch: &impl Serialize) -> RowChange {
    RowChange { row: STOCK_WATCH.to_owned(), value: Some(write(watch)) }
}

pub(crate) fn closed_row(minute: MinuteNumber) -> RowChange {
    RowChange { row: CLOSED.to_owned(), value: Some(write(&minute)) }
}

/// The figures of a closed minute, to be written to the board.
pub(crate) fn figures_row(minute: MinuteNumber, figures: &Figures) -> RowChange {
    RowChange { row: minute_row(minute), value: Some(write(figures)) }
}

/// The minute that is kept no longer when this one is closed.
pub(crate) fn forgotten_row(minute: MinuteNumber) -> RowChange {
    RowChange { row: minute_row(minute.back(KEPT_MINUTES)), value: None }
}

impl Alert {
    /// Written down in a task, until it is sent.
    pub(crate) fn to_be_sent(&self) -> RowChange {
        RowChange { row: format!("{TO_BE_SENT}{}", self.id), value: Some(write(self)) }
    }

    /// Whether a row of a task is an alert, and no state of the task.
    pub(crate) fn is_row(row: &str) -> bool {
        row.starts_with(TO_BE_SENT)
    }

    /// Those of a task that wait to be sent.
    pub(crate) async fn waiting(table: &AnalyticsTable, task: &str) -> Result<Vec<Self>, Failure> {
        let rows = table.rows(task, TO_BE_SENT, &after(TO_BE_SENT)).await?;
        rows.iter().map(|(row, value)| read(row, value)).collect()
    }

    /// It is shown on the board, and waits no longer.
    pub(crate) async fn sent(&self, table: &AnalyticsTable, task: &str) -> Result<(), Failure> {
        let row = format!("{ALERT}{}#{}", self.at.to_rfc3339(), self.id);
        table.put(BOARD, &row, write(self)).await?;
        table.remove(task, &self.to_be_sent().row).await
    }
}

fn minute_row(minute: MinuteNumber) -> String {
    format!("{MINUTE}{}", minute.start().to_rfc3339().replace(":00.000Z", "Z"))
}

/// After every row that begins so; the names of rows are ASCII.
fn after(beginning: &str) -> String {
    format!("{beginning}~")
}

fn put(board: &mut Board, partition: u32, row: &str, value: &str) -> Result<(), Failure> {
    board.put(partition, row, value).map_err(|error: RestoreError| {
        Failure::GiveUp(format!("{}: {error}", orders_task(partition)))
    })
}

fn read<T: DeserializeOwned>(row: &str, value: &str) -> Result<T, Failure> {
    serde_json::from_str(value)
        .map_err(|error| Failure::GiveUp(format!("the row {row} is damaged: {error}")))
}

fn write(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain fields always serialise")
}
