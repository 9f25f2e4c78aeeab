//! How a task's state becomes rows, and rows its state.

use super::super::minute::Minute;
use super::super::order_facts::OrderFacts;
use super::super::rows::{self, Change, RestoreError, Row};
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
        self.changed.len()
    }

    /// The rows that have changed since the last call, each as it is now, sorted by kind and key.
    pub fn take_changes(&mut self) -> Vec<Change> {
        let changed = std::mem::take(&mut self.changed);
        let change = |row: Row| Change { key: row.to_string(), value: self.value(&row) };
        changed.into_iter().map(change).collect()
    }

    /// None when the row is gone.
    pub(super) fn value(&self, row: &Row) -> Option<String> {
        match row {
            Row::Head => Some(rows::write(&self.head)),
            Row::Minute(minute) => self.minutes.get(minute).map(rows::write),
            Row::Order(id) => self.orders.get(id).map(rows::write),
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
                let mut minute: Minute = rows::read(key, value)?;
                minute.intern(|name| intern(&mut self.names, name));
                self.expiries.insert((last_of(*number), row.clone()));
                self.minutes.insert(*number, minute);
            }
            Row::Order(id) => {
                let mut order: OrderFacts = rows::read(key, value)?;
                order.intern(|name| intern(&mut self.names, name));
                self.expiries.insert((order.last, row.clone()));
                self.orders.insert(id.clone(), order);
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
}
