//! How rows move on with events, which come in any order and more than once.

use std::sync::Arc;

use super::{CUSTOMER, OrderRow, OrderTable, PLACED, Progress, SEQUENCE, placed, reason, values};
use crate::adapters::attributes::{number, read_number, text};
use crate::adapters::statements::{Outcome, Statement};
use crate::domain::order::Details;
use crate::domain::{OrderId, Timestamp};
use crate::failure::{Dependency, Failure};

impl OrderTable {
    /// Makes the row of an order that was placed. If events have overtaken that, only what never
    /// changes is added.
    pub async fn place(&self, row: &OrderRow) -> Result<(), Failure> {
        let (text, parameters) = (Arc::clone(&self.insert), values(row).into());
        match self.statements.run(Statement { text, parameters }).await? {
            Outcome::Written => Ok(()),
            Outcome::Refused(_) => {
                self.set_details(&row.details, row.placed_at).await?;
                self.advance_alone(&row.details.order_id, &row.progress).await
            }
        }
    }

    /// Moves the row forward; an older event than the row has seen changes nothing.
    pub async fn advance(&self, order_id: &OrderId, progress: &Progress) -> Result<(), Failure> {
        let parameters = vec![
            text(progress.status.as_str()),
            reason(progress),
            number(progress.sequence),
            number(progress.updated_at.as_millis()),
            text(order_id.as_str()),
            number(progress.sequence),
        ];
        let statement = Statement { text: Arc::clone(&self.forward), parameters };
        let Outcome::Refused(found) = self.statements.run(statement).await? else {
            return Ok(());
        };
        match found.map(|item| read_number::<u64>(&item, SEQUENCE)) {
            Some(Ok(seen)) if seen >= progress.sequence => Ok(()),
            // There is no row yet, or one that only has its details.
            _ => self.advance_alone(order_id, progress).await,
        }
    }

    /// What never changes.
    pub async fn set_details(
        &self,
        details: &Details,
        placed_at: Timestamp,
    ) -> Result<(), Failure> {
        let json = serde_json::to_string(details).expect("plain fields always serialise");
        self.client
            .update_item()
            .table_name(&self.table)
            .key("order_id", text(details.order_id.as_str()))
            .update_expression("SET #details = :details, #customer = :customer, #placed = :placed")
            .expression_attribute_names("#details", "details")
            .expression_attribute_names("#customer", CUSTOMER)
            .expression_attribute_names("#placed", PLACED)
            .expression_attribute_values(":details", text(json))
            .expression_attribute_values(":customer", text(details.customer_id.as_str()))
            .expression_attribute_values(":placed", text(placed(placed_at, &details.order_id)))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "UpdateItem", &error))?;
        Ok(())
    }

    /// By a call of its own, which makes the row if there is none.
    async fn advance_alone(&self, order_id: &OrderId, progress: &Progress) -> Result<(), Failure> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("order_id", text(order_id.as_str()))
            .update_expression(
                "SET #status = :status, #reason = :reason, #sequence = :sequence, #at = :at",
            )
            .condition_expression("attribute_not_exists(#sequence) OR #sequence < :sequence")
            .expression_attribute_names("#status", "order_status")
            .expression_attribute_names("#reason", "reason")
            .expression_attribute_names("#sequence", SEQUENCE)
            .expression_attribute_names("#at", "updated_at")
            .expression_attribute_values(":status", text(progress.status.as_str()))
            .expression_attribute_values(":reason", reason(progress))
            .expression_attribute_values(":sequence", number(progress.sequence))
            .expression_attribute_values(":at", number(progress.updated_at.as_millis()))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_conditional_check_failed_exception()) =>
            {
                Ok(())
            }
            Err(error) => Err(Failure::of_call(Dependency::DynamoDb, "UpdateItem", &error)),
        }
    }
}
