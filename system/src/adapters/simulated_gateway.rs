//! A payment gateway for rehearsals: keeps its book in a DynamoDB table, so that it outlives the
//! processes that use it, and can be told to fail or to decline.
//!
//! Like a real one it moves money once under each key that it is given, and writes down each time.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::attributes::{read_text, text};
use super::aws::Aws;
use crate::config::Names;
use crate::domain::{Currency, CustomerId, Money, OrderId};
use crate::failure::{Dependency, Failure};
use crate::ports::{Authorisation, AuthorisationRequest, GatewayFuture, PaymentGateway, Voiding};

const RULES_KEY: &str = "rules";
/// The attribute with what moved, oldest first.
const LEDGER: &str = "ledger";
/// A bank may take its time, longer than AWS.
const BANK_WAIT: Duration = Duration::from_secs(90);

#[derive(Clone, Debug)]
pub struct SimulatedGateway {
    client: Client,
    table: String,
}

/// How the gateway misbehaves. Empty: not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GatewayRules {
    /// Payments that meet a technical error.
    pub broken: Vec<Matcher>,
    /// Payments that the bank declines.
    pub declined: Vec<Matcher>,
}

/// Matches when everything that is given matches; an empty one matches every payment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Matcher {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<CustomerId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// In minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_at_least: Option<u64>,
}

/// What the book says about one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    customer_id: CustomerId,
    amount: Money,
}

/// What the gateway has of an order's payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Authorised, captured, declined, voided or refunded.
    pub status: String,
    /// Each movement of money, oldest first.
    pub ledger: Vec<Moved>,
}

/// Money that moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// `captured` or `refunded`.
    pub kind: String,
    /// Whoever asked for it again under the same key moved nothing more.
    pub key: String,
    /// Missing for a payment without an entry.
    pub amount: Option<Money>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Booked {
    status: String,
    /// Missing when the payment was voided before it was requested.
    entry: Option<Entry>,
    ledger: Vec<Moved>,
}

impl Matcher {
    pub fn matches(&self, customer_id: &CustomerId, amount: Money) -> bool {
        self.customer_id.as_ref().is_none_or(|wanted| wanted == customer_id)
            && self.currency.is_none_or(|wanted| wanted == amount.currency)
            && self.amount_at_least.is_none_or(|least| amount.minor_units >= least)
    }
}

impl SimulatedGateway {
    pub fn new(aws: &Aws, names: &Names) -> Self {
        Self { client: aws.patient(BANK_WAIT).dynamodb(), table: names.gateway_table() }
    }

    pub async fn rules(&self) -> Result<GatewayRules, Failure> {
        let Some(item) = self.item(RULES_KEY).await? else {
            return Ok(GatewayRules::default());
        };
        serde_json::from_str(&read_text(&item, "rules")?)
            .map_err(|error| Failure::GiveUp(format!("damaged gateway rules: {error}")))
    }

