//! Mute rules: when the actions of which alarms are held back.
//!
//! Knows the calendar of the rule's time zone, and alarms by their names.
//!
//! Source: API reference "PutAlarmMuteRule", "Schedule".

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Alarms;
use super::composite::HeldBy;
use crate::kernel::Context;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::shared::schedule::Schedule;
use crate::services::shared::zone::Zone;
use crate::wire::Timestamp;

/// Most rules in an account and region.
///
/// Source: user guide "CloudWatch service quotas". Unverified: the error's text.
const RULES_MAX: usize = 2_000;
/// Shortest and longest time for which a rule mutes.
const DURATIONS: (u64, u64) = (60, 15 * 86_400);

/// What a mute rule may be at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services::cloudwatch) enum MuteStatus {
    Scheduled,
    Active,
    Expired,
}

impl MuteStatus {
    pub(in crate::services::cloudwatch) const NAMES: [&str; 3] = ["SCHEDULED", "ACTIVE", "EXPIRED"];

    pub(in crate::services::cloudwatch) fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "SCHEDULED",
            Self::Active => "ACTIVE",
            Self::Expired => "EXPIRED",
        }
    }
}

/// When a rule mutes, read once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct MuteTimes {
    /// As they were given.
    pub(in crate::services::cloudwatch) expression: String,
    pub(in crate::services::cloudwatch) duration: String,
    pub(in crate::services::cloudwatch) timezone: Option<String>,
    zone: Zone,
    /// It begins when any of them rings: days of the month and of the week are two.
    schedules: Vec<Schedule>,
    seconds: u64,
}

/// A mute rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct MuteRule {
    pub(in crate::services::cloudwatch) description: Option<String>,
    pub(in crate::services::cloudwatch) times: MuteTimes,
    /// Names of alarms; `None` if the rule was made without targets.
    pub(in crate::services::cloudwatch) targets: Option<Vec<String>>,
    pub(in crate::services::cloudwatch) starts: Option<Timestamp>,
    pub(in crate::services::cloudwatch) expires: Option<Timestamp>,
    pub(in crate::services::cloudwatch) updated: Timestamp,
    pub(in crate::services::cloudwatch) tags: BTreeMap<String, String>,
}

/// All mute rules, by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct MuteRules {
    pub(in crate::services::cloudwatch) by_name: BTreeMap<String, MuteRule>,
}

impl MuteRules {
    /// Until when an alarm is muted at least; `None` if it is not.
    pub(super) fn until(&self, alarm: &str, now: Timestamp) -> Option<Timestamp> {
        let rules = self.by_name.values().filter(|rule| rule.has(alarm));
        rules.filter_map(|rule| rule.active_until(now)).max()
    }
}

impl Alarms {
    /// Creates a rule or replaces one, whose tags it keeps.
    ///
    /// # Errors
    /// `LimitExceededFault`.
    pub(in crate::services::cloudwatch) fn put_mute_rule(
        &mut self,
        ctx: &mut Context<'_>,
        name: String,
        mut rule: MuteRule,
    ) -> Result<(), CloudWatchError> {
        let all = &self.mute_rules.by_name;
        if !all.contains_key(&name) && all.len() >= RULES_MAX {
            let text = format!("An account has {RULES_MAX} alarm mute rules at most.");
            return Err(CloudWatchError::QuotaReached(text));
        }
        let old = self.mute_rules.by_name.remove(&name);
        if let Some(old) = &old {
            rule.tags = old.tags.clone();
        }
        self.mute_rules.by_name.insert(name, rule);
        self.unmute(ctx, old);
        Ok(())
    }

    pub(in crate::services::cloudwatch) fn delete_mute_rule(
        &mut self,
        ctx: &mut Context<'_>,
        name: &str,
    ) {
        let old = self.mute_rules.by_name.remove(name);
        self.unmute(ctx, old);
    }

