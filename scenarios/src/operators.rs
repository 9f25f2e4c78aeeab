//! What operators do with dead letters, and what becomes of the payment gateway.

use crate::invariants::Outage;
use crate::world::{ALL_LETTERS, Done, OrderWorld, failed, queue_of, succeeded};
use harness::{Arguments, WorldError, text};
use http::Method;
use orderflow::dead_letters;
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl OrderWorld {
    pub(crate) async fn break_gateway(&mut self, with: &Arguments) -> Done {
        let customer = text(with, "customer")?;
        if self.broken.insert(customer.to_owned()) {
            let outage = Outage(self.now(), None);
            self.outages.entry(customer.to_owned()).or_default().push(outage);
        }
        self.set_gateway().await
    }

    pub(crate) async fn repair_gateway(&mut self, with: &Arguments) -> Done {
        let customer = text(with, "customer")?;
        self.broken.remove(customer);
        let done = self.set_gateway().await?;
        let now = self.now();
        let outages = self.outages.get_mut(customer).into_iter().flatten();
        outages.filter(|outage| outage.1.is_none()).for_each(|outage| outage.1 = Some(now));
        Ok(done)
    }

    pub(crate) async fn decline_payments(&mut self, with: &Arguments) -> Done {
        self.declined.insert(text(with, "customer")?.to_owned());
        self.set_gateway().await
    }

    pub(crate) async fn accept_payments(&mut self, with: &Arguments) -> Done {
        self.declined.remove(text(with, "customer")?);
        self.set_gateway().await
    }

    async fn set_gateway(&self) -> Done {
        let matcher = |customer: &String| json!({ "customer_id": customer });
        let all = |customers: &BTreeSet<String>| customers.iter().map(matcher).collect::<Vec<_>>();
        let body = json!({ "broken": all(&self.broken), "declined": all(&self.declined) });
        succeeded(self.insist(Method::PUT, "/simulated/gateway", Some(&body)).await?)
    }

    /// A second process of a role, as when it is scaled out.
    pub(crate) async fn add_instance(&mut self, with: &Arguments) -> Done {
        let role = queue_of(with)?;
        let elsewhere = || WorldError("roles are scaled out in simulations only".into());
        self.twins.as_mut().ok_or_else(elsewhere)?.add(role).await?;
        self.timeline.note("operator", format!("starts one more {role}"));
        Ok(Value::Null)
    }

    pub(crate) async fn redrive(&mut self, with: &Arguments) -> Done {
        let role = queue_of(with)?;
        let letters = self.letters(role).await?;
        self.redriven.extend(letters.into_iter().filter_map(|letter| letter.order_id));
        let sent = dead_letters::redrive(&self.aws, &self.names, role, &ALL_LETTERS);
        let sent = sent.await.map_err(failed)?;
        self.timeline.note("operator", format!("sends {sent} back to {role}"));
        Ok(json!({ "sent": sent }))
    }
}
