//! The stock of one product: what is on the shelf, and how much of it is promised to orders.
//!
//! It does not know orders; `reservation` ties the two together.

use serde::{Deserialize, Serialize};

use super::ProductId;

/// At this many available pieces, or fewer, staff is alerted: at every reservation that leaves no
/// more, and when a count finds no more.
pub const LOW_STOCK: u64 = 10;
/// Most pieces of one product.
pub const STOCK_MAX: u64 = 1_000_000_000;

/// The fold of a product's events; also stored as its snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stock {
    #[default]
    Unknown,
    /// `reserved` never exceeds `on_hand`.
    Known { on_hand: u64, reserved: u64 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// So many pieces were counted on the shelf.
    Count {
        on_hand: u64,
    },
    Receive {
        quantity: u64,
    },
    Reserve {
        quantity: u64,
    },
    Release {
        quantity: u64,
    },
    /// Reserved pieces leave the shelf.
    Ship {
        quantity: u64,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    StockCounted {
        on_hand: u64,
    },
    StockReceived {
        quantity: u64,
    },
    StockReserved {
        quantity: u64,
    },
    StockReleased {
        quantity: u64,
    },
    StockShipped {
        quantity: u64,
    },
    /// The event before this one left no more than the threshold.
    StockRanLow {
        available: u64,
        threshold: u64,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StockError {
    #[error("product {0} is unknown")]
    UnknownProduct(ProductId),
    #[error("{requested} of product {product_id} requested, {available} available")]
    Insufficient { product_id: ProductId, requested: u64, available: u64 },
    #[error("{reserved} pieces of product {product_id} are promised to orders")]
    BelowReserved { product_id: ProductId, reserved: u64 },
    #[error("a product has at most {STOCK_MAX} pieces")]
    TooMany,
}

impl Event {
    pub fn name(&self) -> &'static str {
        match self {
            Self::StockCounted { .. } => "StockCounted",
            Self::StockReceived { .. } => "StockReceived",
            Self::StockReserved { .. } => "StockReserved",
            Self::StockReleased { .. } => "StockReleased",
            Self::StockShipped { .. } => "StockShipped",
            Self::StockRanLow { .. } => "StockRanLow",
        }
    }
}

impl Stock {
    /// Pieces that can still be promised.
    pub fn available(&self) -> u64 {
        match self {
            Self::Unknown => 0,
            Self::Known { on_hand, reserved } => on_hand.saturating_sub(*reserved),
        }
    }
}

/// What happens when `command` reaches the stock of `product_id`.
pub fn decide(
    product_id: &ProductId,
    stock: &Stock,
    command: Command,
) -> Result<Vec<Event>, StockError> {
    let happened = match (stock, command) {
        (Stock::Unknown, Command::Count { on_hand }) => counted(product_id, on_hand, 0)?,
        (Stock::Known { reserved, .. }, Command::Count { on_hand }) => {
            counted(product_id, on_hand, *reserved)?
        }
        (Stock::Unknown, Command::Receive { quantity }) => received(0, quantity)?,
        (Stock::Known { on_hand, .. }, Command::Receive { quantity }) => {
            received(*on_hand, quantity)?
        }
        (Stock::Unknown, _) => return Err(StockError::UnknownProduct(product_id.clone())),
        (Stock::Known { .. }, Command::Reserve { quantity }) => {
            let (available, requested) = (stock.available(), quantity);
            if requested > available {
                let product_id = product_id.clone();
                return Err(StockError::Insufficient { product_id, requested, available });
            }
            Event::StockReserved { quantity }
        }
        (Stock::Known { reserved, .. }, Command::Release { quantity }) => {
            Event::StockReleased { quantity: quantity.min(*reserved) }
        }
        (Stock::Known { reserved, .. }, Command::Ship { quantity }) => {
            Event::StockShipped { quantity: quantity.min(*reserved) }
        }
    };
    let available = evolve(stock.clone(), &happened).available();
    let ran_low = available <= LOW_STOCK
        && match happened {
            // Each time, also of a product of which there never were more.
            Event::StockReserved { .. } => true,
            // A count sells nothing: it tells only that there are fewer than was thought.
            _ => stock.available() > LOW_STOCK,
        };
    let alert = ran_low.then_some(Event::StockRanLow { available, threshold: LOW_STOCK });
    Ok(std::iter::once(happened).chain(alert).collect())
}

/// The stock after `event`.
pub fn evolve(stock: Stock, event: &Event) -> Stock {
    let (mut on_hand, mut reserved) = match stock {
        Stock::Unknown => (0, 0),
        Stock::Known { on_hand, reserved } => (on_hand, reserved),
    };
    match event {
        Event::StockCounted { on_hand: counted } => on_hand = *counted,
        Event::StockReceived { quantity } => on_hand += quantity,
        Event::StockReserved { quantity } => reserved += quantity,
        Event::StockReleased { quantity } => reserved -= quantity,
        Event::StockShipped { quantity } => {
            on_hand -= quantity;
            reserved -= quantity;
        }
        Event::StockRanLow { .. } => {}
    }
    Stock::Known { on_hand, reserved }
}

fn counted(product_id: &ProductId, on_hand: u64, reserved: u64) -> Result<Event, StockError> {
    if on_hand < reserved {
        return Err(StockError::BelowReserved { product_id: product_id.clone(), reserved });
    }
    if on_hand > STOCK_MAX {
        return Err(StockError::TooMany);
    }
    Ok(Event::StockCounted { on_hand })
}

fn received(on_hand: u64, quantity: u64) -> Result<Event, StockError> {
    match on_hand.checked_add(quantity) {
        Some(sum) if sum <= STOCK_MAX => Ok(Event::StockReceived { quantity }),
        _ => Err(StockError::TooMany),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn product() -> ProductId {
        ProductId::parse("p").expect("a product id")
    }

    fn check(stock: Stock, command: Command, expected: Result<&[Event], &str>) {
        let found = decide(&product(), &stock, command).map_err(|error| error.to_string());
        assert_eq!(found, expected.map(<[Event]>::to_vec).map_err(str::to_owned), "{command:?}");
    }

    fn known(on_hand: u64, reserved: u64) -> Stock {
        Stock::Known { on_hand, reserved }
    }

    #[test]
    fn commands_become_events_or_refusals() {
        use Command::{Count, Receive, Release, Reserve, Ship};
        let low = |available| Event::StockRanLow { available, threshold: 10 };
        check(Stock::Unknown, Receive { quantity: 5 }, Ok(&[Event::StockReceived { quantity: 5 }]));
        check(Stock::Unknown, Count { on_hand: 0 }, Ok(&[Event::StockCounted { on_hand: 0 }]));
        check(Stock::Unknown, Reserve { quantity: 1 }, Err("product p is unknown"));
        let short = "3 of product p requested, 2 available";
        check(known(5, 3), Reserve { quantity: 3 }, Err(short));
        let reserved = Event::StockReserved { quantity: 2 };
        check(known(12, 0), Reserve { quantity: 2 }, Ok(&[reserved.clone(), low(10)]));
        check(known(13, 0), Reserve { quantity: 2 }, Ok(std::slice::from_ref(&reserved)));
        // Again and again, also where there never were more.
        check(known(12, 2), Reserve { quantity: 2 }, Ok(&[reserved.clone(), low(8)]));
        check(known(5, 3), Reserve { quantity: 2 }, Ok(&[reserved, low(0)]));
        let counted = |on_hand| Event::StockCounted { on_hand };
        check(known(12, 1), Count { on_hand: 11 }, Ok(&[counted(11), low(10)]));
        check(known(11, 1), Count { on_hand: 10 }, Ok(&[counted(10)]));
        check(known(9, 4), Ship { quantity: 4 }, Ok(&[Event::StockShipped { quantity: 4 }]));
        check(known(9, 4), Release { quantity: 4 }, Ok(&[Event::StockReleased { quantity: 4 }]));
        let promised = "4 pieces of product p are promised to orders";
        check(known(9, 4), Count { on_hand: 3 }, Err(promised));
        let full = "a product has at most 1000000000 pieces";
        check(known(STOCK_MAX, 0), Receive { quantity: 1 }, Err(full));
    }

    fn any_command() -> impl Strategy<Value = Command> {
        (0_u8..5, 0_u64..40).prop_map(|(kind, quantity)| match kind {
            0 => Command::Count { on_hand: quantity },
            1 => Command::Receive { quantity },
            2 => Command::Reserve { quantity },
            3 => Command::Release { quantity },
            _ => Command::Ship { quantity },
        })
    }

    proptest! {
        #[test]
        fn no_more_is_promised_than_there_is(steps in prop::collection::vec(any_command(), 0..60)) {
            let mut stock = Stock::Unknown;
            for step in steps {
                if let Ok(events) = decide(&product(), &stock, step) {
                    stock = events.iter().fold(stock, evolve);
                }
                if let Stock::Known { on_hand, reserved } = stock {
                    prop_assert!(reserved <= on_hand);
                }
            }
        }
    }
}