    pub async fn set_rules(&self, rules: &GatewayRules) -> Result<(), Failure> {
        let json = serde_json::to_string(rules).expect("plain fields always serialise");
        self.client
            .put_item()
            .table_name(&self.table)
            .item("key", text(RULES_KEY))
            .item("rules", text(json))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "PutItem", &error))?;
        Ok(())
    }

    /// What the book says of an order's payment. `None` when nobody ever asked for it.
    pub async fn account(&self, order_id: &OrderId) -> Result<Option<Account>, Failure> {
        let booked = self.booked(&key(order_id)).await?;
        Ok(booked.map(|Booked { status, ledger, .. }| Account { status, ledger }))
    }

    async fn authorise(&self, request: &AuthorisationRequest) -> Result<Authorisation, Failure> {
        let key = key(&request.order_id);
        let rules = self.rules().await?;
        let matches = |matchers: &[Matcher]| {
            matchers.iter().any(|matcher| matcher.matches(&request.customer_id, request.amount))
        };
        if matches(&rules.broken) {
            return Err(unavailable());
        }
        let status = if matches(&rules.declined) { "declined" } else { "authorised" };
        let entry = Entry { customer_id: request.customer_id.clone(), amount: request.amount };
        self.book(&key, status, Some(&entry)).await?;
        // Whoever was first has decided.
        let booked = self.booked(&key).await?.map(|booked| booked.status).unwrap_or_default();
        Ok(match booked.as_str() {
            "authorised" | "captured" => {
                Authorisation::Approved { reference: format!("sim-{}", request.order_id) }
            }
            "declined" => Authorisation::Declined { reason: "declined by the bank".into() },
            other => Authorisation::Declined { reason: format!("the payment was {other}") },
        })
    }

    async fn settle(
        &self,
        order_id: &OrderId,
        (from, to): (&str, &str),
        once: &str,
    ) -> Result<(), Failure> {
        let key = key(order_id);
        let Some(booked) = self.booked(&key).await? else {
            return Err(Failure::Retry(format!("the gateway has no payment of {order_id}")));
        };
        if booked.has_moved(to, once) {
            return Ok(());
        }
        if let Some(entry) = &booked.entry {
            let rules = self.rules().await?;
            let hit = |matcher: &Matcher| matcher.matches(&entry.customer_id, entry.amount);
            if rules.broken.iter().any(hit) {
                return Err(unavailable());
            }
        }
        if ![from, to].contains(&booked.status.as_str()) {
            let status = booked.status;
            return Err(Failure::Retry(format!("the payment of {order_id} is {status}")));
        }
        let amount = booked.entry.map(|entry| entry.amount);
        let moved = Moved { kind: to.to_owned(), key: once.to_owned(), amount };
        self.move_money(&key, from, &moved).await
    }

    async fn void(&self, order_id: &OrderId) -> Result<Voiding, Failure> {
        let key = key(order_id);
        self.book(&key, "voided", None).await?;
        match self.booked(&key).await?.map(|booked| booked.status).as_deref() {
            Some("authorised") => self.move_on(&key, "authorised", "voided").await?,
            Some("captured") => return Ok(Voiding::Captured),
            _ => {}
        }
        Ok(Voiding::Voided)
    }

    /// Opens the book for an order unless it is open already.
    async fn book(&self, key: &str, status: &str, entry: Option<&Entry>) -> Result<(), Failure> {
        let mut call = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("key", text(key))
            .item("payment_status", text(status))
            .condition_expression("attribute_not_exists(#key)")
            .expression_attribute_names("#key", "key");
        if let Some(entry) = entry {
            let json = serde_json::to_string(entry).expect("plain fields always serialise");
            call = call.item("entry", text(json));
        }
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_conditional_check_failed_exception()) =>
            {
                Ok(())
            }
            Err(error) => Err(Failure::of_call(Dependency::DynamoDb, "PutItem", &error)),
        }
    }

    /// Moves money and writes that down, unless that was done under the same key.
    async fn move_money(&self, key: &str, from: &str, moved: &Moved) -> Result<(), Failure> {
        let line = text(serde_json::to_string(moved).expect("plain fields always serialise"));
        self.client
            .update_item()
            .table_name(&self.table)
            .key("key", text(key))
            .update_expression(
                "SET #status = :to, #ledger = list_append(if_not_exists(#ledger, :none), :lines)",
            )
            .condition_expression("#status IN (:from, :to) AND NOT contains(#ledger, :line)")
            .expression_attribute_names("#status", "payment_status")
            .expression_attribute_names("#ledger", LEDGER)
            .expression_attribute_values(":from", text(from))
            .expression_attribute_values(":to", text(&moved.kind))
            .expression_attribute_values(":none", AttributeValue::L(Vec::new()))
            .expression_attribute_values(":lines", AttributeValue::L(vec![line.clone()]))
            .expression_attribute_values(":line", line)
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "UpdateItem", &error))?;
        Ok(())
    }

    async fn move_on(&self, key: &str, from: &str, to: &str) -> Result<(), Failure> {
        self.client
            .update_item()
            .table_name(&self.table)
            .key("key", text(key))
            .update_expression("SET #status = :to")
            .condition_expression("#status = :from")
            .expression_attribute_names("#status", "payment_status")
            .expression_attribute_values(":from", text(from))
            .expression_attribute_values(":to", text(to))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "UpdateItem", &error))?;
        Ok(())
    }

    async fn booked(&self, key: &str) -> Result<Option<Booked>, Failure> {
        let Some(item) = self.item(key).await? else {
            return Ok(None);
        };
        let entry = read_text(&item, "entry").ok();
        let entry = entry.map(|json| serde_json::from_str(&json)).transpose();
        let entry = entry.map_err(|error| Failure::GiveUp(format!("damaged entry: {error}")))?;
        let lines = item.get(LEDGER).and_then(|it| it.as_l().ok()).into_iter().flatten();
        let line = |line: &AttributeValue| serde_json::from_str(line.as_s().map_or("", |it| it));
        let ledger = lines.map(line).collect::<Result<_, _>>();
        let ledger = ledger.map_err(|error| Failure::GiveUp(format!("damaged ledger: {error}")))?;
        Ok(Some(Booked { status: read_text(&item, "payment_status")?, entry, ledger }))
    }

    async fn item(&self, key: &str) -> Result<Option<super::attributes::Item>, Failure> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .consistent_read(true)
            .key("key", text(key))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "GetItem", &error))?;
        Ok(found.item)
    }
}

