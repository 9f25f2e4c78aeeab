"""Draws operations on DynamoDB, sends each to skyrig and to dynoxide, and compares the answers.

    dynamodb.py OPERATIONS SEED

The environment names the programs: SKYRIG, DYNOXIDE. A difference is printed with its request, unless a
row of EXPLAINED says why it is none of ours. Recordings of AWS and its documentation outrank dynoxide.
"""

import collections
import json
import os
import random
import re
import socket
import subprocess
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

TABLE = "differential"
SHOWN_MAX = 40

# (operation or None, pattern of our message or None, pattern of theirs or None, why)
EXPLAINED = [
    (
        None, r"operator or function: (begins_with|BETWEEN|[<>]=?), operand type: ", None,
        "AWS refuses values of a wrong type when it reads an expression; dynoxide looks at them",
    ),
    (
        None, r"The first operand must be distinct from the remaining operands", None,
        "AWS refuses to compare an attribute with itself; dynoxide does it",
    ),
    (
        None, r"operator: DELETE, operand type: \w+, typeSet: ALLOWED_FOR_DELETE_OPERAND", r"operator: DELETE",
        "the words for DELETE are AWS's, as users report them",
    ),
    (
        None, r"The BETWEEN operator requires", None,
        "bounds are judged when an expression is read; how AWS writes their numbers is not known",
    ),
    (
        None, r"Invalid \w+Expression: (Incorrect operand type|The BETWEEN operator)", r'"Error"',
        "of several errors either may come first; those of expressions come before those of keys",
    ),
    (
        "transact_write_items", r"Invalid UpdateExpression: Incorrect operand type", None,
        "dynoxide looks at these types only where it changes the item",
    ),
    (
        "transact_write_items", r"reasons \[.*ValidationError", r'"Error"',
        "a key that does not fit cancels before any condition is looked at, as recorded",
    ),
    (
        "transact_write_items", r"cannot contain an empty \w+ value", r"multiple operations on one item",
        "of several faults of a transaction either may come first",
    ),
    (
        "query", r"can only contain non-primary key attributes", r"can only contain non-primary key attributes",
        "of several key attributes in a filter either may be named",
    ),
    (
        None, r"refers to an attribute that does not exist", r"has an incorrect data type",
        "of several faults of an update either may come first",
    ),
    (
        "update_item", r"^{}$", r'^{"Attributes": {"pk": {"S": "\w"}, "sk": {"N": "[0-9.]+"}}}$',
        "an item that the update makes was not there before",
    ),
    (
        "update_item", r"^{", r'"many": {"L": \[',
        "UPDATED_OLD and UPDATED_NEW tell the elements of a list that are named, dynoxide the list",
    ),
]


def client(endpoint):
    # What AWS would refuse must reach the server.
    config = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
    return boto3.client(
        "dynamodb", endpoint_url=endpoint, region_name="us-east-1", config=config,
        aws_access_key_id="test", aws_secret_access_key="test",
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(command, port):
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return server
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"{command[0]} does not listen")


