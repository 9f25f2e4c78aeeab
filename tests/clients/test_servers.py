"""An HTTP subscriber and an API destination that receive, fail and recover.

Python's standard library alone. Called with an endpoint of skyrig's over https, the certificate of
its authority, and a file: to that it writes each message that SNS has sent or left in a queue, for
validators of signatures. The clock of that skyrig must be manual.
"""

import json
import ssl
import sys
import threading
import time
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

endpoint, authority, out = sys.argv[1:]
tls = ssl.create_default_context(cafile=authority)


class Receiver(BaseHTTPRequestHandler):
    """Keeps what it is asked; answers the next of `answers`, in the end 200 with nothing."""

    asked = []
    answers = []
    lock = threading.Lock()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with self.lock:
            status, answer = self.answers.pop(0) if self.answers else (200, "")
            self.asked.append((self.path, dict(self.headers), body))
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *_):
        pass


receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=receiver.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{receiver.server_port}"


def until(what, found):
    for _ in range(2000):
        if result := found():
            return result
        time.sleep(0.005)
    sys.exit(f"it never came to this: {what}; asked: {Receiver.asked}")


def asked(times):
    """The last of so many requests."""
    until(f"{times} requests", lambda: len(Receiver.asked) >= times)
    assert len(Receiver.asked) == times, Receiver.asked
    return Receiver.asked[-1]


def send(path, headers, body):
    request = urllib.request.Request(endpoint + path, body.encode(), headers)
    with urllib.request.urlopen(request, context=tls, timeout=60) as answer:
        return answer.read().decode()


def get(url):
    assert url.startswith(endpoint), f"{url} is no link to {endpoint}"
    with urllib.request.urlopen(url, context=tls, timeout=60) as answer:
        return answer.read().decode()


def sns(action, **parameters):
    form = {"Action": action, "Version": "2010-03-31"}
    form |= {name.replace("_", "."): value for name, value in parameters.items()}
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return send("/", kind, urllib.parse.urlencode(form))


def call(target, **members):
    answer = send("/", {"X-Amz-Target": target}, json.dumps(members))
    return json.loads(answer) if answer else {}


def advance(seconds):
    send("/_skyrig/clock", {}, json.dumps({"advance_seconds": seconds}))


policy = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
urls, arns = {}, {}
for name in ["inbox", "dead"]:
    attributes = {"Policy": json.dumps({"Statement": policy})}
    urls[name] = call("AmazonSQS.CreateQueue", QueueName=name, Attributes=attributes)["QueueUrl"]
    arns[name] = f"arn:aws:sqs:us-east-1:000000000000:{name}"
assert urls["inbox"].startswith(endpoint), urls


def received(name):
    wanted = {"QueueUrl": urls[name], "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"]}
    messages = call("AmazonSQS.ReceiveMessage", **wanted).get("Messages", [])
    for message in messages:
        handle = message["ReceiptHandle"]
        call("AmazonSQS.DeleteMessage", QueueUrl=urls[name], ReceiptHandle=handle)
    return messages


# SNS: both versions of signatures.
messages = []
for version in ["1", "2"]:
    begun = len(Receiver.asked)
    topic = f"arn:aws:sns:us-east-1:000000000000:t{version}"
    sns("CreateTopic", Name=f"t{version}")
    attribute = {"AttributeName": "SignatureVersion", "AttributeValue": version}
    sns("SetTopicAttributes", TopicArn=topic, **attribute)
    sns("Subscribe", TopicArn=topic, Protocol="sqs", Endpoint=arns["inbox"])
    redrive = json.dumps({"deadLetterTargetArn": arns["dead"]})
    sns(
        "Subscribe",
        TopicArn=topic,
        Protocol="http",
        Endpoint=address + "/sns",
        Attributes_entry_1_key="RedrivePolicy",
        Attributes_entry_1_value=redrive,
    )
    path, headers, body = asked(begun + 1)
    assert headers["x-amz-sns-message-type"] == "SubscriptionConfirmation", headers
    messages.append(json.loads(body))
    get(messages[-1]["SubscribeURL"])

    # It fails twice, once at once and once when twenty virtual seconds are over, and recovers.
    Receiver.answers = [(503, ""), (500, "")]
    text = 'the "first"\nwith é and \U0001f600'
    sns("Publish", TopicArn=topic, Message=text, Subject="a subject")
    asked(begun + 2)
    advance(40)
    path, headers, body = asked(begun + 4)
    notified = json.loads(body)
    messages.append(notified)
    assert notified["Message"] == text, body
    assert headers["x-amz-sns-topic-arn"] == topic, headers

    # What it refuses for good goes to the dead-letter queue.
    Receiver.answers = [(400, "")]
    sns("Publish", TopicArn=topic, Message="refused")
    [dead] = until("a dead letter", lambda: received("dead"))
    messages.append(json.loads(dead["Body"]))
    assert messages[-1]["Message"] == "refused"
    messages += [json.loads(message["Body"]) for message in received("inbox")]

    # An endpoint whose subscription is ended by its link is told so.
    get(notified["UnsubscribeURL"])
    path, headers, body = asked(begun + 6)
    messages.append(json.loads(body))
    assert messages[-1]["Type"] == "UnsubscribeConfirmation", body

# An API destination with a token that ends early.
Receiver.answers = [(200, json.dumps({"access_token": "first"}))]
begun = len(Receiver.asked)
client = {"ClientID": "id", "ClientSecret": "secret"}
oauth = {
    "AuthorizationEndpoint": address + "/token",
    "HttpMethod": "POST",
    "ClientParameters": client,
}
connection = call(
    "AWSEvents.CreateConnection",
    Name="c",
    AuthorizationType="OAUTH_CLIENT_CREDENTIALS",
    AuthParameters={"OAuthParameters": oauth},
)["ConnectionArn"]
assert asked(begun + 1)[0] == "/token"
until(
    "an authorized connection",
    lambda: call("AWSEvents.DescribeConnection", Name="c")["ConnectionState"] == "AUTHORIZED",
)
destination = call(
    "AWSEvents.CreateApiDestination",
    Name="d",
    ConnectionArn=connection,
    InvocationEndpoint=address + "/orders",
    HttpMethod="POST",
)["ApiDestinationArn"]
call("AWSEvents.PutRule", Name="r", EventPattern=json.dumps({"source": ["shop"]}))
target = {
    "Id": "t",
    "Arn": destination,
    "RoleArn": "arn:aws:iam::000000000000:role/r",
    "DeadLetterConfig": {"Arn": arns["dead"]},
}
call("AWSEvents.PutTargets", Rule="r", Targets=[target])


def put(detail):
    entry = {"Source": "shop", "DetailType": "d", "Detail": json.dumps(detail)}
    call("AWSEvents.PutEvents", Entries=[entry])


Receiver.answers = [(401, ""), (200, json.dumps({"access_token": "second"})), (503, "")]
put({"id": 1})
advance(300)
path, headers, body = asked(begun + 5)
assert path == "/orders" and headers["authorization"] == "Bearer second", headers
assert json.loads(body)["detail"] == {"id": 1}, body
Receiver.answers = [(404, "")]
put({"id": 2})
advance(1)
[dead] = until("a dead event", lambda: received("dead"))
reason = dead["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"]
assert reason == "the server answered 404", reason

with open(out, "w", encoding="utf-8") as file:
    for message in messages:
        assert len(message["Signature"]) == 172, message
        file.write(json.dumps(message) + "\n")
print(f"servers in Python: {len(messages)} messages, all as expected")
