//! `orderflow cost`: what orders cost at AWS, from calls that were counted and a list of prices.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use serde::Deserialize;

use super::print::say;
use crate::role::Saga;

/// Counted in a simulation of all roles; a test keeps it true (`scenarios/src/tests/cost.rs`).
const CALLS: &str = include_str!("../../cost/calls.json");
const PRICES: &str = include_str!("../../cost/prices.json");
const HOURS_OF_A_MONTH: f64 = 730.0;

#[derive(Args, Clone, Debug)]
pub(super) struct CostArgs {
    /// So many orders, placed, paid for and delivered.
    #[arg(long, default_value_t = 1_000_000)]
    orders: u64,
    /// Another list of prices, in the form of system/cost/prices.json.
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,
}

/// What was counted, by unit.
#[derive(Debug, Deserialize)]
struct Calls {
    /// For one order from its placing to its delivery.
    an_order: BTreeMap<String, f64>,
    /// For an hour in which nothing happens, each role a process.
    an_idle_hour: BTreeMap<String, f64>,
}

#[derive(Debug, Deserialize)]
struct Prices {
    region: String,
    as_of: String,
    note: String,
    prices: Vec<Price>,
}

#[derive(Debug, Deserialize)]
struct Price {
    unit: String,
    what: String,
    usd: f64,
    per: f64,
    source: String,
}

impl Price {
    fn of(&self, units: f64) -> f64 {
        units * self.usd / self.per
    }
}

/// What some orders and some hours may cost at AWS.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    pub usd: f64,
    /// Of the prices, and when they were looked up.
    pub region: String,
    pub as_of: String,
}

/// What so many orders, placed, paid for and delivered, cost at AWS, with so many hours of all
/// roles asking for more.
///
/// # Errors
/// When the list of prices that comes with this program cannot be read.
pub fn estimate(orders: u64, hours: f64, fifo: bool) -> Result<Estimate, String> {
    let Prices { region, as_of, prices, .. } =
        serde_json::from_str(PRICES).map_err(|error| format!("the list of prices: {error}"))?;
    let calls = calls(fifo)?;
    let units = |counted: &BTreeMap<String, f64>, unit: &str| counted.get(unit).copied();
    let usd = prices.iter().map(|price| {
        let an_order = units(&calls.an_order, &price.unit).unwrap_or_default();
        let an_hour = units(&calls.an_idle_hour, &price.unit).unwrap_or_default();
        price.of(an_order * orders as f64 + an_hour * hours)
    });
    Ok(Estimate { usd: usd.sum(), region, as_of })
}

pub(super) fn cost(args: &CostArgs, fifo: bool, saga: Saga) -> Result<(), String> {
    if saga != Saga::default() {
        return Err(format!("no calls were counted with --saga {}", saga.as_str()));
    }
    let text = match &args.prices {
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| format!("--prices {}: {error}", path.display()))?,
        None => PRICES.to_owned(),
    };
    let prices: Prices =
        serde_json::from_str(&text).map_err(|error| format!("the list of prices: {error}"))?;
    let calls = calls(fifo)?;
    for line in lines(&prices, &calls, args.orders) {
        say!("{line}");
    }
    Ok(())
}

fn calls(fifo: bool) -> Result<Calls, String> {
    let mut all: BTreeMap<String, Calls> =
        serde_json::from_str(CALLS).map_err(|error| format!("the counted calls: {error}"))?;
    let kind = if fifo { "fifo" } else { "standard" };
    all.remove(kind).ok_or_else(|| format!("no calls were counted with {kind} queues"))
}

fn lines(prices: &Prices, calls: &Calls, orders: u64) -> Vec<String> {
    let Prices { region, as_of, note, prices } = prices;
    let mut lines = vec![
        format!("{orders} orders, placed, paid for and delivered ({region}, prices of {as_of})"),
        format!("{:>14}  {:>10}  {:>12}  of", "an order", "USD each", "USD"),
    ];
    let mut total = 0.0;
    for price in prices {
        let units = calls.an_order.get(&price.unit).copied().unwrap_or_default();
        let cost = price.of(units * orders as f64);
        total += cost;
        let each = price.of(1.0);
        lines.push(format!("{units:>14.1}  {each:>10.2e}  {cost:>12.2}  {}", price.what));
    }
    lines.push(format!("{:>14}  {:>10}  {total:>12.2}", "", ""));
    let idle: f64 = prices
        .iter()
        .map(|it| it.of(calls.an_idle_hour.get(&it.unit).copied().unwrap_or_default()))
        .sum();
    let month = idle * HOURS_OF_A_MONTH;
    lines.push(format!("and {month:.2} USD a month for asking when there is nothing to do"));
    lines.push(format!("Not counted: machines, brokers, storage, alarms, transfer. {note}"));
    for price in prices {
        lines.push(format!("  {}: {}", price.what, price.source));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_has_a_price_and_costs_more_for_more_orders() {
        let prices: Prices = serde_json::from_str(PRICES).expect("prices");
        for fifo in [false, true] {
            let calls = calls(fifo).expect("calls");
            for unit in calls.an_order.keys().chain(calls.an_idle_hour.keys()) {
                assert!(prices.prices.iter().any(|it| it.unit == *unit), "{unit} has no price");
            }
            let total = |orders| -> f64 {
                let lines = lines(&prices, &calls, orders);
                let row = lines.iter().position(|it| it.starts_with("and ")).expect("a total");
                lines[row - 1].trim().parse().expect("a number")
            };
            let (one, two) = (total(1_000_000), total(2_000_000));
            assert!(one > 1.0 && (two - 2.0 * one).abs() < 0.02, "{one} {two}");
        }
    }

    #[test]
    fn an_estimate_grows_with_orders_and_with_time() {
        let usd = |orders, hours| estimate(orders, hours, false).expect("prices").usd;
        assert!(usd(0, 0.0).abs() < 1e-12);
        assert!((usd(2000, 3.0) - usd(2000, 0.0) - usd(0, 3.0)).abs() < 1e-9);
        assert!(usd(1, 0.0) > 0.0 && usd(0, 1.0) > 0.0);
    }

    #[test]
    fn a_price_is_for_so_many_units() {
        let text = r#"{"unit":"u","what":"w","usd":0.4,"per":1000000,"source":"s"}"#;
        let price: Price = serde_json::from_str(text).expect("a price");
        assert!((price.of(2_500_000.0) - 1.0).abs() < 1e-9);
    }
}
