//! Reads what CreateTable says of keys and indexes, and refuses what does not fit together.

use std::collections::BTreeMap;

use super::error::DynamoDbError;
use super::key_value::KeyType;
use super::shapes::{
    AttributeDefinition, GlobalSecondaryIndex, KeySchemaElement, LocalSecondaryIndex, Projection,
};
use super::store::{
    IndexKind, IndexProjection, KeyAttribute, KeySchema, SecondaryIndex, ThroughputChanges, View,
};

/// Global indexes of a table (AWS's default quota).
pub(super) const GLOBAL_INDEXES_MAX: usize = 20;
/// Attributes of one side of a global index's key.
const KEY_SIDE_MAX: usize = 4;
/// Local indexes of a table.
const LOCAL_INDEXES_MAX: usize = 5;

/// Attributes that all indexes of a table name in `NonKeyAttributes`, one twice counted twice.
const PROJECTED_MAX: usize = 100;

/// The types of the attributes that keys may use.
pub(super) struct Definitions {
    types: BTreeMap<String, KeyType>,
}

impl Definitions {
    pub(super) fn new(list: &[AttributeDefinition]) -> Result<Self, DynamoDbError> {
        let mut types = BTreeMap::new();
        for (at, definition) in list.iter().enumerate() {
            let name = definition.attribute_name.clone().unwrap_or_default();
            let text = definition.attribute_type.as_deref();
            let key_type = text.and_then(KeyType::parse).ok_or_else(|| {
                DynamoDbError::constraint(
                    text,
                    &format!("attributeDefinitions.{}.member.attributeType", at + 1),
                    "Member must satisfy enum value set: [B, N, S]",
                )
            })?;
            if types.insert(name.clone(), key_type).is_some() {
                return Err(DynamoDbError::validation(format!(
                    "Attribute Name is duplicated: {name}"
                )));
            }
        }
        Ok(Self { types })
    }

    /// Reads the key schema of a table or of a local index.
    pub(super) fn schema(&self, list: &[KeySchemaElement]) -> Result<KeySchema, DynamoDbError> {
        self.read(list, 1)
    }

    /// Reads the key schema of a global index.
    pub(super) fn global_schema(
        &self,
        list: &[KeySchemaElement],
    ) -> Result<KeySchema, DynamoDbError> {
        self.read(list, KEY_SIDE_MAX)
    }

    /// Reads a key with so many attributes a side at most.
    fn read(&self, list: &[KeySchemaElement], max: usize) -> Result<KeySchema, DynamoDbError> {
        let invalid =
            |text: String| DynamoDbError::Validation(format!("Invalid KeySchema: {text}"));
        let is = |element: &KeySchemaElement, role| element.key_type.as_deref() == Some(role);
        let Some(first) = list.first() else {
            return Err(DynamoDbError::invalid("Some index key attribute have no definition"));
        };
        if !is(first, "HASH") {
            return Err(invalid("The first KeySchemaElement is not a HASH key type".into()));
        }
        let split = list.iter().take_while(|element| is(element, "HASH")).count();
        let (partition, sort) = list.split_at(if max == 1 { 1 } else { split });
        if sort.iter().any(|element| !is(element, "RANGE")) {
            return Err(if max == 1 {
                invalid("The second KeySchemaElement is not a RANGE key type".into())
            } else {
                DynamoDbError::invalid(
                    "All HASH key attributes must precede RANGE key attributes in the KeySchema",
                )
            });
        }
        for (side, role) in [(partition, "HASH"), (sort, "RANGE")] {
            if side.len() > max {
                return Err(DynamoDbError::invalid(format!(
                    "The KeySchema exceeds the maximum allowed number of {role} key attributes"
                )));
            }
        }
        let names: Vec<&str> =
            list.iter().map(|element| element.attribute_name.as_deref().unwrap_or("")).collect();
        if names.iter().enumerate().any(|(at, name)| names[..at].contains(name)) {
            return Err(match names.len() {
                2 if sort.len() == 1 => DynamoDbError::validation(
                    "Both the Hash Key and the Range Key element in the KeySchema have the same \
                     name",
                ),
                _ => DynamoDbError::validation(
                    "The KeySchema contains multiple key attributes with the same name",
                ),
            });
        }
        let attribute = |name: &&str| -> Result<KeyAttribute, DynamoDbError> {
            let key_type = self.types.get(*name).ok_or_else(|| self.undefined(&names))?;
            Ok(KeyAttribute { name: (*name).to_owned(), key_type: *key_type })
        };
        let attributes: Vec<KeyAttribute> =
            names.iter().map(attribute).collect::<Result<_, _>>()?;
        let mut attributes = attributes.into_iter();
        let mut partition = attributes.by_ref().take(partition.len()).collect::<Vec<_>>();
        let mut sort = attributes;
        Ok(KeySchema {
            partition: partition.remove(0),
            sort: sort.next(),
            partition_more: partition,
            sort_more: sort.collect(),
        })
    }

