//! Replays: archived events go to the bus again, and from there to the queues of some roles only.
//!
//! Consumers take a repeated event for what it is, so a replay mends what a role has lost and
//! leaves the rest as it was. Staff's copy of large orders has no such memory: it gets no replays.

use std::time::Duration;

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::ReplayDestination;
use aws_smithy_types::DateTime;

use super::archive::{Archive, Archives};
use super::bus::Buses;
use crate::adapters::aws::Aws;
use crate::config::Names;
use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};
use crate::role::{Role, subscriptions};

/// Between two looks at a replay that runs.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Which events are replayed: those that happened from a moment to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    from: Timestamp,
    to: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a replay goes from a moment to a later one, got {} to {}",
    .0.to_rfc3339(),
    .1.to_rfc3339()
)]
pub struct InvalidWindow(Timestamp, Timestamp);

/// A replay as EventBridge knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    pub name: String,
    /// AWS's word: STARTING, RUNNING, CANCELLING, COMPLETED, CANCELLED or FAILED.
    pub state: String,
    /// Why it is in this state, when AWS says so.
    pub reason: Option<String>,
    pub window: Window,
    /// When the last event that was replayed had happened.
    pub last_replayed: Option<Timestamp>,
}

impl Window {
    /// `from` must be before `to`.
    pub fn new(from: Timestamp, to: Timestamp) -> Result<Self, InvalidWindow> {
        if from < to { Ok(Self { from, to }) } else { Err(InvalidWindow(from, to)) }
    }

    pub fn from(self) -> Timestamp {
        self.from
    }

    pub fn to(self) -> Timestamp {
        self.to
    }
}

impl Replay {
    pub fn is_over(&self) -> bool {
        ["COMPLETED", "CANCELLED", "FAILED"].contains(&self.state.as_str())
    }

    pub fn is_completed(&self) -> bool {
        self.state == "COMPLETED"
    }

    /// How far it is through its window, from 0 to 100.
    pub fn percent(&self) -> u128 {
        if self.is_completed() {
            return 100;
        }
        let Window { from, to } = self.window;
        let done = self.last_replayed.unwrap_or(from).since(from).as_millis();
        (done * 100 / to.since(from).as_millis().max(1)).min(100)
    }
}

/// Starts a replay to the rules of `roles`, or, when there are none, of all roles. Its name is
/// made of the prefix and of `now`, to the millisecond.
///
/// # Errors
/// `GiveUp` when there is no archive, and for a role that no event reaches.
pub async fn start(
    aws: &Aws,
    names: &Names,
    window: Window,
    roles: &[Role],
    now: Timestamp,
) -> Result<Replay, Failure> {
    let Archive { arn, bus_arn } = archive(aws, names).await?;
    let destination = ReplayDestination::builder().arn(bus_arn);
    let rules = rules(aws, names, roles).await?;
    let destination = destination.set_filter_arns(Some(rules)).build();
    let destination = destination.expect("the bus is given");
    let digits: String = now.to_rfc3339().chars().filter(char::is_ascii_digit).collect();
    let name = names.replay(&digits);
    let started = aws
        .eventbridge()
        .start_replay()
        .replay_name(&name)
        .event_source_arn(arn)
        .event_start_time(date_time(window.from))
        .event_end_time(date_time(window.to))
        .destination(destination)
        .send()
        .await
        .map_err(|error| Failure::of_call(Dependency::EventBridge, "StartReplay", &error))?;
    let state = started.state.map_or_else(String::new, |state| state.as_str().to_owned());
    Ok(Replay { name, state, reason: started.state_reason, window, last_replayed: None })
}

/// Waits until a replay is over, and tells of each change on the way.
///
/// # Errors
/// `GiveUp` when it ends otherwise than completed.
pub async fn wait(
    aws: &Aws,
    replay: Replay,
    mut tell: impl FnMut(&Replay),
) -> Result<Replay, Failure> {
    let client = aws.eventbridge();
    let mut known = replay;
    while !known.is_over() {
        tokio::time::sleep(LOOK_EVERY).await;
        let seen = get(&client, &known.name, known.window).await?;
        if seen != known {
            tell(&seen);
        }
        known = seen;
    }
    if known.is_completed() {
        return Ok(known);
    }
    let reason = known.reason.as_deref().unwrap_or("no reason given");
    Err(Failure::GiveUp(format!("replay {} ended as {}: {reason}", known.name, known.state)))
}

