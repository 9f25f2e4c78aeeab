//! Which attributes are the key, and reading keys out of items.

use serde::{Deserialize, Serialize};

use super::super::attribute_value::{AttributeValue, Item};
use super::super::error::DynamoDbError;
use super::super::key_value::{Element, KeyPart, KeyType, KeyValue};

/// Whether a key of a table or an index may have so many bytes on each side.
pub(super) fn check_bytes(partition: usize, sorts: usize) -> Result<(), DynamoDbError> {
    if partition > PARTITION_KEY_BYTES_MAX {
        return Err(DynamoDbError::invalid(
            "Size of hashkey has exceeded the maximum size limit of2048 bytes",
        ));
    }
    if sorts > SORT_KEY_BYTES_MAX {
        return Err(DynamoDbError::invalid(
            "Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
        ));
    }
    Ok(())
}

/// Bytes of a partition key.
const PARTITION_KEY_BYTES_MAX: usize = 2048;
/// Bytes of a sort key.
const SORT_KEY_BYTES_MAX: usize = 1024;

/// An attribute of a key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct KeyAttribute {
    pub(crate) name: String,
    pub(crate) key_type: KeyType,
}

/// The key of a table or an index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct KeySchema {
    pub(crate) partition: KeyAttribute,
    pub(crate) sort: Option<KeyAttribute>,
    /// The second to fourth attribute of each side, which only a global index may have.
    #[serde(default)]
    pub(crate) partition_more: Vec<KeyAttribute>,
    #[serde(default)]
    pub(crate) sort_more: Vec<KeyAttribute>,
}

/// An item's key in its table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct PrimaryKey {
    pub(crate) partition: KeyValue,
    pub(crate) sort: Option<KeyValue>,
}

impl KeySchema {
    /// The key attributes, partition first.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &KeyAttribute> {
        self.partitions().chain(self.sorts())
    }

    /// The attributes of the partition key.
    pub(crate) fn partitions(&self) -> impl Iterator<Item = &KeyAttribute> {
        std::iter::once(&self.partition).chain(&self.partition_more)
    }

    /// The attributes of the sort key, in the order in which they sort.
    pub(crate) fn sorts(&self) -> impl Iterator<Item = &KeyAttribute> {
        self.sort.iter().chain(&self.sort_more)
    }

    /// Whether each side has one attribute at most, as a table's key has.
    pub(crate) fn is_plain(&self) -> bool {
        self.partition_more.is_empty() && self.sort_more.is_empty()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.attributes().any(|attribute| attribute.name == name)
    }

    /// The key of an item that a client puts.
    ///
    /// # Errors
    /// Validation: a key attribute is missing, of another type, empty or too long.
    pub(crate) fn key_of_item(&self, item: &Item) -> Result<PrimaryKey, DynamoDbError> {
        let part = |attribute: &KeyAttribute| -> Result<KeyValue, DynamoDbError> {
            let name = &attribute.name;
            let value = item.get(name).ok_or_else(|| {
                DynamoDbError::invalid(format!("Missing the key {name} in the item"))
            })?;
            typed(attribute, value).ok_or_else(|| {
                DynamoDbError::invalid(format!(
                    "Type mismatch for key {name} expected: {} actual: {}",
                    attribute.key_type.name(),
                    value.type_name()
                ))
            })
        };
        let key = PrimaryKey {
            partition: part(&self.partition)?,
            sort: self.sort.as_ref().map(part).transpose()?,
        };
        self.check_sizes(&key)?;
        Ok(key)
    }

    /// The key that a client sent as `Key`.
    ///
    /// # Errors
    /// Validation: other attributes or types than the schema's, empty or too long.
    pub(crate) fn key_of_key(&self, key: &Item) -> Result<PrimaryKey, DynamoDbError> {
        let mismatch =
            || DynamoDbError::validation("The provided key element does not match the schema");
        if key.len() != self.attributes().count() {
            return Err(mismatch());
        }
        let part = |attribute: &KeyAttribute| {
            let value = key.get(&attribute.name).ok_or_else(mismatch)?;
            typed(attribute, value).ok_or_else(mismatch)
        };
        let key = PrimaryKey {
            partition: part(&self.partition)?,
            sort: self.sort.as_ref().map(part).transpose()?,
        };
        self.check_sizes(&key)?;
        Ok(key)
    }

    /// The values that an item has for this key, if it has all of them in the right types.
    pub(crate) fn values_of(&self, item: &Item) -> Option<(KeyValue, Option<KeyValue>)> {
        let part = |attribute: &KeyAttribute| typed(attribute, item.get(&attribute.name)?);
        let sort = match &self.sort {
            Some(sort) => Some(part(sort)?),
            None => None,
        };
        Some((part(&self.partition)?, sort))
    }

    /// The same for the key of an index, whose sides may have several attributes.
    pub(crate) fn parts_of(&self, item: &Item) -> Option<(KeyPart, KeyPart)> {
        if self.is_plain() {
            let (partition, sort) = self.values_of(item)?;
            return Some((KeyPart::One(partition), sort.map_or(KeyPart::None, KeyPart::One)));
        }
        let value = |attribute: &KeyAttribute| typed(attribute, item.get(&attribute.name)?);
        let partition = self.partitions().map(value).collect::<Option<Vec<_>>>()?;
        let sort = self.sorts().map(value).collect::<Option<Vec<_>>>()?;
        Some((self.partition_part(partition), self.sort_part(sort)))
    }

    /// The partition key of these values, one for each attribute.
    pub(crate) fn partition_part(&self, values: Vec<KeyValue>) -> KeyPart {
        part(values, self.partition_more.is_empty())
    }

    fn sort_part(&self, values: Vec<KeyValue>) -> KeyPart {
        part(values, self.sort_more.is_empty())
    }

    /// The item's key attributes alone.
    pub(crate) fn pick(&self, item: &Item) -> Item {
        self.attributes()
            .filter_map(|attribute| item.get_key_value(&attribute.name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// The attributes of a key of the table.
    pub(crate) fn item_of(&self, key: &PrimaryKey) -> Item {
        let values = std::iter::once(&key.partition).chain(&key.sort);
        let attributes = self.attributes().zip(values);
        attributes.map(|(attribute, value)| (attribute.name.clone(), value.to_value())).collect()
    }

    fn check_sizes(&self, key: &PrimaryKey) -> Result<(), DynamoDbError> {
        let values = std::iter::once(&key.partition).chain(&key.sort);
        for (attribute, value) in self.attributes().zip(values) {
            if let Some(what) = value.empty_type() {
                return Err(DynamoDbError::EmptyKey(format!(
                    "One or more parameter values are not valid. The AttributeValue for a key \
                     attribute cannot contain an empty {what} value. Key: {}",
                    attribute.name
                )));
            }
        }
        check_bytes(key.partition.size(), key.sort.as_ref().map_or(0, KeyValue::size))
    }
}

fn part(values: Vec<KeyValue>, is_plain: bool) -> KeyPart {
    if !is_plain {
        return KeyPart::Several(values.into_iter().map(Element::Value).collect());
    }
    values.into_iter().next().map_or(KeyPart::None, KeyPart::One)
}

fn typed(attribute: &KeyAttribute, value: &AttributeValue) -> Option<KeyValue> {
    KeyValue::from_value(value).filter(|value| value.key_type() == attribute.key_type)
}
