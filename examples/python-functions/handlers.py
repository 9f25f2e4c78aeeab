"""The functions of the order flow."""

import json
import os


class CardDeclined(Exception):
    pass


def begin(event, _context):
    """Starts an execution for each order that comes; one order has one execution."""
    import boto3

    states = boto3.client("stepfunctions")
    failed = []
    for record in event["Records"]:
        order = json.loads(record["body"])
        try:
            states.start_execution(
                stateMachineArn=os.environ["MACHINE"],
                name=order["id"],
                input=json.dumps(order),
            )
        except Exception as error:
            print(f"{order['id']}: {error}")
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def reserve(order, _context):
    return {**order, "reserved": True}


def charge(order, _context):
    if order.get("card") == "stolen":
        raise CardDeclined(order["id"])
    return {**order, "text": f"order {order['id']} is paid"}
