//! Asks what shipping costs, as a customer does. It knows no queue.

use crate::world::{Done, OrderWorld, succeeded};
use harness::{Arguments, WorldError, text};
use http::{Method, StatusCode};
use serde_json::{Value, json};

impl OrderWorld {
    /// A refusal by the carrier is a result; no answer in time is none.
    pub(crate) async fn shipping_quote(&self, with: &Arguments) -> Done {
        let (method, path, body) = match (with.get("order"), with.get("items"), with.get("address"))
        {
            (Some(_), None, None) => {
                let path = format!("/orders/{}/shipping-quote", text(with, "order")?);
                (Method::GET, path, None)
            }
            (None, Some(Value::Array(items)), Some(address)) => {
                let item = |item: &Value| {
                    let (product, quantity) = (&item["product"], &item["quantity"]);
                    json!({ "product_id": product, "quantity": quantity })
                };
                let items: Vec<_> = items.iter().map(item).collect();
                let body = json!({ "destination": address, "items": items });
                (Method::POST, "/shipping-quotes".to_owned(), Some(body))
            }
            _ => return Err(WorldError("give an order, or items and an address".to_owned())),
        };
        let answered = match with.get("insist") {
            Some(Value::Bool(true)) => self.insist(method, &path, body.as_ref()).await?,
            _ => self.answer(method, &path, body.as_ref()).await?,
        };
        if let (StatusCode::UNPROCESSABLE_ENTITY, answer) = &answered {
            return Ok(json!({ "refusal": answer["detail"] }));
        }
        let quote = succeeded(answered)?;
        Ok(json!({
            "price": price(&quote["price"]),
            "zone": quote["zone"],
            "weight_class": quote["weight_class"],
        }))
    }
}

/// Like `4.90 USD`.
fn price(price: &Value) -> Value {
    let money = serde_json::from_value::<orderflow::domain::Money>(price.clone());
    money.map_or_else(|_| price.clone(), |money| json!(money.to_string()))
}