    /// The alarms that `old` muted act, unless something else holds them back.
    fn unmute(&mut self, ctx: &mut Context<'_>, old: Option<MuteRule>) {
        for alarm in old.and_then(|old| old.targets).into_iter().flatten() {
            let held = self.get(&alarm).and_then(|alarm| alarm.held.as_ref());
            if held.is_some_and(|held| held.by == HeldBy::Mute) {
                self.release(ctx, &alarm);
            }
        }
        self.set_timer(ctx);
    }
}

impl MuteRule {
    pub(in crate::services::cloudwatch) fn has(&self, alarm: &str) -> bool {
        self.targets.iter().flatten().any(|name| name == alarm)
    }

    pub(in crate::services::cloudwatch) fn arn(ctx: &Context<'_>, name: &str) -> String {
        ctx.arn(format!("alarm-mute-rule:{name}")).to_string()
    }

    /// AWS's word for whether it mutes once or again and again.
    pub(in crate::services::cloudwatch) fn mute_type(&self) -> String {
        let is_once = self.times.schedules.iter().all(Schedule::is_once);
        if is_once { "ONE_TIME" } else { "RECURRING" }.to_owned()
    }

    pub(in crate::services::cloudwatch) fn status(&self, now: Timestamp) -> MuteStatus {
        let is_over = self.expires.is_some_and(|expires| expires <= now);
        match self.active_until(now) {
            Some(_) => MuteStatus::Active,
            None if is_over || self.times.next(now).is_none() => MuteStatus::Expired,
            None => MuteStatus::Scheduled,
        }
    }

    /// The end of a time of muting that lasts now.
    ///
    /// Unverified: that one which began before the rule did does not count, and that expiring ends
    /// one.
    fn active_until(&self, now: Timestamp) -> Option<Timestamp> {
        let lasts = Duration::from_secs(self.times.seconds);
        // What begins at `now - lasts` is over.
        let mut after = now - lasts;
        if let Some(starts) = self.starts {
            after = after.max(Timestamp::from_millis(starts.millis() - 1));
        }
        let begins = self.times.next(after).filter(|begins| *begins <= now)?;
        let ends = begins + lasts;
        let ends = self.expires.map_or(ends, |expires| ends.min(expires));
        (ends > now).then_some(ends)
    }
}

impl MuteTimes {
    /// Reads when to mute, `cron(0 2 * * SUN)` or `at(2026-12-24T18:00)`, and how long: `P1DT2H`.
    ///
    /// # Errors
    /// The member that is wrong.
    pub(in crate::services::cloudwatch) fn parse(
        expression: &str,
        duration: &str,
        timezone: Option<String>,
    ) -> Result<Self, &'static str> {
        let schedules = schedules(expression).ok_or("Expression")?;
        let seconds = seconds(duration).ok_or("Duration")?;
        let zone = timezone.clone().map_or(Ok(Zone::default()), Zone::try_from);
        let zone = zone.map_err(|_| "Timezone")?;
        let (expression, duration) = (expression.to_owned(), duration.to_owned());
        Ok(Self { expression, duration, timezone, zone, schedules, seconds })
    }

    fn next(&self, after: Timestamp) -> Option<Timestamp> {
        self.schedules.iter().filter_map(|it| self.zone.next(it, after)).min()
    }
}

/// The expression as schedules of EventBridge have it: with six fields, one of the two of days `?`.
fn schedules(expression: &str) -> Option<Vec<Schedule>> {
    if let Some(at) = expression.strip_prefix("at(") {
        let at = at.strip_suffix(')')?;
        let seconds = if at.matches(':').count() == 1 { ":00" } else { "" };
        return Some(vec![Schedule::parse(&format!("at({at}{seconds})")).ok()?]);
    }
    let fields = expression.strip_prefix("cron(")?.strip_suffix(')')?;
    let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
    let [minutes, hours, of_month, months, of_week] = fields[..] else { return None };
    let of_week = weekdays(of_week)?;
    let days = match (of_month, of_week.as_str()) {
        (of_month, "*") => vec![(of_month, "?")],
        ("*", of_week) => vec![("?", of_week)],
        (of_month, of_week) => vec![(of_month, "?"), ("?", of_week)],
    };
    let schedule = |(of_month, of_week)| {
        Schedule::parse(&format!("cron({minutes} {hours} {of_month} {months} {of_week} *)")).ok()
    };
    days.into_iter().map(schedule).collect()
}

