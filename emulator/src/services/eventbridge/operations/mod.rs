//! One file an operation: what it reads, what it answers, what it does.

pub mod create_event_bus;
pub mod delete_event_bus;
pub mod delete_rule;
pub mod describe_event_bus;
pub mod describe_rule;
pub mod disable_rule;
pub mod enable_rule;
pub mod list_event_buses;
pub mod list_rule_names_by_target;
pub mod list_rules;
pub mod list_targets_by_rule;
pub mod put_events;
pub mod put_permission;
pub mod put_rule;
pub mod put_targets;
pub mod remove_permission;
pub mod remove_targets;
pub mod tags;
pub mod test_event_pattern;
pub mod update_event_bus;
