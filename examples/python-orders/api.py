"""Takes orders over HTTP: POST /orders, GET /orders/ID."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
from botocore.exceptions import ClientError

orders = boto3.resource("dynamodb").Table("orders")
sqs = boto3.client("sqs")
STOCK = sqs.get_queue_url(QueueName="stock")["QueueUrl"]


def place(order):
    """An order is taken once, however often it is sent."""
    try:
        orders.put_item(
            Item={**order, "status": "placed"},
            ConditionExpression="attribute_not_exists(id)",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
    sqs.send_message(QueueUrl=STOCK, MessageBody=json.dumps(order))


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/health":
            return self.answer(200, {"status": "ok"})
        item = orders.get_item(Key={"id": self.path.removeprefix("/orders/")}).get("Item")
        return self.answer(200, item) if item else self.answer(404, {"error": "no such order"})

    def do_POST(self):
        order = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if not order.get("id") or not order.get("product"):
            return self.answer(400, {"error": "an order has an id and a product"})
        try:
            place(order)
        except Exception as error:
            return self.answer(503, {"error": str(error)})
        return self.answer(202, {"id": order["id"]})

    def answer(self, status, document):
        body = json.dumps(document, default=str).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
