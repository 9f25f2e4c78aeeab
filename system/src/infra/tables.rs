//! DynamoDB tables, all paid for by request, and encrypted by DynamoDB with a key of its own.

mod described;

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction,
    CreateReplicationGroupMemberAction, GlobalSecondaryIndex, GlobalSecondaryIndexUpdate,
    KeySchemaElement, KeyType, PointInTimeRecoverySpecification, Projection, ProjectionType,
    ReplicaStatus, ReplicationGroupUpdate, ScalarAttributeType, TableDescription, TableStatus, Tag,
};
use serde_json::{Value, json};

use super::live::unchangeable;
use super::resource::{Found, Identity, Resource, Tags};
use super::rules::{object, text};
use crate::adapters::aws::Aws;
use crate::failure::{Dependency, Failure};

pub(super) use described::describe;

const ACTIVE_PAUSE: Duration = Duration::from_secs(1);
const ACTIVE_ATTEMPTS: u32 = 60;
/// A replica takes minutes.
const REPLICA_ATTEMPTS: u32 = 1800;

const INDEXES: &str = "GlobalSecondaryIndexes";
const RECOVERY: &str = "PointInTimeRecoverySpecification";

pub(super) struct Tables {
    client: Client,
}

impl Tables {
    pub(super) fn new(aws: &Aws) -> Self {
        Self { client: aws.dynamodb() }
    }

    pub(super) async fn read(&self, wanted: &Resource) -> Result<Option<Found>, Failure> {
        let Some(table) = self.find(&wanted.name).await? else {
            return Ok(None);
        };
        let asked = self.client.describe_continuous_backups().table_name(&wanted.name);
        let backups = asked.send().await.map_err(|error| {
            Failure::of_call(Dependency::DynamoDb, "DescribeContinuousBackups", &error)
        })?;
        let recovery = backups
            .continuous_backups_description
            .and_then(|it| it.point_in_time_recovery_description)
            .and_then(|it| it.point_in_time_recovery_status);
        let recovers = recovery.is_some_and(|status| status.as_str() == "ENABLED");
        let mut properties = object(shown(&table, wanted));
        let recovery = json!({ "PointInTimeRecoveryEnabled": recovers });
        properties.insert("PointInTimeRecoverySpecification".into(), recovery);
        let arn = table.table_arn.unwrap_or_default();
        let tags = self.tags(&arn).await?;
        let identity = Identity { arn, reference: wanted.name.clone() };
        Ok(Some(Found { identity, properties, tags }))
    }

