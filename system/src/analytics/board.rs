//! The figures of all tasks as one: totals, and what is derived of the minutes that are closed.
//!
//! It is fed with the rows that tasks have written, and keeps the last hours of them. It does not
//! know orders, and decides nothing: what is unusual is for `detector` to say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::minute::{ByCurrency, Counts, Minute, OTHERS, ProductStock, Sales, Totals};
use super::order_task::Head;
use super::rows::{self, RestoreError, Row};
use super::scoring::{AVAILABLE, Features, Score, ScoringModel, UNITS_LAST_HOUR, UNITS_PER_HOUR};
use super::sketch::Sketch;
use super::window::{Merge, MinuteNumber, Sliding};
use crate::domain::Timestamp;

/// The sliding window of rates, percentiles and top products.
pub const WINDOW_MINUTES: u32 = 60;
/// How far back the usual demand for a product is looked for; whoever feeds the board brings the
/// minutes of so long.
pub const DEMAND_MINUTES: u32 = 6 * 60;
const TOP_PRODUCTS: usize = 10;
/// Products that are listed by their risk of running out.
pub const STOCK_RISKS: usize = 20;

/// The figures of one closed minute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Figures {
    /// When the minute began.
    pub minute: Timestamp,
    /// What happened in this minute.
    pub counts: Counts,
    /// Of `counts.events`: those that came when the minute was closed.
    pub corrections: u64,
    /// The hour that ends with this minute.
    pub hour: HourFigures,
    /// The products that may run out, the riskiest first.
    pub stock_risks: Vec<StockRisk>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HourFigures {
    /// Placed in this hour.
    pub orders: u64,
    /// The part, from 0 to 1, of the orders placed in this hour that have been paid so far. None
    /// without orders. It grows until the youngest orders have had their time.
    pub conversion: Option<f64>,
    /// The part of the orders placed in this hour that have been cancelled so far.
    pub cancellation_rate: Option<f64>,
    /// The part of the payments tried in this hour that were declined.
    pub payment_failure_rate: Option<f64>,
    /// From placing to delivery, of the orders delivered in this hour. None without any.
    pub fulfilment: Option<Percentiles>,
    /// By pieces ordered, most first.
    pub top_products: Vec<ProductSales>,
}

