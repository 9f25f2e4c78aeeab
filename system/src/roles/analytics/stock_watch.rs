//! Tells when a product gets at risk of running out: once, until it has been safe for a while.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::analytics::board::StockRisk;
use crate::analytics::{Figures, MinuteNumber};
use crate::app::figures::Alert;

/// From this risk on it is told.
const AT_RISK: f64 = 0.8;
/// Below this one it is safe again.
const SAFE: f64 = 0.5;
/// A product that was safe for so many minutes is told of anew. Figures list the riskiest only, so
/// one that is crowded out for a moment is not new when it is back.
const FORGOTTEN_AFTER: u32 = 60;

/// The products that were told of, with the last minute in which they were at risk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct StockWatch(BTreeMap<String, MinuteNumber>);

impl StockWatch {
    /// Takes the next closed minute.
    pub(super) fn observe(&mut self, minute: MinuteNumber, figures: &Figures) -> Vec<Alert> {
        self.0.retain(|_, last| *last >= minute.back(FORGOTTEN_AFTER));
        let mut alerts = Vec::new();
        for risk in &figures.stock_risks {
            let known = self.0.contains_key(&risk.product_id);
            if risk.score.value < if known { SAFE } else { AT_RISK } {
                continue;
            }
            self.0.insert(risk.product_id.clone(), minute);
            if !known {
                alerts.push(alert(minute, risk));
            }
        }
        alerts
    }
}

fn alert(minute: MinuteNumber, risk: &StockRisk) -> Alert {
    let StockRisk { product_id, stock, score, .. } = risk;
    let reason = |it: &crate::analytics::scoring::Reason| {
        let sign = if it.contribution > 0.0 { '+' } else { '-' };
        format!("{sign}{}", it.feature)
    };
    let reasons: Vec<_> = score.reasons.iter().map(reason).collect();
    Alert {
        id: format!("stock-risk#{product_id}#{}", minute.0),
        at: minute.end(),
        kind: "stock-risk".to_owned(),
        text: format!(
            "{product_id}: {} available, risk of running out {:.0} % ({})",
            stock.available,
            score.value * 100.0,
            reasons.join(", ")
        ),
        events: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::analytics::{Board, Features, ProductStock, Score, StockOutBaseline};

    #[test]
    fn a_product_is_told_of_once_until_it_has_been_safe_for_an_hour() {
        let mut watch = StockWatch::default();
        let board = Board::new(1, Duration::ZERO);
        for (minute, risk, told) in [
            (0, Some(0.79), false),
            (1, Some(0.8), true),
            (2, Some(0.9), false),
            // Not as much at risk, but not safe.
            (50, Some(0.5), false),
            (51, Some(0.49), false),
            (52, None, false),
            (100, Some(0.99), false),
            (160, None, false),
            (161, Some(0.8), true),
        ] {
            let minute = MinuteNumber(minute);
            let mut figures = board.figures(minute, &StockOutBaseline::default());
            figures.stock_risks.extend(risk.map(|value| StockRisk {
                product_id: "lamp".to_owned(),
                stock: ProductStock { available: 3, ..ProductStock::default() },
                features: Features::default(),
                score: Score { value, reasons: Vec::new() },
            }));
            let alerts = watch.observe(minute, &figures);
            assert_eq!(!alerts.is_empty(), told, "{minute:?}");
            // It goes on as it was when it is read back.
            let text = serde_json::to_string(&watch).expect("plain fields");
            watch = serde_json::from_str(&text).expect("as written");
        }
    }

    #[test]
    fn the_alert_says_why() {
        let features = Features::default().with(crate::analytics::scoring::AVAILABLE, 0.0);
        let model = StockOutBaseline::default();
        let score = crate::analytics::ScoringModel::score(&model, &features);
        let stock = ProductStock::default();
        let risk = StockRisk { product_id: "lamp".into(), stock, features, score };
        let text = "lamp: 0 available, risk of running out 100 % (+hours_of_cover, +low_stock)";
        assert_eq!(alert(MinuteNumber(7), &risk).text, text);
    }
}
