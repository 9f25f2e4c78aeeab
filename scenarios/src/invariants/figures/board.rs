//! What the analytics shows besides its totals: closed minutes, alerts and metrics.

use crate::invariants::evidence::Evidence;
use orderflow::Role;
use orderflow::domain::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

const MINUTE_MILLIS: i64 = 60_000;

pub(super) fn wrong(evidence: &Evidence) -> Vec<String> {
    [wrong_minutes(evidence), wrong_alerts(evidence), wrong_metrics(evidence)].concat()
}

/// Each closed minute has the events that happened in it; it may lack those that came when it was
/// closed, and these are counted.
fn wrong_minutes(evidence: &Evidence) -> Vec<String> {
    let board = &evidence.board;
    let (Some(first), Some(closed)) = (board.minutes.first(), board.closed_until) else {
        return Vec::new();
    };
    let range = first.minute..closed;
    let minute = |at: Timestamp| at.as_millis().div_euclid(MINUTE_MILLIS);
    let mut wanted = BTreeMap::<i64, (u64, u64, u64)>::new();
    for event in evidence.streams.values().flatten() {
        if range.contains(&event.recorded_at) {
            let (events, placed, cancelled) = wanted.entry(minute(event.recorded_at)).or_default();
            *events += 1;
            *placed += u64::from(event.event_type == "OrderPlaced");
            *cancelled += u64::from(event.event_type == "OrderCancelled");
        }
    }
    let mut findings = Vec::new();
    let mut missing = 0;
    for figures in &board.minutes {
        let wanted = wanted.remove(&minute(figures.minute)).unwrap_or_default();
        let counts = &figures.counts;
        let seen = (counts.events, counts.placed, counts.cancelled);
        missing += wanted.0.saturating_sub(seen.0);
        if seen.0 > wanted.0 || seen.1 > wanted.1 || seen.2 > wanted.2 {
            let at = figures.minute.to_rfc3339();
            findings.push(format!(
                "the minute {at} has {} events, {} orders placed and {} cancelled; expected {}, \
                 {} and {}",
                seen.0, seen.1, seen.2, wanted.0, wanted.1, wanted.2
            ));
        }
    }
    missing += wanted.values().map(|(events, ..)| events).sum::<u64>();
    if missing > board.late {
        let late = board.late;
        findings.push(format!("the minutes lack {missing} events; expected at most {late} late"));
    }
    findings
}

/// Each pattern that was found was told of once, because of events that there are.
fn wrong_alerts(evidence: &Evidence) -> Vec<String> {
    let board = &evidence.board;
    let known: BTreeSet<_> =
        evidence.streams.values().flatten().map(|event| event.event_id.as_str()).collect();
    let mut findings = Vec::new();
    let mut ids = BTreeSet::new();
    for alert in &board.alerts {
        if !ids.insert(&alert.id) {
            findings.push(format!("the alert {} is shown twice; expected once", alert.id));
        }
        let stranger = alert.events.iter().find(|id| !known.contains(id.as_str()));
        if let Some(id) = stranger {
            let kind = &alert.kind;
            findings.push(format!("an alert of {kind} names event {id}; expected one there is"));
        }
    }
    for (pattern, found) in &board.patterns {
        let told = board.alerts.iter().filter(|alert| alert.kind == *pattern).count() as u64;
        if told != *found && board.alerts.len() < ALERTS_MAX {
            findings.push(format!("{pattern} was found {found} times; {told} alerts tell of it"));
        }
    }
    findings
}

/// So many alerts are shown at most.
const ALERTS_MAX: usize = 50;

/// Where nothing went wrong, who was told was counted once.
fn wrong_metrics(evidence: &Evidence) -> Vec<String> {
    let Some(counted) = evidence.board.notifications_sent else { return Vec::new() };
    let given_up = evidence.letters.iter().any(|letter| letter.role == Role::Notifications);
    let told = evidence.told.len() as f64;
    let wrong = evidence.trouble.is_none() && !given_up && (counted - told).abs() > 0.5;
    wrong.then(|| format!("notifications_sent is {counted}; expected {told}")).into_iter().collect()
}
