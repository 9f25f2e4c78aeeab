//! Global tables of version 2017.11.29, as requests and answers about them have them.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::replica_description::ReplicaDescription;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GlobalTable {
    pub global_table_name: Option<String>,
    pub replication_group: Option<Vec<Replica>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Replica {
    pub region_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GlobalTableDescription {
    pub creation_date_time: Option<Timestamp>,
    pub global_table_arn: Option<String>,
    pub global_table_name: Option<String>,
    pub global_table_status: Option<String>,
    pub replication_group: Option<Vec<ReplicaDescription>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ReplicaUpdate {
    pub create: Option<Replica>,
    pub delete: Option<Replica>,
}
