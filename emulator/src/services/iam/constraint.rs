//! What the members of IAM's requests must be: the model's shapes, and IAM's own sentences for the
//! letters of names.

use super::error::IamError;
use super::shapes::Tag;
use super::tagging::TAGS_MAX;
use crate::services::shared::constraint::{Broken, Constraints};

/// Entries of one page.
const PAGE: (i32, i32) = (1, 1000);
const PATH_CHARACTERS: (usize, usize) = (1, 512);
const ARN_CHARACTERS: (usize, usize) = (20, 2048);
const DESCRIPTION_CHARACTERS: (usize, usize) = (0, 1000);
const DOCUMENT_CHARACTERS: (usize, usize) = (1, 131_072);
const TAG_KEY_CHARACTERS: (usize, usize) = (1, 128);
const TAG_VALUE_CHARACTERS: (usize, usize) = (0, 256);
const SESSION_SECONDS: (i32, i32) = (3600, 43_200);
const SIGNIN_SECONDS: (i32, i32) = (3600, 7_776_000);

pub(super) const NAME_64: usize = 64;
pub(super) const NAME_128: usize = 128;

impl From<Broken> for IamError {
    fn from(Broken(text): Broken) -> Self {
        Self::Validation(text)
    }
}

/// The constraints that a request breaks, so far.
#[derive(Debug, Default)]
pub(super) struct Check {
    constraints: Constraints,
    /// IAM's own sentence about the first text with letters that it must not have.
    letters: Option<String>,
}

impl Check {
    /// # Errors
    /// `ValidationError`: the broken constraints of the model, else the letters.
    pub(super) fn done(self) -> Result<(), IamError> {
        self.constraints.done()?;
        self.letters.map_or(Ok(()), |text| Err(IamError::Validation(text)))
    }

    pub(super) fn required<T>(&mut self, member: &str, value: Option<&T>) {
        self.constraints.required(member, value);
    }

    pub(super) fn one_of(&mut self, member: &str, value: Option<&str>, allowed: &[&str]) {
        self.constraints.one_of(member, value, allowed);
    }

    pub(super) fn length(&mut self, member: &str, value: Option<&str>, bounds: (usize, usize)) {
        self.constraints.length(member, value, bounds);
    }

    /// A name that must be there.
    pub(super) fn name(&mut self, member: &str, value: Option<&String>, max: usize) {
        self.required(member, value);
        self.optional_name(member, value.map(String::as_str), max);
    }

    pub(super) fn optional_name(&mut self, member: &str, value: Option<&str>, max: usize) {
        self.length(member, value, (1, max));
        let takes = |it: char| it.is_ascii_alphanumeric() || "_+=,.@-".contains(it);
        self.letters(
            member,
            value.is_none_or(|text| text.chars().all(takes)),
            || "It must contain only alphanumeric characters and/or the following: +=,.@_-",
        );
    }

    pub(super) fn path(&mut self, member: &str, value: Option<&str>) {
        self.length(member, value, PATH_CHARACTERS);
        let takes = |text: &str| {
            text.len() < 2
                || text.ends_with('/') && text.bytes().all(|byte| byte.is_ascii_graphic())
        };
        let fits = value.is_none_or(|text| text.starts_with('/') && takes(text));
        self.letters(member, fits, || {
            "It must begin and end with / and contain only alphanumeric characters and/or / \
             characters."
        });
    }

    /// What a path must begin with.
    pub(super) fn path_prefix(&mut self, value: Option<&str>) {
        self.length("pathPrefix", value, PATH_CHARACTERS);
        let takes = |text: &str| text.bytes().all(|byte| (0x21..=0x7f).contains(&byte));
        let fits = value.is_none_or(|text| text.starts_with('/') && takes(text));
        self.letters("pathPrefix", fits, || "It must begin with /.");
    }

    pub(super) fn arn(&mut self, member: &str, value: Option<&str>) {
        self.length(member, value, ARN_CHARACTERS);
    }

