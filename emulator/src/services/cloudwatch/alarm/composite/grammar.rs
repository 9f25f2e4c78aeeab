//! The language of rules: `ALARM(a) AND NOT (OK("b c") OR INSUFFICIENT_DATA(arn:…))`, `TRUE`,
//! `FALSE`, `AT_LEAST(2, ALARM, (a, b, c))`.
//!
//! NOT binds tighter than AND, AND tighter than OR. Names stand in double quotes where they hold
//! blanks or brackets.
//!
//! Source: API reference "PutCompositeAlarm"; user guide "Composite alarms"; the error for a token
//! that does not fit as users of AWS report it. Unverified: the other errors, and that `\` takes a
//! quote into a quoted name.

use super::rule::{AtLeast, Expression, Wanted};
use crate::services::cloudwatch::alarm::StateValue;

/// Deepest nesting of brackets and NOTs.
///
/// Unverified: AWS names no limit but that of the length.
const DEPTH_MAX: usize = 100;

/// Reads a whole rule.
///
/// # Errors
/// What is wrong, and at which character.
pub(super) fn parse(text: &str) -> Result<Expression, String> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let whole = parser.any()?;
    match parser.peek() {
        None => Ok(whole),
        Some(_) => Err(parser.unsupported()),
    }
}

struct Parser<'a> {
    text: &'a str,
    /// In bytes.
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn any(&mut self) -> Result<Expression, String> {
        let mut parts = vec![self.all()?];
        while self.takes_word("OR") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::Any(parts) })
    }

    fn all(&mut self) -> Result<Expression, String> {
        let mut parts = vec![self.one()?];
        while self.takes_word("AND") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::All(parts) })
    }

    fn one(&mut self) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(format!("Error in AlarmRule [Nested deeper than {DEPTH_MAX} levels]"));
        }
        let one = self.one_inside();
        self.depth -= 1;
        one
    }

    fn one_inside(&mut self) -> Result<Expression, String> {
        if self.takes("(") {
            let inside = self.any()?;
            self.needs(")")?;
            return Ok(inside);
        }
        let begin = self.at;
        match self.word() {
            "NOT" => Ok(Expression::Not(Box::new(self.one()?))),
            "TRUE" => Ok(Expression::Always(true)),
            "FALSE" => Ok(Expression::Always(false)),
            "AT_LEAST" => self.at_least(),
            word => {
                let Some(state) = StateValue::parse(word) else {
                    self.at = begin;
                    return Err(self.unsupported());
                };
                self.needs("(")?;
                let alarm = self.alarm()?;
                self.needs(")")?;
                Ok(Expression::Is(state, alarm))
            }
        }
    }

    /// What follows `AT_LEAST`.
    fn at_least(&mut self) -> Result<Expression, String> {
        self.needs("(")?;
        self.skip_blanks();
        let begin = self.at;
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += digits;
        let number = self.text[begin..self.at].parse::<u32>().ok().filter(|number| *number > 0);
        let wanted = match (number, self.takes("%")) {
            (Some(percent), true) if percent <= 100 => Wanted::Percent(percent),
            (Some(number), false) => Wanted::Number(number),
            _ => {
                self.at = begin;
                return Err(self.unsupported());
            }
        };
        self.needs(",")?;
        let other_than = self.takes_word("NOT");
        self.skip_blanks();
        let begin = self.at;
        let Some(state) = StateValue::parse(self.word()) else {
            self.at = begin;
            return Err(self.unsupported());
        };
        self.needs(",")?;
        self.needs("(")?;
        let mut alarms = vec![self.alarm()?];
        while self.takes(",") {
            alarms.push(self.alarm()?);
        }
        self.needs(")")?;
        self.needs(")")?;
        if matches!(wanted, Wanted::Number(number) if number as usize > alarms.len()) {
            let number = alarms.len();
            return Err(format!(
                "Error in AlarmRule [AT_LEAST wants more than its {number} alarms]"
            ));
        }
        Ok(Expression::AtLeast(AtLeast { wanted, other_than, state, alarms }))
    }

    /// An alarm's name or ARN, in quotes or without.
    fn alarm(&mut self) -> Result<String, String> {
        let name = if self.takes("\"") { self.quoted()? } else { self.bare() };
        match name.is_empty() {
            true => Err(self.unsupported()),
            false => Ok(name),
        }
    }

    /// What stands before the next quote.
    fn quoted(&mut self) -> Result<String, String> {
        let mut name = String::new();
        let mut letters = self.rest().char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.at += at + 1;
                    return Ok(name);
                }
                '\\' => name.extend(letters.next().map(|(_, letter)| letter)),
                letter => name.push(letter),
            }
        }
        self.at = self.text.len();
        Err(self.unsupported())
    }

    /// What stands before the next bracket, comma or quote, without blanks around it.
    fn bare(&mut self) -> String {
        self.skip_blanks();
        let rest = self.rest();
        let end = rest.find(['(', ')', ',', '"']).unwrap_or(rest.len());
        let name = rest[..end].trim_end().to_owned();
        self.at += end;
        name
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn peek(&mut self) -> Option<char> {
        self.skip_blanks();
        self.rest().chars().next()
    }

    /// Letters and underscores; perhaps none.
    fn word(&mut self) -> &'a str {
        self.skip_blanks();
        let rest = self.rest();
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn takes_word(&mut self, wanted: &str) -> bool {
        let begin = self.at;
        let is_it = self.word() == wanted;
        if !is_it {
            self.at = begin;
        }
        is_it
    }

    fn takes(&mut self, sign: &str) -> bool {
        self.skip_blanks();
        let is_there = self.rest().starts_with(sign);
        self.at += if is_there { sign.len() } else { 0 };
        is_there
    }

    fn needs(&mut self, sign: &str) -> Result<(), String> {
        if self.takes(sign) { Ok(()) } else { Err(self.unsupported()) }
    }

    /// The error for what stands here.
    fn unsupported(&mut self) -> String {
        self.skip_blanks();
        let at = self.text[..self.at].chars().count();
        let begin = self.at;
        let word = self.word();
        let token = match (word, self.text[begin..].chars().next()) {
            ("", None) => return format!("Error in AlarmRule [Unexpected end at char {at}]"),
            ("", Some(sign)) => sign.to_string(),
            (word, _) => word.to_owned(),
        };
        format!("Error in AlarmRule [Unsupported token '{token}' at char {at}]")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::AlarmRule;
    use super::*;

    fn holds(text: &str, alarming: &[&str]) -> bool {
        let rule = AlarmRule::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        rule.holds(&|name| {
            Some(if alarming.contains(&name) { StateValue::Alarm } else { StateValue::Ok })
        })
    }

    #[test]
    fn rules_hold_as_the_guide_says() {
        for (text, alarming, expected) in [
            ("ALARM(a)", &["a"][..], true),
            ("ALARM(\"a\")", &[], false),
            ("OK(a)AND OK(b)", &[], true),
            ("INSUFFICIENT_DATA(a)", &["a"], false),
            ("ALARM(a) AND NOT ALARM(b)", &["a"], true),
            ("ALARM(a) AND NOT ALARM(b)", &["a", "b"], false),
            ("ALARM(a) OR ALARM(b) AND ALARM(c)", &["a"], true),
            ("(ALARM(a) OR ALARM(b)) AND ALARM(c)", &["a"], false),
            ("NOT NOT ALARM( a b )", &["a b"], true),
            ("NOT ALARM(a) OR ALARM(a)", &["a"], true),
            ("TRUE AND FALSE OR TRUE", &[], true),
            ("ALARM(\"a) OR \\\"b\")", &["a) OR \"b"], true),
            ("ALARM(arn:aws:cloudwatch:us-east-1:000000000000:alarm:a)", &[], false),
            ("AT_LEAST(2, ALARM, (a, b, c))", &["a", "c"], true),
            ("AT_LEAST(2, ALARM, (a, b, c))", &["a"], false),
            ("AT_LEAST(50%, OK, (a, \"b\", c))", &["a", "b"], false),
            ("AT_LEAST(60%, NOT OK, (a, b, c)) AND TRUE", &["a", "b"], true),
            ("NOT AT_LEAST(1,ALARM,(a))", &[], true),
        ] {
            assert_eq!(holds(text, alarming), expected, "{text} {alarming:?}");
        }
    }

    #[test]
    fn what_is_no_rule_is_refused_where_it_begins_to_be_wrong() {
        for (text, error) in [
            ("()", "Unsupported token ')' at char 1"),
            ("", "Unexpected end at char 0"),
            ("alarm(a)", "Unsupported token 'alarm' at char 0"),
            ("ALARM(a) XOR OK(b)", "Unsupported token 'XOR' at char 9"),
            ("ALARM(a) AND", "Unexpected end at char 12"),
            ("ALARM()", "Unsupported token ')' at char 6"),
            ("ALARM(\"a", "Unexpected end at char 8"),
            ("ALARM a", "Unsupported token 'a' at char 6"),
            ("AT_LEAST(0, ALARM, (a))", "Unsupported token '0' at char 9"),
            ("AT_LEAST(101%, ALARM, (a))", "Unsupported token '101' at char 9"),
            ("AT_LEAST(1, TRUE, (a))", "Unsupported token 'TRUE' at char 12"),
            ("AT_LEAST(2, OK, (a))", "AT_LEAST wants more than its 1 alarms"),
            ("ALARM(ä) ÄND", "Unsupported token 'Ä' at char 9"),
        ] {
            let expected = format!("Error in AlarmRule [{error}]");
            assert_eq!(AlarmRule::parse(text).unwrap_err(), expected, "{text}");
        }
        let deep = format!("{}TRUE{}", "(".repeat(5000), ")".repeat(5000));
        assert!(AlarmRule::parse(&deep).unwrap_err().contains("deeper than 100"));
        let deep = "NOT ".repeat(2500) + "TRUE";
        assert!(AlarmRule::parse(&deep).unwrap_err().contains("deeper than 100"));
    }

    /// A rule's text, and what it comes to, computed beside it.
    fn drawn() -> impl Strategy<Value = (String, bool)> {
        let leaf = prop_oneof![
            (0..3_usize, 0..3_usize).prop_map(|(alarm, state)| {
                let names = ["ALARM", "OK", "INSUFFICIENT_DATA"];
                (format!("{}(a{alarm})", names[state]), alarm == state)
            }),
            any::<bool>().prop_map(|it| (if it { "TRUE" } else { "FALSE" }.to_owned(), it)),
        ];
        leaf.prop_recursive(5, 40, 3, |inner| {
            let pair = (inner.clone(), inner.clone());
            prop_oneof![
                inner.prop_map(|(text, it)| (format!("NOT ({text})"), !it)),
                pair.clone().prop_map(|(a, b)| (format!("({}) AND ({})", a.0, b.0), a.1 && b.1)),
                pair.prop_map(|(a, b)| (format!("({} )OR( {})", a.0, b.0), a.1 || b.1)),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_rule_is_what_its_parts_are((text, expected) in drawn()) {
            let states = BTreeMap::from([
                ("a0", StateValue::Alarm), ("a1", StateValue::Ok),
                ("a2", StateValue::InsufficientData),
            ]);
            let rule = AlarmRule::parse(&text).unwrap();
            prop_assert_eq!(rule.holds(&|name| states.get(name).copied()), expected);
        }

        #[test]
        fn no_text_is_too_much(text in r#"[ ()",%0-9A-Z_a"\\ä]{0,60}"#) {
            if let Ok(rule) = AlarmRule::parse(&text) {
                prop_assert_eq!(AlarmRule::parse(&String::from(rule.clone())), Ok(rule));
            }
        }
    }
}
