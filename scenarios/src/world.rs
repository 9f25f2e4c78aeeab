//! The order system as a world: what the words of a script do to it or show of it. Which words
//! there are is in [`crate::words`].
//!
//! Commands go through the HTTP API; dead letters through the system's own operator functions.
//! What the outside would see (mail, queue depths, figures) is read with AWS clients. It does not
//! know in which stage it is.

use crate::api::Api;
use crate::cast::Cast;
use crate::invariants::{self, Evidence};
use crate::mail::Mail;
use crate::money::minor_units;
use crate::words::{self, CATALOG};
use aws_smithy_types::error::display::DisplayErrorContext;
use harness::{Arguments, Catalog, Processes, Timeline, World, WorldError, text};
use http::{Method, StatusCode};
use orderflow::adapters::event_store::EventStore;
use orderflow::adapters::memory_stream::MemoryStream;
use orderflow::app::App;
use orderflow::dead_letters::Which;
use orderflow::domain::Timestamp;
use orderflow::{Aws, Names, Role, dead_letters};
use serde_json::{Map, Value, json};
use skyrig::Emulator;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::time::Instant;

/// Dead letters looked at, or sent back, at once.
pub(crate) const ALL_LETTERS: Which = Which::Any(1000);
/// How often, and how long apart, a customer asks who gets no answer, or is told to try later.
const TRIES_MAX: u32 = 60;
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(2);

pub(crate) struct OrderWorld {
    pub(crate) api: Api,
    pub(crate) aws: Aws,
    pub(crate) sqs: aws_sdk_sqs::Client,
    /// By the queue's name, once it was asked for.
    pub(crate) queue_urls: RefCell<BTreeMap<String, String>>,
    pub(crate) reader: App,
    /// Where it is in this process.
    pub(crate) stream: Option<MemoryStream>,
    /// Where it is in this process.
    pub(crate) emulator: Option<Emulator>,
    pub(crate) names: Names,
    pub(crate) timeline: Timeline,
    /// The system's processes, until somebody asks for them.
    pub(crate) cast: Option<Cast>,
    /// One moment on tokio's clock and on the system's.
    pub(crate) epoch: (Instant, Timestamp),
    /// Where nobody else tells of the events, the audit trails do.
    pub(crate) tells_history: bool,
    pub(crate) mail: Mail,
    /// Customers for whom the payment gateway fails.
    pub(crate) broken: BTreeSet<String>,
    /// Customers whose bank declines payments.
    pub(crate) declined: BTreeSet<String>,
    /// Customers for whom the gateway failed at any time.
    pub(crate) ever_broken: BTreeSet<String>,
    pub(crate) orders: BTreeSet<String>,
    /// What was read when the system had come to rest; all invariants look at the same.
    pub(crate) evidence: Option<Evidence>,
}

pub(crate) type Done = Result<Value, WorldError>;
type Answered = Result<(StatusCode, Value), WorldError>;

impl World for OrderWorld {
    const CATALOG: Catalog = CATALOG;

    async fn act(&mut self, action: &str, with: &Arguments) -> Done {
        words::act(self, action, with).await
    }

    async fn observe(&mut self, what: &str, of: &Arguments) -> Done {
        words::observe(self, what, of).await
    }

    /// Dead letters are explained anyway, and a metric is about no message.
    fn subjects(&self, _what: &str, of: &Arguments) -> Vec<String> {
        let telling = ["order", "product"].into_iter().filter_map(|name| of.get(name)?.as_str());
        telling.map(str::to_owned).collect()
    }

    fn resource(&self, name: &str) -> String {
        format!("{}-{name}", self.names.prefix())
    }

    fn processes(&mut self) -> impl Processes + use<> {
        self.cast.take().expect("the runner asks once")
    }

    async fn at_rest(&mut self) -> Result<bool, WorldError> {
        self.evidence = None;
        self.is_at_rest().await
    }

