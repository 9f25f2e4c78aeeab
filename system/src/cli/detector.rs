//! Tells the detector of unusual minutes what is usual.

use std::path::PathBuf;

use clap::Subcommand;

use super::entry::Session;
use super::print::say;
use crate::analytics::synthetic::Series;
use crate::roles::{LEARNED_WEEK, learn};

#[derive(Debug, Subcommand)]
pub(super) enum DetectorAction {
    /// Let it believe that the last weeks were like one: some 40 orders a minute, more by day.
    Learn {
        /// A JSON list of orders a minute: the 10080 minutes from Monday at midnight, UTC.
        #[arg(long, value_name = "FILE")]
        history: Option<PathBuf>,
        /// Draws a week from a seed.
        #[arg(long, default_value_t = 1, conflicts_with = "history")]
        seed: u64,
    },
}

pub(super) async fn detector(session: &Session, action: DetectorAction) -> Result<(), String> {
    let DetectorAction::Learn { history, seed } = action;
    let week = match &history {
        Some(path) => {
            let place = path.display();
            let text =
                std::fs::read_to_string(path).map_err(|error| format!("{place}: {error}"))?;
            serde_json::from_str(&text).map_err(|error| format!("{place}: {error}"))?
        }
        None => drawn(seed),
    };
    let (config, deps) = (&session.config, Session::deps());
    let learned = learn(&session.aws, &config.names, &*deps.clock, &*deps.ids, &week).await;
    learned.map_err(|failure| failure.to_string())?;
    let usual = week.iter().sum::<f64>() / week.len() as f64;
    say!("it takes three weeks of {usual:.1} orders a minute for usual; look at /analytics");
    Ok(())
}

fn drawn(seed: u64) -> Vec<f64> {
    let mut values = Series::generate(seed, 1).values;
    values.truncate(LEARNED_WEEK);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_drawn() {
        assert_eq!(drawn(7).len(), LEARNED_WEEK);
        assert_ne!(drawn(7), drawn(8));
    }
}