    pub(super) fn required_arn(&mut self, member: &str, value: Option<&String>) {
        self.required(member, value);
        self.arn(member, value.map(String::as_str));
    }

    pub(super) fn description(&mut self, value: Option<&str>) {
        self.length("description", value, DESCRIPTION_CHARACTERS);
        let takes = |it: char| matches!(it, '\t' | '\n' | '\r' | ' '..='~' | '\u{a1}'..='\u{ff}');
        self.letters(
            "description",
            value.is_none_or(|text| text.chars().all(takes)),
            || "It must contain only printable characters of Latin-1.",
        );
    }

    /// A policy document that must be there.
    pub(super) fn document(&mut self, member: &str, value: Option<&String>) {
        self.required(member, value);
        let value = value.map(String::as_str);
        let count = value.map_or(1, |text| text.chars().count());
        // A document is not repeated in an error.
        self.constraints.count(member, "", count, DOCUMENT_CHARACTERS);
        let takes = |it: char| matches!(it, '\t' | '\n' | '\r' | ' '..='\u{ff}');
        self.letters(
            member,
            value.is_none_or(|text| text.chars().all(takes)),
            || "It must contain only printable ASCII characters.",
        );
    }

    pub(super) fn session_seconds(&mut self, value: Option<i32>) {
        self.constraints.range("maxSessionDuration", value, SESSION_SECONDS);
    }

    pub(super) fn signin_seconds(&mut self, value: Option<i32>) {
        self.constraints.range("maxSigninSessionDuration", value, SIGNIN_SECONDS);
    }

    pub(super) fn max_items(&mut self, value: Option<i32>) {
        self.constraints.range("maxItems", value, PAGE);
    }

    pub(super) fn tags(&mut self, tags: Option<&[Tag]>) {
        let tags = tags.unwrap_or_default();
        let shown: Vec<String> = tags.iter().map(|tag| format!("{:?}", tag.key)).collect();
        self.constraints.entries("tags", &shown, (0, TAGS_MAX));
        for (number, tag) in (1..).zip(tags.iter().take(TAGS_MAX)) {
            let key = format!("tags.{number}.member.key");
            self.required(&key, tag.key.as_ref());
            self.tag_text(&key, tag.key.as_deref(), TAG_KEY_CHARACTERS);
            let value = format!("tags.{number}.member.value");
            self.required(&value, tag.value.as_ref());
            self.tag_text(&value, tag.value.as_deref(), TAG_VALUE_CHARACTERS);
        }
    }

    pub(super) fn tag_keys(&mut self, keys: Option<&Vec<String>>) {
        self.required("tagKeys", keys);
        let keys = keys.map_or(&[][..], Vec::as_slice);
        self.constraints.entries("tagKeys", keys, (0, TAGS_MAX));
        for (number, key) in (1..).zip(keys.iter().take(TAGS_MAX)) {
            let member = format!("tagKeys.{number}.member");
            self.tag_text(&member, Some(key), TAG_KEY_CHARACTERS);
        }
    }

    fn tag_text(&mut self, member: &str, value: Option<&str>, bounds: (usize, usize)) {
        let Some(text) = value else { return };
        self.length(member, value, bounds);
        let takes = |letter: char| {
            let separator = letter == ' ' || (!letter.is_ascii() && letter.is_whitespace());
            letter.is_alphanumeric() || separator || "_.:/=+-@".contains(letter)
        };
        if !text.chars().all(takes) {
            let end = if bounds.0 == 0 { '*' } else { '+' };
            let pattern = format!("[\\p{{L}}\\p{{Z}}\\p{{N}}_.:/=+\\-@]{end}");
            let constraint = format!("Member must satisfy regular expression pattern: {pattern}");
            self.constraints.broken(member, format_args!(" '{text}'"), constraint);
        }
    }

    /// Source: users' reports of AWS's answers.
    fn letters(&mut self, member: &str, fits: bool, rule: fn() -> &'static str) {
        if !fits && self.letters.is_none() {
            let text = format!("The specified value for {member} is invalid. {}", rule());
            self.letters = Some(text);
        }
    }
}
