"""Charges customers, each order once."""

import json
import traceback

import boto3

orders = boto3.resource("dynamodb").Table("orders")
sqs = boto3.client("sqs")
PAYMENTS = sqs.get_queue_url(QueueName="payments")["QueueUrl"]


def charge(order):
    orders.update_item(
        Key={"id": order["id"]},
        UpdateExpression="SET #status = :paid",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":paid": "paid"},
    )


while True:
    received = sqs.receive_message(QueueUrl=PAYMENTS, WaitTimeSeconds=20, MaxNumberOfMessages=10)
    for message in received.get("Messages", []):
        try:
            charge(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=PAYMENTS, ReceiptHandle=message["ReceiptHandle"])
        except Exception:
            traceback.print_exc()
