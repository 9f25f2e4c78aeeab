//! Whole HTTP answers, byte for byte, per protocol. Ids and dates come from the seed, so nothing is
//! redacted.

use bytes::Bytes;
use http::{Request, Response};
use serde_json::json;

use skyrig::cloud::Input;

use crate::world::{self, cbor, json, query};

/// What a cloud of seed 1 answers to the last of `requests`.
fn answer(requests: impl IntoIterator<Item = Request<Bytes>>) -> String {
    let mut driver = world::of_seed(1);
    let mut last = None;
    for request in requests {
        last = world::feed(&mut driver, Input::Request(request.into())).pop();
    }
    show(&last.expect("the last request is answered at once"))
}

fn show(response: &Response<Bytes>) -> String {
    let mut lines = vec![response.status().as_u16().to_string()];
    for (name, value) in response.headers() {
        lines.push(format!("{name}: {}", value.to_str().expect("text")));
    }
    lines.push(String::new());
    lines.push(match std::str::from_utf8(response.body()) {
        Ok(text) => text.to_owned(),
        Err(_) => response.body().escape_ascii().to_string(),
    });
    lines.join("\n")
}

fn create_queue() -> Request<Bytes> {
    json("AmazonSQS.CreateQueue", &json!({"QueueName": "orders"}))
}

fn send_by_form(queue: &str) -> Request<Bytes> {
    let form = "Action=SendMessage&Version=2012-11-05&MessageBody=a+%26+b";
    let url = format!("http%3A%2F%2Flocalhost%3A4566%2F000000000000%2F{queue}");
    query("sqs", &format!("{form}&QueueUrl={url}"))
}

