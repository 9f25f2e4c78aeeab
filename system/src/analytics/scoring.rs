//! The plug for scoring models: named features in, a score from 0 to 1 with its reasons out.
//!
//! One model is bundled, an explained baseline for the risk that a product runs out of stock. It
//! is made by hand, not learned; it knows nothing of orders under way to the warehouse.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::openapi::{RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::schema::map_schema;

/// Pieces that can still be promised.
pub const AVAILABLE: &str = "available";
/// Pieces ordered within the last hour.
pub const UNITS_LAST_HOUR: &str = "units_last_hour";
/// Pieces ordered an hour, on the average of the last hours.
pub const UNITS_PER_HOUR: &str = "units_per_hour";

/// What is known of the case, by name. A model takes what it knows, and does without the rest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Features(BTreeMap<String, f64>);

/// How likely, in the model's opinion, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Score {
    /// From 0 to 1.
    pub value: f64,
    /// What spoke for it (above zero) and against it, by feature, the weightiest first. The unit
    /// is the model's own.
    pub reasons: Vec<Reason>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    pub feature: String,
    pub contribution: f64,
}

/// A model, which may be replaced by a better one.
pub trait ScoringModel: Send + Sync {
    /// The same features always give the same score.
    fn score(&self, features: &Features) -> Score;
}

/// The bundled model: how long the stock lasts at the present demand, against how long it takes
/// until there is more. The contributions are in log-odds, and add up to those of the score.
#[derive(Clone, Debug, PartialEq)]
pub struct StockOutBaseline {
    /// Hours until a product that runs low is there again: with stock for so long the risk is
    /// even.
    pub lead_hours: f64,
    /// At this many pieces, or fewer, a single order may take them all.
    pub low_stock: f64,
}

/// Weight of the cover: twice the cover has a quarter of the odds.
const COVER_WEIGHT: f64 = 2.0;
const COVER_MAX: f64 = 6.0;
const TREND_MAX: f64 = 1.5;
const LOW_STOCK: f64 = 1.0;

impl ToSchema for Features {}

impl PartialSchema for Features {
    fn schema() -> RefOr<Schema> {
        map_schema(Type::Number)
    }
}

impl Features {
    #[must_use]
    pub fn with(mut self, name: &str, value: f64) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    /// None when it is unknown, or no number.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied().filter(|it| it.is_finite())
    }
}

impl Default for StockOutBaseline {
    fn default() -> Self {
        Self { lead_hours: 8.0, low_stock: crate::domain::stock::LOW_STOCK as f64 }
    }
}

impl ScoringModel for StockOutBaseline {
    fn score(&self, features: &Features) -> Score {
        let available = features.get(AVAILABLE).unwrap_or(0.0).max(0.0);
        let recent = features.get(UNITS_LAST_HOUR).unwrap_or(0.0).max(0.0);
        let usual = features.get(UNITS_PER_HOUR).unwrap_or(recent).max(0.0);
        // Half of it the last hour: a rush counts at once, one large order not too much.
        let demand = f64::midpoint(recent, usual);
        let cover = match (available > 0.0, demand > 0.0) {
            (false, _) => COVER_MAX,
            (true, false) => -COVER_MAX,
            (true, true) => COVER_WEIGHT * (self.lead_hours * demand / available).ln(),
        };
        let trend = ((recent + 1.0) / (usual + 1.0)).ln();
        let low = if available <= self.low_stock { LOW_STOCK } else { 0.0 };
        score([
            ("hours_of_cover", cover.clamp(-COVER_MAX, COVER_MAX)),
            ("trend_of_demand", trend.clamp(-TREND_MAX, TREND_MAX)),
            ("low_stock", low),
        ])
    }
}

/// The probability whose log-odds are the sum of the contributions.
fn score<const N: usize>(contributions: [(&str, f64); N]) -> Score {
    let log_odds: f64 = contributions.iter().map(|it| it.1).sum();
    let mut reasons: Vec<Reason> = contributions
        .into_iter()
        .filter(|it| it.1 != 0.0)
        .map(|(feature, contribution)| Reason { feature: feature.to_owned(), contribution })
        .collect();
    reasons.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
    Score { value: 1.0 / (1.0 + (-log_odds).exp()), reasons }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn risk(available: f64, recent: f64, usual: f64) -> Score {
        let features = Features::default()
            .with(AVAILABLE, available)
            .with(UNITS_LAST_HOUR, recent)
            .with(UNITS_PER_HOUR, usual);
        StockOutBaseline::default().score(&features)
    }

    #[test]
    fn the_risk_follows_cover_trend_and_low_stock() {
        for (available, recent, usual, least, most) in [
            (80.0, 10.0, 10.0, 0.49, 0.51),
            (160.0, 10.0, 10.0, 0.15, 0.25),
            (40.0, 10.0, 10.0, 0.75, 0.85),
            (80.0, 30.0, 10.0, 0.80, 0.95),
            (0.0, 0.0, 0.0, 0.99, 1.0),
            (5.0, 0.0, 0.0, 0.0, 0.01),
            (100_000.0, 1.0, 1.0, 0.0, 0.01),
        ] {
            let found = risk(available, recent, usual).value;
            assert!((least..=most).contains(&found), "{available} {recent} {usual}: {found}");
        }
    }

    #[test]
    fn the_weightiest_reason_comes_first() {
        let score = risk(8.0, 10.0, 2.0);
        let names: Vec<_> = score.reasons.iter().map(|it| it.feature.as_str()).collect();
        assert_eq!(names, ["hours_of_cover", "trend_of_demand", "low_stock"]);
        let unknown = StockOutBaseline::default().score(&Features::default());
        assert_eq!(unknown.reasons[0].feature, "hours_of_cover");
    }

    proptest! {
        #[test]
        fn more_stock_is_never_riskier_and_reasons_add_up(
            available in 0.0..1e6, more in 0.0..1e6, recent in 0.0..1e4, usual in 0.0..1e4,
        ) {
            let low = risk(available, recent, usual);
            let high = risk(available + more, recent, usual);
            prop_assert!(high.value <= low.value);
            prop_assert!((0.0..=1.0).contains(&low.value));
            let sum: f64 = low.reasons.iter().map(|it| it.contribution).sum();
            prop_assert!((low.value - 1.0 / (1.0 + (-sum).exp())).abs() < 1e-9);
        }
    }
}
