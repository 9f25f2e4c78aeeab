//! What a system looks like as a graph: its places, and the ways by which something goes from one
//! to another. Each service tells of its own ([`super::Hooks::map`]) when somebody looks.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

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
    pub figures: Figures,
}

/// A few figures by name. There may be ten thousand places, whose figures are counted whenever
/// somebody looks: so they take no room of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures([Option<(&'static str, u64)>; Figures::MOST]);

impl Figures {
    const MOST: usize = 4;

    /// Adds a figure that is not there yet.
    ///
    /// # Panics
    /// When there are four already.
    pub(crate) fn insert(&mut self, name: &'static str, count: u64) {
        let free = self.0.iter_mut().find(|held| held.is_none());
        *free.expect("no place has more figures") = Some((name, count));
    }

    /// The figure of that name.
    pub fn get(&self, name: &str) -> Option<u64> {
        self.iter().find(|(known, _)| *known == name).map(|(_, count)| count)
    }

    /// All figures, in the order in which they were counted.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.0.iter().copied().flatten()
    }
}

impl Serialize for Figures {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
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
    pub(crate) fn place(&mut self, arn: &str) -> &mut Place {
        let (arn, figures) = (place_of(arn).into_owned(), Figures::default());
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
        let [from, to] = [from.to_string(), to.to_string()].map(|end| match place_of(&end) {
            Cow::Owned(place) => place,
            Cow::Borrowed(_) => end,
        });
        self.ways.push(Way { from, to, kind, note });
    }
}

/// Which place of the graph an ARN belongs to: a version of a function to the function, an
/// execution to its machine, a table's stream to the table, a subscription to its topic.
pub fn place_of(arn: &str) -> Cow<'_, str> {
    let mut parts = arn.splitn(6, ':');
    let Some(service) = parts.nth(2) else { return Cow::Borrowed(arn) };
    let Some(resource) = parts.nth(2) else { return Cow::Borrowed(arn) };
    let mut words = resource.splitn(3, ':');
    let (kind, name) = (words.next().unwrap_or_default(), words.next());
    let whole = match (service, name) {
        ("states", Some(name)) if matches!(kind, "execution" | "express") => {
            format!("stateMachine:{name}")
        }
        ("lambda" | "states" | "logs", Some(name)) => format!("{kind}:{name}"),
        ("sns", Some(_)) => kind.to_owned(),
        ("dynamodb", _) => resource.split('/').take(2).collect::<Vec<_>>().join("/"),
        _ => return Cow::Borrowed(arn),
    };
    let before = &arn[..arn.len() - resource.len()];
    Cow::Owned([before, &whole].concat())
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
