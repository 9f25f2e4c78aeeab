//! Tables, their indexes and the order in which items lie in them. Knows no operation.

mod index;
mod key_schema;
mod options;
mod replication;
mod table;
mod view;

pub(super) use index::{IndexKind, IndexProjection, SecondaryIndex};
pub(super) use key_schema::{KeyAttribute, KeySchema, PrimaryKey};
pub(super) use options::{
    Before, Destination, Encryption, Insights, RECOVERY_DAYS_MAX, ResourcePolicy,
    ThroughputChanges, TimeToLive,
};
pub(super) use replication::{Replica, Version};
pub(super) use table::{CREATING, DELETING, PASSING_TIME, Table, TableSettings, UPDATING};
pub(super) use view::{Direction, Position, SortPosition, StoredItem, View};