    /// Refuses definitions that no key uses.
    pub(super) fn check_used<'k>(
        &self,
        schemas: impl Iterator<Item = &'k KeySchema> + Clone,
    ) -> Result<(), DynamoDbError> {
        if self.types.keys().all(|name| schemas.clone().any(|schema| schema.has(name))) {
            return Ok(());
        }
        if schemas.clone().nth(1).is_none() {
            return Err(DynamoDbError::invalid(
                "Number of attributes in KeySchema does not exactly match number of attributes \
                 defined in AttributeDefinitions",
            ));
        }
        let mut used: Vec<&str> = schemas
            .flat_map(KeySchema::attributes)
            .map(|attribute| attribute.name.as_str())
            .collect();
        used.sort_unstable();
        used.dedup();
        Err(DynamoDbError::invalid(format!(
            "Some AttributeDefinitions are not used. AttributeDefinitions: [{}], keys used: [{}]",
            self.names(),
            used.join(", ")
        )))
    }

    fn undefined(&self, names: &[&str]) -> DynamoDbError {
        if names.len() > self.types.len() {
            return DynamoDbError::validation(
                "Invalid KeySchema: Some index key attribute have no definition",
            );
        }
        DynamoDbError::invalid(format!(
            "Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], \
             AttributeDefinitions: [{}]",
            names.join(", "),
            self.names()
        ))
    }

    fn names(&self) -> String {
        self.types.keys().cloned().collect::<Vec<_>>().join(", ")
    }
}

/// Refuses a list without entries, where none may be meant.
pub(super) fn check_not_empty<T>(what: &str, list: Option<&[T]>) -> Result<(), DynamoDbError> {
    match list {
        Some([]) => Err(DynamoDbError::invalid(format!("List of {what} is empty"))),
        _ => Ok(()),
    }
}

/// Reads all indexes of a table with the key `table`.
pub(super) fn indexes(
    definitions: &Definitions,
    table: &KeySchema,
    global: Vec<GlobalSecondaryIndex>,
    local: Vec<LocalSecondaryIndex>,
) -> Result<BTreeMap<String, SecondaryIndex>, DynamoDbError> {
    if global.len() > GLOBAL_INDEXES_MAX {
        return Err(DynamoDbError::invalid(
            "GlobalSecondaryIndex count exceeds the per-table limit of 20",
        ));
    }
    if local.len() > LOCAL_INDEXES_MAX {
        return Err(DynamoDbError::invalid(
            "Number of LocalSecondaryIndexes exceeds per-table limit of 5",
        ));
    }
    let mut out = BTreeMap::new();
    for given in local {
        check_names(given.projection.as_ref())?;
        let schema = definitions.schema(&given.key_schema.unwrap_or_default())?;
        check_local(table, &schema, given.index_name.as_deref().unwrap_or_default())?;
        let (name, projection) = (given.index_name, given.projection);
        add(&mut out, index(IndexKind::Local, name, schema, projection)?)?;
    }
    for given in global {
        add(&mut out, global_index(definitions, given)?)?;
    }
    check_projected(out.values())?;
    Ok(out)
}