#[test]
fn json_success() {
    insta::assert_snapshot!(answer([create_queue()]), @r#"
    200
    content-type: application/x-amz-json-1.0
    x-amzn-requestid: 910a2dec-8902-4cc1-beeb-8da1658eec67

    {"QueueUrl":"http://localhost:4566/000000000000/orders"}
    "#);
}

#[test]
fn json_error() {
    let request = json("AmazonSQS.GetQueueUrl", &json!({"QueueName": "missing"}));
    insta::assert_snapshot!(answer([request]), @r#"
    400
    content-type: application/x-amz-json-1.0
    x-amzn-requestid: 910a2dec-8902-4cc1-beeb-8da1658eec67
    x-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender

    {"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}
    "#);
}

#[test]
fn query_success() {
    insta::assert_snapshot!(answer([create_queue(), send_by_form("orders")]), @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 71c18690-ee42-490b-b1bb-54d8d101b5b9

    <?xml version="1.0"?><SendMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><SendMessageResult><MD5OfMessageBody>9fed43e0f68e6c705d96bd051704f1f2</MD5OfMessageBody><MessageId>c34d0bff-9015-4280-a099-ec6cd7363ca5</MessageId></SendMessageResult><ResponseMetadata><RequestId>71c18690-ee42-490b-b1bb-54d8d101b5b9</RequestId></ResponseMetadata></SendMessageResponse>
    "#);
}

#[test]
fn query_error() {
    insta::assert_snapshot!(answer([send_by_form("missing")]), @r#"
    400
    content-type: text/xml
    x-amzn-requestid: 910a2dec-8902-4cc1-beeb-8da1658eec67

    <?xml version="1.0"?><ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>The specified queue does not exist.</Message><Detail/></Error><RequestId>910a2dec-8902-4cc1-beeb-8da1658eec67</RequestId></ErrorResponse>
    "#);
}

#[test]
fn query_answer_without_result() {
    let form = "Action=DeleteQueue&Version=2012-11-05&QueueUrl=http://x/000000000000/orders";
    insta::assert_snapshot!(answer([create_queue(), query("sqs", form)]), @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 71c18690-ee42-490b-b1bb-54d8d101b5b9

    <?xml version="1.0"?><DeleteQueueResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><ResponseMetadata><RequestId>71c18690-ee42-490b-b1bb-54d8d101b5b9</RequestId></ResponseMetadata></DeleteQueueResponse>
    "#);
}

#[test]
fn unknown_operation() {
    let request = json("AmazonSQS.MakeCoffee", &json!({}));
    insta::assert_snapshot!(answer([request]), @r#"
    400
    content-type: application/x-amz-json-1.0
    x-amzn-requestid: 00000000-0000-0000-0000-000000000000
    x-amzn-query-error: InvalidAction;Sender

    {"__type":"com.amazon.coral.service#UnknownOperationException","message":"The action MakeCoffee is not valid for this endpoint."}
    "#);
}

#[test]
fn unknown_operation_by_form() {
    let request = query("sqs", "Action=MakeCoffee&Version=2012-11-05");
    insta::assert_snapshot!(answer([request]), @r#"
    400
    content-type: text/xml
    x-amzn-requestid: 00000000-0000-0000-0000-000000000000

    <?xml version="1.0"?><ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>The action MakeCoffee is not valid for this endpoint.</Message><Detail/></Error><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>
    "#);
}

#[test]
fn broken_json() {
    let (head, _) = create_queue().into_parts();
    let request = Request::from_parts(head, Bytes::from_static(b"{\"QueueName\": "));
    insta::assert_snapshot!(answer([request]), @r#"
    400
    content-type: application/x-amz-json-1.0
    x-amzn-requestid: 00000000-0000-0000-0000-000000000000
    x-amzn-query-error: MalformedInput;Sender

    {"__type":"com.amazon.coral.service#SerializationException","message":"EOF while parsing a value at line 1 column 14"}
    "#);
}

#[test]
fn unknown_service() {
    let request = json("AWSCoffee_20260101.Brew", &json!({}));
    insta::assert_snapshot!(answer([request]), @r#"
    400
    content-type: application/x-amz-json-1.0
    x-amzn-requestid: 00000000-0000-0000-0000-000000000000
    x-amzn-query-error: InvalidAction;Sender

    {"__type":"com.amazon.coral.service#UnknownOperationException","message":"the service AWSCoffee_20260101 is not implemented by this emulator"}
    "#);
}

const METRICS: &str = "GraniteServiceVersion20100801";

#[test]
fn cbor_success() {
    let datum = json!({"MetricName": "orders", "Value": 1.0});
    let body = json!({"Namespace": "Shop", "MetricData": [datum]});
    let list = cbor(METRICS, "ListMetrics", &json!({"Namespace": "Shop"}));
    insta::assert_snapshot!(answer([cbor(METRICS, "PutMetricData", &body), list]), @r#"
    200
    content-type: application/cbor
    x-amzn-requestid: f893a2ee-fb32-455e-b1c1-8690ee42c90b
    smithy-protocol: rpc-v2-cbor

    \xa1gMetrics\x81\xa3iNamespacedShopjMetricNamefordersjDimensions\x80
    "#);
}

#[test]
fn cbor_error() {
    let body = json!({"Namespace": "AWS/Taken", "MetricData": []});
    insta::assert_snapshot!(answer([cbor(METRICS, "PutMetricData", &body)]), @r#"
    400
    content-type: application/cbor
    x-amzn-requestid: 910a2dec-8902-4cc1-beeb-8da1658eec67
    smithy-protocol: rpc-v2-cbor
    x-amzn-query-error: MissingParameter;Sender

    \xa2f__typexFcom.amazonaws.cloudwatch.v2010_08_01#MissingRequiredParameterExceptiongmessagex%The parameter MetricData is required.
    "#);
}

#[test]
fn cbor_unknown_operation() {
    insta::assert_snapshot!(answer([cbor(METRICS, "MakeCoffee", &json!({}))]), @r#"
    400
    content-type: application/cbor
    x-amzn-requestid: 00000000-0000-0000-0000-000000000000
    smithy-protocol: rpc-v2-cbor
    x-amzn-query-error: InvalidAction;Sender

    \xa2f__typex2com.amazon.coral.service#UnknownOperationExceptiongmessagex5The action MakeCoffee is not valid for this endpoint.
    "#);
}

#[test]
fn json_11_success() {
    let request = json("AWSEvents.DescribeEventBus", &json!({}));
    insta::assert_snapshot!(answer([request]), @r#"
    200
    content-type: application/x-amz-json-1.1
    x-amzn-requestid: 910a2dec-8902-4cc1-beeb-8da1658eec67

    {"Name":"default","Arn":"arn:aws:events:us-east-1:000000000000:event-bus/default","CreationTime":1767225600.0,"LastModifiedTime":1767225600.0}
    "#);
}

#[test]
fn json_with_crc32() {
    let request = json("DynamoDB_20120810.ListTables", &json!({}));
    insta::assert_snapshot!(answer([request]), @r#"
    200
    content-type: application/x-amz-json-1.0
    x-amzn-requestid: 910a2dec-8902-4cc1-beeb-8da1658eec67
    x-amz-crc32: 1315925753

    {"TableNames":[]}
    "#);
}

#[test]
fn json_error_with_crc32() {
    let body = json!({"TableName": "missing", "Key": {"id": {"S": "1"}}});
    let request = json("DynamoDB_20120810.GetItem", &body);
    insta::assert_snapshot!(answer([request]), @r#"
    400
    content-type: application/x-amz-json-1.0
    x-amzn-requestid: 910a2dec-8902-4cc1-beeb-8da1658eec67
    x-amz-crc32: 3737639027

    {"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"Requested resource not found"}
    "#);
}

#[test]
fn query_of_sts() {
    let request = query("sts", "Action=GetCallerIdentity&Version=2011-06-15");
    insta::assert_snapshot!(answer([request]), @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 910a2dec-8902-4cc1-beeb-8da1658eec67

    <?xml version="1.0"?><GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><UserId>000000000000</UserId><Account>000000000000</Account><Arn>arn:aws:iam::000000000000:user/skyrig</Arn></GetCallerIdentityResult><ResponseMetadata><RequestId>910a2dec-8902-4cc1-beeb-8da1658eec67</RequestId></ResponseMetadata></GetCallerIdentityResponse>
    "#);
}

#[test]
fn query_error_of_sns() {
    let topic = "arn:aws:sns:us-east-1:000000000000:missing";
    let form = format!("Action=Publish&Version=2010-03-31&Message=x&TopicArn={topic}");
    insta::assert_snapshot!(answer([query("sns", &form)]), @r#"
    404
    content-type: text/xml
    x-amzn-requestid: 910a2dec-8902-4cc1-beeb-8da1658eec67

    <?xml version="1.0"?><ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>NotFound</Code><Message>Topic does not exist</Message></Error><RequestId>910a2dec-8902-4cc1-beeb-8da1658eec67</RequestId></ErrorResponse>
    "#);
}
