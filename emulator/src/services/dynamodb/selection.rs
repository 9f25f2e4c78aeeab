//! Select: whether Query and Scan return whole items, what an index holds, parts, or a count.

use super::error::DynamoDbError;
use super::expression::Projection;
use super::paging::Source;
use super::store::{IndexKind, IndexProjection};

/// What is read of each entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) count_only: bool,
    /// Read attributes from the table that a local index does not hold.
    pub(super) from_table: bool,
}

/// Reads Select against the projection, which `parameter` holds, and the index.
///
/// # Errors
/// Validation: they do not fit together, or a global index lacks what is asked for.
pub(super) fn selection(
    source: Source<'_>,
    select: Option<&str>,
    (parameter, projection): (&str, Option<&Projection>),
) -> Result<Selection, DynamoDbError> {
    let all = match (select, projection) {
        (None | Some("ALL_PROJECTED_ATTRIBUTES"), None) | (Some("COUNT"), None) => false,
        (Some("ALL_ATTRIBUTES"), None) => true,
        (None | Some("SPECIFIC_ATTRIBUTES"), Some(_)) => false,
        (Some("SPECIFIC_ATTRIBUTES"), None) => {
            return Err(DynamoDbError::validation(
                "Must specify the AttributesToGet or ProjectionExpression when choosing to get \
                 SPECIFIC_ATTRIBUTES",
            ));
        }
        (Some(select @ ("ALL_ATTRIBUTES" | "ALL_PROJECTED_ATTRIBUTES" | "COUNT")), Some(_)) => {
            return Err(DynamoDbError::validation(format!(
                "Cannot specify the {parameter} when choosing to get {select}"
            )));
        }
        (Some(other), _) => {
            return Err(DynamoDbError::constraint(
                Some(other),
                "select",
                "Member must satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, \
                 ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]",
            ));
        }
    };
    let count_only = select == Some("COUNT");
    let Some(index) = source.index else {
        if select == Some("ALL_PROJECTED_ATTRIBUTES") {
            return Err(DynamoDbError::invalid(
                "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
            ));
        }
        return Ok(Selection { count_only, from_table: false });
    };
    let lacks = |name: &&str| !index.projects(&source.table.schema, name);
    let lacking = projection.and_then(|projection| projection.attributes().find(lacks));
    match index.kind {
        IndexKind::Local => Ok(Selection {
            count_only,
            from_table: index.projection != IndexProjection::All && (all || lacking.is_some()),
        }),
        IndexKind::Global if all && index.projection != IndexProjection::All => {
            Err(DynamoDbError::invalid(format!(
                "Select type ALL_ATTRIBUTES is not supported for global secondary index {} \
                 because its projection type is not ALL",
                index.name
            )))
        }
        IndexKind::Global => match lacking {
            Some(name) => Err(DynamoDbError::invalid(format!(
                "Global secondary index {} does not project [{name}]",
                index.name
            ))),
            None => Ok(Selection { count_only, from_table: false }),
        },
    }
}