/// Days of the week that count from 0 for Sunday, as EventBridge counts them, from 1.
///
/// Unverified: that AWS counts as cron does.
fn weekdays(field: &str) -> Option<String> {
    let day = |text: &str| match text.parse::<u32>() {
        Ok(number) if number <= 7 => Some((number % 7 + 1).to_string()),
        Ok(_) => None,
        Err(_) => Some(text.to_owned()),
    };
    let part = |part: &str| {
        let (range, step) = part.split_once('/').map_or((part, None), |(it, by)| (it, Some(by)));
        let ends: Option<Vec<String>> = range.split('-').map(day).collect();
        let step = step.map(|step| format!("/{step}")).unwrap_or_default();
        Some(format!("{}{step}", ends?.join("-")))
    };
    let parts: Option<Vec<String>> = field.split(',').map(part).collect();
    Some(parts?.join(","))
}

/// `P2DT12H`: a duration in the form of ISO 8601, from a minute to fifteen days.
fn seconds(text: &str) -> Option<u64> {
    let rest = text.strip_prefix('P')?;
    let (date, time) = rest.split_once('T').map_or((rest, None), |(date, time)| (date, Some(time)));
    let mut seconds = parts(date, &[('W', 7 * 86_400), ('D', 86_400)])?;
    if let Some(time) = time.filter(|time| !time.is_empty()) {
        seconds = seconds.checked_add(parts(time, &[('H', 3600), ('M', 60), ('S', 1)])?)?;
    } else if time.is_some() {
        return None;
    }
    (DURATIONS.0..=DURATIONS.1).contains(&seconds).then_some(seconds)
}

