//! The order system as a world: what the words of a script do to it or show of it. Which words
//! there are is in [`crate::words`].
//!
//! Commands go through the HTTP API; dead letters through the system's own operator functions.
//! What the outside would see (mail, queue depths, figures) is read with AWS clients. It does not
//! know in which stage it is.

use crate::api::Api;
use crate::cast::{Cast, Twins};
use crate::invariants::{self, Asked, Evidence, Outage};
use crate::mail::Mail;
use crate::trouble::Schedule;
use crate::words::{self, CATALOG};
use aws_smithy_types::error::display::DisplayErrorContext;
use harness::{Arguments, Catalog, Processes, Timeline, World, WorldError, text};
use http::StatusCode;
use orderflow::adapters::event_store::EventStore;
use orderflow::adapters::memory_stream::MemoryStream;
use orderflow::app::App;
use orderflow::dead_letters::Which;
use orderflow::domain::Timestamp;
use orderflow::{Aws, Names, Role, Timing, TimingProfile, dead_letters};
use serde_json::{Map, Value, json};
use skyrig::Emulator;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::time::Instant;

/// Dead letters looked at, or sent back, at once.
pub(crate) const ALL_LETTERS: Which = Which::Any(1000);

pub(crate) struct OrderWorld {
    pub(crate) api: Api,
    pub(crate) aws: Aws,
    /// For the words about AWS itself.
    pub(crate) door: harness::aws::Aws,
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
    /// Further instances of roles, where they can be had.
    pub(crate) twins: Option<Twins>,
    /// One moment on tokio's clock and on the system's.
    pub(crate) epoch: (Instant, Timestamp),
    /// Where nobody else tells of the events, the audit trails do.
    pub(crate) tells_history: bool,
    pub(crate) mail: Mail,
    /// Customers for whom the payment gateway fails.
    pub(crate) broken: BTreeSet<String>,
    /// Customers whose bank declines payments.
    pub(crate) declined: BTreeSet<String>,
    /// By customer: when the gateway failed.
    pub(crate) outages: BTreeMap<String, Vec<Outage>>,
    /// Orders of which a dead letter was sent back.
    pub(crate) redriven: BTreeSet<String>,
    /// All requests to the API so far.
    pub(crate) asked: RefCell<Vec<Asked>>,
    /// When the script makes something go wrong.
    pub(crate) schedule: Schedule,
    pub(crate) timing: Timing,
    pub(crate) orders: BTreeSet<String>,
    /// What was read when the system had come to rest; all invariants look at the same.
    pub(crate) evidence: Option<Evidence>,
}

pub(crate) type Done = Result<Value, WorldError>;
pub(crate) type Answered = Result<(StatusCode, Value), WorldError>;

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

    /// The orders and products that it names, or of whose events it gives the ids.
    fn subjects_of(&self, finding: &str) -> Vec<String> {
        self.evidence.as_ref().map(|it| it.named_in(finding)).unwrap_or_default()
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
        (aws, door): (Aws, harness::aws::Aws),
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
            door,
            names,
            timeline,
            cast: Some(cast),
            twins: None,
            epoch,
            tells_history: false,
            mail: Mail::default(),
            broken: BTreeSet::new(),
            declined: BTreeSet::new(),
            outages: BTreeMap::new(),
            redriven: BTreeSet::new(),
            asked: RefCell::default(),
            schedule: Schedule::default(),
            timing: TimingProfile::Standard.timing(),
            orders: BTreeSet::new(),
            evidence: None,
        }
    }

    /// By the system's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.epoch.1 + self.epoch.0.elapsed()
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