/// Refuses more attributes than the indexes of a table may name together.
///
/// Source: Developer Guide, "Service quotas": projected secondary index attributes per table.
/// Unverified: the text.
pub(super) fn check_projected<'i>(
    indexes: impl Iterator<Item = &'i SecondaryIndex>,
) -> Result<(), DynamoDbError> {
    let count: usize = indexes
        .map(|index| match &index.projection {
            IndexProjection::Include(names) => names.len(),
            IndexProjection::All | IndexProjection::KeysOnly => 0,
        })
        .sum();
    if count > PROJECTED_MAX {
        return Err(DynamoDbError::invalid(format!(
            "Number of NonKeyAttributes of all indexes exceeds per-table limit of {PROJECTED_MAX}"
        )));
    }
    Ok(())
}

/// Reads one global index.
pub(super) fn global_index(
    definitions: &Definitions,
    given: GlobalSecondaryIndex,
) -> Result<SecondaryIndex, DynamoDbError> {
    check_names(given.projection.as_ref())?;
    let schema = definitions.global_schema(&given.key_schema.unwrap_or_default())?;
    Ok(SecondaryIndex {
        throughput: given.provisioned_throughput,
        on_demand: given.on_demand_throughput,
        warm: given.warm_throughput,
        ..index(IndexKind::Global, given.index_name, schema, given.projection)?
    })
}

fn add(
    indexes: &mut BTreeMap<String, SecondaryIndex>,
    index: SecondaryIndex,
) -> Result<(), DynamoDbError> {
    match indexes.insert(index.name.clone(), index) {
        None => Ok(()),
        Some(twin) => Err(DynamoDbError::invalid(format!("Duplicate index name: {}", twin.name))),
    }
}

fn index(
    kind: IndexKind,
    name: Option<String>,
    schema: KeySchema,
    projection: Option<Projection>,
) -> Result<SecondaryIndex, DynamoDbError> {
    let name = name.unwrap_or_default();
    Ok(SecondaryIndex {
        name,
        kind,
        schema,
        projection: self::projection(projection.unwrap_or_default())?,
        throughput: None,
        on_demand: None,
        warm: None,
        changes: ThroughputChanges::default(),
        passing: None,
        view: View::default(),
    })
}

fn check_local(table: &KeySchema, schema: &KeySchema, name: &str) -> Result<(), DynamoDbError> {
    if table.sort.is_none() {
        return Err(DynamoDbError::invalid(
            "Table KeySchema does not have a range key, which is required when specifying a \
             LocalSecondaryIndex",
        ));
    }
    if schema.partition != table.partition {
        return Err(DynamoDbError::invalid(format!(
            "Index KeySchema does not have the same leading hash key as table KeySchema for \
             index: {name}. index hash key: {}, table hash key: {}",
            schema.partition.name, table.partition.name
        )));
    }
    if schema.sort.is_none() {
        return Err(DynamoDbError::invalid(format!(
            "Index KeySchema does not have a range key for index: {name}"
        )));
    }
    Ok(())
}

/// Refuses an attribute that is to be projected twice.
fn check_names(projection: Option<&Projection>) -> Result<(), DynamoDbError> {
    let names = projection.and_then(|it| it.non_key_attributes.as_deref()).unwrap_or_default();
    let twice = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name));
    match twice {
        Some((_, name)) => {
            Err(DynamoDbError::invalid(format!("Duplicate element in NonKeyAttributes: {name}")))
        }
        None => Ok(()),
    }
}

fn projection(given: Projection) -> Result<IndexProjection, DynamoDbError> {
    let names = given.non_key_attributes;
    match (given.projection_type.as_deref(), names) {
        (Some("ALL"), None) => Ok(IndexProjection::All),
        (Some("KEYS_ONLY"), None) => Ok(IndexProjection::KeysOnly),
        (Some("INCLUDE"), Some(names)) if !names.is_empty() => {
            Ok(IndexProjection::Include(names.into_iter().collect()))
        }
        (Some("INCLUDE"), _) => Err(DynamoDbError::invalid(
            "ProjectionType is INCLUDE, but NonKeyAttributes is not specified",
        )),
        (Some(kind @ ("ALL" | "KEYS_ONLY")), Some(_)) => Err(DynamoDbError::invalid(format!(
            "ProjectionType is {kind}, but NonKeyAttributes is specified"
        ))),
        (None, _) => Err(DynamoDbError::invalid("Unknown ProjectionType: null")),
        (Some(other), _) => Err(DynamoDbError::invalid(format!("Unknown ProjectionType: {other}"))),
    }
}
