//! What the members of STS's requests must be: the model's shapes, added to what every service
//! checks.

use super::error::StsError;
use super::shapes::{PolicyDescriptorType, ProvidedContext, Tag};
use crate::services::shared::constraint::Broken;
pub(super) use crate::services::shared::constraint::Constraints;

/// A pattern as the model writes it, and what it takes.
type Pattern = (&'static str, fn(&str) -> bool);

/// What a text must be; lengths are in characters.
pub(super) struct Text {
    pub(super) length: (usize, usize),
    pub(super) pattern: Option<Pattern>,
    /// Its value is not repeated in errors.
    pub(super) sensitive: bool,
}

const fn text(min: usize, max: usize) -> Text {
    Text { length: (min, max), pattern: None, sensitive: false }
}

impl Text {
    const fn of(self, pattern: &'static str, takes: fn(&str) -> bool) -> Self {
        Self { pattern: Some((pattern, takes)), ..self }
    }

    const fn secret(self) -> Self {
        Self { sensitive: true, ..self }
    }
}

/// `\w` with `+=,.@-`, and some more.
fn word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "_+=,.@-".contains(letter)
}

fn printable(letter: char) -> bool {
    matches!(letter,
        '\t' | '\n' | '\r' | '\u{20}'..='\u{7e}' | '\u{85}' | '\u{a0}'..='\u{d7ff}'
        | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn latin(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}')
}

fn path(letter: char) -> bool {
    word(letter) || ":/".contains(letter)
}

fn scope_letter(letter: char) -> bool {
    letter.is_ascii_graphic() && !"\",\\".contains(letter)
}

/// One or more of these.
fn some(text: &str, takes: fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(takes)
}

/// Letters, separators and digits of every script.
fn tag_letter(letter: char) -> bool {
    let separator = letter == ' ' || (!letter.is_ascii() && letter.is_whitespace());
    letter.is_alphanumeric() || separator || "_.:/=+-@".contains(letter)
}

const ARN_PATTERN: &str = "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\
                           \\uE000-\\uFFFD\\u10000-\\u10FFFF]+";
const POLICY_PATTERN: &str = "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+";

// Source: the model's shapes of these names.
pub(super) const ARN: Text = text(20, 2048).of(ARN_PATTERN, |text| some(text, printable));
pub(super) const ROLE_SESSION_NAME: Text =
    text(2, 64).of("[\\w+=,.@-]*", |text| text.chars().all(word));
pub(super) const USER_NAME: Text = text(2, 32).of("[\\w+=,.@-]*", |text| text.chars().all(word));
pub(super) const SOURCE_IDENTITY: Text =
    text(2, 256).of("[\\w+=,.@-]*", |text| text.chars().all(word));
pub(super) const EXTERNAL_ID: Text =
    text(2, 1224).of("[\\w+=,.@:\\/-]*", |text| text.chars().all(path));
pub(super) const SERIAL_NUMBER: Text =
    text(9, 256).of("[\\w+=/:,.@-]*", |text| text.chars().all(path));
pub(super) const TOKEN_CODE: Text =
    text(6, 6).of("[\\d]*", |text| text.bytes().all(|it| it.is_ascii_digit()));
pub(super) const SESSION_POLICY: Text = text(1, 2048).of(POLICY_PATTERN, |text| some(text, latin));
pub(super) const UNRESTRICTED_POLICY: Text =
    text(1, usize::MAX).of(POLICY_PATTERN, |text| some(text, latin));
pub(super) const TARGET_PRINCIPAL: Text = text(12, 2048);
pub(super) const ENCODED_MESSAGE: Text = text(1, 10_240);
pub(super) const ACCESS_KEY_ID: Text = text(16, 128)
    .of("[\\w]*", |text| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
pub(super) const CLIENT_TOKEN: Text = text(4, 20_000).secret();
pub(super) const SAML_ASSERTION: Text = text(4, 100_000).secret();
pub(super) const URL: Text = text(4, 2048);
const CONTEXT_ASSERTION: Text = text(4, 3072);
pub(super) const AUDIENCE: Text = text(1, 1000);
pub(super) const TOKEN_SCOPE: Text = text(1, 256).of(
    "[\\x21\\x23-\\x2B\\x2D-\\x5B\\x5D-\\x7E]+( [\\x21\\x23-\\x2B\\x2D-\\x5B\\x5D-\\x7E]+)*",
    |text| text.split(' ').all(|word| some(word, scope_letter)),
);
pub(super) const JWT_ALGORITHM: Text = text(5, 5);
pub(super) const DESCRIPTION: Text = text(2, 256)
    .of("[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*", |text| {
        text.chars().all(|letter| latin(letter) && !matches!(letter, '\u{7f}'..='\u{a0}'))
    });
const TAG_KEY: Text =
    text(1, 128).of("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+", |text| some(text, tag_letter));
const TAG_VALUE: Text =
    text(0, 256).of("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*", |text| text.chars().all(tag_letter));
const TAGS_MAX: usize = 50;
const CONTEXTS: (usize, usize) = (1, 5);
const TOKEN_SIZE: (i32, i32) = (0, 4096);

impl From<Broken> for StsError {
    fn from(Broken(text): Broken) -> Self {
        Self::Validation(text)
    }
}

impl Constraints {
    /// A text, if it is there.
    pub(in crate::services::sts) fn text(
        &mut self,
        member: &str,
        value: Option<&str>,
        wanted: &Text,
    ) {
        let Some(text) = value else { return };
        let shown = match wanted.sensitive {
            true => String::new(),
            false => format!(" '{text}'"),
        };
        if let Some((pattern, takes)) = wanted.pattern
            && !takes(text)
        {
            let constraint = format!("Member must satisfy regular expression pattern: {pattern}");
            self.broken(member, &shown, constraint);
        }
        self.count(member, &shown, text.chars().count(), wanted.length);
    }

    /// A text that must be there.
    pub(in crate::services::sts) fn required_text(
        &mut self,
        member: &str,
        value: Option<&String>,
        wanted: &Text,
    ) {
        self.required(member, value);
        self.text(member, value.map(String::as_str), wanted);
    }

    /// The member that every operation has that issues credentials.
    pub(in crate::services::sts) fn token_size(&mut self, value: Option<i32>) {
        self.range("minimumSessionTokenSize", value, TOKEN_SIZE);
    }

    pub(in crate::services::sts) fn tags(&mut self, tags: &[Tag]) {
        let shown: Vec<String> = tags.iter().map(|tag| format!("{:?}", tag.key)).collect();
        self.entries("tags", &shown, (0, TAGS_MAX));
        for (number, tag) in (1..).zip(tags.iter().take(TAGS_MAX)) {
            self.required_text(&format!("tags.{number}.member.key"), tag.key.as_ref(), &TAG_KEY);
            let value = format!("tags.{number}.member.value");
            self.required_text(&value, tag.value.as_ref(), &TAG_VALUE);
        }
    }

    pub(in crate::services::sts) fn transitive_tag_keys(&mut self, keys: &[String]) {
        self.entries("transitiveTagKeys", keys, (0, TAGS_MAX));
        for (number, key) in (1..).zip(keys.iter().take(TAGS_MAX)) {
            let member = format!("transitiveTagKeys.{number}.member");
            self.text(&member, Some(key), &TAG_KEY);
        }
    }

    pub(in crate::services::sts) fn contexts(&mut self, contexts: Option<&[ProvidedContext]>) {
        let Some(contexts) = contexts else { return };
        let shown: Vec<String> = contexts.iter().map(|it| format!("{it:?}")).collect();
        self.entries("providedContexts", &shown, CONTEXTS);
        for (number, context) in (1..).zip(contexts.iter().take(CONTEXTS.1)) {
            let member = |name: &str| format!("providedContexts.{number}.member.{name}");
            self.text(&member("providerArn"), context.provider_arn.as_deref(), &ARN);
            let assertion = context.context_assertion.as_deref();
            self.text(&member("contextAssertion"), assertion, &CONTEXT_ASSERTION);
        }
    }

    /// A session's policy, and the managed policies that go with it.
    pub(in crate::services::sts) fn policies(
        &mut self,
        policy: Option<&str>,
        wanted: &Text,
        arns: &[PolicyDescriptorType],
    ) {
        self.text("policy", policy, wanted);
        for (number, descriptor) in (1..).zip(arns) {
            let member = format!("policyArns.{number}.member.arn");
            self.text(&member, descriptor.arn.as_deref(), &ARN);
        }
    }
}