/// All replays from the system's archive that AWS still knows, by name: the oldest first.
///
/// # Errors
/// `GiveUp` when there is no archive.
pub async fn list(aws: &Aws, names: &Names) -> Result<Vec<Replay>, Failure> {
    let client = aws.eventbridge();
    let Archive { arn, .. } = archive(aws, names).await?;
    let (mut all, mut next) = (Vec::new(), None);
    loop {
        // By archive: another system's prefix may begin like this one's.
        let page = client.list_replays().event_source_arn(&arn).set_next_token(next);
        let page = page.send().await;
        let page =
            page.map_err(|error| Failure::of_call(Dependency::EventBridge, "ListReplays", &error))?;
        for found in page.replays.unwrap_or_default() {
            all.push(Replay {
                name: found.replay_name.unwrap_or_default(),
                state: found.state.map_or_else(String::new, |state| state.as_str().to_owned()),
                reason: found.state_reason,
                window: Window {
                    from: timestamp(found.event_start_time).unwrap_or(EPOCH),
                    to: timestamp(found.event_end_time).unwrap_or(EPOCH),
                },
                last_replayed: timestamp(found.event_last_replayed_time),
            });
        }
        next = page.next_token;
        if next.is_none() {
            all.sort_by(|a, b| a.name.cmp(&b.name));
            return Ok(all);
        }
    }
}

const EPOCH: Timestamp = Timestamp::from_millis(0);

async fn get(client: &Client, name: &str, window: Window) -> Result<Replay, Failure> {
    let found = client
        .describe_replay()
        .replay_name(name)
        .send()
        .await
        .map_err(|error| Failure::of_call(Dependency::EventBridge, "DescribeReplay", &error))?;
    Ok(Replay {
        name: name.to_owned(),
        state: found.state.map_or_else(String::new, |state| state.as_str().to_owned()),
        reason: found.state_reason,
        window,
        last_replayed: timestamp(found.event_last_replayed_time),
    })
}

async fn archive(aws: &Aws, names: &Names) -> Result<Archive, Failure> {
    let name = names.archive();
    let missing = || {
        let hint = "has `orderflow infra apply` been run for this prefix?";
        Failure::GiveUp(format!("there is no archive {name:?} ({hint})"))
    };
    Archives::new(aws).find(&name).await?.ok_or_else(missing)
}

/// The ARNs of the roles' rules.
async fn rules(aws: &Aws, names: &Names, roles: &[Role]) -> Result<Vec<String>, Failure> {
    if let Some(role) = roles.iter().find(|role| subscriptions(**role).is_empty()) {
        return Err(Failure::GiveUp(format!("no event reaches {role}, and so does no replay")));
    }
    let all: Vec<_>;
    let roles = if roles.is_empty() {
        all = Role::consumers().collect();
        &all
    } else {
        roles
    };
    let buses = Buses::new(aws);
    let mut arns = Vec::new();
    for role in roles {
        for subscription in subscriptions(*role) {
            let rule = names.rule(*role, subscription.suffix);
            // The saga has one or the other form, and its own rules.
            let arn = buses.rule_arn(&names.bus(), &rule).await?;
            arns.extend(arn.filter(|arn| !arns.contains(arn)));
        }
    }
    if arns.is_empty() {
        let text = "the rules of these roles are not there: see `orderflow infra apply --saga`";
        return Err(Failure::GiveUp(text.into()));
    }
    Ok(arns)
}

fn date_time(at: Timestamp) -> DateTime {
    DateTime::from_millis(at.as_millis())
}

fn timestamp(at: Option<DateTime>) -> Option<Timestamp> {
    Some(Timestamp::from_millis(at?.to_millis().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_ends_after_it_begins() {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        assert!(Window::new(at(1), at(2)).is_ok());
        for (from, to) in [(2, 2), (3, 2)] {
            let error = Window::new(at(from), at(to)).expect_err("a wrong window").to_string();
            assert!(error.contains("to 1970-01-01T00:00:02.000Z"), "{error}");
        }
    }

    #[test]
    fn progress_is_how_far_the_events_are_through_the_window() {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        let replay = |state: &str, last: Option<i64>| Replay {
            name: "r".into(),
            state: state.into(),
            reason: None,
            window: Window::new(at(100), at(300)).expect("a window"),
            last_replayed: last.map(at),
        };
        for (state, last, percent) in [
            ("STARTING", None, 0),
            ("RUNNING", Some(150), 25),
            ("RUNNING", Some(300), 100),
            ("FAILED", Some(200), 50),
            ("COMPLETED", Some(150), 100),
            ("COMPLETED", None, 100),
        ] {
            assert_eq!(replay(state, last).percent(), percent, "{state} {last:?}");
        }
    }
}