impl Booked {
    /// Whether money was moved so under the key. Of payments from before there was a ledger only
    /// the status tells.
    fn has_moved(&self, kind: &str, key: &str) -> bool {
        match self.ledger.is_empty() {
            true => self.status == kind,
            false => self.ledger.iter().any(|moved| moved.kind == kind && moved.key == key),
        }
    }
}

impl PaymentGateway for SimulatedGateway {
    fn authorise<'a>(
        &'a self,
        request: &'a AuthorisationRequest,
    ) -> GatewayFuture<'a, Authorisation> {
        Box::pin(self.authorise(request))
    }

    fn capture<'a>(&'a self, order_id: &'a OrderId, key: &'a str) -> GatewayFuture<'a, ()> {
        Box::pin(self.settle(order_id, ("authorised", "captured"), key))
    }

    fn void<'a>(&'a self, order_id: &'a OrderId) -> GatewayFuture<'a, Voiding> {
        Box::pin(self.void(order_id))
    }

    fn refund<'a>(&'a self, order_id: &'a OrderId, key: &'a str) -> GatewayFuture<'a, ()> {
        Box::pin(self.settle(order_id, ("captured", "refunded"), key))
    }
}

fn key(order_id: &OrderId) -> String {
    format!("payment#{order_id}")
}

fn unavailable() -> Failure {
    let text = "the payment gateway answered 503 Service Unavailable";
    Failure::Faulty(Dependency::Gateway, text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matcher_matches_when_all_that_is_given_matches() {
        let customer = CustomerId::parse("c-1").expect("a customer id");
        let amount =
            Money { minor_units: 500, currency: Currency::parse("EUR").expect("a currency") };
        for (json, expected) in [
            ("{}", true),
            (r#"{"customer_id":"c-1"}"#, true),
            (r#"{"customer_id":"c-2"}"#, false),
            (r#"{"currency":"EUR","amount_at_least":500}"#, true),
            (r#"{"currency":"EUR","amount_at_least":501}"#, false),
            (r#"{"customer_id":"c-1","currency":"USD"}"#, false),
        ] {
            let matcher: Matcher = serde_json::from_str(json).expect(json);
            assert_eq!(matcher.matches(&customer, amount), expected, "{json}");
        }
        assert!(serde_json::from_str::<Matcher>(r#"{"client":"c-1"}"#).is_err());
    }
}
