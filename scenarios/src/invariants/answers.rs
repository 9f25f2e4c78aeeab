//! What the API answered is what became of it: a command that was taken is in the history, one that
//! was refused was not allowed, and what failed had a reason to fail.

use super::evidence::{Case, Evidence};
use http::{Method, StatusCode};
use orderflow::domain::order::{CancelReason, Command, Event, decide, done_before, fold};
use orderflow::domain::stock::Event as StockEvent;
use orderflow::domain::{PaymentMethod, Timestamp};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// An event may be recorded so long before it is there for others, if calls are slow.
const SLOW_COMMIT: Duration = Duration::from_secs(120);

/// One request, with or without an answer.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) key: Option<String>,
    pub(crate) body: Value,
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
    pub(crate) answer: Option<(StatusCode, Value)>,
}

/// `answers_hold`.
pub(crate) fn broken_promises(evidence: &Evidence) -> Vec<String> {
    let asked = evidence.asked.iter();
    let one_by_one = asked.filter_map(|asked| {
        let (status, answer) = asked.answer.as_ref()?;
        let wrong = match status.as_u16() {
            500.. => failed(evidence, asked, *status, answer),
            200..=299 => taken(evidence, asked, answer),
            400..=499 => refused(evidence, asked, *status, answer),
            _ => None,
        };
        let Asked { method, path, .. } = asked;
        wrong.map(|wrong| format!("{method} {path} was answered with {status}: {wrong}"))
    });
    one_by_one.chain(wrong_receipts(evidence)).collect()
}

/// Being out of reach has a reason; a bug has none.
fn failed(
    evidence: &Evidence,
    asked: &Asked,
    status: StatusCode,
    answer: &Value,
) -> Option<String> {
    const OUT_OF_REACH: [StatusCode; 2] =
        [StatusCode::SERVICE_UNAVAILABLE, StatusCode::GATEWAY_TIMEOUT];
    let said = answer["detail"].as_str().unwrap_or_default();
    if !OUT_OF_REACH.contains(&status) {
        return Some(format!("{said}; expected no such failure"));
    }
    let felt = evidence.trouble.is_felt(asked.from, asked.until);
    (!felt).then(|| format!("{said}; expected an answer, as nothing was in the way"))
}

fn of_order<'a>(evidence: &'a Evidence, asked: &Asked) -> Option<(Option<&'a Case>, String)> {
    let (id, what) = asked.path.strip_prefix("/orders/")?.split_once('/')?;
    (asked.method == Method::POST).then(|| (evidence.cases.get(id), what.to_owned()))
}

fn taken(evidence: &Evidence, asked: &Asked, answer: &Value) -> Option<String> {
    if (&asked.method, asked.path.as_str()) == (&Method::POST, "/orders") {
        let id = answer["order_id"].as_str().unwrap_or_default();
        let order = evidence.cases.get(id).map(Case::state);
        let details = order.as_ref().and_then(|order| order.details());
        let Some(details) = details else {
            return Some(format!("order {id} has no history; expected it placed"));
        };
        let lines = asked.body["items"].as_array().map_or(0, Vec::len);
        let same = asked.body["customer_id"] == details.customer_id.as_str()
            && lines == details.items.len();
        return (!same).then(|| format!("order {id} is another; expected what was ordered"));
    }
    let (case, what) = of_order(evidence, asked)?;
    let events = case.map(|case| case.order.as_slice()).unwrap_or_default();
    let led_to = |event: &Event| match (what.as_str(), event) {
        ("confirm", Event::OrderConfirmed { confirmation_code, .. }) => {
            answer["confirmation_code"] == confirmation_code.as_str()
        }
        ("cancel", Event::OrderCancelled { reason: CancelReason::CustomerRequest(text), .. }) => {
            asked.body["reason"].as_str().is_none_or(|reason| reason == text)
        }
        _ => false,
    };
    let known = ["confirm", "cancel"].contains(&what.as_str());
    let found = events.iter().any(|one| led_to(&one.event));
    (known && !found).then(|| "nothing of it is in the history; expected what it led to".into())
}

/// A refusal is right if the order was at any time while it was asked in a state that forbids it.
fn refused(
    evidence: &Evidence,
    asked: &Asked,
    status: StatusCode,
    answer: &Value,
) -> Option<String> {
    let said = answer["detail"].as_str().unwrap_or_default();
    let (case, what) = of_order(evidence, asked)?;
    let command = command(&what, &asked.body)?;
    let events = case.map(|case| case.order.as_slice()).unwrap_or_default();
    let slow = if evidence.trouble.is_none() { Duration::ZERO } else { SLOW_COMMIT };
    let there_since = asked.from - slow;
    let least = events.iter().take_while(|it| it.stored.recorded_at < there_since).count();
    let most = events.iter().take_while(|it| it.stored.recorded_at <= asked.until).count();
    let is_right = |count: usize| {
        let events: Vec<Event> = events[..count].iter().map(|one| one.event.clone()).collect();
        let order = fold(&events);
        match status {
            StatusCode::NOT_FOUND => order.details().is_none(),
            StatusCode::CONFLICT => {
                decide(&order, command.clone(), asked.from).is_err()
                    && done_before(&events, &command).is_none()
            }
            _ => false,
        }
    };
    let right = (least.min(most)..=most).any(is_right);
    (!right).then(|| format!("{said}; expected it done, as the order allowed it"))
}

fn command(what: &str, body: &Value) -> Option<Command> {
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    match what {
        "confirm" => Some(Command::Confirm {
            payment_method: PaymentMethod::parse(&text("payment_method")?).ok()?,
            confirmation_code: String::new(),
        }),
        "cancel" => Some(Command::Cancel(CancelReason::CustomerRequest(text("reason")?))),
        _ => None,
    }
}

/// What arrived is between what was answered for and all that was asked for; what was asked for
/// again under one key counts once.
fn wrong_receipts(evidence: &Evidence) -> Vec<String> {
    let mut sums = BTreeMap::<&str, (u64, u64, BTreeSet<&str>)>::new();
    let receipts = evidence.asked.iter().filter(|asked| asked.method == Method::POST);
    let receipts: Vec<_> =
        receipts.filter_map(|asked| Some((asked.path.strip_prefix("/stock/")?, asked))).collect();
    let was_taken =
        |asked: &Asked| matches!(&asked.answer, Some((status, _)) if status.is_success());
    for (product, asked) in &receipts {
        let (least, most, seen) = sums.entry(product).or_default();
        if asked.key.as_deref().is_some_and(|key| !seen.insert(key)) {
            continue;
        }
        let quantity = asked.body["quantity"].as_u64().unwrap_or(0);
        let same_key = |it: &&(&str, &Asked)| asked.key.is_some() && it.1.key == asked.key;
        *most += quantity;
        if was_taken(asked) || receipts.iter().filter(same_key).any(|it| was_taken(it.1)) {
            *least += quantity;
        }
    }
    let wrong = sums.iter().filter_map(|(product, (least, most, _))| {
        let shelf = evidence.shelves.get(*product);
        let events = shelf.map(|shelf| shelf.events.as_slice()).unwrap_or_default();
        let arrived: u64 = events
            .iter()
            .map(|event| match event {
                StockEvent::StockReceived { quantity } => *quantity,
                _ => 0,
            })
            .sum();
        (!(*least..=*most).contains(&arrived))
            .then(|| format!("product {product}: {arrived} arrived; expected {least} to {most}"))
    });
    wrong.collect()
}
