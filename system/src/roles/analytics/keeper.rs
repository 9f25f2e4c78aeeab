//! Keeps the board: puts the figures of all tasks together, closes minutes, and tells CloudWatch
//! and the staff. One process does it, and whoever has lost the board without knowing it writes
//! nothing any more.

use crate::adapters::analytics_table::{AnalyticsTable, Checkpoint, Progress, ROWS_MAX, RowChange};
use crate::adapters::cloudwatch::MetricSink;
use crate::adapters::sns::Notifier;
use crate::analytics::board::{DEMAND_MINUTES, STOCK_RISKS};
use crate::analytics::{Board, MinuteNumber, StockOutBaseline};
use crate::app::App;
use crate::app::figures::{self, Alert};
use crate::failure::Failure;

use super::alerts;
use super::gauges::gauges;
use super::stock_watch::StockWatch;
use super::watch::{SERIES_MAX, Watch};

/// Rows of a minute at most: it writes one, removes one, and may raise alerts.
const ROWS_PER_MINUTE: usize = 2 + SERIES_MAX + STOCK_RISKS;
/// Rows that a commit has besides at most: how far it is, and what the watches know.
const ROWS_PER_COMMIT: usize = 2 + SERIES_MAX;
/// With more rows a commit is due: one more minute would not fit into it.
const FULL: usize = ROWS_MAX - ROWS_PER_COMMIT - ROWS_PER_MINUTE;
/// Detectors are written down more often than that, in minutes.
const WATCHED_AGAIN: u32 = 30;
/// How far back a tick looks for figures that have changed since: what became of the orders of a
/// closed hour.
const LOOKED_BACK: u32 = 60;

pub(crate) struct Keeper {
    pub(crate) table: AnalyticsTable,
    pub(crate) sink: MetricSink,
    pub(crate) alerts: Notifier,
}

/// The board as this process knows it.
pub(super) struct Kept {
    board: Board,
    checkpoint: Checkpoint,
    watch: Watch,
    stock_watch: StockWatch,
    closed: Option<MinuteNumber>,
}

impl Keeper {
    /// Closes the minutes that can be closed, and tells of what is to be told.
    pub(super) async fn tick(&self, app: &App, kept: &mut Option<Kept>) -> Result<(), Failure> {
        // Taken out: an error leaves none, and the next tick reads the board anew.
        let mut now = match kept.take() {
            Some(kept) => kept,
            None => self.open(app).await?,
        };
        let from = now.closed.map(|closed| closed.back(LOOKED_BACK));
        figures::feed(&self.table, app.partitions, &mut now.board, from).await?;
        self.close(app, &mut now).await?;
        *kept = Some(now);
        alerts::send(&self.table, &self.alerts, app.partitions).await
    }

    async fn open(&self, app: &App) -> Result<Kept, Failure> {
        let mut board = Board::new(app.partitions, figures::lateness());
        let checkpoint = self.table.checkpoint(figures::BOARD).await?;
        let closed = figures::closed(&self.table).await?;
        let from = closed.map(|closed| closed.back(DEMAND_MINUTES));
        figures::feed(&self.table, app.partitions, &mut board, from).await?;
        let (first, last) = Watch::ROWS;
        let mut watch = Watch::restore(&self.table.rows(figures::BOARD, first, last).await?);
        // What the detectors have seen since they were written down. Its alerts were told of.
        for seen in figures::closed_since(&self.table, closed, WATCHED_AGAIN).await? {
            watch.observe(MinuteNumber::of(seen.minute), &seen);
        }
        let stock_watch = figures::stock_watch(&self.table).await?.unwrap_or_default();
        Ok(Kept { board, checkpoint, watch, stock_watch, closed })
    }

    async fn close(&self, app: &App, kept: &mut Kept) -> Result<(), Failure> {
        let Some(last) = kept.board.closed() else { return Ok(()) };
        // Before the first event there is nothing to close.
        let first = match kept.closed {
            Some(closed) => closed.next(),
            None => match figures::first_minute(&self.table, app.partitions).await? {
                Some(first) => first,
                None => return Ok(()),
            },
        };
        let mut changes = Vec::new();
        for minute in (first.0..=last.0).map(MinuteNumber) {
            changes.extend(self.close_one(app, kept, minute).await?);
            if changes.len() > FULL || minute == last {
                self.write(app, kept, minute, std::mem::take(&mut changes)).await?;
            }
        }
        Ok(())
    }

    async fn close_one(
        &self,
        app: &App,
        kept: &mut Kept,
        minute: MinuteNumber,
    ) -> Result<Vec<RowChange>, Failure> {
        let seen = kept.board.figures(minute, &StockOutBaseline::default());
        // Gauges: told again, after a crash, they are the same.
        self.sink.put(&gauges(app.names.prefix(), &seen), minute.end()).await?;
        let mut alerts = kept.watch.observe(minute, &seen);
        alerts.extend(kept.stock_watch.observe(minute, &seen));
        let rows = [figures::figures_row(minute, &seen), figures::forgotten_row(minute)];
        Ok(rows.into_iter().chain(alerts.iter().map(Alert::to_be_sent)).collect())
    }

    /// Writes down that all minutes up to this one are closed.
    async fn write(
        &self,
        app: &App,
        kept: &mut Kept,
        newest: MinuteNumber,
        mut changes: Vec<RowChange>,
    ) -> Result<(), Failure> {
        changes.push(figures::closed_row(newest));
        changes.push(figures::stock_watch_row(&kept.stock_watch));
        changes.extend(kept.watch.take_rows());
        let token = app.ids.next_id();
        let progress = Progress::default();
        let written =
            self.table.commit(figures::BOARD, &kept.checkpoint, &progress, &changes, &token).await;
        kept.checkpoint = written.map_err(|error| error.of(figures::BOARD))?;
        kept.closed = Some(newest);
        kept.board.forget_before(newest);
        Ok(())
    }
}
