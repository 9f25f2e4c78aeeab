//! Wire structs that several operations share, named as in AWS's model.

mod backup;
mod capacity;
mod global_table;
mod legacy;
mod replica_description;
mod statement;
mod table_definition;
mod table_description;
mod table_options;
mod table_update;

pub use backup::*;
pub use capacity::{Capacity, ConsumedCapacity, ItemCollectionMetrics};
pub use global_table::*;
pub use legacy::{AttributeValueUpdate, Condition, ExpectedAttributeValue};
pub use replica_description::{
    ReplicaDescription, ReplicaGlobalSecondaryIndexDescription, RestoreSummary, SseDescription,
};
pub use statement::*;
pub use table_definition::*;
pub use table_description::*;
pub use table_options::*;
pub use table_update::*;
