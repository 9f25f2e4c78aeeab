//! Phones: what an account may set for texts, who wants none, and the sandbox's numbers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::error::SnsError;
use crate::kernel::{Context, Letter, PhoneText};

/// Most digits of a phone number; E.164 has 15, AWS's own pattern lets 20 characters pass.
const DIGITS_MAX: usize = 20;
/// Most numbers of the sandbox.
///
/// Source: developer guide "SMS sandbox".
const SANDBOX_NUMBERS_MAX: usize = 10;

/// The settings that AWS knows.
const SETTINGS: [&str; 6] = [
    "DefaultSMSType",
    "DefaultSenderID",
    "DeliveryStatusIAMRole",
    "DeliveryStatusSuccessSamplingRate",
    "MonthlySpendLimit",
    "UsageReportS3Bucket",
];

/// What a phone answers with that wants no more texts.
///
/// Source: developer guide "Opting out of receiving SMS messages".
const STOP: [&str; 10] =
    ["ARRET", "CANCEL", "END", "OPT-OUT", "OPTOUT", "QUIT", "REMOVE", "STOP", "TD", "UNSUBSCRIBE"];

/// A number of the sandbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct SandboxNumber {
    pub(super) code: String,
    pub(super) verified: bool,
}

/// What an account knows of phones, in one region.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Phones {
    settings: BTreeMap<String, String>,
    pub(super) opted_out: BTreeSet<String>,
    pub(super) sandbox: BTreeMap<String, SandboxNumber>,
}

/// A number as it is kept, a plus sign and digits; `None` for what is none.
///
/// Single hyphens, dots and blanks between digits are left out. Recorded on 2025-10-06.
pub(super) fn number(text: &str) -> Option<String> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let mut parts = digits.split(['-', '.', ' ']);
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let number: String = digits.chars().filter(char::is_ascii_digit).collect();
    let fits = (1..=DIGITS_MAX).contains(&number.len());
    (fits && parts.all(is_digits)).then(|| format!("+{number}"))
}

/// The number that an operation of phones is about.
pub(super) fn checked(text: Option<&str>) -> Result<String, SnsError> {
    let text = text.filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| SnsError::missing("PhoneNumber"))?;
    let malformed = "PhoneNumber Reason: input incorrectly formatted";
    number(text).ok_or_else(|| SnsError::parameter(malformed))
}

impl Phones {
    /// Sets some attributes, which were checked.
    pub(super) fn set(&mut self, given: BTreeMap<String, String>) {
        self.settings.extend(given);
    }

    /// The attributes that are asked for; all for none. New accounts may spend a dollar.
    pub(super) fn describe(&self, names: &[String]) -> BTreeMap<String, String> {
        let mut shown = self.settings.clone();
        shown.entry("MonthlySpendLimit".to_owned()).or_insert_with(|| "1".to_owned());
        shown.retain(|name, _| names.is_empty() || names.contains(name));
        shown
    }

    /// A phone has answered: with a word of these it wants no more texts.
    pub(super) fn answered(&mut self, text: &PhoneText) {
        let word = text.body.trim().to_uppercase();
        if STOP.contains(&word.as_str()) {
            self.opted_out.insert(text.from.clone());
        }
    }

    /// Adds a number to the sandbox, or sends its code again.
    pub(super) fn add(&mut self, ctx: &mut Context<'_>, number: &str) -> Result<(), SnsError> {
        if self.opted_out.contains(number) {
            return Err(SnsError::OptedOut(number.to_owned()));
        }
        if !self.sandbox.contains_key(number) && self.sandbox.len() >= SANDBOX_NUMBERS_MAX {
            return Err(SnsError::SandboxFull);
        }
        let code = format!("{:06}", ctx.ids().next_u64() % 1_000_000);
        let body = format!("Your AWS verification code is {code}");
        self.sandbox.insert(number.to_owned(), SandboxNumber { code, verified: false });
        ctx.post(Letter { body, ..letter(ctx.arn("sms").to_string(), "sms", number) });
        Ok(())
    }
}

/// A letter whose texts are to be filled in.
pub(super) fn letter(from: String, protocol: &str, to: &str) -> Letter {
    Letter {
        number: 0,
        at: Default::default(),
        scope: crate::kernel::Scope::new("", ""),
        from,
        protocol: protocol.to_owned(),
        to: to.to_owned(),
        subject: None,
        body: String::new(),
        message_id: None,
    }
}

/// Whether attributes are ones that AWS knows, with values that it takes.
pub(super) fn check(given: &BTreeMap<String, String>) -> Result<(), SnsError> {
    given.iter().try_for_each(|(name, value)| check_setting(name, value))
}

fn check_setting(name: &str, value: &str) -> Result<(), SnsError> {
    let good = match name {
        "DefaultSMSType" => matches!(value, "Promotional" | "Transactional"),
        "DeliveryStatusSuccessSamplingRate" => value.parse().is_ok_and(|rate: u32| rate <= 100),
        "MonthlySpendLimit" => value.parse::<u32>().is_ok(),
        "DefaultSenderID" => {
            let letters = value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            letters && value.len() <= 11
        }
        _ if SETTINGS.contains(&name) => value.len() <= 2048,
        _ => {
            let reason = format!("Attributes Reason: {name} is not a valid attribute");
            return Err(SnsError::parameter(reason));
        }
    };
    let wrong = || SnsError::parameter(format!("Attributes Reason: {name} has an invalid value"));
    if good { Ok(()) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::number;

    /// Recorded on 2023-08-25 and 2025-10-06, but for the separators.
    #[test]
    fn numbers_of_phones() {
        for (text, kept) in [
            ("+15551234567", Some("+15551234567")),
            ("1-555.123 4567", Some("+15551234567")),
            ("+15--551234567", None),
            ("NAA+15551234567", None),
            ("+15551234567.", None),
            ("/+15551234567", None),
            ("+1a234", None),
            ("+", None),
            ("", None),
            ("+123456789012345678901", None),
        ] {
            assert_eq!(number(text).as_deref(), kept, "{text}");
        }
    }
}
