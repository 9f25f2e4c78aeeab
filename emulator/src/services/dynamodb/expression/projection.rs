//! ProjectionExpression: which parts of an item to return.

use std::collections::BTreeMap;

use super::super::attribute_value::{AttributeValue, Item};
use super::error::ExpressionError;
use super::path::{DocumentPath, PathElement, check_apart, parse_path};
use super::placeholders::Placeholders;
use super::tokens::Tokens;

/// Paths that do not overlap.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Projection {
    paths: Vec<DocumentPath>,
}

/// Reads a comma-separated list of paths.
pub(crate) fn parse_projection(
    source: &str,
    placeholders: &mut Placeholders,
) -> Result<Projection, ExpressionError> {
    let mut tokens = Tokens::new(source)?;
    let mut paths = vec![parse_path(&mut tokens, placeholders)?];
    while tokens.take(",") {
        paths.push(parse_path(&mut tokens, placeholders)?);
    }
    tokens.expect_end()?;
    placeholders.check()?;
    check_apart(&paths)?;
    Ok(Projection { paths })
}

impl Projection {
    /// A projection of paths that are known not to overlap.
    pub(crate) fn of(paths: Vec<DocumentPath>) -> Self {
        Self { paths }
    }

    /// The top-level attributes that it reads.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(|path| path.attribute.as_str())
    }

    /// The item's parts. Elements picked from a list close up, in their order.
    pub(crate) fn apply(&self, item: &Item) -> Item {
        let mut roots: BTreeMap<&str, Part<'_>> = BTreeMap::new();
        for path in &self.paths {
            if let Some(value) = path.get(item) {
                let root = roots.entry(&path.attribute).or_insert(Part::Nothing);
                root.insert(&path.elements, value);
            }
        }
        roots
            .into_iter()
            .filter_map(|(name, part)| Some((name.to_owned(), part.into_value()?)))
            .collect()
    }
}

/// What has been picked of a value so far.
enum Part<'v> {
    Nothing,
    Whole(&'v AttributeValue),
    Keys(BTreeMap<&'v str, Part<'v>>),
    Indexes(BTreeMap<usize, Part<'v>>),
}

impl<'v> Part<'v> {
    fn insert(&mut self, elements: &'v [PathElement], value: &'v AttributeValue) {
        match elements.split_first() {
            None => *self = Part::Whole(value),
            Some((PathElement::Key(key), rest)) => {
                if !matches!(self, Part::Keys(_)) {
                    *self = Part::Keys(BTreeMap::new());
                }
                if let Part::Keys(keys) = self {
                    keys.entry(key).or_insert(Part::Nothing).insert(rest, value);
                }
            }
            Some((PathElement::Index(index), rest)) => {
                if !matches!(self, Part::Indexes(_)) {
                    *self = Part::Indexes(BTreeMap::new());
                }
                if let Part::Indexes(indexes) = self {
                    let part = indexes.entry(*index).or_insert(Part::Nothing);
                    part.insert(rest, value);
                }
            }
        }
    }

    fn into_value(self) -> Option<AttributeValue> {
        match self {
            Part::Nothing => None,
            Part::Whole(value) => Some(value.clone()),
            Part::Keys(keys) => Some(AttributeValue::M(
                keys.into_iter()
                    .filter_map(|(key, part)| Some((key.to_owned(), part.into_value()?)))
                    .collect(),
            )),
            Part::Indexes(indexes) => Some(AttributeValue::L(
                indexes.into_values().filter_map(Part::into_value).collect(),
            )),
        }
    }
}
