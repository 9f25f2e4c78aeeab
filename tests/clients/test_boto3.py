"""Talks to the emulator with boto3. Run by run.sh, which sets SKYRIG to the binary."""

import io
import json
import os
import re
import subprocess
import time
import unittest
import urllib.error
import urllib.request
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


class Server(unittest.TestCase):
    flags = []

    @classmethod
    def setUpClass(cls):
        command = [os.environ["SKYRIG"], "serve", "--listen", "127.0.0.1:0", *cls.flags]
        cls.server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = cls.server.stdout.readline()
        cls.endpoint = re.search(r"http://\S+", line).group()

    @classmethod
    def tearDownClass(cls):
        cls.server.terminate()
        cls.server.wait(timeout=10)
        cls.server.stdout.close()

    def client(self, service, **credentials):
        # One attempt: a retry would hide an answer that the SDK does not understand.
        config = Config(retries={"total_max_attempts": 1}, read_timeout=30)
        return boto3.client(service, endpoint_url=self.endpoint, config=config, **credentials)


class Boto3(Server):
    def test_sqs_send_receive_delete(self):
        sqs = self.client("sqs")
        url = sqs.create_queue(QueueName="boto3")["QueueUrl"]
        self.assertTrue(url.startswith(self.endpoint), url)
        attribute = {"DataType": "String", "StringValue": "blue"}
        sent = sqs.send_message(
            QueueUrl=url, MessageBody="hello", MessageAttributes={"colour": attribute}
        )
        received = sqs.receive_message(
            QueueUrl=url, WaitTimeSeconds=1, MessageAttributeNames=["All"]
        )
        [message] = received["Messages"]
        self.assertEqual(message["Body"], "hello")
        self.assertEqual(message["MessageId"], sent["MessageId"])
        self.assertEqual(message["MessageAttributes"]["colour"], attribute)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        self.assertEqual(counts["ApproximateNumberOfMessages"], "0")
        self.assertEqual(counts["ApproximateNumberOfMessagesNotVisible"], "0")
        sqs.delete_queue(QueueUrl=url)

    def test_iam_roles_and_their_policies(self):
        iam = self.client("iam")
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
        role = iam.create_role(RoleName="boto3", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
        self.assertEqual(role["AssumeRolePolicyDocument"], trust)
        iam.get_waiter("role_exists").wait(RoleName="boto3", WaiterConfig={"MaxAttempts": 1})
        send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
        document = {"Version": "2012-10-17", "Statement": [send]}
        iam.put_role_policy(
            RoleName="boto3", PolicyName="inline", PolicyDocument=json.dumps(document)
        )
        inline = iam.get_role_policy(RoleName="boto3", PolicyName="inline")
        self.assertEqual(inline["PolicyDocument"], document)
        made = iam.create_policy(PolicyName="boto3", PolicyDocument=json.dumps(document))
        policy = made["Policy"]
        iam.get_waiter("policy_exists").wait(
            PolicyArn=policy["Arn"], WaiterConfig={"MaxAttempts": 1}
        )
        version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId="v1")["PolicyVersion"]
        self.assertEqual(version["Document"], document)
        aws = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
        for arn in (policy["Arn"], aws):
            iam.attach_role_policy(RoleName="boto3", PolicyArn=arn)
        pages = iam.get_paginator("list_attached_role_policies").paginate(
            RoleName="boto3", PaginationConfig={"PageSize": 1}
        )
        arns = [it["PolicyArn"] for page in pages for it in page["AttachedPolicies"]]
        self.assertEqual(sorted(arns), sorted([policy["Arn"], aws]))
        with self.assertRaises(iam.exceptions.DeleteConflictException) as caught:
            iam.delete_role(RoleName="boto3")
        message = "Cannot delete entity, must detach all policies first."
        self.assertEqual(caught.exception.response["Error"]["Message"], message)
        with self.assertRaises(iam.exceptions.NoSuchEntityException):
            iam.get_role(RoleName="missing")

    def test_logs_put_filter_and_ask(self):
        logs = self.client("logs")
        logs.create_log_group(logGroupName="boto3")
        logs.create_log_stream(logGroupName="boto3", logStreamName="s")
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": text} for text in ('{"n": 1}', '{"n": 2}')]
        put = logs.put_log_events(logGroupName="boto3", logStreamName="s", logEvents=events)
        self.assertNotIn("rejectedLogEventsInfo", put)
        found = logs.filter_log_events(logGroupName="boto3", filterPattern="{ $.n > 1 }")
        self.assertEqual([event["message"] for event in found["events"]], ['{"n": 2}'])
        query = logs.start_query(
            logGroupName="boto3", queryString="stats sum(n) as s",
            startTime=now - 60_000, endTime=now + 60_000,
        )
        results = logs.get_query_results(queryId=query["queryId"])
        self.assertEqual(results["results"], [[{"field": "s", "value": "3"}]])
        with self.assertRaises(logs.exceptions.ResourceNotFoundException):
            logs.delete_log_group(logGroupName="absent")

    def test_a_pipe_carries_messages(self):
        sqs, pipes = self.client("sqs"), self.client("pipes")
        source, target = (
            sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("pipe-from", "pipe-to")
        )
        arn = "arn:aws:sqs:us-east-1:000000000000:"
        made = pipes.create_pipe(
            Name="boto3", RoleArn="arn:aws:iam::000000000000:role/r",
            Source=arn + "pipe-from", Target=arn + "pipe-to", Tags={"a": "1"},
            SourceParameters={"FilterCriteria": {"Filters": [{"Pattern": '{"body":{"n":[1]}}'}]}},
            TargetParameters={"InputTemplate": "<$.body>"},
        )
        self.assertEqual(made["CurrentState"], "CREATING")
        self.assertEqual(pipes.describe_pipe(Name="boto3")["CurrentState"], "RUNNING")
        for body in ('{"n":2}', '{"n":1}'):
            sqs.send_message(QueueUrl=source, MessageBody=body)
        received = sqs.receive_message(QueueUrl=target, WaitTimeSeconds=5)
        self.assertEqual([it["Body"] for it in received["Messages"]], ['{"n":1}'])
        [listed] = pipes.list_pipes(NamePrefix="boto3")["Pipes"]
        self.assertEqual(listed["Arn"], made["Arn"])
        self.assertEqual(pipes.list_tags_for_resource(resourceArn=made["Arn"])["tags"], {"a": "1"})
        pipes.delete_pipe(Name="boto3")
        with self.assertRaises(pipes.exceptions.NotFoundException):
            pipes.describe_pipe(Name="boto3")

    def test_sqs_errors_have_their_class(self):
        sqs = self.client("sqs")
        with self.assertRaises(sqs.exceptions.QueueDoesNotExist) as caught:
            sqs.get_queue_url(QueueName="missing")
        error = caught.exception.response["Error"]
        self.assertEqual(error["Code"], "AWS.SimpleQueueService.NonExistentQueue")
        self.assertEqual(error["Message"], "The specified queue does not exist.")

    def test_sns_publishes_to_sqs(self):
        sns, sqs = self.client("sns"), self.client("sqs")
        topic = sns.create_topic(Name="news")["TopicArn"]
        queue = "arn:aws:sqs:us-east-1:000000000000:from-news"
        policy = (
            '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":'
            '{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage",'
            f'"Resource":"{queue}"}}]}}'
        )
        attributes = {"Policy": policy}
        url = sqs.create_queue(QueueName="from-news", Attributes=attributes)["QueueUrl"]
        sns.subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=queue,
            Attributes={"RawMessageDelivery": "true"},
        )
        sns.publish(TopicArn=topic, Message="extra, extra")
        [message] = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)["Messages"]
        self.assertEqual(message["Body"], "extra, extra")

    def test_dynamodb_streams_tell_what_changed(self):
        dynamodb, streams = self.client("dynamodb"), self.client("dynamodbstreams")
        table = dynamodb.create_table(
            TableName="watched",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )["TableDescription"]
        [listed] = streams.list_streams(TableName="watched")["Streams"]
        arn = table["LatestStreamArn"]
        self.assertEqual(listed["StreamArn"], arn)
        old, new = {"id": {"S": "1"}}, {"id": {"S": "1"}, "raw": {"B": b"\x00\xff"}}
        for item in (old, new, new):
            dynamodb.put_item(TableName="watched", Item=item)
        dynamodb.delete_item(TableName="watched", Key=old)
        [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        answer = streams.get_records(ShardIterator=iterator)
        names = [record["eventName"] for record in answer["Records"]]
        self.assertEqual(names, ["INSERT", "MODIFY", "REMOVE"])
        change = answer["Records"][1]["dynamodb"]
        self.assertEqual((change["OldImage"], change["NewImage"]), (old, new))
        rest = streams.get_records(ShardIterator=answer["NextShardIterator"])
        self.assertEqual(rest["Records"], [])
        with self.assertRaises(streams.exceptions.ResourceNotFoundException):
            streams.describe_stream(StreamArn=arn.replace("watched", "missing"))

    def archive(self, **files):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as entries:
            for name, text in files.items():
                entries.writestr(f"{name}.py", text)
        return archive.getvalue()

    def test_lambda_functions_have_versions_and_aliases(self):
        client = self.client("lambda")
        made = client.create_function(
            FunctionName="boto3",
            Role="arn:aws:iam::000000000000:role/r",
            Runtime="python3.13",
            Handler="app.handler",
            Code={"ZipFile": self.archive(app="def handler(event, context): return 1")},
            Environment={"Variables": {"COLOUR": "blue"}},
            Tags={"team": "one"},
        )
        client.get_waiter("function_active_v2").wait(FunctionName="boto3")
        changed = client.update_function_code(
            FunctionName="boto3", ZipFile=self.archive(app="def handler(event, context): return 2")
        )
        self.assertNotEqual(changed["CodeSha256"], made["CodeSha256"])
        client.get_waiter("function_updated_v2").wait(FunctionName=made["FunctionArn"])
        client.update_function_configuration(FunctionName="boto3", Timeout=30, MemorySize=256)
        client.get_waiter("function_updated").wait(FunctionName="boto3")
        version = client.publish_version(FunctionName="boto3", Description="first")
        self.assertEqual((version["Version"], version["Timeout"]), ("1", 30))
        client.get_waiter("published_version_active").wait(FunctionName="boto3", Qualifier="1")
        alias = client.create_alias(FunctionName="boto3", Name="prod", FunctionVersion="1")
        self.assertTrue(alias["AliasArn"].endswith(":function:boto3:prod"))
        by_alias = client.get_function(FunctionName="boto3:prod")["Configuration"]
        self.assertEqual((by_alias["Version"], by_alias["State"]), ("1", "Active"))
        self.assertEqual(by_alias["Environment"], {"Variables": {"COLOUR": "blue"}})
        numbers = [it["Version"] for it in client.list_versions_by_function(FunctionName="boto3")["Versions"]]
        self.assertEqual(numbers, ["$LATEST", "1"])
        self.assertEqual(client.list_tags(Resource=made["FunctionArn"])["Tags"], {"team": "one"})
        client.delete_function(FunctionName="boto3")
        with self.assertRaises(client.exceptions.ResourceNotFoundException) as caught:
            client.get_function(FunctionName="boto3")
        message = caught.exception.response["Error"]["Message"]
        self.assertEqual(message, f"Function not found: {made['FunctionArn']}")

    def test_lambda_permissions_and_layers(self):
        client = self.client("lambda")
        layer = client.publish_layer_version(
            LayerName="boto3", Content={"ZipFile": self.archive(layer="x = 1")}
        )
        self.assertEqual(layer["Version"], 1)
        by_arn = client.get_layer_version_by_arn(Arn=layer["LayerVersionArn"])
        self.assertEqual(by_arn["Content"]["CodeSha256"], layer["Content"]["CodeSha256"])
        client.create_function(
            FunctionName="permitted",
            Role="arn:aws:iam::000000000000:role/r",
            Runtime="provided.al2023",
            Handler="bootstrap",
            Code={"ZipFile": self.archive(bootstrap="")},
            Layers=[layer["LayerVersionArn"]],
        )
        statement = client.add_permission(
            FunctionName="permitted",
            StatementId="events",
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
            SourceArn="arn:aws:events:us-east-1:000000000000:rule/r",
        )["Statement"]
        answer = client.get_policy(FunctionName="permitted")
        self.assertEqual(json.loads(answer["Policy"])["Statement"], [json.loads(statement)])
        with self.assertRaises(client.exceptions.PreconditionFailedException):
            client.remove_permission(
                FunctionName="permitted", StatementId="events", RevisionId="stale"
            )
        client.remove_permission(
            FunctionName="permitted", StatementId="events", RevisionId=answer["RevisionId"]
        )
        with self.assertRaises(client.exceptions.ResourceNotFoundException):
            client.get_policy(FunctionName="permitted")
        client.put_function_concurrency(
            FunctionName="permitted", ReservedConcurrentExecutions=5
        )
        reserved = client.get_function_concurrency(FunctionName="permitted")
        self.assertEqual(reserved["ReservedConcurrentExecutions"], 5)
        names = [it["FunctionName"] for it in client.list_functions()["Functions"]]
        self.assertIn("permitted", names)
        client.delete_function(FunctionName="permitted")

    def test_an_unknown_operation_says_so(self):
        with self.assertRaises(ClientError) as caught:
            self.client("dynamodb").list_exports()
        self.assertIn("not implemented", str(caught.exception))


class Verifying(Server):
    """Signatures are verified; the key of the environment is known."""

    flags = ["--signatures", "verify"]

    # A call of each protocol that boto3 speaks, and what a wrong key is called there.
    CALLS = [
        ("sts", "get_caller_identity", "InvalidClientTokenId", "SignatureDoesNotMatch"),
        ("sns", "list_topics", "InvalidClientTokenId", "SignatureDoesNotMatch"),
        ("sqs", "list_queues", "InvalidClientTokenId", "SignatureDoesNotMatch"),
        ("cloudwatch", "list_metrics", "InvalidClientTokenId", "SignatureDoesNotMatch"),
        ("dynamodb", "list_tables", "UnrecognizedClientException", "InvalidSignatureException"),
        ("events", "list_rules", "UnrecognizedClientException", "InvalidSignatureException"),
    ]

    def refusal(self, client, operation):
        with self.assertRaises(ClientError) as caught:
            getattr(client, operation)()
        return caught.exception.response["Error"]["Code"]

    def test_who_has_the_secret_is_believed(self):
        for service, operation, unknown, wrong in self.CALLS:
            with self.subTest(service):
                getattr(self.client(service), operation)()
                stranger = {"aws_access_key_id": "AKIASTRANGER", "aws_secret_access_key": "x"}
                refused = self.refusal(self.client(service, **stranger), operation)
                self.assertEqual(refused, unknown)
                refused = self.refusal(
                    self.client(service, aws_access_key_id="test", aws_secret_access_key="x"),
                    operation,
                )
                self.assertEqual(refused, wrong)

    def test_a_role_is_assumed_and_calls(self):
        role = "arn:aws:iam::111122223333:role/service/reader"
        sts = self.client("sts")
        session = sts.assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
        credentials = {
            "aws_access_key_id": session["AccessKeyId"],
            "aws_secret_access_key": session["SecretAccessKey"],
            "aws_session_token": session["SessionToken"],
        }
        for service, operation, unknown, _wrong in self.CALLS:
            with self.subTest(service):
                getattr(self.client(service, **credentials), operation)()
                without_token = {**credentials, "aws_session_token": "another"}
                client = self.client(service, **without_token)
                self.assertEqual(self.refusal(client, operation), unknown)
        identity = self.client("sts", **credentials).get_caller_identity()
        self.assertEqual(identity["Account"], "111122223333")
        self.assertEqual(identity["Arn"], "arn:aws:sts::111122223333:assumed-role/reader/me")
        url = self.client("sqs", **credentials).create_queue(QueueName="q")["QueueUrl"]
        self.assertIn("/111122223333/q", url)

    def test_a_users_key_signs(self):
        iam = self.client("iam")
        iam.create_user(UserName="signer", Path="/clients/")
        key = iam.create_access_key(UserName="signer")["AccessKey"]
        credentials = {
            "aws_access_key_id": key["AccessKeyId"],
            "aws_secret_access_key": key["SecretAccessKey"],
        }
        for service, operation, _unknown, wrong in self.CALLS:
            with self.subTest(service):
                getattr(self.client(service, **credentials), operation)()
                client = self.client(service, **{**credentials, "aws_secret_access_key": "x"})
                self.assertEqual(self.refusal(client, operation), wrong)
        own = self.client("iam", **credentials).get_user()["User"]
        identity = self.client("sts", **credentials).get_caller_identity()
        self.assertEqual((identity["Arn"], identity["UserId"]), (own["Arn"], own["UserId"]))
        self.assertEqual(own["Arn"], "arn:aws:iam::000000000000:user/clients/signer")

    def test_a_url_can_be_signed(self):
        sts = self.client("sts")
        url = sts.generate_presigned_url(
            "get_caller_identity", ExpiresIn=60, HttpMethod="GET"
        )
        with urllib.request.urlopen(url) as answer:
            self.assertIn(b"arn:aws:iam::000000000000:user/skyrig", answer.read())
        with self.assertRaises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(url.replace("GetCallerIdentity", "GetSessionToken"))
        self.assertEqual(caught.exception.code, 403)
        self.assertIn(b"SignatureDoesNotMatch", caught.exception.read())
        caught.exception.close()

    def test_bodies_are_signed_as_they_are_sent(self):
        sqs = self.client("sqs")
        url = sqs.create_queue(QueueName="signed")["QueueUrl"]
        body = "grüezi & +%/" * 1000
        sqs.send_message(QueueUrl=url, MessageBody=body)
        [message] = sqs.receive_message(QueueUrl=url)["Messages"]
        self.assertEqual(message["Body"], body)
        # Long enough to be compressed; the compressed bytes are signed.
        data = [{"MetricName": f"metric-{number}", "Value": number} for number in range(900)]
        self.client("cloudwatch").put_metric_data(Namespace="signed", MetricData=data)


if __name__ == "__main__":
    unittest.main(verbosity=2)
