//! A record of a stream as clients see it.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::record;
use super::stream::{Stream, sequence_number};
use crate::services::dynamodb::attribute_value::Item;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Record {
    pub aws_region: Option<String>,
    pub dynamodb: Option<StreamRecord>,
    #[serde(rename = "eventID")]
    pub event_id: Option<String>,
    pub event_name: Option<String>,
    pub event_source: Option<String>,
    pub event_version: Option<String>,
    pub user_identity: Option<Identity>,
}

/// The change itself.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct StreamRecord {
    pub approximate_creation_date_time: Option<Timestamp>,
    pub keys: Option<Item>,
    pub new_image: Option<Item>,
    pub old_image: Option<Item>,
    pub sequence_number: Option<String>,
    pub size_bytes: Option<i64>,
    pub stream_view_type: Option<String>,
}

/// Who deleted an item that had expired.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Identity {
    pub principal_id: Option<String>,
    #[serde(rename = "Type")]
    pub kind: Option<String>,
}

/// The record with this number.
pub(super) fn shown(stream: &Stream, region: &str, number: u64, record: &record::Record) -> Record {
    let change = StreamRecord {
        // AWS tells whole seconds.
        approximate_creation_date_time: Some(Timestamp::from_millis(record.at.seconds() * 1000)),
        keys: Some(record.keys.clone()),
        new_image: record.new.as_ref().map(|image| image.item.clone()),
        old_image: record.old.as_ref().map(|image| image.item.clone()),
        sequence_number: Some(sequence_number(number)),
        size_bytes: i64::try_from(record.size()).ok(),
        stream_view_type: Some(stream.view.as_str().to_owned()),
    };
    Record {
        aws_region: Some(region.to_owned()),
        dynamodb: Some(change),
        event_id: Some(stream.event_id(number)),
        event_name: Some(record.name.as_str().to_owned()),
        event_source: Some("aws:dynamodb".to_owned()),
        event_version: Some("1.1".to_owned()),
        user_identity: record.expired.then(|| Identity {
            principal_id: Some("dynamodb.amazonaws.com".to_owned()),
            kind: Some("Service".to_owned()),
        }),
    }
}
