//! Something of a state as it is written down, whatever its type is.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// Longest value that is told, in characters.
const CHARACTERS_MAX: usize = 60;

/// Something written down.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// `None` for what is absent.
    Value(Option<String>),
    Bytes(Vec<u8>),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    /// As a key of a list of pairs, or a value that is told.
    pub(super) fn key(&self) -> Option<String> {
        match self {
            Self::Value(value) => value.clone(),
            Self::List(parts) => {
                let parts: Option<Vec<String>> = parts.iter().map(Self::key).collect();
                parts.map(|parts| parts.join(" "))
            }
            Self::Bytes(_) | Self::Map(_) => None,
        }
    }

    /// A list of pairs is a map whose keys are no text.
    pub(super) fn entries(&self) -> Option<BTreeMap<String, &Node>> {
        match self {
            Self::Map(entries) => {
                Some(entries.iter().map(|(name, node)| (name.clone(), node)).collect())
            }
            Self::List(pairs) if !pairs.is_empty() => {
                let pair = |pair: &'_ Node| match pair {
                    Self::List(pair) if pair.len() == 2 => pair[0].key(),
                    _ => None,
                };
                let keys: Option<Vec<String>> = pairs.iter().map(pair).collect();
                let values = pairs.iter().filter_map(|pair| match pair {
                    Self::List(pair) => pair.get(1),
                    _ => None,
                });
                let entries: BTreeMap<_, _> = keys?.into_iter().zip(values).collect();
                (entries.len() == pairs.len()).then_some(entries)
            }
            Self::List(_) => Some(BTreeMap::new()),
            Self::Value(None) => Some(BTreeMap::new()),
            Self::Value(Some(_)) | Self::Bytes(_) => None,
        }
    }

    pub(super) fn shown(&self) -> String {
        let text = match self {
            Self::Value(None) => "nothing".to_owned(),
            Self::Value(Some(value)) => value.clone(),
            Self::Bytes(bytes) => format!("{} bytes", bytes.len()),
            Self::List(list) => format!("a list of {}", list.len()),
            Self::Map(map) => match map.first() {
                Some((name, _)) if map.len() == 1 => words(name),
                _ => format!("{} members", map.len()),
            },
        };
        let short: String = text.chars().take(CHARACTERS_MAX).collect();
        if short.len() < text.len() { short + "…" } else { short }
    }
}

/// A member's name as words.
pub(super) fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// A duration, which people know in seconds.
fn duration(entries: &[(String, Node)]) -> Option<Node> {
    let [(secs, Node::Value(Some(seconds))), (nanos, Node::Value(Some(rest)))] = entries else {
        return None;
    };
    if (secs.as_str(), nanos.as_str()) != ("secs", "nanos") {
        return None;
    }
    let nanos: u32 = rest.parse().ok()?;
    let millis = nanos / 1_000_000;
    let text =
        if millis == 0 { format!("{seconds} s") } else { format!("{seconds}.{millis:03} s") };
    Some(Node::Value(Some(text)))
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Value(Some(value.to_string())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Value(Some(value.to_string())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Value(Some(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Value(Some(value.to_string())))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Value(Some(value.to_owned())))
    }

    fn visit_bytes<E>(self, value: &[u8]) -> Result<Node, E> {
        Ok(Node::Bytes(value.to_vec()))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Value(None))
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Value(None))
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Node, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Node, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = list.next_element()? {
            nodes.push(node);
        }
        Ok(Node::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(duration(&entries).unwrap_or(Node::Map(entries)))
    }
}