    pub(super) async fn create(&self, wanted: &Resource) -> Result<Identity, Failure> {
        let of = |name: &str| &wanted.properties[name];
        let indexes: Vec<_> = entries(wanted.properties.get(INDEXES)).map(index).collect();
        let created = self
            .client
            .create_table()
            .table_name(&wanted.name)
            .billing_mode(BillingMode::from(text(of("BillingMode"))))
            .set_key_schema(Some(keys(of("KeySchema"))))
            .set_attribute_definitions(Some(attributes(wanted)))
            .set_global_secondary_indexes((!indexes.is_empty()).then_some(indexes))
            .set_tags(Some(sdk_tags(&wanted.tags)))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "CreateTable", &error))?;
        let arn = created.table_description.and_then(|table| table.table_arn);
        self.wait_until_active(&wanted.name).await?;
        if of(RECOVERY)["PointInTimeRecoveryEnabled"] == json!(true) {
            self.set_recovery(wanted).await?;
        }
        Ok(Identity { arn: arn.unwrap_or_default(), reference: wanted.name.clone() })
    }

    /// An index is made where there is none; keys stay as they are.
    pub(super) async fn change(
        &self,
        wanted: &Resource,
        found: &Found,
        differing: &[&str],
    ) -> Result<(), Failure> {
        if differing.contains(&"KeySchema") {
            return Err(unchangeable(wanted, &["KeySchema"]));
        }
        if differing.contains(&"BillingMode") {
            let mode = BillingMode::from(text(&wanted.properties["BillingMode"]));
            let updated = self.client.update_table().table_name(&wanted.name).billing_mode(mode);
            let updated = updated.send().await;
            updated
                .map_err(|error| Failure::of_call(Dependency::DynamoDb, "UpdateTable", &error))?;
            self.wait_until_active(&wanted.name).await?;
        }
        if differing.contains(&INDEXES) {
            let there: Vec<_> = entries(found.properties.get(INDEXES)).collect();
            for missing in entries(wanted.properties.get(INDEXES)) {
                match there.iter().any(|one| one["IndexName"] == missing["IndexName"]) {
                    true => return Err(unchangeable(wanted, &["index"])),
                    false => self.add_index(wanted, missing).await?,
                }
            }
        } else if differing.contains(&"AttributeDefinitions") {
            return Err(unchangeable(wanted, &["AttributeDefinitions"]));
        }
        if differing.contains(&RECOVERY) {
            self.set_recovery(wanted).await?;
        }
        Ok(())
    }

    async fn add_index(&self, wanted: &Resource, described: &Value) -> Result<(), Failure> {
        let index = index(described);
        let create = CreateGlobalSecondaryIndexAction::builder()
            .index_name(index.index_name)
            .set_key_schema(Some(index.key_schema))
            .set_projection(index.projection)
            .build()
            .expect("name, keys and projection are given");
        let update = GlobalSecondaryIndexUpdate::builder().create(create).build();
        self.client
            .update_table()
            .table_name(&wanted.name)
            .set_attribute_definitions(Some(attributes(wanted)))
            .global_secondary_index_updates(update)
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "UpdateTable", &error))?;
        self.wait_until_active(&wanted.name).await
    }

    async fn set_recovery(&self, wanted: &Resource) -> Result<(), Failure> {
        let enabled = wanted.properties[RECOVERY]["PointInTimeRecoveryEnabled"] == json!(true);
        let specification = PointInTimeRecoverySpecification::builder()
            .point_in_time_recovery_enabled(enabled)
            .build()
            .expect("whether it is enabled is given");
        self.client
            .update_continuous_backups()
            .table_name(&wanted.name)
            .point_in_time_recovery_specification(specification)
            .send()
            .await
            .map_err(|error| {
                Failure::of_call(Dependency::DynamoDb, "UpdateContinuousBackups", &error)
            })?;
        Ok(())
    }

    pub(super) async fn tag(&self, arn: &str, tags: &Tags) -> Result<(), Failure> {
        let tagged = self.client.tag_resource().resource_arn(arn).set_tags(Some(sdk_tags(tags)));
        let tagged = tagged.send().await;
        tagged.map_err(|error| Failure::of_call(Dependency::DynamoDb, "TagResource", &error))?;
        Ok(())
    }

    async fn tags(&self, arn: &str) -> Result<Tags, Failure> {
        let (mut all, mut next) = (Tags::new(), None);
        loop {
            let page = self.client.list_tags_of_resource().resource_arn(arn).set_next_token(next);
            let page = page.send().await.map_err(|error| {
                Failure::of_call(Dependency::DynamoDb, "ListTagsOfResource", &error)
            })?;
            let pair = |tag: &Tag| (tag.key().to_owned(), tag.value().to_owned());
            all.extend(page.tags().iter().map(pair));
            next = page.next_token;
            if next.is_none() {
                return Ok(all);
            }
        }
    }

    /// `false` when it has a replica there, or is there itself.
    pub(super) async fn replicate(&self, name: &str, region: &str) -> Result<bool, Failure> {
        let status = |table: &TableDescription| {
            let found = table.replicas().iter().find(|it| it.region_name() == Some(region));
            found.map(|it| it.replica_status().cloned())
        };
        let none = || Failure::GiveUp(format!("there is no table {name}"));
        if status(&self.find(name).await?.ok_or_else(none)?).is_some() {
            return Ok(false);
        }
        let create = CreateReplicationGroupMemberAction::builder().region_name(region).build();
        let create = create.expect("the region is given");
        let update = ReplicationGroupUpdate::builder().create(create).build();
        let updated = self.client.update_table().table_name(name).replica_updates(update);
        let updated = updated.send().await;
        updated.map_err(|error| Failure::of_call(Dependency::DynamoDb, "UpdateTable", &error))?;
        for _ in 0..REPLICA_ATTEMPTS {
            match self.find(name).await?.as_ref().and_then(status).flatten() {
                Some(ReplicaStatus::Active) => return Ok(true),
                Some(ReplicaStatus::CreationFailed) => {
                    let why = format!("table {name} gets no replica in {region}: is one there?");
                    return Err(Failure::GiveUp(why));
                }
                _ => tokio::time::sleep(ACTIVE_PAUSE).await,
            }
        }
        Err(Failure::Retry(format!("the replica of table {name} in {region} is not active yet")))
    }

    /// `false` when there is no such table.
    pub(super) async fn remove(&self, name: &str) -> Result<bool, Failure> {
        match self.client.delete_table().table_name(name).send().await {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_resource_not_found_exception()) =>
            {
                Ok(false)
            }
            Err(error) => Err(Failure::of_call(Dependency::DynamoDb, "DeleteTable", &error)),
        }
    }

    async fn find(&self, name: &str) -> Result<Option<TableDescription>, Failure> {
        match self.client.describe_table().table_name(name).send().await {
            Ok(described) => Ok(described.table),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_resource_not_found_exception()) =>
            {
                Ok(None)
            }
            Err(error) => Err(Failure::of_call(Dependency::DynamoDb, "DescribeTable", &error)),
        }
    }

    async fn wait_until_active(&self, name: &str) -> Result<(), Failure> {
        for _ in 0..ACTIVE_ATTEMPTS {
            let status = self.find(name).await?.and_then(|table| table.table_status);
            if status == Some(TableStatus::Active) {
                return Ok(());
            }
            tokio::time::sleep(ACTIVE_PAUSE).await;
        }
        Err(Failure::Retry(format!("table {name} is not active yet")))
    }
}

