//! The read side as customers and auditors see it, and what an operator can do for it.

use crate::world::{Done, OrderWorld, failed};
use harness::WorldError;
use orderflow::adapters::order_table::{OrderRow, OrderTable, Progress};
use orderflow::app::projections::{ReadModel, Rebuilt, rebuild};
use orderflow::domain::order::{Details, Status};
use orderflow::domain::{OrderId, Timestamp};
use serde_json::{Value, json};

/// Of a page: few, so that there are several.
const PAGE: usize = 5;
/// So far ahead is a row that was falsified.
const AHEAD: u64 = 100;

impl OrderWorld {
    /// What the bus told of an order.
    pub(crate) async fn audit_trail(&self, order: &str) -> Done {
        let mut types = Vec::new();
        let mut path = format!("/orders/{order}/audit?limit={PAGE}");
        loop {
            let page = self.get(&path).await?;
            let events = page["events"].as_array().into_iter().flatten();
            types.extend(events.map(|event| event["type"].clone()));
            let Some(token) = page["next_token"].as_str() else {
                return Ok(json!({ "complete": page["complete"], "events": types }));
            };
            path = format!("/orders/{order}/audit?limit={PAGE}&next_token={token}");
        }
    }

    /// The ids of a customer's orders, the newest first.
    pub(crate) async fn orders_of(&self, customer: &str) -> Result<Vec<String>, WorldError> {
        let mut ids = Vec::new();
        let mut path = format!("/customers/{customer}/orders?limit={PAGE}");
        loop {
            let page = self.get(&path).await?;
            let orders = page["orders"].as_array().into_iter().flatten();
            ids.extend(orders.filter_map(|order| order["order_id"].as_str()).map(str::to_owned));
            let Some(token) = page["next_token"].as_str() else { return Ok(ids) };
            path = format!("/customers/{customer}/orders?limit={PAGE}&next_token={token}");
        }
    }

    pub(crate) async fn lose_read_models(&self) -> Done {
        let table = OrderTable::new(&self.aws, &self.names);
        for row in table.scan().await.map_err(failed)? {
            table.remove(row.details.order_id.as_str()).await.map_err(failed)?;
        }
        Ok(Value::Null)
    }

    pub(crate) async fn falsify_read_models(&self) -> Done {
        let table = OrderTable::new(&self.aws, &self.names);
        for OrderRow { details, progress, .. } in table.scan().await.map_err(failed)? {
            let order_id = OrderId::parse("never-placed");
            let order_id = order_id.map_err(|error| WorldError(error.to_string()))?;
            let stray = Details { order_id, ..details.clone() };
            table.set_details(&stray, Timestamp::from_millis(0)).await.map_err(failed)?;
            let sequence = progress.sequence + AHEAD;
            let wrong = Progress { status: Status::Cancelled, sequence, ..progress };
            for order_id in [&details.order_id, &stray.order_id] {
                table.advance(order_id, &wrong).await.map_err(failed)?;
            }
        }
        Ok(Value::Null)
    }

    pub(crate) async fn rebuild_read_models(&self) -> Done {
        let rebuilt = rebuild(&self.reader, &ReadModel::ALL, |_| {}).await.map_err(failed)?;
        let Rebuilt { repaired, removed, .. } = rebuilt;
        let told = format!("repairs {repaired} rows and removes {removed}");
        self.timeline.note("operator", told);
        Ok(json!({ "repaired": repaired, "removed": removed }))
    }
}