class Draw:
    """Draws requests from a small world, so that they meet."""

    def __init__(self, seed):
        self.rng = random.Random(seed)

    def pick(self, *choices):
        return self.rng.choice(choices)

    def number(self):
        return self.pick("0", "1", "2", "-1", "1.5", "10", "0.1", "1e3", "123456789012345678901234567890")

    def value(self, depth=0):
        kind = self.rng.randrange(12 if depth < 2 else 8)
        if kind < 3:
            return {"S": self.pick("", "a", "b", "ab", "ü")}
        if kind < 6:
            return {"N": self.number()}
        if kind == 6:
            return {"BOOL": self.pick(True, False)}
        if kind == 7:
            return {"NULL": True}
        if kind == 8:
            return {"SS": self.rng.sample(["a", "b", "c"], self.rng.randint(1, 3))}
        if kind == 9:
            return {"NS": self.rng.sample(["1", "2", "3.5"], self.rng.randint(1, 3))}
        if kind == 10:
            return {"L": [self.value(depth + 1) for _ in range(self.rng.randrange(3))]}
        return {"M": {self.pick("x", "y"): self.value(depth + 1) for _ in range(self.rng.randrange(3))}}

    def key(self):
        if self.rng.random() < 0.02:
            return self.pick(
                {"pk": {"S": "a"}}, {"pk": {"N": "1"}, "sk": {"N": "1"}}, {"pk": {"S": ""}, "sk": {"N": "1"}},
                {"pk": {"S": "a"}, "sk": {"N": "1"}, "x": {"S": "y"}},
            )
        return {"pk": {"S": self.pick("a", "b")}, "sk": {"N": self.pick("1", "2", "3", "4.5")}}

    def item(self):
        item = self.key()
        for name in ("g", "h", "v", "w", "doc", "many", "tags"):
            if self.rng.random() < 0.5:
                item[name] = self.attribute(name)
        return item

    def attribute(self, name):
        if self.rng.random() < 0.04:
            return self.value()
        if name == "g":
            return {"S": self.pick("p", "q")}
        if name == "h":
            return {"N": self.number()}
        if name == "doc":
            return {"M": {"x": self.value(1), "y": self.value(1)}}
        if name == "many":
            return {"L": [self.value(1) for _ in range(self.rng.randrange(4))]}
        if name == "tags":
            return {"SS": self.rng.sample(["a", "b", "c"], self.rng.randint(1, 3))}
        return self.value()

    # Expressions: text, and the values that it uses.

    def path(self):
        return self.pick("v", "w", "g", "h", "doc", "doc.x", "doc.y", "many", "many[0]", "many[1]", "tags", "#n", "absent")

    def literal(self, values):
        name = f":v{len(values)}"
        values[name] = self.value(1)
        return name

    def operand(self, values):
        kind = self.rng.randrange(8)
        if kind < 4:
            return self.path()
        if kind < 7:
            return self.literal(values)
        return f"size({self.path()})"

    def condition(self, values, depth=0):
        kind = self.rng.randrange(12 if depth < 3 else 9)
        if kind < 3:
            return f"{self.path()} {self.pick('=', '<>', '<', '<=', '>', '>=')} {self.operand(values)}"
        if kind == 3:
            return f"attribute_exists({self.path()})"
        if kind == 4:
            return f"attribute_not_exists({self.path()})"
        if kind == 5:
            return f"{self.path()} BETWEEN {self.literal(values)} AND {self.literal(values)}"
        if kind == 6:
            return f"{self.path()} IN ({self.literal(values)}, {self.literal(values)})"
        if kind == 7:
            return f"{self.pick('begins_with', 'contains')}({self.path()}, {self.literal(values)})"
        if kind == 8:
            name = f":t{len(values)}"
            values[name] = {"S": self.pick("S", "N", "M", "SS", "BOOL")}
            return f"attribute_type({self.path()}, {name})"
        if kind == 9:
            return f"NOT {self.condition(values, depth + 1)}"
        inner = (self.condition(values, depth + 1), self.condition(values, depth + 1))
        return f"({inner[0]}) {self.pick('AND', 'OR')} ({inner[1]})"

    def update(self, values):
        sections = []
        if self.rng.random() < 0.8:
            actions = []
            for path in self.rng.sample(["v", "w", "h", "doc.x", "many[1]", "many[9]", "fresh"], self.rng.randint(1, 2)):
                right = self.pick("value", "sum", "if", "append", "path", "bracket")
                if right == "value":
                    actions.append(f"{path} = {self.literal(values)}")
                elif right == "sum":
                    actions.append(f"{path} = {self.pick('v', 'h')} {self.pick('+', '-')} {self.literal(values)}")
                elif right == "bracket":
                    actions.append(f"{path} = ({self.pick('v', 'h')} + {self.literal(values)})")
                elif right == "if":
                    actions.append(f"{path} = if_not_exists({self.path()}, {self.literal(values)})")
                elif right == "append":
                    actions.append(f"{path} = list_append({self.pick('many', 'v')}, {self.literal(values)})")
                else:
                    actions.append(f"{path} = {self.path()}")
            sections.append("SET " + ", ".join(actions))
        if self.rng.random() < 0.3:
            sections.append(f"REMOVE {self.pick('w2', 'doc.y', 'many[0]', 'absent')}")
        if self.rng.random() < 0.2:
            sections.append(f"ADD {self.pick('hits', 'tags')} {self.literal(values)}")
        if self.rng.random() < 0.1:
            sections.append(f"DELETE tags {self.literal(values)}")
        return " ".join(sections) or "REMOVE absent"

    def conditional(self, request, chance=0.5):
        values = request.setdefault("ExpressionAttributeValues", {})
        if self.rng.random() < chance:
            request["ConditionExpression"] = self.condition(values)
            if self.rng.random() < 0.3:
                request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        return self.finished(request)

    def finished(self, request):
        if not request.get("ExpressionAttributeValues"):
            request.pop("ExpressionAttributeValues", None)
        texts = " ".join(text for name, text in request.items() if name.endswith("Expression"))
        if "#n" in texts:
            request["ExpressionAttributeNames"] = {"#n": "w"}
        return request

    def put(self):
        return self.conditional({"TableName": TABLE, "Item": self.item()}, 0.4)

    def delete(self):
        return self.conditional({"TableName": TABLE, "Key": self.key()}, 0.4)

    def change(self):
        request = {"TableName": TABLE, "Key": self.key(), "ExpressionAttributeValues": {}}
        request["UpdateExpression"] = self.update(request["ExpressionAttributeValues"])
        return self.conditional(request, 0.2)

    def operation(self):
        kind = self.rng.randrange(20)
        if kind < 5:
            return "put_item", {**self.put(), "ReturnValues": self.pick("NONE", "ALL_OLD")}
        if kind < 10:
            returned = self.pick("NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW")
            return "update_item", {**self.change(), "ReturnValues": returned}
        if kind == 10:
            return "delete_item", {**self.delete(), "ReturnValues": "ALL_OLD"}
        if kind == 11:
            request = {"TableName": TABLE, "Key": self.key()}
            if self.rng.random() < 0.5:
                request["ProjectionExpression"] = ", ".join(self.rng.sample(["v", "doc.x", "many[0]", "many[1]", "pk"], 2))
            return "get_item", request
        if kind < 15:
            return "query", self.query()
        if kind == 15:
            request = {"TableName": TABLE, "ExpressionAttributeValues": {}}
            request["FilterExpression"] = self.condition(request["ExpressionAttributeValues"])
            return "scan", self.finished(request)
        if kind == 16:
            requests = [
                {"PutRequest": {"Item": self.item()}} if self.rng.random() < 0.7 else {"DeleteRequest": {"Key": self.key()}}
                for _ in range(self.rng.randint(1, 4))
            ]
            return "batch_write_item", {"RequestItems": {TABLE: requests}}
        if kind == 17:
            keys = [self.key() for _ in range(self.rng.randint(1, 4))]
            return "batch_get_item", {"RequestItems": {TABLE: {"Keys": keys}}}
        if kind == 18:
            items = [{"Get": {"TableName": TABLE, "Key": self.key()}} for _ in range(self.rng.randint(1, 3))]
            return "transact_get_items", {"TransactItems": items}
        actions = []
        for _ in range(self.rng.randint(1, 4)):
            which = self.pick("Put", "Update", "Delete", "ConditionCheck")
            if which == "Put":
                actions.append({which: self.put()})
            elif which == "Update":
                actions.append({which: self.change()})
            elif which == "Delete":
                actions.append({which: self.delete()})
            else:
                request = {"TableName": TABLE, "Key": self.key()}
                actions.append({which: self.conditional(request, 1)})
        return "transact_write_items", {"TransactItems": actions}

    def query(self):
        values = {":p": {"S": self.pick("a", "b", "p", "q")}, ":k": {"N": self.number()}}
        request = {"TableName": TABLE, "ExpressionAttributeValues": values}
        index = self.pick(None, "by-g", "by-h")
        partition, sort = {None: ("pk", "sk"), "by-g": ("g", "h"), "by-h": ("pk", "h")}[index]
        if index:
            request["IndexName"] = index
        tests = [f"{sort} {self.pick('=', '<', '<=', '>', '>=')} :k", f"{sort} BETWEEN :k AND :m"]
        test = self.pick(None, *tests)
        text = f"{partition} = :p"
        if test:
            text += f" AND {test}"
        else:
            del values[":k"]
        if test and ":m" in test:
            values[":m"] = {"N": self.number()}
        request["KeyConditionExpression"] = text
        if self.rng.random() < 0.3:
            request["FilterExpression"] = self.condition(values)
        if self.rng.random() < 0.4:
            request["ScanIndexForward"] = self.pick(True, False)
        return self.finished(request)