/// As the description has it. Indexes and attributes that it does not name are somebody's own.
fn shown(table: &TableDescription, wanted: &Resource) -> Value {
    let keys = |all: &[KeySchemaElement]| -> Value {
        let key = |key: &KeySchemaElement| {
            let kind = key.key_type().as_str();
            json!({ "AttributeName": key.attribute_name(), "KeyType": kind })
        };
        all.iter().map(key).collect()
    };
    let named = |list: &str, member: &str, name: Option<&str>| {
        entries(wanted.properties.get(list)).any(|one| one[member].as_str() == name)
    };
    let mut attributes: Vec<_> = table
        .attribute_definitions()
        .iter()
        .filter(|it| named("AttributeDefinitions", "AttributeName", Some(it.attribute_name())))
        .map(|it| (it.attribute_name(), it.attribute_type().as_str()))
        .collect();
    attributes.sort_unstable();
    let attribute = |(name, kind)| json!({ "AttributeName": name, "AttributeType": kind });
    let attributes: Vec<_> = attributes.into_iter().map(attribute).collect();
    let indexes = table.global_secondary_indexes().iter();
    let indexes = indexes.filter(|it| named(INDEXES, "IndexName", it.index_name())).map(|it| {
        let projection = it.projection().and_then(|it| it.projection_type());
        json!({
            "IndexName": it.index_name(),
            "KeySchema": keys(it.key_schema()),
            "Projection": {"ProjectionType": projection.map(ProjectionType::as_str)},
        })
    });
    let indexes: Vec<_> = indexes.collect();
    let mode = table.billing_mode_summary().and_then(|it| it.billing_mode());
    json!({
        "TableName": table.table_name(),
        // A table that was never anything else does not say so.
        "BillingMode": mode.unwrap_or(&BillingMode::Provisioned).as_str(),
        "AttributeDefinitions": attributes,
        "KeySchema": keys(table.key_schema()),
        INDEXES: indexes,
    })
}

fn entries(list: Option<&Value>) -> impl Iterator<Item = &Value> {
    list.and_then(Value::as_array).into_iter().flatten()
}

fn keys(described: &Value) -> Vec<KeySchemaElement> {
    let key = |one: &Value| {
        KeySchemaElement::builder()
            .attribute_name(text(&one["AttributeName"]))
            .key_type(KeyType::from(text(&one["KeyType"])))
            .build()
            .expect("name and kind are given")
    };
    entries(Some(described)).map(key).collect()
}

fn attributes(wanted: &Resource) -> Vec<AttributeDefinition> {
    let attribute = |one: &Value| {
        AttributeDefinition::builder()
            .attribute_name(text(&one["AttributeName"]))
            .attribute_type(ScalarAttributeType::from(text(&one["AttributeType"])))
            .build()
            .expect("name and type are given")
    };
    entries(wanted.properties.get("AttributeDefinitions")).map(attribute).collect()
}

fn index(described: &Value) -> GlobalSecondaryIndex {
    let kind = ProjectionType::from(text(&described["Projection"]["ProjectionType"]));
    GlobalSecondaryIndex::builder()
        .index_name(text(&described["IndexName"]))
        .set_key_schema(Some(keys(&described["KeySchema"])))
        .projection(Projection::builder().projection_type(kind).build())
        .build()
        .expect("name and keys are given")
}

fn sdk_tags(tags: &Tags) -> Vec<Tag> {
    let tag = |(key, value): (&String, &String)| {
        Tag::builder().key(key).value(value).build().expect("key and value are given")
    };
    tags.iter().map(tag).collect()
}
