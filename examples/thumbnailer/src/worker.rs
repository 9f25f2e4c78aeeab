//! A worker: takes uploads off the queue, makes thumbnails and counts the album's pictures. Each
//! picture must be counted once, however often its message comes and whoever else is at it.

use crate::gallery::{ALBUMS, Gallery, THUMBNAILS, Upload, why};
use crate::render;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue::{self, B, N, S};
use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use clap::ValueEnum;
use std::fmt;
use std::time::Duration;

const LONG_POLL_SECONDS: i32 = 20;
const BATCH: i32 = 10;
/// After a receive that failed.
const PAUSE: Duration = Duration::from_secs(1);
const COUNT: &str = "ADD pictures :one";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Version {
    /// Writes the thumbnail, then counts the picture. Whatever comes between the count and the
    /// end of the message makes it count again.
    Naive,
    /// Does both at once, and only if the picture has no thumbnail yet.
    Mended,
}

/// Works until it is aborted.
pub(crate) async fn work(gallery: Gallery, version: Version) {
    loop {
        let call = gallery.aws.sqs.receive_message().queue_url(&gallery.queue_url);
        let call = call.max_number_of_messages(BATCH).wait_time_seconds(LONG_POLL_SECONDS);
        let Ok(received) = call.send().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        for message in received.messages.unwrap_or_default() {
            let body = message.body.unwrap_or_default();
            // What fails, here or in deleting, comes again when its visibility time is over.
            if handle(&gallery, version, &body).await.is_ok() {
                let call = gallery.aws.sqs.delete_message().queue_url(&gallery.queue_url);
                let call = call.set_receipt_handle(message.receipt_handle);
                drop(call.send().await);
            }
        }
    }
}

async fn handle(gallery: &Gallery, version: Version, body: &str) -> Result<(), String> {
    let upload: Upload = serde_json::from_str(body).map_err(|error| error.to_string())?;
    match version {
        Version::Naive => record_naively(gallery, upload).await,
        Version::Mended => record(gallery, upload).await,
    }
}

async fn record_naively(gallery: &Gallery, upload: Upload) -> Result<(), String> {
    let put = gallery.aws.dynamodb.put_item().table_name(THUMBNAILS);
    let put = put.item("thumbnail", thumbnail(&upload)).item("picture", S(upload.picture));
    put.item("album", S(upload.album.clone())).send().await.map_err(why)?;
    let count = gallery.aws.dynamodb.update_item().table_name(ALBUMS);
    let count = count.key("album", S(upload.album)).update_expression(COUNT);
    count.expression_attribute_values(":one", N("1".into())).send().await.map_err(why).map(drop)
}

async fn record(gallery: &Gallery, upload: Upload) -> Result<(), String> {
    let put = Put::builder().table_name(THUMBNAILS).item("thumbnail", thumbnail(&upload));
    let put = put.item("picture", S(upload.picture)).item("album", S(upload.album.clone()));
    let put = put.condition_expression("attribute_not_exists(picture)").build().map_err(why)?;
    let count = Update::builder().table_name(ALBUMS).key("album", S(upload.album));
    let count = count.update_expression(COUNT).expression_attribute_values(":one", N("1".into()));
    let count = count.build().map_err(why)?;
    let call = gallery.aws.dynamodb.transact_write_items();
    let call = call.transact_items(TransactWriteItem::builder().put(put).build());
    let call = call.transact_items(TransactWriteItem::builder().update(count).build());
    match call.send().await {
        Err(error) if error.as_service_error().is_some_and(is_done_already) => Ok(()),
        recorded => recorded.map_err(why).map(drop),
    }
}

fn is_done_already(error: &TransactWriteItemsError) -> bool {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else {
        return false;
    };
    let mut reasons = cancelled.cancellation_reasons().iter();
    reasons.any(|reason| reason.code() == Some("ConditionalCheckFailed"))
}

fn thumbnail(upload: &Upload) -> AttributeValue {
    B(Blob::new(render::thumbnail(&upload.picture)))
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Naive => "naive",
            Self::Mended => "mended",
        })
    }
}
