//! The series of an alarm on a query of Metrics Insights that makes several: each has a state of
//! its own, and the alarm is in ALARM while one of them is.
//!
//! Source: user guide "Create an alarm on Metrics Insights queries"; API reference
//! "DescribeAlarmContributors". Unverified: the reason of the whole alarm, and that a series
//! without data is forgotten unless it is in ALARM.

// Differs from AWS: an alarm on a query of Metrics Insights with `GROUP BY` acts when its own state
// changes, not for each of its contributors.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::evaluation::{MORE_PERIODS, evaluate};
use super::reason::Evidence;
use super::rule::{Datapoint, Rule};
use super::state::{State, StateValue};
use crate::kernel::pairs;
use crate::wire::Timestamp;

/// What tells a series from the others: dimensions and their values.
pub(super) type Attributes = Vec<(String, String)>;
/// A series, and what is known of its periods, the latest first.
pub(super) type Found = (Attributes, Vec<Option<Datapoint>>);

/// The series that an alarm watches, where they are several.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct Contributors {
    #[serde(with = "pairs")]
    all: BTreeMap<Attributes, Contributor>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct Contributor {
    state: State,
    pub(in crate::services::cloudwatch) transitioned: Timestamp,
}

impl Contributor {
    pub(in crate::services::cloudwatch) fn reason(&self) -> &str {
        &self.state.reason
    }
}

impl Contributors {
    /// Those in ALARM, with what tells them apart.
    pub(in crate::services::cloudwatch) fn in_alarm(
        &self,
    ) -> impl Iterator<Item = (&[(String, String)], &Contributor)> {
        let all = self.all.iter().filter(|(_, it)| it.state.value == StateValue::Alarm);
        all.map(|(attributes, it)| (attributes.as_slice(), it))
    }

    /// Evaluates each of them; the state that the alarm should have, `None` if it keeps its own.
    pub(super) fn evaluated(
        &mut self,
        rule: &Rule,
        found: Vec<Found>,
        (end, now): (Timestamp, Timestamp),
    ) -> Option<State> {
        let nothing = vec![None; rule.evaluation_periods + MORE_PERIODS];
        let state = |periods: &[Option<Datapoint>]| {
            let verdict = evaluate(rule, periods);
            let value = verdict.state?;
            let evidence =
                Evidence { rule, statistic: "", state: value, verdict: &verdict, end, now };
            Some(State::new(value, evidence.sentence(), Some(evidence.data())))
        };
        let mut before = std::mem::take(&mut self.all);
        for (attributes, periods) in found {
            let known = before.remove(&attributes);
            let all = state(&periods).map(|state| Contributor { state, transitioned: now });
            let all = all.into_iter().chain(known.clone());
            // One whose state stays the same keeps the reason and the time.
            let same = |it: &Contributor| {
                known.as_ref().is_some_and(|known| known.state.value == it.state.value)
            };
            let next = all.reduce(|new, known| if same(&new) { known } else { new });
            self.all.extend(next.map(|next| (attributes, next)));
        }
        let stays = |known: &Contributor| {
            let value = state(&nothing).map_or(known.state.value, |state| state.value);
            known.state.value == StateValue::Alarm && value == StateValue::Alarm
        };
        self.all.extend(before.into_iter().filter(|(_, known)| stays(known)));
        let of = |value: StateValue| self.all.values().find(|it| it.state.value == value);
        let decides = of(StateValue::Alarm).or_else(|| of(StateValue::Ok));
        decides.map(|it| it.state.clone()).or_else(|| state(&nothing))
    }
}

/// Sixteen letters that stand for a series.
///
/// Unverified: how AWS makes them.
pub(in crate::services::cloudwatch) fn contributor_id(attributes: &[(String, String)]) -> String {
    let mut hash = Sha256::new();
    for text in attributes.iter().flat_map(|(name, value)| [name, value]) {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