/// In milliseconds, within the relative error of the sketch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Percentiles {
    pub count: u64,
    pub p50_millis: u64,
    pub p95_millis: u64,
    pub p99_millis: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProductSales {
    pub product_id: String,
    /// Pieces.
    pub units: u64,
    /// What was ordered, paid or not.
    pub revenue: ByCurrency,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StockRisk {
    pub product_id: String,
    pub stock: ProductStock,
    pub features: Features,
    pub score: Score,
}

/// What all tasks of a topic have counted.
#[derive(Clone, Debug)]
pub struct Board {
    lateness: Duration,
    /// By partition.
    tasks: Vec<Task>,
}

#[derive(Clone, Debug)]
struct Task {
    head: Option<Head>,
    minutes: Sliding<Minute>,
    stock: BTreeMap<Arc<str>, ProductStock>,
}

impl Board {
    /// Of so many partitions, whose minutes are closed `lateness` after the watermark.
    pub fn new(partitions: u32, lateness: Duration) -> Self {
        let minutes = Sliding::new(WINDOW_MINUTES);
        let task = Task { head: None, minutes, stock: BTreeMap::new() };
        Self { lateness, tasks: vec![task; partitions as usize] }
    }

    /// Takes a row that the task of a partition has written, in place of what was known of it.
    /// Rows of orders are nothing to it.
    ///
    /// # Errors
    /// A row that no task has written.
    pub fn put(&mut self, partition: u32, key: &str, value: &str) -> Result<(), RestoreError> {
        let row = Row::parse(key)?;
        let Some(task) = self.tasks.get_mut(partition as usize) else {
            return Err(RestoreError::Key(format!("{key} of partition {partition}")));
        };
        match row {
            Row::Head => task.head = Some(rows::read(key, value)?),
            Row::Minute(minute) => {
                let pane = task.minutes.pane(minute);
                let products = std::mem::take(&mut pane.products);
                *pane = Minute { products, ..rows::read(key, value)? };
            }
            Row::Sales(minute) => task.minutes.pane(minute).products = rows::read(key, value)?,
            Row::Stock(product) => drop(task.stock.insert(product, rows::read(key, value)?)),
            Row::Order(_) | Row::Counted(..) => {}
        }
        Ok(())
    }

    /// What all tasks have counted since the beginning.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for head in self.tasks.iter().filter_map(|it| it.head.as_ref()) {
            totals.merge(&head.totals);
        }
        totals
    }

    /// The slowest task's; none while a task has none.
    pub fn watermark(&self) -> Option<Timestamp> {
        self.tasks.iter().map(|it| it.head.as_ref()?.watermark()).min().flatten()
    }

    /// The newest minute that is closed in all tasks: it and those before it have their figures,
    /// which change only by corrections and by what becomes of the orders.
    pub fn closed(&self) -> Option<MinuteNumber> {
        let watermark = self.watermark()? - self.lateness;
        Some(MinuteNumber::of(watermark).back(1))
    }

    /// The figures of a minute, open or closed.
    pub fn figures(&self, minute: MinuteNumber, stock_out: &dyn ScoringModel) -> Figures {
        let mut own = Minute::default();
        let mut hour = Minute::default();
        for task in &self.tasks {
            task.minutes.get(minute).into_iter().for_each(|it| own.merge(it));
            hour.merge(&task.minutes.ending(minute));
        }
        Figures {
            minute: minute.start(),
            counts: own.counts,
            corrections: own.corrections,
            stock_risks: self.stock_risks(minute, &hour, stock_out),
            hour: HourFigures::of(&hour),
        }
    }

    /// Drops the minutes that no figure of this minute, or of a later one, needs.
    pub fn forget_before(&mut self, minute: MinuteNumber) {
        for task in &mut self.tasks {
            task.minutes.forget_before(minute.back(DEMAND_MINUTES));
        }
    }

    fn stock_risks(
        &self,
        minute: MinuteNumber,
        hour: &Minute,
        stock_out: &dyn ScoringModel,
    ) -> Vec<StockRisk> {
        let mut stock: BTreeMap<&Arc<str>, ProductStock> = BTreeMap::new();
        let mut usual: BTreeMap<&Arc<str>, u64> = BTreeMap::new();
        let mut first = minute;
        for task in &self.tasks {
            for (at, pane) in task.minutes.panes(minute, DEMAND_MINUTES) {
                first = first.min(at);
                for (product, sales) in &pane.products {
                    *usual.entry(product).or_default() += sales.units;
                }
            }
            for (product, newest) in &task.stock {
                stock.entry(product).or_default().merge(newest);
            }
        }
        // A shop that has just opened has no hours without demand behind it.
        let known = (minute.0 - first.0 + 1).max(i64::from(WINDOW_MINUTES));
        let hours = known as f64 / 60.0;
        let recent = |product| hour.products.get(product).map_or(0, |it| it.units) as f64;
        let usual = |product| usual.get(product).map_or(0.0, |units| *units as f64 / hours);
        let mut risks: Vec<StockRisk> = stock
            .into_iter()
            .map(|(product, stock)| {
                let features = Features::default()
                    .with(AVAILABLE, stock.available as f64)
                    .with(UNITS_LAST_HOUR, recent(product))
                    .with(UNITS_PER_HOUR, usual(product));
                let score = stock_out.score(&features);
                StockRisk { product_id: product.to_string(), stock, features, score }
            })
            .collect();
        // Stable: those alike stay sorted by name.
        risks.sort_by(|a, b| b.score.value.total_cmp(&a.score.value));
        risks.truncate(STOCK_RISKS);
        risks
    }
}