    async fn check(&mut self, invariant: &str) -> Result<(), WorldError> {
        if self.evidence.is_none() {
            self.evidence = Some(self.read_evidence().await?);
        }
        let evidence = self.evidence.as_ref().expect("it was just read");
        invariants::judge(invariant, evidence).map_err(WorldError)
    }

    fn branches(&self) -> BTreeMap<String, u64> {
        self.evidence.as_ref().map(invariants::branches).unwrap_or_default()
    }

    async fn finish(&mut self) -> Value {
        let mut histories = BTreeMap::new();
        for order in self.orders.clone() {
            let history = self.history(&format!("order#{order}")).await;
            histories.insert(order, history.unwrap_or_else(|error| json!(error.0)));
        }
        if self.tells_history {
            self.tell_histories().await;
        }
        json!({ "orders": histories })
    }
}

impl OrderWorld {
    /// `epoch`: one moment on tokio's clock and on the system's.
    pub(crate) fn new(
        api: Api,
        cast: Cast,
        aws: Aws,
        names: Names,
        timeline: Timeline,
        epoch: (Instant, Timestamp),
    ) -> Self {
        Self {
            api,
            sqs: aws.sqs(),
            queue_urls: RefCell::default(),
            reader: invariants::reader(&aws, &names),
            stream: None,
            emulator: None,
            aws,
            names,
            timeline,
            cast: Some(cast),
            epoch,
            tells_history: false,
            mail: Mail::default(),
            broken: BTreeSet::new(),
            declined: BTreeSet::new(),
            ever_broken: BTreeSet::new(),
            orders: BTreeSet::new(),
            evidence: None,
        }
    }

