//! `aws-sdk-dynamodb`: awsJson 1.0.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType,
    ScalarAttributeType,
};

use super::emulator;

async fn orders() -> Client {
    let db = Client::new(&emulator().sdk_config());
    let attribute = AttributeDefinition::builder().attribute_name("id");
    let attribute = attribute.attribute_type(ScalarAttributeType::S).build();
    let key = KeySchemaElement::builder().attribute_name("id");
    let key = key.key_type(KeyType::Hash).build();
    let create = db.create_table().table_name("orders");
    let create = create.billing_mode(BillingMode::PayPerRequest);
    let create = create.attribute_definitions(attribute.unwrap());
    create.key_schema(key.unwrap()).send().await.unwrap();
    db
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

#[tokio::test(start_paused = true)]
async fn put_and_get() {
    let db = orders().await;
    let put = db.put_item().table_name("orders").item("id", text("1"));
    let number = AttributeValue::N("12.50".to_owned());
    put.item("total", number).send().await.unwrap();
    let get = db.get_item().table_name("orders").key("id", text("1"));
    let item = get.send().await.unwrap().item.unwrap();
    assert_eq!(item["total"], AttributeValue::N("12.5".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_failed_condition_is_a_typed_error() {
    let db = orders().await;
    let put = db.put_item().table_name("orders").item("id", text("1"));
    let put = put.condition_expression("attribute_exists(id)");
    let error = put.send().await.unwrap_err().into_service_error();
    let PutItemError::ConditionalCheckFailedException(error) = error else {
        panic!("another error: {error:?}");
    };
    let message = "The conditional request failed";
    assert_eq!(error.message(), Some(message));
}
