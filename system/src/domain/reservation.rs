//! The stock held for one order: all of its products or none.
//!
//! A reservation has its own history, keyed by the order, so that a repeated or late request is
//! recognised without the stock having to remember every order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ProductId;
use super::stock::{self, Stock, StockError};

/// Pieces of one product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub product_id: ProductId,
    pub quantity: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reservation {
    #[default]
    None,
    Held(Vec<Item>),
    Refused,
    Released,
    Shipped,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Reserve(Vec<Item>),
    Release,
    Ship,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    ReservationHeld {
        items: Vec<Item>,
    },
    ReservationRefused {
        reason: String,
    },
    /// `items` is empty when the order was cancelled before anything was held.
    ReservationReleased {
        items: Vec<Item>,
    },
    ReservationShipped {
        items: Vec<Item>,
    },
}

/// What a command leads to: in the reservation, and in the stock of each product it touches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub event: Option<Event>,
    pub stock: BTreeMap<ProductId, Vec<stock::Event>>,
}

impl Event {
    pub fn name(&self) -> &'static str {
        match self {
            Self::ReservationHeld { .. } => "ReservationHeld",
            Self::ReservationRefused { .. } => "ReservationRefused",
            Self::ReservationReleased { .. } => "ReservationReleased",
            Self::ReservationShipped { .. } => "ReservationShipped",
        }
    }
}

impl Reservation {
    /// Products whose stock `decide` needs to see.
    pub fn products(&self, command: &Command) -> Vec<ProductId> {
        let items = match (self, command) {
            (Self::None, Command::Reserve(items)) => items,
            (Self::Held(items), Command::Release | Command::Ship) => items,
            _ => return Vec::new(),
        };
        items.iter().map(|item| item.product_id.clone()).collect()
    }
}

/// What happens when `command` reaches the reservation. A command that was done before, or that
/// the order has outlived, changes nothing; neither does one for stock that is older than the
/// reservation and so knows nothing of what it holds. `stocks` holds what `products` asked for.
pub fn decide(
    reservation: &Reservation,
    command: Command,
    stocks: &BTreeMap<ProductId, Stock>,
) -> Outcome {
    match (reservation, command) {
        (Reservation::None, Command::Reserve(items)) => {
            let changes = each(&items, stocks, |quantity| stock::Command::Reserve { quantity });
            match changes {
                Ok(stock) => Outcome { event: Some(Event::ReservationHeld { items }), stock },
                Err(refusal) => {
                    let reason = refusal.to_string();
                    Outcome { event: Some(Event::ReservationRefused { reason }), ..done() }
                }
            }
        }
        (Reservation::None, Command::Release) => {
            // Remembered, so that a reservation request that arrives later finds it.
            Outcome { event: Some(Event::ReservationReleased { items: Vec::new() }), ..done() }
        }
        (Reservation::Held(items), Command::Release) => {
            let Ok(stock) = each(items, stocks, |quantity| stock::Command::Release { quantity })
            else {
                return done();
            };
            Outcome { event: Some(Event::ReservationReleased { items: items.clone() }), stock }
        }
        (Reservation::Held(items), Command::Ship) => {
            let Ok(stock) = each(items, stocks, |quantity| stock::Command::Ship { quantity })
            else {
                return done();
            };
            Outcome { event: Some(Event::ReservationShipped { items: items.clone() }), stock }
        }
        _ => done(),
    }
}

/// The reservation after `event`.
pub fn evolve(_before: Reservation, event: &Event) -> Reservation {
    match event {
        Event::ReservationHeld { items } => Reservation::Held(items.clone()),
        Event::ReservationRefused { .. } => Reservation::Refused,
        Event::ReservationReleased { .. } => Reservation::Released,
        Event::ReservationShipped { .. } => Reservation::Shipped,
    }
}

fn done() -> Outcome {
    Outcome::default()
}

fn each(
    items: &[Item],
    stocks: &BTreeMap<ProductId, Stock>,
    command: impl Fn(u64) -> stock::Command,
) -> Result<BTreeMap<ProductId, Vec<stock::Event>>, StockError> {
    let mut changes = BTreeMap::new();
    for Item { product_id, quantity } in items {
        let stock = stocks.get(product_id).unwrap_or(&Stock::Unknown);
        let events = stock::decide(product_id, stock, command(*quantity))?;
        changes.insert(product_id.clone(), events);
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items() -> Vec<Item> {
        [("a", 2), ("b", 1)]
            .map(|(id, quantity)| Item {
                product_id: ProductId::parse(id).expect("a product id"),
                quantity,
            })
            .to_vec()
    }

    fn stocks(a: u64, b: u64) -> BTreeMap<ProductId, Stock> {
        [("a", a), ("b", b)]
            .into_iter()
            .map(|(id, on_hand)| {
                let id = ProductId::parse(id).expect("a product id");
                (id, Stock::Known { on_hand, reserved: on_hand.min(2) })
            })
            .collect()
    }

    #[test]
    fn all_products_are_held_or_none() {
        let held = decide(&Reservation::None, Command::Reserve(items()), &stocks(50, 50));
        assert_eq!(held.event, Some(Event::ReservationHeld { items: items() }));
        assert_eq!(held.stock.len(), 2);
        let refused = decide(&Reservation::None, Command::Reserve(items()), &stocks(50, 2));
        let reason = "1 of product b requested, 0 available".to_owned();
        assert_eq!(refused.event, Some(Event::ReservationRefused { reason }));
        assert!(refused.stock.is_empty());
    }

    #[test]
    fn a_cancellation_that_overtakes_the_request_wins() {
        let early = decide(&Reservation::None, Command::Release, &BTreeMap::new());
        let event = early.event.expect("remembered");
        let released = evolve(Reservation::None, &event);
        let late = decide(&released, Command::Reserve(items()), &stocks(50, 50));
        assert_eq!(late, Outcome::default());
    }

    #[test]
    fn what_was_done_is_not_done_again() {
        let held = Reservation::Held(items());
        for (reservation, command, changes) in [
            (held.clone(), Command::Reserve(items()), 0),
            (held.clone(), Command::Release, 2),
            (held, Command::Ship, 2),
            (Reservation::Released, Command::Release, 0),
            (Reservation::Shipped, Command::Release, 0),
            (Reservation::Shipped, Command::Ship, 0),
            (Reservation::Refused, Command::Release, 0),
            (Reservation::Refused, Command::Ship, 0),
        ] {
            let outcome = decide(&reservation, command.clone(), &stocks(50, 50));
            assert_eq!(outcome.stock.len(), changes, "{reservation:?} {command:?}");
            assert_eq!(outcome.event.is_some(), changes > 0, "{reservation:?} {command:?}");
        }
    }
}
