//! What a row of a REST service's table says of its operation: method, path, and which members
//! stand where.

use http::Method;
use http::request::Parts;

/// Where the members of an operation stand; those that have no binding stand in the body.
#[derive(Clone, Debug)]
pub struct Route {
    pub method: Method,
    /// As in the model: `/schedules/{Name}`, `/tags/{Arn+}` (a greedy label takes slashes too),
    /// `/layers?find=LayerVersion`.
    pub uri: &'static str,
    segments: Vec<Segment>,
    /// Parameters that must be there, and their values.
    literals: Vec<(&'static str, &'static str)>,
    /// The status of a successful answer.
    pub status: u16,
    pub request: Vec<Binding>,
    pub response: Vec<Binding>,
    /// Bytes that a body may have where it is more than usual.
    pub body_bytes_max: Option<usize>,
    /// It takes requests as a whole ([`super::Whole`]), those of hosts with this label.
    pub whole: Option<&'static str>,
}

/// A part of a path between two slashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Segment {
    Literal(&'static str),
    Label(&'static str),
    Greedy(&'static str),
}

/// One member outside of a JSON body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    pub member: &'static str,
    pub place: Place,
    pub kind: Kind,
}

/// Where a member stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Label,
    /// A parameter of the query, with its name.
    Query(&'static str),
    /// A header, with its name.
    Header(&'static str),
    /// It is the body, as bytes.
    Payload,
    /// It is the answer's status.
    Status,
    /// It is all headers of the answer, as pairs.
    Headers,
}

/// How a member outside of a body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Boolean,
    /// A parameter that may be there several times.
    List,
    Blob,
}

impl Route {
    /// The route of an operation; its answers have the status 200.
    pub fn new(method: Method, uri: &'static str) -> Self {
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let segments: Vec<Segment> = parts_of(path).map(Segment::of).collect();
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let literals = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
        let labels = segments.iter().filter_map(|it| it.label());
        let request = labels
            .map(|member| Binding { member, place: Place::Label, kind: Kind::Text })
            .collect();
        Self {
            method,
            uri,
            segments,
            literals,
            status: 200,
            request,
            response: Vec::new(),
            body_bytes_max: None,
            whole: None,
        }
    }

    /// The route of an operation that takes whole requests, and answers with whole responses.
    pub fn whole(label: &'static str) -> Self {
        let headers = Binding { member: "Headers", place: Place::Headers, kind: Kind::List };
        let route = Self { whole: Some(label), ..Self::new(Method::GET, "/") };
        route.answers_status("Status").answers(headers).answers_payload("Body")
    }

    /// A member that is a parameter of the query.
    #[must_use]
    pub fn query(self, name: &'static str, member: &'static str, kind: Kind) -> Self {
        self.bound(Binding { member, place: Place::Query(name), kind })
    }

    /// A member that is a header.
    #[must_use]
    pub fn header(self, name: &'static str, member: &'static str) -> Self {
        self.bound(Binding { member, place: Place::Header(name), kind: Kind::Text })
    }

    /// A member that is the whole body.
    #[must_use]
    pub fn payload(self, member: &'static str) -> Self {
        self.bound(Binding { member, place: Place::Payload, kind: Kind::Blob })
    }

    /// A label that is a number.
    #[must_use]
    pub fn integer_label(mut self, member: &'static str) -> Self {
        let label = self.request.iter_mut().find(|it| it.member == member);
        label.expect("the path has that label").kind = Kind::Integer;
        self
    }

    /// Successful answers have another status than 200.
    #[must_use]
    pub fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// Bodies may have so many bytes, which is more than usual.
    #[must_use]
    pub fn takes(self, body_bytes_max: usize) -> Self {
        Self { body_bytes_max: Some(body_bytes_max), ..self }
    }

    /// A member of the answer that is its status.
    #[must_use]
    pub fn answers_status(self, member: &'static str) -> Self {
        self.answers(Binding { member, place: Place::Status, kind: Kind::Integer })
    }

    /// A member of the answer that is a header.
    #[must_use]
    pub fn answers_header(self, name: &'static str, member: &'static str) -> Self {
        self.answers(Binding { member, place: Place::Header(name), kind: Kind::Text })
    }

    /// A member of the answer that is its body.
    #[must_use]
    pub fn answers_payload(self, member: &'static str) -> Self {
        self.answers(Binding { member, place: Place::Payload, kind: Kind::Blob })
    }

    fn bound(mut self, binding: Binding) -> Self {
        self.request.push(binding);
        self
    }

    fn answers(mut self, binding: Binding) -> Self {
        self.response.push(binding);
        self
    }

    /// How well it fits a request: the more of it is literal the better. None: not at all.
    pub fn fits(&self, parts: &Parts) -> Option<usize> {
        if parts.method != self.method || self.whole.is_some() {
            return None;
        }
        self.labels(parts.uri.path())?;
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        let has = |(name, value): &(&str, &str)| {
            super::super::form::parameter(query, name).is_some_and(|it| it == *value)
        };
        if !self.literals.iter().all(has) {
            return None;
        }
        let literal = self.segments.iter().filter(|it| it.label().is_none()).count();
        Some(literal + self.literals.len())
    }

    /// What stands for the labels of its path, encoded as it was sent. None: the path is another.
    pub(super) fn labels<'p>(&self, path: &'p str) -> Option<Vec<(&'static str, &'p str)>> {
        let mut labels = Vec::new();
        let mut rest = path.trim_matches('/');
        for (at, segment) in self.segments.iter().enumerate() {
            let (first, after) = rest.split_once('/').unwrap_or((rest, ""));
            match segment {
                Segment::Literal(text) if first == *text => rest = after,
                Segment::Label(name) if !first.is_empty() => {
                    labels.push((*name, first));
                    rest = after;
                }
                Segment::Greedy(name) => {
                    // Of what follows a greedy label every part takes one of the path's.
                    let follow = self.segments.len() - at - 1;
                    let end = ends_before(rest, follow)?;
                    labels.push((*name, &rest[..end]));
                    rest = rest[end..].trim_start_matches('/');
                }
                _ => return None,
            }
        }
        rest.is_empty().then_some(labels)
    }
}

impl Segment {
    fn of(text: &'static str) -> Self {
        let label = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        match label {
            Some(name) => name.strip_suffix('+').map_or(Self::Label(name), Self::Greedy),
            None => Self::Literal(text),
        }
    }

    fn label(self) -> Option<&'static str> {
        match self {
            Self::Literal(_) => None,
            Self::Label(name) | Self::Greedy(name) => Some(name),
        }
    }
}

fn parts_of(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/').filter(|part| !part.is_empty())
}

/// Where the part of a path ends that leaves `follow` parts behind it; it is not empty.
fn ends_before(path: &str, follow: usize) -> Option<usize> {
    let mut end = path.len();
    for _ in 0..follow {
        end = path[..end].rfind('/')?;
    }
    (end > 0).then_some(end)
}
