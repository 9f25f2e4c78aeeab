"""Takes what was ordered out of the stock, and asks for the payment."""

import json
import traceback

import boto3

dynamodb = boto3.resource("dynamodb")
orders, products = dynamodb.Table("orders"), dynamodb.Table("products")
sqs = boto3.client("sqs")
STOCK = sqs.get_queue_url(QueueName="stock")["QueueUrl"]
PAYMENTS = sqs.get_queue_url(QueueName="payments")["QueueUrl"]


def reserve(order):
    products.update_item(
        Key={"id": order["product"]},
        UpdateExpression="SET available = available - :one",
        ExpressionAttributeValues={":one": 1},
    )
    try:
        orders.update_item(
            Key={"id": order["id"]},
            UpdateExpression="SET #status = :reserved",
            ConditionExpression="#status = :placed",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":reserved": "reserved", ":placed": "placed"},
        )
    except orders.meta.client.exceptions.ConditionalCheckFailedException:
        print(f"order {order['id']} was reserved before")


def handle(message):
    order = json.loads(message["Body"])
    reserve(order)
    sqs.send_message(QueueUrl=PAYMENTS, MessageBody=json.dumps(order))


while True:
    received = sqs.receive_message(QueueUrl=STOCK, WaitTimeSeconds=20, MaxNumberOfMessages=10)
    for message in received.get("Messages", []):
        try:
            handle(message)
            sqs.delete_message(QueueUrl=STOCK, ReceiptHandle=message["ReceiptHandle"])
        except Exception:
            # It comes again when its visibility timeout has ended.
            traceback.print_exc()