/// Numbers, each with its unit, in the order of the units.
fn parts(mut text: &str, units: &[(char, u64)]) -> Option<u64> {
    let mut seconds = 0_u64;
    for (unit, of) in units {
        if let Some((number, rest)) = text.split_once(*unit) {
            if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            seconds = seconds.checked_add(number.parse::<u64>().ok()?.checked_mul(*of)?)?;
            text = rest;
        }
    }
    text.is_empty().then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_iso(text).unwrap()
    }

    fn rule(expression: &str, duration: &str) -> MuteRule {
        MuteRule {
            description: None,
            times: MuteTimes::parse(expression, duration, None).unwrap(),
            targets: Some(vec!["a".to_owned()]),
            starts: None,
            expires: None,
            updated: at("2026-01-01T00:00:00Z"),
            tags: BTreeMap::new(),
        }
    }

    #[test]
    fn durations_are_read() {
        for (text, expected) in [
            ("PT1M", Some(60)),
            ("PT4H", Some(4 * 3600)),
            ("P2DT12H", Some(60 * 3600)),
            ("P15D", Some(15 * 86_400)),
            ("PT59S", None),
            ("P15DT1S", None),
            ("P", None),
            ("PT", None),
            ("P1H", None),
            ("PT1M1H", None),
            ("PT-5M", None),
            ("PT99999999999999999999H", None),
            ("4H", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn a_rule_mutes_from_each_ring_for_its_duration() {
        for (expression, duration, now, expected) in [
            ("cron(0 2 * * *)", "PT4H", "2026-01-01T01:59:59Z", None),
            ("cron(0 2 * * *)", "PT4H", "2026-01-01T02:00:00Z", Some("2026-01-01T06:00:00Z")),
            ("cron(0 2 * * *)", "PT4H", "2026-01-01T05:59:59Z", Some("2026-01-01T06:00:00Z")),
            ("cron(0 2 * * *)", "PT4H", "2026-01-01T06:00:00Z", None),
            // 1 January 2026 is a Thursday.
            ("cron(0 0 * * THU)", "PT1H", "2026-01-01T00:30:00Z", Some("2026-01-01T01:00:00Z")),
            ("cron(0 0 * * 4)", "PT1H", "2026-01-01T00:30:00Z", Some("2026-01-01T01:00:00Z")),
            ("cron(0 0 * * 0,5-7)", "PT1H", "2026-01-01T00:30:00Z", None),
            // Days of the month or of the week, as cron has it.
            ("cron(0 0 2 * THU)", "PT1H", "2026-01-01T00:30:00Z", Some("2026-01-01T01:00:00Z")),
            ("at(2026-01-01T00:00)", "P1D", "2026-01-01T12:00:00Z", Some("2026-01-02T00:00:00Z")),
            ("at(2026-01-01T00:00:30)", "P1D", "2026-01-01T00:00:00Z", None),
        ] {
            let until = rule(expression, duration).active_until(at(now));
            assert_eq!(until, expected.map(at), "{expression} {duration} {now}");
        }
    }

    #[test]
    fn a_rule_goes_by_the_clocks_of_its_zone() {
        for (zone, now, expected) in [
            // Berlin is an hour ahead of UTC in winter and two in summer.
            ("Europe/Berlin", "2026-01-01T00:59:59Z", None),
            ("Europe/Berlin", "2026-01-01T01:00:00Z", Some("2026-01-01T05:00:00Z")),
            ("Europe/Berlin", "2026-07-01T00:00:00Z", Some("2026-07-01T04:00:00Z")),
            // Two o'clock does not come that night.
            ("Europe/Berlin", "2026-03-29T01:00:00Z", None),
            ("UTC", "2026-07-01T02:00:00Z", Some("2026-07-01T06:00:00Z")),
            ("America/New_York", "2026-01-01T07:00:00Z", Some("2026-01-01T11:00:00Z")),
        ] {
            let zone = Some(zone.to_owned());
            let times = MuteTimes::parse("cron(0 2 * * *)", "PT4H", zone.clone()).unwrap();
            let rule = MuteRule { times, ..rule("cron(0 2 * * *)", "PT4H") };
            assert_eq!(rule.active_until(at(now)), expected.map(at), "{zone:?} {now}");
        }
        let nowhere = Some("Europe/Nowhere".to_owned());
        assert_eq!(MuteTimes::parse("cron(0 2 * * *)", "PT4H", nowhere), Err("Timezone"));
    }

    #[test]
    fn a_rule_is_scheduled_then_active_then_expired() {
        let mut rule = rule("at(2026-01-01T10:00)", "PT1H");
        let status = |rule: &MuteRule, time: &str| rule.status(at(&format!("2026-01-01T{time}Z")));
        assert_eq!(status(&rule, "09:59:59"), MuteStatus::Scheduled);
        assert_eq!(status(&rule, "10:00:00"), MuteStatus::Active);
        assert_eq!(status(&rule, "11:00:00"), MuteStatus::Expired);
        rule.expires = Some(at("2026-01-01T10:30:00Z"));
        assert_eq!(status(&rule, "10:29:59"), MuteStatus::Active);
        assert_eq!(status(&rule, "10:30:00"), MuteStatus::Expired);
        rule.starts = Some(at("2026-01-01T10:15:00Z"));
        assert_eq!(status(&rule, "10:20:00"), MuteStatus::Expired);
    }

    #[test]
    fn what_is_no_schedule_is_refused() {
        for (expression, duration, wrong) in [
            ("rate(1 hour)", "PT1H", "Expression"),
            ("cron(0 2 * * ? *)", "PT1H", "Expression"),
            ("cron(0 2 * * 8)", "PT1H", "Expression"),
            ("at(tomorrow)", "PT1H", "Expression"),
            ("cron(0 2 * * *)", "1h", "Duration"),
        ] {
            assert_eq!(MuteTimes::parse(expression, duration, None), Err(wrong), "{expression}");
        }
    }
}
