"""Makes the queues and tables of the order system, once."""

import json

import boto3

sqs = boto3.client("sqs")
dynamodb = boto3.client("dynamodb")


def queue(name, **attributes):
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return found["Attributes"]["QueueArn"]


for name in ["stock", "payments"]:
    dead = queue(f"{name}-dead")
    policy = {"deadLetterTargetArn": dead, "maxReceiveCount": 5}
    queue(name, VisibilityTimeout="30", RedrivePolicy=json.dumps(policy))

for table in ["orders", "products"]:
    dynamodb.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    dynamodb.get_waiter("table_exists").wait(TableName=table, WaiterConfig={"Delay": 1})
