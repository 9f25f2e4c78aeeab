//! No piece appears or vanishes, and none is promised that is not there.

use super::evidence::{Evidence, Shelf};
use orderflow::domain::reservation::{self, Item, Reservation};
use orderflow::domain::stock::Event;
use std::collections::BTreeMap;

/// `stock_conserved`: what came in is on hand or was shipped to orders, what is reserved is what
/// orders hold, and at no time was more reserved than on hand.
pub(crate) fn unbalanced(evidence: &Evidence) -> Vec<String> {
    let (mut held, mut shipped) = (BTreeMap::new(), BTreeMap::new());
    for case in evidence.cases.values() {
        if let Reservation::Held(items) = case.stock() {
            add(&mut held, &items);
        }
        for one in &case.reservation {
            if let reservation::Event::ReservationShipped { items } = &one.event {
                add(&mut shipped, items);
            }
        }
    }
    let of = |sums: &BTreeMap<String, u64>, product: &str| sums.get(product).copied().unwrap_or(0);
    let mut findings = Vec::new();
    for (product, shelf) in &evidence.shelves {
        let (held, shipped) = (of(&held, product), of(&shipped, product));
        findings.extend(impossible_moment(product, &shelf.events));
        let Shelf { on_hand, reserved, .. } = shelf;
        let received = received(&shelf.events);
        if i128::from(*on_hand) + i128::from(shipped) != received {
            findings.push(format!(
                "product {product}: {on_hand} on hand and {shipped} shipped; expected the \
                 {received} that were received"
            ));
        }
        if *reserved != held {
            findings.push(format!(
                "product {product}: {reserved} reserved; expected the {held} that orders hold"
            ));
        }
    }
    let unknown = held.keys().chain(shipped.keys());
    let unknown = unknown.filter(|product| !evidence.shelves.contains_key(*product));
    findings.extend(unknown.map(|product| format!("product {product} is held but unknown")));
    findings
}

fn add(sums: &mut BTreeMap<String, u64>, items: &[Item]) {
    for item in items {
        *sums.entry(item.product_id.to_string()).or_default() += item.quantity;
    }
}

/// Pieces that came in, with what counting corrected.
fn received(events: &[Event]) -> i128 {
    let (mut on_hand, mut received) = (0, 0);
    for event in events {
        let before = on_hand;
        match event {
            Event::StockCounted { on_hand: counted } => on_hand = i128::from(*counted),
            Event::StockReceived { quantity } => on_hand += i128::from(*quantity),
            Event::StockShipped { quantity } => {
                on_hand -= i128::from(*quantity);
                continue;
            }
            _ => {}
        }
        received += on_hand - before;
    }
    received
}

/// The first event after which there was less than nothing, or less than promised.
fn impossible_moment(product: &str, events: &[Event]) -> Option<String> {
    let (mut on_hand, mut reserved) = (0_i128, 0_i128);
    for (version, event) in (1..).zip(events) {
        match event {
            Event::StockCounted { on_hand: counted } => on_hand = i128::from(*counted),
            Event::StockReceived { quantity } => on_hand += i128::from(*quantity),
            Event::StockReserved { quantity } => reserved += i128::from(*quantity),
            Event::StockReleased { quantity } => reserved -= i128::from(*quantity),
            Event::StockShipped { quantity } => {
                on_hand -= i128::from(*quantity);
                reserved -= i128::from(*quantity);
            }
            Event::StockRanLow { .. } => {}
        }
        if on_hand < 0 || !(0..=on_hand).contains(&reserved) {
            let name = event.name();
            return Some(format!(
                "product {product}: {on_hand} on hand and {reserved} reserved after its event \
                 {version}, {name}; expected neither below 0 and no more reserved than on hand"
            ));
        }
    }
    None
}
