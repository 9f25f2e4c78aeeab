//! Who listens to the notifications, and to which of them. Pure.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::notifications::{Audience, Priority};
use crate::config::Names;
use crate::contracts::EventType;
use crate::domain::CustomerId;

/// Longest name; with the longest prefix its queue's name stays below SQS's 80 characters.
pub const NAME_LENGTH_MAX: usize = 40;
/// Product of the numbers of values. Source: developer guide, "Filter policy constraints".
pub const COMBINATIONS_MAX: usize = 150;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    pub name: SubscriberName,
    pub filter: Filter,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SubscriberName(String);

/// Which notifications a subscriber gets: those with one of the values in each list that is not
/// empty. Written as JSON it is an SNS filter policy on message attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    pub audience: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub priority: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub event_type: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub customer_id: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSubscriber {
    #[error(
        "a subscriber's name has 1 to {NAME_LENGTH_MAX} lower-case letters, digits or '-' and \
         starts with a letter, got {0:?}"
    )]
    Name(String),
    #[error("{0:?} is the name of a queue that the system has for itself")]
    Taken(String),
    #[error("an audience is needed: customer, staff or both")]
    NoAudience,
    #[error("{value:?} is no {what}{hint}")]
    Value { what: &'static str, value: String, hint: String },
    #[error("only messages to customers name a customer, so the audience must be customer")]
    CustomerOfStaff,
    #[error("a filter has at most {COMBINATIONS_MAX} combinations of values, not {0}")]
    TooMany(usize),
}

impl SubscriberName {
    /// Parses a name from outside.
    pub fn parse(text: &str) -> Result<Self, InvalidSubscriber> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let fits = text.len() <= NAME_LENGTH_MAX && text.chars().all(plain);
        if !fits || !text.starts_with(|c: char| c.is_ascii_lowercase()) {
            let text = text.chars().take(NAME_LENGTH_MAX + 1).collect();
            return Err(InvalidSubscriber::Name(text));
        }
        if Names::is_taken(text) {
            return Err(InvalidSubscriber::Taken(text.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SubscriberName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Filter {
    /// The same, sorted and without repetitions, if it makes sense.
    pub fn checked(mut self) -> Result<Self, InvalidSubscriber> {
        if self.audience.is_empty() {
            return Err(InvalidSubscriber::NoAudience);
        }
        let audiences = [Audience::Customer, Audience::Staff].map(Audience::as_str);
        let priorities = [Priority::Normal, Priority::High].map(Priority::as_str);
        one_of("audience", &self.audience, &audiences)?;
        one_of("priority", &self.priority, &priorities)?;
        let wrong = |what, value: &String| {
            Err(InvalidSubscriber::Value { what, value: value.clone(), hint: String::new() })
        };
        if let Some(value) = self.event_type.iter().find(|value| EventType::parse(value).is_none())
        {
            return wrong("event type", value);
        }
        if let Some(value) = self.customer_id.iter().find(|id| CustomerId::parse(id).is_err()) {
            return wrong("customer id", value);
        }
        let customer = Audience::Customer.as_str();
        if !self.customer_id.is_empty() && self.audience.iter().any(|one| one != customer) {
            return Err(InvalidSubscriber::CustomerOfStaff);
        }
        let mut combinations = 1_usize;
        let lists =
            [&mut self.audience, &mut self.priority, &mut self.event_type, &mut self.customer_id];
        for list in lists {
            list.sort_unstable();
            list.dedup();
            combinations = combinations.saturating_mul(list.len().max(1));
        }
        if combinations > COMBINATIONS_MAX {
            return Err(InvalidSubscriber::TooMany(combinations));
        }
        Ok(self)
    }

    /// The filter policy.
    pub fn policy(&self) -> String {
        serde_json::to_string(self).expect("plain fields always serialise")
    }
}

/// The subscribers that every system has: mail to customers and staff, and the staff's pager.
pub fn defaults() -> [Subscriber; 3] {
    let with = |name: &str, audience: Audience, priority: Option<Priority>| Subscriber {
        name: SubscriberName(name.to_owned()),
        filter: Filter {
            audience: vec![audience.as_str().to_owned()],
            priority: priority.iter().map(|one| one.as_str().to_owned()).collect(),
            ..Filter::default()
        },
    };
    [
        with("customer-mail", Audience::Customer, None),
        with("staff-mail", Audience::Staff, None),
        with("staff-pager", Audience::Staff, Some(Priority::High)),
    ]
}

fn one_of(what: &'static str, values: &[String], known: &[&str]) -> Result<(), InvalidSubscriber> {
    match values.iter().find(|value| !known.contains(&value.as_str())) {
        Some(value) => {
            let hint = format!("; there are {}", known.join(", "));
            Err(InvalidSubscriber::Value { what, value: value.clone(), hint })
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(audience: &[&str]) -> Filter {
        let audience = audience.iter().map(|&one| one.to_owned()).collect();
        Filter { audience, ..Filter::default() }
    }

    fn refused(filter: Filter, why: &str) {
        let error = filter.checked().expect_err(why).to_string();
        assert!(error.contains(why), "{error}");
    }

    #[test]
    fn a_name_makes_a_queue_that_nobody_else_has() {
        for good in ["a", "crm-2", "customer-mail"] {
            assert!(SubscriberName::parse(good).is_ok(), "{good}");
        }
        let long = "x".repeat(NAME_LENGTH_MAX + 1);
        for bad in ["", "Crm", "2crm", "c_m", "-a", long.as_str()] {
            let parsed = SubscriberName::parse(bad);
            assert!(matches!(parsed, Err(InvalidSubscriber::Name(_))), "{bad}");
        }
        for taken in ["orders", "quote-requests", "crm-dlq", "quote-replies-1", "alerts"] {
            let parsed = SubscriberName::parse(taken);
            assert!(matches!(parsed, Err(InvalidSubscriber::Taken(_))), "{taken}");
        }
    }

    #[test]
    fn a_filter_is_a_policy_of_sorted_values() {
        let mut wanted = filter(&["customer", "customer"]);
        wanted.event_type = vec!["Order Shipped".into(), "Order Placed".into()];
        wanted.customer_id = vec!["ann".into()];
        let policy = wanted.checked().expect("a filter").policy();
        let expected = r#"{"audience":["customer"],"event_type":["Order Placed","Order Shipped"],"#;
        assert_eq!(policy, format!("{expected}\"customer_id\":[\"ann\"]}}"));
    }

    #[test]
    fn filters_that_make_no_sense_are_refused_with_a_reason() {
        refused(filter(&[]), "an audience is needed");
        refused(filter(&["boss"]), "\"boss\" is no audience; there are customer, staff");
        let ann = vec!["ann".to_owned()];
        let staff = filter(&["customer", "staff"]);
        refused(Filter { customer_id: ann, ..staff }, "must be customer");
        let with = || filter(&["customer"]);
        let list = |value: &str| vec![value.to_owned()];
        refused(Filter { priority: list("low"), ..with() }, "is no priority; there are normal");
        refused(Filter { event_type: list("Order Lost"), ..with() }, "is no event type");
        refused(Filter { customer_id: list("a b"), ..with() }, "is no customer id");
        let many = (0..151).map(|number| format!("c-{number}")).collect();
        refused(Filter { customer_id: many, ..with() }, "at most 150 combinations");
    }
}
