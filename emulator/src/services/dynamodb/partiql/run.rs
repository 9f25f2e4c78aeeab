//! Running statements, one at a time.

use super::super::attribute_value::Item;
use super::super::capacity::{Read, Told, Units};
use super::super::error::DynamoDbError;
use super::super::expression::{DocumentPath, PathElement, Projection, Update, holds};
use super::super::item_write::Decided;
use super::super::paging::{Sieve, Source, fill};
use super::super::return_values::ReturnValues;
use super::super::selection::selection;
use super::super::shapes::ConsumedCapacity;
use super::super::state::DynamoDb;
use super::super::store::{Direction, IndexKind};
use super::access::{access, whole_key};
use super::statement::{Select, Statement};
use super::write::planned;
use crate::kernel::Context;

/// A page of what was selected.
pub(in super::super) struct Page {
    pub(in super::super) items: Vec<Item>,
    /// The last entry that was read, unless nothing follows for sure.
    pub(in super::super) last: Option<Item>,
    pub(in super::super) consumed: Option<ConsumedCapacity>,
}

/// Selects a page of items behind `after`; `limit` is how many are looked at.
///
/// # Errors
/// Validation; `ResourceNotFoundException`.
pub(in super::super) fn select(
    ctx: &Context<'_>,
    db: &DynamoDb,
    select: Select,
    (consistent, limit, told): (Option<bool>, Option<usize>, Told),
    after: Option<&Item>,
) -> Result<Page, DynamoDbError> {
    let table = db.table(ctx, Some(&select.table))?;
    let source = Source::new(ctx, table, select.index.as_deref(), None)?;
    let is_global = source.index.is_some_and(|index| index.kind == IndexKind::Global);
    if is_global && consistent == Some(true) {
        return Err(DynamoDbError::validation(
            "Strongly consistent read is not supported on Global Secondary Indexes",
        ));
    }
    let has_where = select.filter.is_some();
    let access = access(select.filter, source.schema())?;
    let backward = direction(source, select.order.as_ref(), (has_where, access.key.is_some()))?;
    let projection = select.columns.as_ref().map(|columns| Projection::of(columns.clone()));
    let selected = selection(source, None, ("ProjectionExpression", projection.as_ref()))?;
    let sieve =
        Sieve { limit, filter: access.filter.as_ref(), projection: None, count_only: false };
    let page = match &access.key {
        Some(key) => {
            let after = after.map(|start| source.position_within(start, key)).transpose()?;
            let sort = key.sort.as_ref();
            let entries = source.view().query(&key.partition, sort, backward, after);
            fill(source.entries(entries, selected), &sieve)
        }
        None => {
            let after = after.map(|start| source.position(start)).transpose()?;
            fill(source.entries(source.view().scan((0, 1), after), selected), &sieve)
        }
    };
    let units = source.units(Read::new(consistent), &page);
    Ok(Page {
        last: page.last.as_ref().map(|entry| source.key_item(&entry.item)),
        items: page
            .items
            .into_iter()
            .map(|item| columns(item.into_item(), select.columns.as_deref()))
            .collect(),
        consumed: units.tell(told, &table.name),
    })
}

/// Checks an ORDER BY.
fn direction(
    source: Source<'_>,
    order: Option<&(String, bool)>,
    (has_where, has_key): (bool, bool),
) -> Result<Direction, DynamoDbError> {
    let Some((name, backward)) = order else { return Ok(Direction::Forward) };
    let text = if !has_where {
        "Must have WHERE clause in the statement when using ORDER BY clause.".to_owned()
    } else if !has_key {
        "Must have at least one non-optional hash key condition in WHERE clause when using ORDER \
         BY clause."
            .to_owned()
    } else if !source.schema().has(name) {
        format!("Variable reference {name} in ORDER BY clause must be part of the primary key")
    } else {
        return Ok(if *backward { Direction::Backward } else { Direction::Forward });
    };
    Err(DynamoDbError::Validation(text))
}

/// The item that a statement selects by its whole key, which it must name.
///
/// # Errors
/// Validation; `ResourceNotFoundException`.
pub(in super::super) fn keyed(
    ctx: &Context<'_>,
    db: &DynamoDb,
    select: Select,
    read: Read,
) -> Result<(Option<Item>, Units), DynamoDbError> {
    let table = db.table(ctx, Some(&select.table))?;
    let unkeyed = || {
        DynamoDbError::validation(
            "Select statements within BatchExecuteStatement must specify the primary key in the \
             where clause.",
        )
    };
    let filter = select.filter.filter(|_| select.index.is_none()).ok_or_else(unkeyed)?;
    let (key, rest) = whole_key(filter, &table.schema).map_err(|_| unkeyed())?;
    let stored = table.get(&table.schema.key_of_key(&key)?);
    let units = Units::of_table(read.units(stored.map_or(0, |stored| stored.size)));
    let found = stored.filter(|stored| rest.as_ref().is_none_or(|rest| holds(rest, &stored.item)));
    let item = found.map(|stored| columns(stored.item.clone(), select.columns.as_deref()));
    Ok((item, units))
}

/// The columns of an item, each by the last name of its path.
fn columns(item: Item, columns: Option<&[DocumentPath]>) -> Item {
    let Some(columns) = columns else { return item };
    let mut out = Item::new();
    for path in columns {
        if let Some(value) = path.get(&item) {
            out.insert(column_name(path), value.clone());
        }
    }
    out
}

/// `b[0]` for `a.b[0]`.
fn column_name(path: &DocumentPath) -> String {
    let mut name = path.attribute.clone();
    for element in &path.elements {
        match element {
            PathElement::Key(key) => name.clone_from(key),
            PathElement::Index(index) => name.push_str(&format!("[{index}]")),
        }
    }
    name
}

/// Runs a statement that writes; tells what it returns, and what it consumed.
///
/// # Errors
/// Validation; the condition does not hold; an item that is inserted is there already.
pub(in super::super) fn write(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    statement: Statement,
    (told, on_failure): (Told, Option<String>),
) -> Result<(Option<Item>, Option<ConsumedCapacity>), DynamoDbError> {
    let (returning, updated) = match &statement {
        Statement::Update { update, returning, .. } => {
            (*returning, Some(Update::projection(update)))
        }
        Statement::Delete { returning, .. } => (*returning, None),
        _ => (ReturnValues::None, None),
    };
    let name = statement.table().to_owned();
    let planned = planned(db.table(ctx, Some(&name))?, statement, on_failure)?;
    let inserts = planned.inserts;
    let table = db.table_mut(ctx, Some(&name))?;
    let done: Decided = planned.write(table)?.decide(table).map_err(|error| match error {
        DynamoDbError::ConditionalCheckFailed { item } if inserts => {
            DynamoDbError::DuplicateItem { item }
        }
        other => other,
    })?;
    let returned = returning.attributes(&done, updated.as_ref());
    let returned = returned.filter(|item| !item.is_empty());
    let consumed = done.tell(told, table);
    done.commit(ctx, table);
    Ok((returned, consumed))
}