impl Figures {
    /// The values of this minute that a detector watches, by the name of their series. A series of
    /// a currency is there from the first payment in it on, for whoever keeps what was there.
    pub fn series(&self) -> BTreeMap<String, f64> {
        let counts = &self.counts;
        let named = [
            ("orders", counts.placed),
            ("payments", counts.payments),
            ("cancelled", counts.cancelled),
            ("delivered", counts.delivered),
            ("payment_failures", counts.payment_failures),
        ];
        let mut series: BTreeMap<String, f64> =
            named.map(|(name, count)| (name.to_owned(), count as f64)).into();
        for (currency, minor_units) in &counts.revenue.0 {
            series.insert(format!("revenue_{currency}"), *minor_units as f64);
        }
        series
    }
}

impl HourFigures {
    fn of(hour: &Minute) -> Self {
        let (counts, cohort) = (&hour.counts, &hour.cohort);
        let tried = counts.payments + counts.payment_failures;
        Self {
            orders: counts.placed,
            conversion: part(cohort.paid, counts.placed),
            cancellation_rate: part(cohort.cancelled, counts.placed),
            payment_failure_rate: part(counts.payment_failures, tried),
            fulfilment: Percentiles::of(&hour.fulfilment),
            top_products: top_products(&hour.products),
        }
    }
}

impl Percentiles {
    fn of(sketch: &Sketch) -> Option<Self> {
        Some(Self {
            count: sketch.count(),
            p50_millis: sketch.quantile(500)?,
            p95_millis: sketch.quantile(950)?,
            p99_millis: sketch.quantile(990)?,
        })
    }
}

fn part(of: u64, all: u64) -> Option<f64> {
    (all > 0).then(|| of as f64 / all as f64)
}

