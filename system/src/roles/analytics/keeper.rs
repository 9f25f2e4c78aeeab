//! Keeps the board: puts the figures of all tasks together, closes minutes, and tells CloudWatch
//! and the staff. One process does it, and whoever has lost the board without knowing it writes
//! nothing any more.

use crate::adapters::analytics_table::{AnalyticsTable, Checkpoint, Progress};
use crate::adapters::cloudwatch::MetricSink;
use crate::adapters::sns::Notifier;
use crate::analytics::board::DEMAND_MINUTES;
use crate::analytics::{Board, MinuteNumber, StockOutBaseline};
use crate::app::App;
use crate::app::figures::{self, Alert};
use crate::failure::Failure;

use super::alerts;
use super::gauges::gauges;
use super::watch::Watch;

/// Minutes that one commit closes: each writes a row, removes one and may raise four alerts.
const CLOSED_AT_ONCE: usize = 15;
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
        Ok(Kept { board, checkpoint, watch, closed })
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
        let mut minutes = (first.0..=last.0).map(MinuteNumber);
        loop {
            let chunk: Vec<_> = minutes.by_ref().take(CLOSED_AT_ONCE).collect();
            let Some(newest) = chunk.last().copied() else { return Ok(()) };
            self.close_some(app, kept, &chunk).await?;
            kept.closed = Some(newest);
            kept.board.forget_before(newest);
        }
    }

    async fn close_some(
        &self,
        app: &App,
        kept: &mut Kept,
        minutes: &[MinuteNumber],
    ) -> Result<(), Failure> {
        let model = StockOutBaseline::default();
        let mut changes = Vec::new();
        for minute in minutes {
            let seen = kept.board.figures(*minute, &model);
            // Gauges: told again, after a crash, they are the same.
            self.sink.put(&gauges(app.names.prefix(), &seen), minute.end()).await?;
            changes.push(figures::figures_row(*minute, &seen));
            changes.push(figures::forgotten_row(*minute));
            let alerts = kept.watch.observe(*minute, &seen);
            changes.extend(alerts.iter().map(Alert::to_be_sent));
        }
        let newest = minutes.last().copied().expect("at least one is to be closed");
        changes.push(figures::closed_row(newest));
        changes.extend(kept.watch.rows(minutes));
        let token = app.ids.next_id();
        let progress = Progress::default();
        let written =
            self.table.commit(figures::BOARD, &kept.checkpoint, &progress, &changes, &token).await;
        kept.checkpoint = written.map_err(|error| error.of(figures::BOARD))?;
        Ok(())
    }
}
