//! One file an operation: what it reads, what it answers, what it does.

pub mod create_schedule;
pub mod create_schedule_group;
pub mod delete_schedule;
pub mod delete_schedule_group;
pub mod get_schedule;
pub mod get_schedule_group;
pub mod list_schedule_groups;
pub mod list_schedules;
pub mod tags;
pub mod update_schedule;
