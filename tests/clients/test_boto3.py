"""Talks to the emulator with boto3. Run by run.sh, which sets SKYRIG to the binary."""

import os
import re
import subprocess
import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


class Boto3(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        command = [os.environ["SKYRIG"], "serve", "--listen", "127.0.0.1:0"]
        cls.server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = cls.server.stdout.readline()
        cls.endpoint = re.search(r"http://\S+", line).group()

    @classmethod
    def tearDownClass(cls):
        cls.server.terminate()
        cls.server.wait(timeout=10)
        cls.server.stdout.close()

    def client(self, service):
        # One attempt: a retry would hide an answer that the SDK does not understand.
        config = Config(retries={"total_max_attempts": 1}, read_timeout=30)
        return boto3.client(service, endpoint_url=self.endpoint, config=config)

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

    def test_an_unknown_operation_says_so(self):
        with self.assertRaises(ClientError) as caught:
            self.client("sns").list_platform_applications()
        self.assertIn("not implemented", str(caught.exception))


if __name__ == "__main__":
    unittest.main(verbosity=2)
