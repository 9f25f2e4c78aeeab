//! What a system looks like as a graph: its places, and the ways by which something goes from one
//! to another. Each service tells of its own ([`super::Hooks::map`]) when somebody looks.

use std::collections::BTreeMap;

use serde::Serialize;

/// A queue, topic, bus, rule, function, machine, table, pipe, schedule or alarm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Place {
    pub arn: String,
    /// What is worth knowing of it now: `ALARM`, `disabled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The note tells of something that nobody wants.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_bad: bool,
    /// What it holds: messages that are `visible`, `in_flight`, `delayed`, items, runs under way;
    /// `oldest` is a time in milliseconds since 1970.
    pub figures: BTreeMap<&'static str, u64>,
}

/// A way from one place to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Way {
    /// ARNs, or the address of a server.
    pub from: String,
    pub to: String,
    pub kind: WayKind,
    /// What goes by it, in short: a pattern, a filter policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a way is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WayKind {
    /// From a bus to its rule.
    Rule,
    /// From a rule, schedule or pipe to what it calls.
    Target,
    Subscription,
    /// From what a pipe or an event source mapping polls.
    Polled,
    /// From an alarm, for one of its states; from a function, for what its events came to; from a
    /// log group.
    Destination,
    DeadLetters,
}

/// The graph.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Topology {
    pub places: Vec<Place>,
    pub ways: Vec<Way>,
}

impl Topology {
    pub(crate) fn place(&mut self, arn: impl ToString) -> &mut Place {
        let (arn, figures) = (place_of(&arn.to_string()), BTreeMap::new());
        self.places.push(Place { arn, note: None, is_bad: false, figures });
        self.places.last_mut().expect("it was just put there")
    }

    pub(crate) fn way(&mut self, from: impl ToString, to: impl ToString, kind: WayKind) {
        self.way_with(from, to, (kind, None));
    }

    pub(crate) fn way_with(
        &mut self,
        from: impl ToString,
        to: impl ToString,
        (kind, note): (WayKind, Option<String>),
    ) {
        let (from, to) = (place_of(&from.to_string()), place_of(&to.to_string()));
        self.ways.push(Way { from, to, kind, note });
    }
}

/// Which place of the graph an ARN belongs to: a version of a function to the function, an
/// execution to its machine, a table's stream to the table, a subscription to its topic.
pub fn place_of(arn: &str) -> String {
    let mut parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [_, _, service, _, _, resource] = parts[..] else { return arn.to_owned() };
    let mut words = resource.splitn(3, ':');
    let (kind, name) = (words.next().unwrap_or_default(), words.next());
    let whole = match (service, name) {
        ("states", Some(name)) if matches!(kind, "execution" | "express") => {
            format!("stateMachine:{name}")
        }
        ("lambda" | "states", Some(name)) => format!("{kind}:{name}"),
        ("logs", Some(name)) => format!("{kind}:{name}"),
        ("sns", Some(_)) => kind.to_owned(),
        ("dynamodb", _) => resource.split('/').take(2).collect::<Vec<_>>().join("/"),
        _ => return arn.to_owned(),
    };
    parts[5] = &whole;
    parts.join(":")
}

#[cfg(test)]
mod tests {
    use super::place_of;

    #[test]
    fn what_belongs_to_a_place_is_shown_there() {
        let check = |arn: &str, place: &str| {
            let whole = |resource: &str| {
                let (service, rest) = resource.split_once(' ').unwrap();
                format!("arn:aws:{service}:eu-west-1:000000000000:{rest}")
            };
            assert_eq!(place_of(&whole(arn)), whole(place));
        };
        check("sqs orders", "sqs orders");
        check("sns news", "sns news");
        check("sns news:0b1c", "sns news");
        check("lambda function:f:live", "lambda function:f");
        check("lambda function:f", "lambda function:f");
        check("states execution:m:run", "states stateMachine:m");
        check("states express:m:run:0b1c", "states stateMachine:m");
        check("states stateMachine:m:3", "states stateMachine:m");
        check("dynamodb table/t/stream/2026", "dynamodb table/t");
        check("logs log-group:/a/b:*", "logs log-group:/a/b");
        check("events rule/shop/paid", "events rule/shop/paid");
        assert_eq!(place_of("http://127.0.0.1:80/x"), "http://127.0.0.1:80/x");
    }
}
