//! What PutCompositeAlarm asks for, checked.
//!
//! Source: API reference "PutCompositeAlarm". The texts about alarms that do not exist and about
//! white space are those that users of AWS report; others are Unverified.

use super::composite::AlarmRule;
use super::config::AlarmKind;
use super::settings::{check_actions, check_limits_of_actions};
use super::shapes::CompositeAlarm;
use super::state::name_of;
use crate::kernel::{Arn, Context};
use crate::services::cloudwatch::alarm::Alarms;
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::metric::NAME_MAX;

const DESCRIPTION_MAX: usize = 1024;
/// Most alarms of all kinds in an account and region.
///
/// Source: user guide "CloudWatch service quotas"; the text is that of `LimitExceededFault`.
const ALARMS_MAX: usize = 5_000;
const QUOTA_REACHED: &str = "The quota for alarms for this customer has already been reached.";
const RULE_MAX: usize = 10_240;
const SUPPRESSOR_MAX: usize = 1600;
/// Most alarms that a rule may name, and most composite alarms that may name one alarm.
const CHILDREN_MAX: usize = 100;
const PARENTS_MAX: usize = 150;

type Checked<T> = Result<T, CloudWatchError>;

fn invalid<T>(text: impl Into<String>) -> Checked<T> {
    Err(CloudWatchError::Validation(text.into()))
}

/// Checks `config`; returns its rule.
///
/// # Errors
/// `ValidationError`, `LimitExceeded`; in strict mode a refusal of what is stored without effect.
pub(in crate::services::cloudwatch) fn checked_composite(
    ctx: &mut Context<'_>,
    alarms: &Alarms,
    config: &CompositeAlarm,
) -> Checked<AlarmRule> {
    check_limits(config)?;
    let actions = [&config.ok_actions, &config.alarm_actions, &config.insufficient_data_actions];
    check_actions(ctx, actions)?;
    if config.action_configuration.is_some() {
        ctx.not_honoured("ActionConfiguration")?;
    }
    let name = config.alarm_name.as_deref().unwrap_or_default();
    alarms.check_kind(name, AlarmKind::Composite)?;
    let text = config.alarm_rule.as_deref().unwrap_or_default();
    if text.trim() != text {
        return invalid("AlarmRule must not contain leading or trailing whitespace or be null");
    }
    let rule = AlarmRule::parse(text).map_err(CloudWatchError::Validation)?;
    check_children(ctx, alarms, name, &rule)?;
    check_suppressor(ctx, alarms, config)?;
    Ok(rule)
}

/// The limits that AWS's model gives.
fn check_limits(config: &CompositeAlarm) -> Checked<()> {
    let mut constraints = Constraints::default();
    constraints.required("alarmName", config.alarm_name.as_ref());
    constraints.required("alarmRule", config.alarm_rule.as_ref());
    for (member, text, max) in [
        ("alarmName", &config.alarm_name, (1, NAME_MAX)),
        ("alarmDescription", &config.alarm_description, (0, DESCRIPTION_MAX)),
        ("alarmRule", &config.alarm_rule, (1, RULE_MAX)),
        ("actionsSuppressor", &config.actions_suppressor, (1, SUPPRESSOR_MAX)),
    ] {
        constraints.length(member, text.as_deref(), max);
    }
    let actions = [&config.ok_actions, &config.alarm_actions, &config.insufficient_data_actions];
    check_limits_of_actions(&mut constraints, actions);
    constraints.done()?;
    let name = config.alarm_name.as_deref().unwrap_or_default();
    if name.contains(|letter: char| letter.is_ascii_control()) {
        return invalid("AlarmName must not contain control characters.");
    }
    Ok(())
}

fn check_children(ctx: &Context<'_>, alarms: &Alarms, name: &str, rule: &AlarmRule) -> Checked<()> {
    let references = rule.references();
    if references.len() > CHILDREN_MAX {
        return invalid(format!("AlarmRule must not name more than {CHILDREN_MAX} alarms"));
    }
    let is_missing = |reference: &&str| {
        let child = name_of(reference);
        // A circle may begin with the alarm itself.
        !is_here(ctx, reference) || (alarms.get(child).is_none() && child != name)
    };
    let missing: Vec<&str> = references.iter().copied().filter(is_missing).collect();
    if !missing.is_empty() {
        let missing = missing.join(", ");
        return invalid(format!(
            "Could not save the composite alarm as alarms [{missing}] in the alarm rule do not \
             exist"
        ));
    }
    for child in references.into_iter().map(name_of) {
        let others = alarms.parents_of(child).filter(|parent| *parent != name).count();
        if others >= PARENTS_MAX {
            return Err(CloudWatchError::QuotaReached(format!(
                "The alarm {child} is in the rules of {PARENTS_MAX} composite alarms"
            )));
        }
    }
    Ok(())
}

/// Whether a name or an ARN may be one of this account and region.
fn is_here(ctx: &Context<'_>, reference: &str) -> bool {
    let Some(arn) = reference.starts_with("arn:").then(|| reference.parse::<Arn>()) else {
        return true;
    };
    arn.is_ok_and(|arn| {
        &*arn.service == "cloudwatch"
            && arn.account() == ctx.account()
            && arn.region() == ctx.region()
    })
}

fn check_suppressor(ctx: &Context<'_>, alarms: &Alarms, config: &CompositeAlarm) -> Checked<()> {
    let periods = [
        ("ActionsSuppressorWaitPeriod", config.actions_suppressor_wait_period),
        ("ActionsSuppressorExtensionPeriod", config.actions_suppressor_extension_period),
    ];
    let Some(suppressor) = config.actions_suppressor.as_deref() else {
        return match periods.iter().find(|(_, period)| period.is_some()) {
            Some((member, _)) => invalid(format!("{member} needs an ActionsSuppressor")),
            None => Ok(()),
        };
    };
    for (member, period) in periods {
        match period {
            None => return invalid(format!("{member} must not be null with ActionsSuppressor")),
            Some(seconds) if seconds < 0 => {
                return invalid(format!("{member} must not be negative"));
            }
            Some(_) => {}
        }
    }
    if !is_here(ctx, suppressor) || alarms.get(name_of(suppressor)).is_none() {
        return invalid(format!("The ActionsSuppressor {suppressor} does not exist"));
    }
    Ok(())
}

impl Alarms {
    /// Names are shared by all kinds of alarms, and all count together.
    ///
    /// # Errors
    /// `ValidationError` if `name` is that of an alarm of another kind; Unverified: the text.
    /// `LimitExceeded` if there is no room for one more.
    pub(in crate::services::cloudwatch) fn check_kind(
        &self,
        name: &str,
        kind: AlarmKind,
    ) -> Checked<()> {
        match self.get(name).map(|alarm| alarm.config.kind()) {
            Some(other) if other != kind => {
                let other = other.as_str();
                invalid(format!("The name {name} is already that of an alarm of the type {other}"))
            }
            None if self.len() >= ALARMS_MAX => {
                Err(CloudWatchError::QuotaReached(QUOTA_REACHED.to_owned()))
            }
            _ => Ok(()),
        }
    }
}
