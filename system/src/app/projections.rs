//! Makes the read models anew from the histories, while the system runs.
//!
//! Each row is compared with its history and replaced only as it was seen, so that the projector,
//! which works at the same time, is never set back. Done twice, it changes nothing.

use std::collections::BTreeSet;

use super::context::App;
use super::draft::ATTEMPTS;
use super::orders;
use crate::adapters::order_table::Part;
use crate::domain::OrderId;
use crate::failure::Failure;

/// A read model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum ReadModel {
    /// Each order's row.
    Orders,
    /// The orders of each customer.
    Customers,
}

/// What was done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Orders that were looked at, and how many there are in all.
    pub looked_at: usize,
    pub orders: usize,
    /// Rows that were missing or wrong.
    pub repaired: usize,
    /// Rows of orders that never were.
    pub removed: usize,
}

impl ReadModel {
    pub const ALL: [Self; 2] = [Self::Orders, Self::Customers];

    fn part(self) -> Part {
        match self {
            Self::Orders => Part::Orders,
            Self::Customers => Part::Customers,
        }
    }
}

/// Makes what `models` show equal to the histories. Both models live in the same rows, so
/// repairing one may repair the other. `progress` is told after each order.
pub async fn rebuild(
    app: &App,
    models: &[ReadModel],
    mut progress: impl FnMut(&Rebuilt),
) -> Result<Rebuilt, Failure> {
    // Rows first: an order that has a row has a history, which is therefore seen after it.
    let shown = app.order_table.stored_ids().await?;
    let mut ids: BTreeSet<String> = app.store.ids_of("order").await?.into_iter().collect();
    ids.extend(shown);
    let mut rebuilt = Rebuilt { orders: ids.len(), ..Rebuilt::default() };
    for id in ids {
        match OrderId::parse(&id) {
            Ok(order_id) => repair(app, models, &order_id, &mut rebuilt).await?,
            // No order was ever called that.
            Err(_) => remove(app, &id, &mut rebuilt).await?,
        }
        rebuilt.looked_at += 1;
        progress(&rebuilt);
    }
    Ok(rebuilt)
}

async fn repair(
    app: &App,
    models: &[ReadModel],
    order_id: &OrderId,
    rebuilt: &mut Rebuilt,
) -> Result<(), Failure> {
    for _ in 0..ATTEMPTS {
        // The history is read after the row, so it is never older than an honest row.
        let seen = app.order_table.stored(order_id).await?;
        let Some(row) = orders::view_of_history(app, order_id).await? else {
            return remove(app, order_id.as_str(), rebuilt).await;
        };
        if models.iter().all(|model| seen.shows(&row, model.part())) {
            return Ok(());
        }
        if app.order_table.replace(&seen, &row).await? {
            rebuilt.repaired += 1;
            return Ok(());
        }
    }
    Err(super::draft::contended(&format!("the row of order {order_id}")))
}

async fn remove(app: &App, id: &str, rebuilt: &mut Rebuilt) -> Result<(), Failure> {
    app.order_table.remove(id).await?;
    rebuilt.removed += 1;
    Ok(())
}