    pub(crate) async fn receive_stock(&self, with: &Arguments) -> Done {
        let path = format!("/stock/{}", text(with, "product")?);
        self.post(&path, &json!({ "quantity": with["quantity"] })).await
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
        let answered = match with.get("id") {
            Some(id) => {
                body["order_id"] = id.clone();
                self.insist(Method::POST, "/orders", Some(&body)).await?
            }
            None => self.answer(Method::POST, "/orders", Some(&body)).await?,
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
        if with.get("if_allowed") != Some(&Value::Bool(true)) {
            return self.post(&path, body).await;
        }
        match self.insist(Method::POST, &path, Some(body)).await? {
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
        const NOT_NOW: [StatusCode; 2] =
            [StatusCode::SERVICE_UNAVAILABLE, StatusCode::GATEWAY_TIMEOUT];
        let mut tries = 1;
        loop {
            let answered = self.answer(method.clone(), path, body).await;
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

    pub(crate) async fn break_gateway(&mut self, with: &Arguments) -> Done {
        let customer = text(with, "customer")?;
        self.broken.insert(customer.to_owned());
        self.ever_broken.insert(customer.to_owned());
        self.set_gateway().await
    }

    pub(crate) async fn repair_gateway(&mut self, with: &Arguments) -> Done {
        self.broken.remove(text(with, "customer")?);
        self.set_gateway().await
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

    pub(crate) async fn redrive(&self, with: &Arguments) -> Done {
        let role = queue_of(with)?;
        let sent = dead_letters::redrive(&self.aws, &self.names, role, &ALL_LETTERS);
        let sent = sent.await.map_err(failed)?;
        self.timeline.note("operator", format!("sends {sent} back to {role}"));
        Ok(json!({ "sent": sent }))
    }

    pub(crate) async fn inspect_dead_letters(&self, with: &Arguments) -> Done {
        let role = queue_of(with)?;
        let found = dead_letters::list(&self.aws, &self.names, role, &ALL_LETTERS);
        let found = found.await.map_err(failed)?;
        let letters: Vec<_> = found
            .iter()
            .map(|letter| {
                let note = letter.note.as_ref();
                let reason = note.map_or("unknown", |note| note.reason.as_str());
                let id = &letter.message_id;
                self.timeline.note("operator", format!("finds {id} in {role}: {reason}"));
                json!({
                    "message_id": id,
                    "reason": reason,
                    "receive_count": note.map(|note| note.receive_count),
                    "body": serde_json::from_str(&letter.body)
                        .unwrap_or_else(|_| json!(letter.body)),
                })
            })
            .collect();
        let receives: Vec<_> = letters.iter().map(|it| it["receive_count"].clone()).collect();
        let count = letters.len();
        Ok(json!({ "count": count, "letters": letters, "receive_counts": receives }))
    }

    pub(crate) async fn order_status(&self, of: &Arguments) -> Done {
        let order = self.get(&format!("/orders/{}", text(of, "order")?)).await?;
        Ok(order["status"].clone())
    }

    pub(crate) async fn stock(&self, of: &Arguments) -> Done {
        let stock = self.get(&format!("/stock/{}", text(of, "product")?)).await?;
        let figure = |name: &str| (name.to_owned(), stock[name].clone());
        let figures = ["on_hand", "reserved", "available"].map(figure);
        Ok(Value::Object(Map::from_iter(figures)))
    }

    pub(crate) async fn notifications(&mut self, of: &Arguments) -> Done {
        let order = text(of, "order")?;
        self.mail.fetch(&self.aws, &self.names).await.map_err(WorldError)?;
        Ok(self.mail.about(order))
    }

    /// The names of a stream's events, oldest first.
    pub(crate) async fn history(&self, stream: &str) -> Done {
        let events = EventStore::new(&self.aws, &self.names).load(stream).await.map_err(failed)?;
        if events.is_empty() {
            return Err(WorldError(format!("{stream} has no events yet")));
        }
        Ok(events.iter().map(|event| event.event_type.as_str()).collect())
    }

    async fn tell_histories(&self) {
        let store = EventStore::new(&self.aws, &self.names);
        for order in &self.orders {
            let short = order.get(..8).unwrap_or(order);
            for (actor, stream) in [("orders", "order"), ("payments", "payment")] {
                let events = store.load(&format!("{stream}#{order}")).await;
                for event in events.unwrap_or_default() {
                    let (at, since) = self.epoch;
                    let after = event.recorded_at.as_millis() - since.as_millis();
                    let at = at + Duration::from_millis(u64::try_from(after).unwrap_or(0));
                    self.timeline.note_at(at, actor, format!("{} ({short})", event.event_type));
                }
            }
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Done {
        self.call(Method::GET, path, None).await
    }

    async fn post(&self, path: &str, body: &Value) -> Done {
        self.call(Method::POST, path, Some(body)).await
    }

    async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Done {
        succeeded(self.answer(method, path, body).await?)
    }

    pub(crate) async fn answer(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Answered {
        self.api.call(method, path, body).await.map_err(WorldError)
    }
}

pub(crate) fn succeeded((status, answer): (StatusCode, Value)) -> Done {
    if status.is_success() {
        return Ok(answer);
    }
    let message = answer["detail"].as_str().map_or_else(|| answer.to_string(), str::to_owned);
    Err(WorldError(format!("{message} ({})", status.as_u16())))
}

/// The role whose queue is meant.
pub(crate) fn queue_of(arguments: &Arguments) -> Result<Role, WorldError> {
    let name = text(arguments, "queue")?;
    Role::consumers().find(|role| role.as_str() == name).ok_or_else(|| {
        let known: Vec<_> = Role::consumers().map(Role::as_str).collect();
        let complaint = format!("no role `{name}` has a queue");
        WorldError(harness::catalog::suggest(&complaint, name, &known))
    })
}

pub(crate) fn failed(failure: orderflow::Failure) -> WorldError {
    WorldError(failure.to_string())
}

pub(crate) fn call_failed(error: impl std::error::Error) -> WorldError {
    WorldError(DisplayErrorContext(error).to_string())
}
