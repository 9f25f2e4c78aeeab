"""Functions with Powertools for AWS Lambda, boto3's waiters, and addresses, against the emulator.

Run by more.sh, which sets SKYRIG to the binary and LAYER to an archive of Powertools and boto3, as a
layer has them.
"""

import io
import json
import os
import re
import subprocess
import sys
import unittest
import urllib.error
import urllib.request
import zipfile

import boto3

ROLE = "arn:aws:iam::000000000000:role/functions"
RUNTIME = f"python3.{sys.version_info.minor}"

BATCH = '''
import json
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor, EventType, process_partial_response)
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer, IdempotencyConfig, idempotent_function)
import boto3

logger = Logger(service="orders")
metrics = Metrics(namespace="Orders", service="orders")
processor = BatchProcessor(event_type=EventType.SQS)
store = DynamoDBPersistenceLayer(table_name="idempotency")
config = IdempotencyConfig(event_key_jmespath="number", expires_after_seconds=3600)
done = boto3.resource("sqs").get_queue_by_name(QueueName="done")

@idempotent_function(data_keyword_argument="order", config=config, persistence_store=store)
def ship(order):
    done.send_message(MessageBody=str(order["number"]))
    return {"shipped": order["number"]}

def take(record):
    order = json.loads(record.body)
    if order["number"] < 0:
        raise ValueError("no such order")
    metrics.add_metric(name="Shipped", unit=MetricUnit.Count, value=1)
    logger.info("shipped", extra={"order": order["number"]})
    return ship(order=order)

@logger.inject_lambda_context
@metrics.log_metrics
def handler(event, context):
    config.register_lambda_context(context)
    return process_partial_response(
        event=event, record_handler=take, processor=processor, context=context)
'''

WEB = '''
from aws_lambda_powertools.event_handler import LambdaFunctionUrlResolver, Response

app = LambdaFunctionUrlResolver()

@app.get("/orders/<number>")
def order(number):
    return {"number": number, "colour": app.current_event.query_string_parameters["colour"]}

@app.post("/orders")
def place():
    return Response(status_code=201, content_type="text/plain", body=app.current_event.json_body["n"])

def handler(event, context):
    return app.resolve(event, context)
'''


def archive(name, text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as written:
        written.writestr(name, text)
    return out.getvalue()


class Functions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.skyrig = subprocess.Popen(
            [os.environ["SKYRIG"], "serve", "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, text=True,
        )
        line = cls.skyrig.stdout.readline()
        cls.endpoint = re.search(r"http://\S+", line)[0]
        with open(os.environ["LAYER"], "rb") as layer:
            made = cls.client("lambda").publish_layer_version(
                LayerName="powertools", Content={"ZipFile": layer.read()}
            )
        cls.layer = made["LayerVersionArn"]

    @classmethod
    def tearDownClass(cls):
        cls.skyrig.terminate()
        cls.skyrig.wait()
        cls.skyrig.stdout.close()

    @classmethod
    def client(cls, service):
        return boto3.client(service, endpoint_url=cls.endpoint)

    def function(self, name, text, **more):
        client = self.client("lambda")
        client.create_function(
            FunctionName=name, Runtime=RUNTIME, Role=ROLE, Handler=f"{name}.handler", Timeout=60,
            MemorySize=1024, Layers=[self.layer], Code={"ZipFile": archive(f"{name}.py", text)},
            **more,
        )
        client.get_waiter("function_active_v2").wait(FunctionName=name)
        return client

    def advance(self, seconds):
        body = json.dumps({"advance_seconds": seconds}).encode()
        urllib.request.urlopen(self.endpoint + "/_skyrig/clock", body).read()

    def test_batches_and_idempotency(self):
        sqs = self.client("sqs")
        url = sqs.create_queue(QueueName="orders", Attributes={"VisibilityTimeout": "60"})["QueueUrl"]
        done = sqs.create_queue(QueueName="done")["QueueUrl"]
        self.client("dynamodb").create_table(
            TableName="idempotency", BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )
        variables = {"POWERTOOLS_SERVICE_NAME": "orders"}
        client = self.function("batch", BATCH, Environment={"Variables": variables})
        # The second copy of an order ships nothing; one that fails comes again alone.
        for number in (1, 2, 1, -1):
            sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"number": number}))
        client.create_event_source_mapping(
            FunctionName="batch", EventSourceArn="arn:aws:sqs:us-east-1:000000000000:orders",
            FunctionResponseTypes=["ReportBatchItemFailures"], BatchSize=10,
        )
        self.advance(1)
        counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        left = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=counts)["Attributes"]
        self.assertEqual(sum(int(left[name]) for name in counts), 1)
        shipped = sqs.receive_message(QueueUrl=done, MaxNumberOfMessages=10).get("Messages", [])
        self.assertEqual(sorted(message["Body"] for message in shipped), ["1", "2"])
        logs = self.client("logs").filter_log_events(logGroupName="/aws/lambda/batch")["events"]
        lines = [event["message"] for event in logs]
        told = [json.loads(line) for line in lines if line.startswith("{")]
        logged = [line for line in told if line.get("message") == "shipped"]
        self.assertEqual(logged[0]["function_name"], "batch")
        self.assertTrue(any("_aws" in line for line in told), lines)

    def test_an_address(self):
        client = self.function("web", WEB)
        url = client.create_function_url_config(FunctionName="web", AuthType="NONE")["FunctionUrl"]
        for action in ("InvokeFunctionUrl", "InvokeFunction"):
            client.add_permission(
                FunctionName="web", StatementId=action, Action=f"lambda:{action}", Principal="*"
            )
        # By the path, as not every machine knows names below localhost.
        id = url.split("//")[1].split(".")[0]
        base = f"{self.endpoint}/_skyrig/lambda-url/us-east-1/{id}"
        with urllib.request.urlopen(f"{base}/orders/7?colour=red") as answer:
            self.assertEqual(json.load(answer), {"number": "7", "colour": "red"})
        request = urllib.request.Request(
            f"{base}/orders", b'{"n": "8"}', {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:
            self.assertEqual((answer.status, answer.read()), (201, b"8"))
        with self.assertRaises(urllib.error.HTTPError) as missing:
            urllib.request.urlopen(f"{base}/none")
        self.assertEqual(missing.exception.code, 404)
        missing.exception.close()

    def test_waiters(self):
        client = self.function("waits", "def handler(event, context): return 1")
        client.update_function_configuration(FunctionName="waits", MemorySize=256)
        client.get_waiter("function_updated_v2").wait(FunctionName="waits")
        version = client.publish_version(FunctionName="waits")["Version"]
        client.get_waiter("published_version_active").wait(
            FunctionName="waits", Qualifier=version
        )
        answer = client.invoke(FunctionName="waits", Qualifier=version)
        self.assertEqual((answer["Payload"].read(), answer["ExecutedVersion"]), (b"1", version))


if __name__ == "__main__":
    unittest.main()