def normal(value, key=None):
    """The same for answers that say the same: sets have no order, and scans none that is promised."""
    if isinstance(value, dict):
        return {name: normal(member, name) for name, member in value.items() if name != "ResponseMetadata"}
    if isinstance(value, list):
        members = [normal(member) for member in value]
        if key in ("SS", "NS", "BS", "Items", TABLE):
            members.sort(key=lambda member: json.dumps(member, sort_keys=True))
        return members
    return value


def ask(client, operation, request):
    try:
        return normal(getattr(client, operation)(**request))
    except ClientError as error:
        # Since mid-2026 AWS begins more of its sentences so; docs/differences.md says which ours are.
        message = error.response["Error"]["Message"].removeprefix("1 validation error detected: ")
        said = {"Error": {"Code": error.response["Error"]["Code"], "Message": message}}
        for member in ("CancellationReasons", "Item"):
            if member in error.response:
                said[member] = normal(error.response[member])
        return said


def explained(operation, ours, theirs):
    texts = [json.dumps(ours, sort_keys=True), json.dumps(theirs, sort_keys=True)]
    for wanted, our, their, why in EXPLAINED:
        if wanted in (None, operation) and all(
            pattern is None or re.search(pattern, text) for pattern, text in zip((our, their), texts)
        ):
            return why
    return None


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    ports = free_port(), free_port()
    servers = [
        start([os.environ["SKYRIG"], "serve", "--listen", f"127.0.0.1:{ports[0]}"], ports[0]),
        start([os.environ["DYNOXIDE"], "--port", str(ports[1])], ports[1]),
    ]
    tally, unexplained, refused = collections.Counter(), 0, 0
    try:
        clients = [client(f"http://127.0.0.1:{port}") for port in ports]
        for it in clients:
            it.create_table(**TABLE_REQUEST)
            it.get_waiter("table_exists").wait(TableName=TABLE, WaiterConfig={"Delay": 1})
        draw = Draw(seed)
        for number in range(count):
            operation, request = draw.operation()
            ours, theirs = (ask(it, operation, request) for it in clients)
            refused += "Error" in ours
            if ours == theirs:
                continue
            why = explained(operation, ours, theirs)
            if why:
                tally[why] += 1
                if ("Error" in ours) != ("Error" in theirs):
                    level(clients)
                continue
            unexplained += 1
            if unexplained <= SHOWN_MAX:
                print(f"#{number} {operation} {json.dumps(request)}\n  skyrig:   {json.dumps(ours)[:600]}\n  dynoxide: {json.dumps(theirs)[:600]}")
            # Both go on from the same items.
            level(clients)
    finally:
        for server in servers:
            server.terminate()
            server.wait(timeout=10)
    for why, times in sorted(tally.items()):
        print(f"explained {times} times: {why}")
    print(f"{count} operations of seed {seed}, {refused} of them refused: {unexplained} differences that nobody explains")
    sys.exit(1 if unexplained else 0)


def level(clients):
    """Gives the second the items of the first."""
    wanted = clients[0].scan(TableName=TABLE)["Items"]
    for item in clients[1].scan(TableName=TABLE)["Items"]:
        clients[1].delete_item(TableName=TABLE, Key={"pk": item["pk"], "sk": item["sk"]})
    for item in wanted:
        clients[1].put_item(TableName=TABLE, Item=item)


def key(name, role):
    return {"AttributeName": name, "KeyType": role}


TABLE_REQUEST = {
    "TableName": TABLE,
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": kind}
        for name, kind in (("pk", "S"), ("sk", "N"), ("g", "S"), ("h", "N"))
    ],
    "KeySchema": [key("pk", "HASH"), key("sk", "RANGE")],
    "GlobalSecondaryIndexes": [
        {"IndexName": "by-g", "KeySchema": [key("g", "HASH"), key("h", "RANGE")], "Projection": {"ProjectionType": "ALL"}}
    ],
    "LocalSecondaryIndexes": [
        {"IndexName": "by-h", "KeySchema": [key("pk", "HASH"), key("h", "RANGE")], "Projection": {"ProjectionType": "KEYS_ONLY"}}
    ],
}

if __name__ == "__main__":
    main()
