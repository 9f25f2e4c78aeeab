//! How a task's state becomes rows, and rows its state.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::minute::{Minute, Sales};
use super::super::order_facts::OrderFacts;
use super::super::rows::{self, Change, RestoreError, Row};
use super::super::window::MinuteNumber;
use super::{OrderTask, Settings, intern, last_of};

impl OrderTask {
    /// Reads the state back from the rows that were written for it, in any order.
    ///
    /// # Errors
    /// A row that no task has written.
    pub fn restore(
        settings: Settings,
        rows: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, RestoreError> {
        let mut task = Self::new(settings);
        for (key, value) in rows {
            task.restore_row(&key, &value)?;
        }
        Ok(task)
    }

    /// How many rows have changed since they were last taken.
    pub fn dirty(&self) -> usize {
        self.changed.len() + usize::from(self.is_head_changed)
    }

    /// The rows that have changed since the last call, each as it is now, sorted by kind and key.
    pub fn take_changes(&mut self) -> Vec<Change> {
        let head = std::mem::take(&mut self.is_head_changed).then_some(Row::Head);
        let changed = head.into_iter().chain(std::mem::take(&mut self.changed));
        let change = |row: Row| Change { key: row.to_string(), value: self.value(&row) };
        changed.map(change).collect()
    }

    /// None when the row is gone.
    pub(super) fn value(&self, row: &Row) -> Option<String> {
        match row {
            Row::Head => Some(rows::write(&self.head)),
            Row::Minute(minute) => self.minutes.get(minute).map(rows::write),
            Row::Sales(minute) => {
                let minute = self.minutes.get(minute).filter(|it| it.has_sales());
                minute.map(|it| rows::write(&it.products))
            }
            Row::Order(id) => self.orders.get(id).map(|it| rows::write(&it.1)),
            Row::Stock(product) => self.stock.get(product).map(rows::write),
            Row::Counted(product, hour) => {
                self.counted.get(&(product.clone(), *hour)).map(rows::write)
            }
        }
    }

    fn restore_row(&mut self, key: &str, value: &str) -> Result<(), RestoreError> {
        let row = Row::parse(key)?;
        match &row {
            Row::Head => self.head = rows::read(key, value)?,
            Row::Minute(number) => {
                let minute: Minute = rows::read(key, value)?;
                let products = std::mem::take(&mut self.restored(*number).products);
                self.minutes.insert(*number, Minute { products, ..minute });
            }
            Row::Sales(number) => {
                let sales: BTreeMap<Arc<str>, Sales> = rows::read(key, value)?;
                for (product, sales) in sales {
                    let product = intern(&mut self.names, &product);
                    self.restored(*number).products.insert(product, sales);
                }
            }
            Row::Order(id) => {
                let mut order: OrderFacts = rows::read(key, value)?;
                order.intern(|name| intern(&mut self.names, name));
                self.expiries.insert((order.last, row.clone()));
                self.orders.insert(id.clone(), (id.clone(), order));
            }
            Row::Stock(product) => {
                self.stock.insert(intern(&mut self.names, product), rows::read(key, value)?);
            }
            Row::Counted(product, hour) => {
                let place = (intern(&mut self.names, product), *hour);
                self.counted.insert(place, rows::read(key, value)?);
                self.expiries.insert((hour.last(), row.clone()));
            }
        }
        Ok(())
    }

    /// The minute, of which another row may have been read already.
    fn restored(&mut self, number: MinuteNumber) -> &mut Minute {
        self.expiries.insert((last_of(number), Row::Minute(number)));
        self.minutes.entry(number).or_default()
    }
}
