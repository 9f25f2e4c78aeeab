//! Customers and staff are told of what happened, and told once. What is to be told follows from
//! the histories.

use super::evidence::{Evidence, Recorded};
use orderflow::Role;
use orderflow::app::notifications::notifications;
use orderflow::contracts::{IntegrationEvent, Payload, from_order, from_payment, from_stock};
use orderflow::domain::order::Details;
use orderflow::domain::stock::Stock;
use orderflow::domain::{OrderId, ProductId};
use orderflow::roles::inbox_key;
use std::collections::{BTreeMap, BTreeSet};

/// Mailboxes that get everything for their audience; others only pick.
const MAILBOXES: [&str; 2] = ["customer-mail", "staff-mail"];

/// `notified_once`: all that the histories give reason to was told and put on record, unless
/// somebody gave it up; nothing else was; and nothing was sent after its record was made. Before
/// that, a crash or a lost answer may well repeat it: nobody can know.
pub(crate) fn wrong_letters(evidence: &Evidence) -> Vec<String> {
    let letters = evidence.mail.iter().filter(|letter| MAILBOXES.contains(&letter.mailbox));
    let sent: Vec<_> = letters
        .map(|letter| (inbox_key(&letter.event_id, &letter.audience), letter.sent_at))
        .collect();
    let (wanted, given_up) = (wanted(evidence), given_up(evidence));
    let untold = wanted.iter().filter(|(key, to_tell)| {
        !evidence.told.contains_key(*key) && !given_up.contains(to_tell.event_id.as_str())
    });
    let untold = untold.map(|(key, to_tell)| format!("{} was never told ({key})", to_tell.what));
    let idle = evidence.told.keys().filter(|key| !wanted.contains_key(*key));
    let idle = idle.map(|key| format!("{key} is on record as told, but nobody was to be told"));
    let keys: BTreeSet<_> = sent.iter().map(|(key, _)| key).collect();
    let lost = evidence.told.keys().filter(|key| !keys.contains(key));
    let lost = lost.map(|key| format!("{key} is on record as told, but was never sent"));
    let again = sent.iter().filter_map(|(key, at)| {
        let (at, told) = ((*at)?, *evidence.told.get(key)?);
        (at > told).then(|| {
            let (at, told) = (at.to_rfc3339(), told.to_rfc3339());
            format!("{key} was sent at {at}, and had been on record as told since {told}")
        })
    });
    // Of what was given up it may have been sent, and the record failed.
    let unknown = sent.iter().filter(|(key, _)| {
        let event_id = wanted.get(key).map(|to_tell| to_tell.event_id.as_str());
        !evidence.told.contains_key(key) && !event_id.is_some_and(|id| given_up.contains(id))
    });
    let unknown = unknown.map(|(key, _)| format!("{key} was sent, but that is not on record"));
    untold.chain(idle).chain(lost).chain(again).chain(unknown).collect()
}

/// True while somebody is still to be told of something that nobody gave up.
pub(super) fn is_to_be_told(evidence: &Evidence) -> bool {
    let given_up = given_up(evidence);
    wanted(evidence).iter().any(|(key, to_tell)| {
        !evidence.told.contains_key(key) && !given_up.contains(to_tell.event_id.as_str())
    })
}

/// The events that the role gave up to tell of.
fn given_up(evidence: &Evidence) -> BTreeSet<&str> {
    let letters = evidence.letters.iter().filter(|letter| letter.role == Role::Notifications);
    letters.filter_map(|letter| letter.event_id.as_deref()).collect()
}

/// One message for one audience.
pub(super) struct ToTell {
    pub(super) event_id: String,
    /// Of which event, and to whom, for people.
    what: String,
}

/// By the key of the inbox: all that is to be told.
pub(super) fn wanted(evidence: &Evidence) -> BTreeMap<String, ToTell> {
    let mut wanted = BTreeMap::new();
    for (id, case) in &evidence.cases {
        let (order, Ok(order_id)) = (case.state(), OrderId::parse(id)) else { continue };
        let Some(details) = order.details() else { continue };
        for one in &case.order {
            let payload = from_order(&one.event, details);
            add(&mut wanted, one, Some(&order_id), payload, Some(details));
        }
        for one in &case.payment {
            add(&mut wanted, one, Some(&order_id), from_payment(&one.event), Some(details));
        }
    }
    for (id, shelf) in &evidence.shelves {
        let Ok(product) = ProductId::parse(id) else { continue };
        let stored = evidence.streams.get(&format!("stock#{id}")).into_iter().flatten();
        for (event, stored) in shelf.events.iter().zip(stored) {
            // What is left on the shelf is told of in the alert itself.
            let payload = from_stock(&product, event, &Stock::Unknown);
            let one = Recorded { event: event.clone(), stored: stored.clone() };
            add(&mut wanted, &one, None, payload, None);
        }
    }
    wanted
}

fn add<E>(
    wanted: &mut BTreeMap<String, ToTell>,
    one: &Recorded<E>,
    order_id: Option<&OrderId>,
    payload: Payload,
    details: Option<&Details>,
) {
    let stored = &one.stored;
    let event = IntegrationEvent {
        event_id: stored.event_id.clone(),
        order_id: order_id.cloned(),
        payload,
        timestamp: stored.recorded_at,
        correlation_id: stored.correlation_id.clone(),
        causation_id: stored.causation_id.clone(),
        stream: String::new(),
        sequence: stored.version,
    };
    for told in notifications(&event, details) {
        let audience = told.audience.as_str();
        let of = order_id.map(|id| format!(" of order {id}")).unwrap_or_default();
        let what = format!("{}{of} for {audience}", stored.event_type);
        let to_tell = ToTell { event_id: stored.event_id.clone(), what };
        wanted.insert(inbox_key(&stored.event_id, audience), to_tell);
    }
}