fn top_products(products: &BTreeMap<Arc<str>, Sales>) -> Vec<ProductSales> {
    let named = products.iter().filter(|it| &**it.0 != OTHERS);
    let by_units: BTreeSet<_> = named.map(|(id, it)| (u64::MAX - it.units, id, it)).collect();
    let top = by_units.into_iter().take(TOP_PRODUCTS);
    top.map(|(_, product_id, sales)| ProductSales {
        product_id: product_id.to_string(),
        units: sales.units,
        revenue: sales.revenue.clone(),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::super::event::Fact;
    use super::super::order_task::{OrderTask, Settings};
    use super::super::scoring::StockOutBaseline;
    use super::super::testing::{Story, at, eur, stock, story};
    use super::*;
    use crate::contracts::{IntegrationEvent, Source};

    const MINUTE: i64 = 60_000;

    fn apply(task: &mut OrderTask, events: &[IntegrationEvent]) {
        for event in events {
            let text = event.to_detail();
            task.apply(&Fact::decode(text.as_bytes()).expect("an event"));
        }
    }

    fn put(board: &mut Board, partition: u32, task: &mut OrderTask) {
        for change in task.take_changes() {
            let value = change.value.expect("nothing is forgotten yet");
            board.put(partition, &change.key, &value).expect("a task's row");
        }
    }

    #[test]
    fn the_figures_are_those_of_all_tasks_over_an_hour() {
        let settings = Settings::default();
        let mut board = Board::new(2, settings.lateness);
        let (mut left, mut right) = (OrderTask::new(settings), OrderTask::new(settings));
        apply(&mut left, &story(1, 0, Story::Delivered));
        apply(&mut left, &story(2, 30 * MINUTE, Story::Refunded));
        apply(&mut right, &story(3, 59 * MINUTE, Story::Declined));
        apply(&mut right, &story(4, 59 * MINUTE, Story::Forgotten));
        put(&mut board, 0, &mut left);
        assert_eq!((board.watermark(), board.closed()), (None, None));
        put(&mut board, 1, &mut right);
        let figures = |board: &Board, minute| {
            board.figures(MinuteNumber(minute), &StockOutBaseline::default())
        };

        let last = figures(&board, 59);
        assert_eq!((last.minute, last.counts.placed), (at(59 * MINUTE), 2));
        assert_eq!((last.hour.orders, last.hour.conversion), (4, Some(0.5)));
        assert_eq!(last.hour.cancellation_rate, Some(0.75));
        assert_eq!(last.hour.payment_failure_rate, Some(1.0 / 3.0));
        let fulfilment = last.hour.fulfilment.expect("one was delivered");
        assert_eq!((fulfilment.count, fulfilment.p50_millis), (1, fulfilment.p99_millis));
        let top = &last.hour.top_products[0];
        assert_eq!((top.product_id.as_str(), top.units), ("lamp", 8));
        assert_eq!(top.revenue.of(eur(0).currency), 4_000);

        let series = figures(&board, 30).series();
        assert_eq!((series["orders"], series["revenue_EUR"]), (1.0, 1000.0));

        // A minute later the first order has left the window.
        let next = figures(&board, 60);
        assert_eq!((next.counts.placed, next.hour.orders), (0, 3));
        assert_eq!((next.hour.conversion, next.hour.fulfilment), (Some(1.0 / 3.0), None));
        assert_eq!(figures(&board, 500).hour.conversion, None);
        assert_eq!(board.totals().counts.revenue.of(eur(0).currency), 2_000);

        board.forget_before(MinuteNumber(59 + 360));
        assert_eq!(figures(&board, 59).hour.orders, 2);
    }

    #[test]
    fn a_minute_is_closed_when_the_slowest_task_is_past_it() {
        let settings = Settings::default();
        let mut board = Board::new(2, settings.lateness);
        let mut tasks = [OrderTask::new(settings), OrderTask::new(settings)];
        for (partition, caught_up_at, closed) in [
            (0, 600_000, None),
            (1, 210_000, Some(1)),
            (1, 269_999, Some(1)),
            (1, 270_000, Some(2)),
        ] {
            let task = &mut tasks[partition as usize];
            Source::ALL.into_iter().for_each(|it| task.advance(it, at(caught_up_at)));
            put(&mut board, partition, task);
            assert_eq!(board.closed(), closed.map(MinuteNumber), "{caught_up_at}");
        }
    }

    #[test]
    fn the_newest_stock_counts_whichever_task_heard_of_it() {
        let settings = Settings::default();
        let mut board = Board::new(2, settings.lateness);
        for (partition, events) in [(0, [stock("", 8, 0, 3)]), (1, [stock("o-9", 7, 5, 90)])] {
            let mut task = OrderTask::new(settings);
            apply(&mut task, &events);
            put(&mut board, partition, &mut task);
        }
        let figures = board.figures(MinuteNumber(0), &StockOutBaseline::default());
        let [risk] = figures.stock_risks.as_slice() else { panic!("one product") };
        assert_eq!((risk.product_id.as_str(), risk.stock.available), ("lamp", 3));
    }

    #[test]
    fn demand_is_usual_for_as_long_as_the_shop_is_known() {
        let settings = Settings::default();
        let mut board = Board::new(1, settings.lateness);
        let mut task = OrderTask::new(settings);
        apply(&mut task, &[stock("", 8, 0, 300)]);
        apply(&mut task, &story(1, MINUTE, Story::Forgotten));
        put(&mut board, 0, &mut task);
        for (minute, recent, usual) in [(20, 2.0, 2.0), (59, 2.0, 2.0), (119, 0.0, 1.0)] {
            let figures = board.figures(MinuteNumber(minute), &StockOutBaseline::default());
            let features = &figures.stock_risks[0].features;
            assert_eq!(features.get(UNITS_LAST_HOUR), Some(recent), "{minute}");
            assert_eq!(features.get(UNITS_PER_HOUR), Some(usual), "{minute}");
        }
    }

    #[test]
    fn rows_of_strangers_are_refused() {
        let mut board = Board::new(1, Duration::ZERO);
        assert!(board.put(0, "order#o-1", "anything").is_ok());
        assert!(board.put(1, "order#o-1", "{}").is_err());
        assert!(board.put(0, "gift#1", "{}").is_err());
        assert!(board.put(0, "head", "{}").is_err());
    }
}
