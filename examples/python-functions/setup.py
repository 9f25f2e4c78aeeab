"""Makes topics, a queue, functions and a state machine, once."""

import io
import json
import os
import re
import urllib.request
import zipfile

import boto3

ROLE = "arn:aws:iam::000000000000:role/orders"
functions = boto3.client("lambda")
sns, sqs, states = boto3.client("sns"), boto3.client("sqs"), boto3.client("stepfunctions")


def code():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.write("handlers.py")
    return archive.getvalue()


def function(name, **environment):
    made = functions.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=ROLE,
        Handler=f"handlers.{name}",
        Code={"ZipFile": code()},
        Timeout=10,
        Environment={"Variables": environment},
    )
    functions.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
    return made["FunctionArn"]


def queue(name, **attributes):
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, found["Attributes"]["QueueArn"]


told = sns.create_topic(Name="told")["TopicArn"]
sns.subscribe(TopicArn=told, Protocol="email", Endpoint="ann@example.com")
# Ann follows the link in the mail that asks her: skyrig keeps what leaves for people.
with urllib.request.urlopen(os.environ["AWS_ENDPOINT_URL"] + "/_skyrig/outbox") as outbox:
    token = re.search(r"Token=(\w+)", outbox.read().decode())[1]
sns.confirm_subscription(TopicArn=told, Token=token)

retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 5, "MaxAttempts": 3, "BackoffRate": 2}]
definition = {
    "StartAt": "Reserve",
    "States": {
        "Reserve": {
            "Type": "Task",
            "Resource": function("reserve"),
            "Retry": retry,
            "Next": "Charge",
        },
        "Charge": {
            "Type": "Task",
            "Resource": function("charge"),
            "Retry": retry,
            "Catch": [{"ErrorEquals": ["CardDeclined"], "Next": "Declined"}],
            "Next": "Tell",
        },
        "Tell": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sns:publish",
            "Parameters": {"TopicArn": told, "Message.$": "$.text"},
            "End": True,
        },
        "Declined": {"Type": "Fail", "Error": "CardDeclined"},
    },
}
machine = states.create_state_machine(
    name="orders", definition=json.dumps(definition), roleArn=ROLE
)["stateMachineArn"]

orders = sns.create_topic(Name="orders")["TopicArn"]
_, dead = queue("intake-dead")
redrive = {"deadLetterTargetArn": dead, "maxReceiveCount": 3}
url, intake = queue("intake", VisibilityTimeout="60", RedrivePolicy=json.dumps(redrive))
policy = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": intake,
            "Condition": {"ArnEquals": {"aws:SourceArn": orders}},
        }
    ],
}
sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
sns.subscribe(
    TopicArn=orders,
    Protocol="sqs",
    Endpoint=intake,
    Attributes={"RawMessageDelivery": "true"},
)
functions.create_event_source_mapping(
    EventSourceArn=intake,
    FunctionName=function("begin", MACHINE=machine),
    BatchSize=5,
    FunctionResponseTypes=["ReportBatchItemFailures"],
)
