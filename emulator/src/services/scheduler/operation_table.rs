//! EventBridge Scheduler on the wire: names, protocol, and the operation table.

use http::Method;

use super::constraint::MODEL;
use super::operations::*;
use super::state::Scheduler;
use crate::kernel::{OperationTable, Throttling};
use crate::wire::rest::{Kind, Route};
use crate::wire::{Protocol, Service, default_naming};

/// EventBridge Scheduler as the wire sees it.
pub static SERVICE: Service = Service {
    name: "scheduler",
    signing_name: "scheduler",
    target_prefix: None,
    namespace: "com.amazonaws.scheduler",
    protocols: &[Protocol::RestJson1],
    query_version: None,
    xml_namespace: "",
    naming: default_naming,
    without_result: &[],
    every_operation: true,
    path_member: None,
    query_compatible: false,
    error_detail: false,
    crc32: false,
};

/// Source: API reference, the exceptions of each operation.
const THROTTLING: Throttling =
    Throttling { shape: "ThrottlingException", query_code: "ThrottlingException", status: 429 };

/// Members of a schedule that are stored and have no effect.
const STORED: [&str; 7] = [
    "KmsKeyArn",
    "Target.Arn",
    "Target.EcsParameters",
    "Target.EventBridgePutEventsV2Parameters",
    "Target.EventBridgePutRawEventsParameters",
    "Target.KinesisParameters",
    "Target.SageMakerPipelineParameters",
];

/// The operations of EventBridge Scheduler.
pub fn table() -> OperationTable<Scheduler> {
    groups(schedules(OperationTable::new("scheduler", THROTTLING).modelled(&MODEL)))
}

fn schedules(table: OperationTable<Scheduler>) -> OperationTable<Scheduler> {
    table
        .on("CreateSchedule", create_schedule::run)
        .about("GroupName")
        .about("Name")
        .rest(Route::new(Method::POST, "/schedules/{Name}"))
        .stores(&STORED)
        .on("DeleteSchedule", delete_schedule::run)
        .about("GroupName")
        .about("Name")
        .rest(
            Route::new(Method::DELETE, "/schedules/{Name}")
                .query("clientToken", "ClientToken", Kind::Text)
                .query("groupName", "GroupName", Kind::Text),
        )
        .on("GetSchedule", get_schedule::run)
        .about("GroupName")
        .about("Name")
        .rest(Route::new(Method::GET, "/schedules/{Name}").query(
            "groupName",
            "GroupName",
            Kind::Text,
        ))
        .on("ListSchedules", list_schedules::run)
        .about("GroupName")
        .rest(
            Route::new(Method::GET, "/schedules")
                .query("ScheduleGroup", "GroupName", Kind::Text)
                .query("MaxResults", "MaxResults", Kind::Integer)
                .query("NamePrefix", "NamePrefix", Kind::Text)
                .query("NextToken", "NextToken", Kind::Text)
                .query("State", "State", Kind::Text),
        )
        .on("UpdateSchedule", update_schedule::run)
        .about("GroupName")
        .about("Name")
        .rest(Route::new(Method::PUT, "/schedules/{Name}"))
        .stores(&STORED)
}

fn groups(table: OperationTable<Scheduler>) -> OperationTable<Scheduler> {
    table
        .on("CreateScheduleGroup", create_schedule_group::run)
        .about("Name")
        .rest(Route::new(Method::POST, "/schedule-groups/{Name}"))
        .on("DeleteScheduleGroup", delete_schedule_group::run)
        .about("Name")
        .rest(Route::new(Method::DELETE, "/schedule-groups/{Name}").query(
            "clientToken",
            "ClientToken",
            Kind::Text,
        ))
        .on("GetScheduleGroup", get_schedule_group::run)
        .about("Name")
        .rest(Route::new(Method::GET, "/schedule-groups/{Name}"))
        .on("ListScheduleGroups", list_schedule_groups::run)
        .about_nothing()
        .rest(
            Route::new(Method::GET, "/schedule-groups")
                .query("MaxResults", "MaxResults", Kind::Integer)
                .query("NamePrefix", "NamePrefix", Kind::Text)
                .query("NextToken", "NextToken", Kind::Text),
        )
        .on("ListTagsForResource", tags::list_tags_for_resource::run)
        .about("ResourceArn")
        .rest(Route::new(Method::GET, "/tags/{ResourceArn}"))
        .on("TagResource", tags::tag_resource::run)
        .about("ResourceArn")
        .rest(Route::new(Method::POST, "/tags/{ResourceArn}"))
        .on("UntagResource", tags::untag_resource::run)
        .about("ResourceArn")
        .rest(Route::new(Method::DELETE, "/tags/{ResourceArn}").query(
            "TagKeys",
            "TagKeys",
            Kind::List,
        ))
}
