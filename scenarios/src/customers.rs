//! What customers and the warehouse ask the API for, and how they ask: again until there is an
//! answer, or once. What was asked and answered is kept, so that it can be held against what became
//! of it.

use crate::invariants::Asked;
use crate::money::minor_units;
use crate::world::{Answered, Done, OrderWorld, succeeded};
use harness::{Arguments, WorldError, text};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

/// How often, and how long apart, a customer asks who gets no answer, or is told to try later.
const TRIES_MAX: u32 = 60;
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(2);

impl OrderWorld {
    pub(crate) async fn receive_stock(&self, with: &Arguments) -> Done {
        let path = format!("/stock/{}", text(with, "product")?);
        let body = json!({ "quantity": with["quantity"] });
        match key_of(with) {
            // Under a key it can be asked for until there is an answer.
            Some(key) => {
                succeeded(self.insist_on(Method::POST, &path, Some(&body), Some(key)).await?)
            }
            None => succeeded(self.answer(Method::POST, &path, Some(&body)).await?),
        }
    }

    pub(crate) async fn place_order(&mut self, with: &Arguments) -> Done {
        let items = with["items"].as_array().ok_or_else(|| WorldError("items: no list".into()))?;
        let item = |item: &Value| {
            let price = minor_units(&item["unit_price"]).map_err(WorldError)?;
            Ok(json!({
                "product_id": item["product"],
                "quantity": item["quantity"],
                "unit_price_minor_units": price,
            }))
        };
        let mut body = json!({
            "customer_id": text(with, "customer")?,
            "currency": with.get("currency").and_then(Value::as_str).unwrap_or("EUR"),
            "items": items.iter().map(item).collect::<Result<Vec<_>, WorldError>>()?,
            "shipping_address": with.get("address"),
        });
        let key = key_of(with);
        if let Some(id) = with.get("id") {
            body["order_id"] = id.clone();
        }
        let answered = match with.contains_key("id") || key.is_some() {
            true => self.insist_on(Method::POST, "/orders", Some(&body), key).await?,
            false => self.answer(Method::POST, "/orders", Some(&body)).await?,
        };
        let mut receipt = succeeded(answered)?;
        let id = receipt["order_id"].take();
        self.orders.extend(id.as_str().map(str::to_owned));
        receipt["id"] = id;
        Ok(receipt)
    }

    pub(crate) async fn confirm_order(&self, with: &Arguments) -> Done {
        let body = json!({ "payment_method": text(with, "payment_method")? });
        self.ask(with, "confirm", &body).await
    }

    pub(crate) async fn cancel_order(&self, with: &Arguments) -> Done {
        let body = json!({ "reason": text(with, "reason")? });
        self.ask(with, "cancel", &body).await
    }

    /// Asks for a change of an order. With `if_allowed` it is asked for until there is an answer,
    /// and an order that has moved on too far is left as it is: the result says why.
    async fn ask(&self, with: &Arguments, what: &str, body: &Value) -> Done {
        let path = format!("/orders/{}/{what}", text(with, "order")?);
        let key = key_of(with);
        if with.get("if_allowed") != Some(&Value::Bool(true)) {
            return succeeded(self.answer_under(Method::POST, &path, Some(body), key).await?);
        }
        match self.insist_on(Method::POST, &path, Some(body), key).await? {
            (StatusCode::CONFLICT, answer) => Ok(json!({ "refused": answer["detail"] })),
            answered => succeeded(answered),
        }
    }

    /// Repeats what may be repeated until the API, and whom it asks, are there.
    pub(crate) async fn insist(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Answered {
        self.insist_on(method, path, body, None).await
    }

    async fn insist_on(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> Answered {
        const NOT_NOW: [StatusCode; 2] =
            [StatusCode::SERVICE_UNAVAILABLE, StatusCode::GATEWAY_TIMEOUT];
        let mut tries = 1;
        loop {
            let answered = self.answer_under(method.clone(), path, body, key).await;
            let absent = match &answered {
                Ok((status, _)) => NOT_NOW.contains(status),
                Err(_) => true,
            };
            if !absent || tries == TRIES_MAX {
                return answered;
            }
            tries += 1;
            tokio::time::sleep(TRY_AGAIN_AFTER).await;
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Done {
        succeeded(self.answer(Method::GET, path, None).await?)
    }

    pub(crate) async fn answer(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Answered {
        self.answer_under(method, path, body, None).await
    }

    /// Asks once, and keeps what came of it.
    async fn answer_under(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> Answered {
        let from = self.now();
        let answered = self.api.call(method.clone(), path, body, key).await;
        self.asked.borrow_mut().push(Asked {
            method,
            path: path.to_owned(),
            key: key.map(str::to_owned),
            body: body.cloned().unwrap_or_default(),
            from,
            until: self.now(),
            answer: answered.clone().ok(),
        });
        answered.map_err(WorldError)
    }
}

/// The key under which something is done once.
fn key_of(with: &Arguments) -> Option<&str> {
    with.get("key").and_then(Value::as_str)
}
