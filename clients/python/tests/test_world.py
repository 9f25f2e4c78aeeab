"""Needs a skyrig: SKYRIG_ENDPOINT, SKYRIG or `skyrig` in PATH; and boto3."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from skyrig import SkyrigError, World


def test_a_test_has_a_world_of_its_own(skyrig_world):
    sqs = skyrig_world.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    assert url.startswith(skyrig_world.endpoint_url)
    sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=900)
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    skyrig_world.advance(900)
    [message] = sqs.receive_message(QueueUrl=url)["Messages"]
    assert message["Body"] == "later"
    assert skyrig_world.trace(message["MessageId"])["roots"]
    [place] = skyrig_world.status()["places"]
    assert place["queues"][0]["in_flight"] == 1


def test_nothing_is_left_of_another_test(skyrig_world):
    assert "QueueUrls" not in skyrig_world.client("sqs").list_queues()


def test_every_service_is_found_by_the_path(skyrig_world):
    """One client of each protocol, and their hosts' prefixes."""
    assert skyrig_world.client("sns").create_topic(Name="t")["TopicArn"].endswith(":t")
    assert skyrig_world.client("events").list_event_buses()["EventBuses"]
    assert skyrig_world.client("dynamodb").list_tables()["TableNames"] == []
    assert skyrig_world.client("lambda").list_functions()["Functions"] == []
    assert skyrig_world.client("cloudwatch").list_metrics()["Metrics"] == []
    assert skyrig_world.client("stepfunctions").list_state_machines()["stateMachines"] == []
    account = skyrig_world.client("sts", account="123456789012").get_caller_identity()["Account"]
    assert account == "123456789012"


def test_the_key_alone_is_enough(skyrig_endpoint, skyrig_world):
    skyrig_world.client("sqs").create_queue(QueueName="q")
    others = {**os.environ, **skyrig_world.environment(), "AWS_ENDPOINT_URL": skyrig_endpoint}
    code = "import boto3, json; print(json.dumps(boto3.client('sqs').list_queues()['QueueUrls']))"
    told = subprocess.run([sys.executable, "-c", code], env=others, capture_output=True, check=True)
    [url] = json.loads(told.stdout)
    assert url.startswith(skyrig_world.endpoint_url)


def test_a_world_is_saved_forked_and_loaded(skyrig_world):
    sqs = skyrig_world.client("sqs")
    sqs.create_queue(QueueName="one")
    saved = skyrig_world.save()
    with skyrig_world.fork() as fork:
        fork.client("sqs").create_queue(QueueName="two")
        assert len(fork.client("sqs").list_queues()["QueueUrls"]) == 2
        fork.load(saved)
        assert len(fork.client("sqs").list_queues()["QueueUrls"]) == 1
    skyrig_world.reset()
    assert "QueueUrls" not in sqs.list_queues()


def test_refusals_are_told(skyrig_endpoint):
    with World(skyrig_endpoint, clock="manual", seed=1) as world:
        with pytest.raises(SkyrigError, match="is there already"):
            World(skyrig_endpoint, world.name)
        with pytest.raises(SkyrigError, match="is no page"):
            world.page("GET", "nothing")
    with pytest.raises(SkyrigError, match="nobody answers"):
        World("http://127.0.0.1:1")


def test_worlds_in_parallel(skyrig_endpoint):
    def work(number):
        with World(skyrig_endpoint) as world:
            sqs = world.client("sqs")
            url = sqs.create_queue(QueueName="orders")["QueueUrl"]
            sqs.send_message(QueueUrl=url, MessageBody=str(number))
            [message] = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
            return message["Body"]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(40))) == [str(number) for number in range(40)]
