//! Opening and closing a table's stream: what CreateTable, UpdateTable and DeleteTable share.

use std::collections::BTreeMap;
use std::time::Duration;

use super::describe::key_schema;
use super::error::DynamoDbError;
use super::shapes::StreamSpecification;
use super::store::Table;
use super::streams::operations::get_records;
use super::streams::{Stream, ViewType};
use crate::kernel::Context;
use crate::wire::Timestamp;

/// What is said of a view type that is missing, and of one that is too much.
pub(super) type Words = (&'static str, &'static str);

pub(super) const CREATED: Words = (
    "Table is being created with a stream enabled, UpdateViewType is required",
    "Table is being created with a stream disabled, UpdateViewType should not be specified",
);
pub(super) const UPDATED: Words = (
    "If stream is being enabled then UpdateViewType is required",
    "If stream is being disabled, then UpdateViewType must not be specified",
);

/// The view type of the stream that is to be opened; `None` for none.
///
/// # Errors
/// Validation.
pub(super) fn view_type(
    given: Option<&StreamSpecification>,
    (missing, too_much): &Words,
) -> Result<Option<ViewType>, DynamoDbError> {
    let Some(given) = given else {
        return Ok(None);
    };
    let member = "streamSpecification.streamViewType";
    let words = "Member must satisfy enum value set: [NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES, \
                 KEYS_ONLY]";
    let view = given.stream_view_type.as_deref().map(|word| {
        let unknown = || DynamoDbError::constraint(Some(word), member, words);
        ViewType::from_word(word).ok_or_else(unknown)
    });
    match (given.stream_enabled, view.transpose()?) {
        (None, _) => Err(DynamoDbError::constraint(
            None,
            "streamSpecification.streamEnabled",
            "Member must not be null",
        )),
        (Some(true), None) => Err(DynamoDbError::invalid(missing)),
        (Some(false), Some(_)) => Err(DynamoDbError::invalid(too_much)),
        (Some(_), view) => Ok(view),
    }
}

/// Opens a stream whose ARN no other has; `closed` are those that were closed before.
pub(super) fn open(
    now: Timestamp,
    table: &mut Table,
    closed: &BTreeMap<String, Stream>,
    view: ViewType,
) {
    let schema = key_schema(&table.schema);
    let mut created = now;
    let stream = loop {
        let names = (table.name.as_str(), table.arn.as_str());
        let stream = Stream::new(names, schema.clone(), view, created);
        if !closed.contains_key(&stream.arn) {
            break stream;
        }
        // The label is a time in milliseconds, and no time may have passed.
        created = created + Duration::from_millis(1);
    };
    table.latest_stream = Some((stream.arn.clone(), stream.label.clone()));
    table.stream = Some(stream);
}

/// Closes the table's stream, if it has one; `closed` takes it.
pub(super) fn close(
    ctx: &mut Context<'_>,
    table: &mut Table,
    closed: &mut BTreeMap<String, Stream>,
) {
    if let Some(mut stream) = table.stream.take() {
        stream.close(ctx.now());
        get_records::wake(ctx, &mut stream);
        closed.insert(stream.arn.clone(), stream);
    }
}

/// Tells those who wait at the table's stream what was written.
pub(super) fn wake(ctx: &mut Context<'_>, table: &mut Table) {
    if let Some(stream) = table.stream.as_mut().filter(|stream| stream.has_readers()) {
        get_records::wake(ctx, stream);
    }
}
