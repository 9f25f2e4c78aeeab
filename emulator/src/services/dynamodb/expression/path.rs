//! Document paths: `order.lines[2].#n`. Reading, writing and removing along them.

use std::collections::BTreeMap;
use std::fmt;

use super::super::attribute_value::{AttributeValue, Item};
use super::error::{ExpressionError, UpdateError};
use super::placeholders::Placeholders;
use super::tokens::{Class, Tokens};

/// One step of a path after the attribute.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PathElement {
    Key(String),
    Index(usize),
}

/// A top-level attribute and the steps into it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DocumentPath {
    pub(crate) attribute: String,
    pub(crate) elements: Vec<PathElement>,
}

/// How two paths relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Apart,
    Overlap,
    Conflict,
}

impl DocumentPath {
    /// The path of a whole attribute.
    pub(crate) fn of(attribute: impl Into<String>) -> Self {
        Self { attribute: attribute.into(), elements: Vec::new() }
    }

    /// The value at the path.
    pub(crate) fn get<'i>(&self, item: &'i Item) -> Option<&'i AttributeValue> {
        let mut value = item.get(&self.attribute)?;
        for element in &self.elements {
            value = match (element, value) {
                (PathElement::Key(key), AttributeValue::M(map)) => map.get(key)?,
                (PathElement::Index(index), AttributeValue::L(list)) => list.get(*index)?,
                _ => return None,
            };
        }
        Some(value)
    }

    /// Puts a value at the path. An index beyond a list's end appends.
    pub(super) fn set(&self, item: &mut Item, value: AttributeValue) -> Result<(), UpdateError> {
        let Some((last, parents)) = self.elements.split_last() else {
            item.insert(self.attribute.clone(), value);
            return Ok(());
        };
        match (last, self.parent(item, parents)?) {
            (PathElement::Key(key), AttributeValue::M(map)) => {
                map.insert(key.clone(), value);
            }
            (PathElement::Index(index), AttributeValue::L(list)) => match list.get_mut(*index) {
                Some(place) => *place = value,
                None => list.push(value),
            },
            _ => return Err(UpdateError::InvalidPath),
        }
        Ok(())
    }

    /// Removes what is at the path, if anything; the parent must be there.
    pub(super) fn remove(&self, item: &mut Item) -> Result<(), UpdateError> {
        let Some((last, parents)) = self.elements.split_last() else {
            item.remove(&self.attribute);
            return Ok(());
        };
        match (last, self.parent(item, parents)?) {
            (PathElement::Key(key), AttributeValue::M(map)) => {
                map.remove(key);
            }
            (PathElement::Index(index), AttributeValue::L(list)) => {
                if *index < list.len() {
                    list.remove(*index);
                }
            }
            _ => return Err(UpdateError::InvalidPath),
        }
        Ok(())
    }

    fn parent<'i>(
        &self,
        item: &'i mut Item,
        parents: &[PathElement],
    ) -> Result<&'i mut AttributeValue, UpdateError> {
        let mut value = item.get_mut(&self.attribute);
        for element in parents {
            value = match (element, value) {
                (PathElement::Key(key), Some(AttributeValue::M(map))) => map.get_mut(key),
                (PathElement::Index(index), Some(AttributeValue::L(list))) => list.get_mut(*index),
                _ => None,
            };
        }
        value.ok_or(UpdateError::InvalidPath)
    }

    fn relation(&self, other: &Self) -> Relation {
        if self.attribute != other.attribute {
            return Relation::Apart;
        }
        for (one, two) in self.elements.iter().zip(&other.elements) {
            match (one, two) {
                _ if one == two => {}
                (PathElement::Key(_), PathElement::Key(_))
                | (PathElement::Index(_), PathElement::Index(_)) => return Relation::Apart,
                _ => return Relation::Conflict,
            }
        }
        Relation::Overlap
    }
}

impl fmt::Display for DocumentPath {
    /// AWS's form in messages: `[order, lines, [2]]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}", self.attribute)?;
        for element in &self.elements {
            match element {
                PathElement::Key(key) => write!(f, ", {key}")?,
                PathElement::Index(index) => write!(f, ", [{index}]")?,
            }
        }
        f.write_str("]")
    }
}

/// Refuses paths of which one holds the other, or that want both a list and a map in one place.
pub(crate) fn check_apart<'p>(
    paths: impl IntoIterator<Item = &'p DocumentPath>,
) -> Result<(), ExpressionError> {
    let mut seen: BTreeMap<&str, Vec<&DocumentPath>> = BTreeMap::new();
    for two in paths {
        let earlier = seen.entry(&two.attribute).or_default();
        for one in earlier.iter() {
            let texts = (one.to_string(), two.to_string());
            match (one.relation(two), texts) {
                (Relation::Apart, _) => {}
                (Relation::Overlap, (one, two)) => {
                    return Err(ExpressionError::PathsOverlap { one, two });
                }
                (Relation::Conflict, (one, two)) => {
                    return Err(ExpressionError::PathsConflict { one, two });
                }
            }
        }
        earlier.push(two);
    }
    Ok(())
}

/// Reads a path at the current token.
pub(super) fn parse_path(
    tokens: &mut Tokens<'_>,
    placeholders: &mut Placeholders,
) -> Result<DocumentPath, ExpressionError> {
    let attribute = parse_name(tokens, placeholders)?;
    let mut elements = Vec::new();
    loop {
        if tokens.take(".") {
            elements.push(PathElement::Key(parse_name(tokens, placeholders)?));
        } else if tokens.take("[") {
            if tokens.class() != Class::Digits {
                return Err(tokens.syntax_error());
            }
            let digits = tokens.advance();
            let index = digits.parse::<u32>();
            let index = index.map_err(|_| ExpressionError::ListIndex(digits.to_owned()))?;
            elements.push(PathElement::Index(index as usize));
            tokens.expect("]")?;
        } else {
            return Ok(DocumentPath { attribute, elements });
        }
    }
}

fn parse_name(
    tokens: &mut Tokens<'_>,
    placeholders: &mut Placeholders,
) -> Result<String, ExpressionError> {
    match tokens.class() {
        Class::Name => Ok(placeholders.bare_name(tokens.advance())),
        Class::NameReference => Ok(placeholders.name(tokens.advance())),
        _ => Err(tokens.syntax_error()),
    }
}
