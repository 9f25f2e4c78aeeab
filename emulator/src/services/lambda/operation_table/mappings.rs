//! Rows of event source mappings.

use http::Method;

use crate::kernel::OperationTable;
use crate::services::lambda::mapping::STORED;
use crate::services::lambda::operations::{
    create_event_source_mapping, delete_event_source_mapping, get_event_source_mapping,
    list_event_source_mappings, update_event_source_mapping,
};
use crate::services::lambda::state::Lambda;
use crate::wire::rest::{Kind, Route};

const ALL: &str = "/2015-03-31/event-source-mappings";
const ONE: &str = "/2015-03-31/event-source-mappings/{UUID}";

pub(super) fn rows(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    table
        .on("CreateEventSourceMapping", create_event_source_mapping::run)
        .about("FunctionName")
        .about("EventSourceArn")
        .rest(Route::new(Method::POST, ALL).status(202))
        .stores(&STORED)
        .stores(&["EventSourceArn"])
        .on("DeleteEventSourceMapping", delete_event_source_mapping::run)
        .about("UUID")
        .rest(Route::new(Method::DELETE, ONE).status(202))
        .on("GetEventSourceMapping", get_event_source_mapping::run)
        .about("UUID")
        .rest(Route::new(Method::GET, ONE))
        .on("ListEventSourceMappings", list_event_source_mappings::run)
        .about("FunctionName")
        .about("EventSourceArn")
        .rest(
            Route::new(Method::GET, ALL)
                .query("EventSourceArn", "EventSourceArn", Kind::Text)
                .query("FunctionName", "FunctionName", Kind::Text)
                .query("Marker", "Marker", Kind::Text)
                .query("MaxItems", "MaxItems", Kind::Integer),
        )
        .on("UpdateEventSourceMapping", update_event_source_mapping::run)
        .about("UUID")
        .about("FunctionName")
        .rest(Route::new(Method::PUT, ONE).status(202))
        .stores(&STORED)
}
