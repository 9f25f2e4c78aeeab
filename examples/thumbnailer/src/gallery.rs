//! What the system has at AWS: a topic on which uploads are announced, a queue of them, a table of
//! thumbnails and one of albums with their number of pictures. It knows no worker and no harness.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType,
    ScalarAttributeType,
};
use aws_sdk_sqs::config::retry::RetryPartition;
use aws_sdk_sqs::types::QueueAttributeName::{self, QueueArn, VisibilityTimeout};
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_types::SdkConfig;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

pub(crate) const THUMBNAILS: &str = "thumbnails";
pub(crate) const ALBUMS: &str = "albums";
const UPLOADS: &str = "uploads";
const VISIBILITY_SECONDS: &str = "30";

/// The AWS clients.
#[derive(Clone)]
pub(crate) struct Aws {
    pub(crate) sqs: aws_sdk_sqs::Client,
    pub(crate) sns: aws_sdk_sns::Client,
    pub(crate) dynamodb: aws_sdk_dynamodb::Client,
}

#[derive(Clone)]
pub(crate) struct Gallery {
    pub(crate) aws: Aws,
    pub(crate) queue_url: String,
    topic_arn: String,
}

/// What is announced when somebody adds a picture to an album.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Upload {
    pub(crate) album: String,
    pub(crate) picture: String,
}

/// What the tables say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Books {
    /// The album of each picture that has a thumbnail.
    pub(crate) thumbnails: BTreeMap<String, String>,
    /// The number of pictures, by album.
    pub(crate) albums: BTreeMap<String, u64>,
}

impl Books {
    /// How many pictures of each album have a thumbnail.
    pub(crate) fn thumbnails_by_album(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for album in self.thumbnails.values() {
            *counts.entry(album.clone()).or_default() += 1;
        }
        counts
    }
}

impl Aws {
    /// Clients with a retry quota of their own; by default all clients of a process share one.
    pub(crate) fn new(sdk: &SdkConfig, retries: &RetryPartition) -> Self {
        let sqs = aws_sdk_sqs::config::Builder::from(sdk).retry_partition(retries.clone());
        let sns = aws_sdk_sns::config::Builder::from(sdk).retry_partition(retries.clone());
        let dynamodb =
            aws_sdk_dynamodb::config::Builder::from(sdk).retry_partition(retries.clone());
        Self {
            sqs: aws_sdk_sqs::Client::from_conf(sqs.build()),
            sns: aws_sdk_sns::Client::from_conf(sns.build()),
            dynamodb: aws_sdk_dynamodb::Client::from_conf(dynamodb.build()),
        }
    }
}

impl Gallery {
    /// Makes everything at AWS.
    pub(crate) async fn create(aws: Aws) -> Result<Self, String> {
        table(&aws.dynamodb, THUMBNAILS, "picture").await?;
        table(&aws.dynamodb, ALBUMS, "album").await?;
        let topic = aws.sns.create_topic().name(UPLOADS).send().await.map_err(why)?;
        let topic_arn = topic.topic_arn.unwrap_or_default();
        let queue = aws
            .sqs
            .create_queue()
            .queue_name(UPLOADS)
            .attributes(VisibilityTimeout, VISIBILITY_SECONDS)
            .send()
            .await
            .map_err(why)?;
        let queue_url = queue.queue_url.unwrap_or_default();
        let gallery = Self { aws, queue_url, topic_arn };
        gallery.subscribe().await?;
        Ok(gallery)
    }

    /// The same gallery, called with other clients.
    pub(crate) fn through(&self, aws: Aws) -> Self {
        Self { aws, ..self.clone() }
    }

    /// Lets the topic send to the queue.
    async fn subscribe(&self) -> Result<(), String> {
        let mut attributes = self.queue_attributes(&[QueueArn]).await?;
        let queue_arn = attributes.remove(&QueueArn).ok_or("the queue has no ARN")?;
        let policy = serde_json::json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "sns.amazonaws.com" },
            "Action": "sqs:SendMessage",
            "Resource": queue_arn,
            "Condition": { "ArnEquals": { "aws:SourceArn": self.topic_arn } },
        }]});
        let call = self.aws.sqs.set_queue_attributes().queue_url(&self.queue_url);
        let call = call.attributes(QueueAttributeName::Policy, policy.to_string());
        call.send().await.map_err(why)?;
        let call = self.aws.sns.subscribe().topic_arn(&self.topic_arn).protocol("sqs");
        let call = call.endpoint(queue_arn).attributes("RawMessageDelivery", "true");
        call.send().await.map_err(why).map(drop)
    }

    /// Tells the workers of a new picture.
    pub(crate) async fn announce(&self, album: &str, picture: &str) -> Result<(), String> {
        let upload = Upload { album: album.to_owned(), picture: picture.to_owned() };
        let message = serde_json::to_string(&upload).map_err(|error| error.to_string())?;
        let call = self.aws.sns.publish().topic_arn(&self.topic_arn).message(message);
        call.send().await.map_err(why).map(drop)
    }

    /// Messages that wait, are in a worker's hands or come later.
    pub(crate) async fn backlog(&self) -> Result<u64, String> {
        let counts = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
            QueueAttributeName::ApproximateNumberOfMessagesDelayed,
        ];
        let attributes = self.queue_attributes(&counts).await?;
        Ok(attributes.values().filter_map(|count| count.parse::<u64>().ok()).sum())
    }

    pub(crate) async fn books(&self) -> Result<Books, String> {
        let mut books = Books { thumbnails: BTreeMap::new(), albums: BTreeMap::new() };
        for row in self.rows(THUMBNAILS).await? {
            books.thumbnails.insert(text(&row, "picture"), text(&row, "album"));
        }
        for row in self.rows(ALBUMS).await? {
            let pictures = row.get("pictures").and_then(|count| count.as_n().ok());
            let pictures = pictures.and_then(|count| count.parse().ok()).unwrap_or(0);
            books.albums.insert(text(&row, "album"), pictures);
        }
        Ok(books)
    }

    async fn rows(&self, table: &str) -> Result<Vec<HashMap<String, AttributeValue>>, String> {
        let scan = self.aws.dynamodb.scan().table_name(table).consistent_read(true);
        let rows = scan.into_paginator().items().send().collect::<Result<_, _>>().await;
        rows.map_err(why)
    }

    async fn queue_attributes(
        &self,
        names: &[QueueAttributeName],
    ) -> Result<HashMap<QueueAttributeName, String>, String> {
        let call = self.aws.sqs.get_queue_attributes().queue_url(&self.queue_url);
        let answer = call.set_attribute_names(Some(names.to_vec())).send().await.map_err(why)?;
        Ok(answer.attributes.unwrap_or_default())
    }
}

/// An SDK's error with all its causes.
pub(crate) fn why(error: impl std::error::Error) -> String {
    DisplayErrorContext(error).to_string()
}

fn text(row: &HashMap<String, AttributeValue>, name: &str) -> String {
    row.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default()
}

async fn table(client: &aws_sdk_dynamodb::Client, name: &str, key: &str) -> Result<(), String> {
    let element = KeySchemaElement::builder().attribute_name(key).key_type(KeyType::Hash);
    let attribute = AttributeDefinition::builder().attribute_name(key);
    let attribute = attribute.attribute_type(ScalarAttributeType::S);
    let call = client.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
    let call = call.key_schema(element.build().map_err(why)?);
    call.attribute_definitions(attribute.build().map_err(why)?).send().await.map_err(why).map(drop)
}
