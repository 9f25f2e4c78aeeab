"""As test_terraform_calls.py, for messaging, tables, functions, state machines and pipes.

A resource here is a function's worth of calls: what is written, what the provider reads afterwards,
and what that must be. Source: the documentation of Terraform's AWS provider and its requests as
users log them (TF_LOG=DEBUG).
"""

import io
import json
import unittest
import zipfile

import test_terraform_calls
from test_terraform_calls import Resource, tags

ACCOUNT = "000000000000"
ARN = f"arn:aws:{{}}:us-east-1:{ACCOUNT}:{{}}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/tf-role"


def pick(found, *names):
    return {name: found.get(name) for name in names}


def allow(service, action, resource, source=None):
    statement = {
        "Sid": "tf",
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": action,
        "Resource": resource,
    }
    if source:
        statement["Condition"] = {"ArnEquals": {"aws:SourceArn": source}}
    return {"Version": "2012-10-17", "Statement": [statement]}


def archive(text):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("index.py", text)
    return packed.getvalue()


def once():
    """What passes by itself has passed at the second look."""
    return {"WaiterConfig": {"Delay": 0, "MaxAttempts": 3}}


class SqsQueue(Resource):
    """aws_sqs_queue"""

    MISSING = "AWS.SimpleQueueService.NonExistentQueue"
    url = None
    ATTRIBUTES = {
        "DelaySeconds": "90",
        "MaximumMessageSize": "2048",
        "MessageRetentionPeriod": "86400",
        "ReceiveMessageWaitTimeSeconds": "10",
        "VisibilityTimeout": "30",
        "SqsManagedSseEnabled": "true",
    }
    CREATED = {**ATTRIBUTES, "RedrivePolicy": None, "tags": {"a": "1"}}
    REDRIVE = {"deadLetterTargetArn": ARN.format("sqs", "tf-dead"), "maxReceiveCount": 4}
    UPDATED = {**CREATED, "DelaySeconds": "0", "RedrivePolicy": REDRIVE, "tags": {"b": "2"}}

    def before(self):
        self.sqs = self.client("sqs")
        self.sqs.create_queue(QueueName="tf-dead")

    def after(self):
        self.sqs.delete_queue(QueueUrl=self.sqs.get_queue_url(QueueName="tf-dead")["QueueUrl"])

    def create(self):
        made = self.sqs.create_queue(
            QueueName="tf-sqs", Attributes=self.ATTRIBUTES, tags={"a": "1"}
        )
        self.url = made["QueueUrl"]

    def read(self):
        url = self.url or self.sqs.get_queue_url(QueueName="tf-sqs")["QueueUrl"]
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        assert found["QueueArn"] == ARN.format("sqs", "tf-sqs"), found
        redrive = found.get("RedrivePolicy")
        shown = {
            **pick(found, *self.ATTRIBUTES),
            "RedrivePolicy": redrive and json.loads(redrive),
            "tags": self.sqs.list_queue_tags(QueueUrl=url).get("Tags", {}),
        }
        return shown

    def update(self):
        attributes = {"DelaySeconds": "0", "RedrivePolicy": json.dumps(self.REDRIVE)}
        self.sqs.set_queue_attributes(QueueUrl=self.url, Attributes=attributes)
        self.sqs.untag_queue(QueueUrl=self.url, TagKeys=["a"])
        self.sqs.tag_queue(QueueUrl=self.url, Tags={"b": "2"})

    def delete(self):
        self.sqs.delete_queue(QueueUrl=self.url)


class SqsFifoQueue(SqsQueue):
    """aws_sqs_queue with fifo_queue"""

    ATTRIBUTES = {
        "FifoQueue": "true",
        "ContentBasedDeduplication": "true",
        "DeduplicationScope": "messageGroup",
        "FifoThroughputLimit": "perMessageGroupId",
    }
    CREATED = {**ATTRIBUTES}
    UPDATED = {**ATTRIBUTES, "ContentBasedDeduplication": "false"}

    def before(self):
        self.sqs = self.client("sqs")

    def after(self):
        pass

    def create(self):
        made = self.sqs.create_queue(QueueName="tf-sqs.fifo", Attributes=self.ATTRIBUTES)
        self.url = made["QueueUrl"]

    def read(self):
        url = self.url or self.sqs.get_queue_url(QueueName="tf-sqs.fifo")["QueueUrl"]
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return pick(found, *self.ATTRIBUTES)

    def update(self):
        attributes = {"ContentBasedDeduplication": "false"}
        self.sqs.set_queue_attributes(QueueUrl=self.url, Attributes=attributes)


class SqsQueuePolicy(Resource):
    """aws_sqs_queue_policy: a policy that is gone reads as an empty attribute."""

    MISSING = "none"
    CREATED = allow("sns", "sqs:SendMessage", ARN.format("sqs", "tf-policy"))
    UPDATED = allow("events", "sqs:SendMessage", ARN.format("sqs", "tf-policy"), "arn:aws:x")

    def before(self):
        self.sqs = self.client("sqs")
        self.url = self.sqs.create_queue(QueueName="tf-policy")["QueueUrl"]

    def after(self):
        self.sqs.delete_queue(QueueUrl=self.url)

    def put(self, policy):
        self.sqs.set_queue_attributes(QueueUrl=self.url, Attributes={"Policy": policy})

    def create(self):
        self.put(json.dumps(self.CREATED))

    def read(self):
        found = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["Policy"])
        policy = found.get("Attributes", {}).get("Policy")
        if not policy:
            raise gone("none")
        return json.loads(policy)

    def update(self):
        self.put(json.dumps(self.UPDATED))

    def delete(self):
        self.put("")


def gone(code):
    return test_terraform_calls.ClientError({"Error": {"Code": code}}, "Read")


class SnsTopic(Resource):
    """aws_sns_topic"""

    MISSING = "NotFound"
    arn = ARN.format("sns", "tf-topic")
    POLICY = {
        "Version": "2008-10-17",
        "Statement": [
            {
                "Sid": "a",
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": "SNS:Publish",
                "Resource": arn,
            }
        ],
    }
    CREATED = {"DisplayName": "", "policy": "__default_policy_ID", "tags": {"a": "1"}}
    UPDATED = {"DisplayName": "orders", "policy": None, "tags": {}}

    def before(self):
        self.sns = self.client("sns")

    def create(self):
        self.sns.create_topic(Name="tf-topic", Attributes={}, Tags=tags(a="1"))

    def read(self):
        found = self.sns.get_topic_attributes(TopicArn=self.arn)["Attributes"]
        assert (found["TopicArn"], found["Owner"]) == (self.arn, ACCOUNT), found
        assert json.loads(found["EffectiveDeliveryPolicy"])["http"], found
        listed = self.sns.list_tags_for_resource(ResourceArn=self.arn)["Tags"]
        return {
            "DisplayName": found["DisplayName"],
            "policy": json.loads(found["Policy"]).get("Id"),
            "tags": {tag["Key"]: tag["Value"] for tag in listed},
        }

    def update(self):
        for name, value in (("DisplayName", "orders"), ("Policy", json.dumps(self.POLICY))):
            self.sns.set_topic_attributes(
                TopicArn=self.arn, AttributeName=name, AttributeValue=value
            )
        self.sns.untag_resource(ResourceArn=self.arn, TagKeys=["a"])

    def delete(self):
        self.sns.delete_topic(TopicArn=self.arn)


class SnsSubscription(Resource):
    """aws_sns_topic_subscription of a queue"""

    MISSING = "NotFound"
    CREATED = {
        "Protocol": "sqs",
        "RawMessageDelivery": "true",
        "FilterPolicy": {"kind": ["a"]},
        "FilterPolicyScope": "MessageBody",
        "PendingConfirmation": "false",
    }
    UPDATED = {
        **CREATED,
        "RawMessageDelivery": "false",
        "FilterPolicy": {"kind": [{"prefix": "b"}]},
        "FilterPolicyScope": "MessageAttributes",
    }

    def before(self):
        self.sns = self.client("sns")
        self.topic = self.sns.create_topic(Name="tf-sub")["TopicArn"]
        self.client("sqs").create_queue(QueueName="tf-sub")
        self.arn = f"{self.topic}:00000000-0000-0000-0000-000000000000"

    def after(self):
        self.sns.delete_topic(TopicArn=self.topic)

    def create(self):
        attributes = {
            "RawMessageDelivery": "true",
            "FilterPolicy": json.dumps(self.CREATED["FilterPolicy"]),
            "FilterPolicyScope": "MessageBody",
        }
        self.arn = self.sns.subscribe(
            TopicArn=self.topic,
            Protocol="sqs",
            Endpoint=ARN.format("sqs", "tf-sub"),
            Attributes=attributes,
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]

    def read(self):
        found = self.sns.get_subscription_attributes(SubscriptionArn=self.arn)["Attributes"]
        assert (found["TopicArn"], found["Owner"]) == (self.topic, ACCOUNT), found
        found["FilterPolicy"] = json.loads(found["FilterPolicy"])
        return pick(found, *self.CREATED)

    def update(self):
        values = {
            "RawMessageDelivery": "false",
            "FilterPolicyScope": "MessageAttributes",
            "FilterPolicy": json.dumps(self.UPDATED["FilterPolicy"]),
        }
        for name, value in values.items():
            self.sns.set_subscription_attributes(
                SubscriptionArn=self.arn, AttributeName=name, AttributeValue=value
            )

    def delete(self):
        self.sns.unsubscribe(SubscriptionArn=self.arn)


class OfEvents(Resource):
    MISSING = "ResourceNotFoundException"
    BUS = "tf-bus"

    def before(self):
        self.events = self.client("events")

    def tags(self, arn):
        listed = self.events.list_tags_for_resource(ResourceARN=arn)["Tags"]
        return {tag["Key"]: tag["Value"] for tag in listed}


class EventBus(OfEvents):
    """aws_cloudwatch_event_bus"""

    CREATED = {"Name": "tf-bus", "Description": "first", "tags": {"a": "1"}}
    UPDATED = {"Name": "tf-bus", "Description": "second", "tags": {}}

    def create(self):
        self.events.create_event_bus(Name=self.BUS, Description="first", Tags=tags(a="1"))

    def read(self):
        found = self.events.describe_event_bus(Name=self.BUS)
        assert found["Arn"] == ARN.format("events", "event-bus/tf-bus"), found
        return {**pick(found, "Name", "Description"), "tags": self.tags(found["Arn"])}

    def update(self):
        self.events.update_event_bus(Name=self.BUS, Description="second")
        arn = ARN.format("events", "event-bus/tf-bus")
        self.events.untag_resource(ResourceARN=arn, TagKeys=["a"])

    def delete(self):
        self.events.delete_event_bus(Name=self.BUS)


class OnBus(OfEvents):
    def before(self):
        super().before()
        self.events.create_event_bus(Name=self.BUS)

    def after(self):
        self.events.delete_event_bus(Name=self.BUS)


class EventRule(OnBus):
    """aws_cloudwatch_event_rule"""

    CREATED = {
        "EventPattern": {"source": ["a"]},
        "ScheduleExpression": None,
        "State": "ENABLED",
        "Description": "d",
        "EventBusName": "tf-bus",
        "tags": {"a": "1"},
    }
    UPDATED = {
        **CREATED,
        "EventPattern": {"detail": {"n": [{"numeric": [">", 1]}]}},
        "State": "DISABLED",
        "Description": None,
        "tags": {"b": "2"},
    }

    def put(self, wanted, **more):
        given = {name: wanted[name] for name in ("State", "Description") if wanted[name]}
        return self.events.put_rule(
            Name="tf-rule",
            EventBusName=self.BUS,
            EventPattern=json.dumps(wanted["EventPattern"]),
            **given,
            **more,
        )

    def create(self):
        made = self.put(self.CREATED, Tags=tags(a="1"))
        assert made["RuleArn"] == ARN.format("events", "rule/tf-bus/tf-rule"), made

    def read(self):
        found = self.events.describe_rule(Name="tf-rule", EventBusName=self.BUS)
        found["EventPattern"] = json.loads(found["EventPattern"])
        names = [name for name in self.CREATED if name != "tags"]
        return {**pick(found, *names), "tags": self.tags(found["Arn"])}

    def update(self):
        self.put(self.UPDATED)
        arn = ARN.format("events", "rule/tf-bus/tf-rule")
        self.events.untag_resource(ResourceARN=arn, TagKeys=["a"])
        self.events.tag_resource(ResourceARN=arn, Tags=tags(b="2"))

    def delete(self):
        self.events.delete_rule(Name="tf-rule", EventBusName=self.BUS)


class EventTarget(OnBus):
    """aws_cloudwatch_event_target"""

    MISSING = "none"
    CREATED = {
        "Id": "one",
        "Arn": ARN.format("sqs", "tf-target"),
        "InputTransformer": {"InputPathsMap": {"o": "$.detail.o"}, "InputTemplate": '"<o>"'},
        "RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 60},
        "DeadLetterConfig": {"Arn": ARN.format("sqs", "tf-target-dead")},
    }
    UPDATED = {"Id": "one", "Arn": ARN.format("sqs", "tf-target"), "InputPath": "$.detail"}

    def before(self):
        super().before()
        self.events.put_rule(Name="tf-rule", EventBusName=self.BUS, EventPattern='{"source":["a"]}')
        for name in ("tf-target", "tf-target-dead"):
            self.client("sqs").create_queue(QueueName=name)

    def after(self):
        self.events.delete_rule(Name="tf-rule", EventBusName=self.BUS)
        super().after()

    def put(self, target):
        put = self.events.put_targets(Rule="tf-rule", EventBusName=self.BUS, Targets=[target])
        assert put["FailedEntryCount"] == 0, put

    def create(self):
        self.put(self.CREATED)

    def read(self):
        found = self.events.list_targets_by_rule(Rule="tf-rule", EventBusName=self.BUS)["Targets"]
        if not found:
            raise gone("none")
        return found[0]

    def update(self):
        self.put(self.UPDATED)

    def delete(self):
        removed = self.events.remove_targets(Rule="tf-rule", EventBusName=self.BUS, Ids=["one"])
        assert removed["FailedEntryCount"] == 0, removed


class EventPermission(OfEvents):
    """aws_cloudwatch_event_permission: read by the bus's policy."""

    MISSING = "none"
    CREATED = {"Sid": "tf", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}}
    UPDATED = {"Sid": "tf", "Principal": "*"}

    def create(self):
        self.put("111122223333")

    def put(self, principal):
        self.events.put_permission(
            StatementId="tf", Action="events:PutEvents", Principal=principal
        )

    def read(self):
        policy = self.events.describe_event_bus().get("Policy")
        statements = json.loads(policy)["Statement"] if policy else []
        for statement in statements:
            if statement["Sid"] == "tf":
                return pick(statement, "Sid", "Principal")
        raise gone("none")

    def update(self):
        self.put("*")

    def delete(self):
        self.events.remove_permission(StatementId="tf")


class EventArchive(OnBus):
    """aws_cloudwatch_event_archive"""

    CREATED = {"RetentionDays": 7, "Description": "d", "EventPattern": {"source": ["a"]}}
    UPDATED = {"RetentionDays": 0, "Description": "e", "EventPattern": {"source": ["b"]}}

    def before(self):
        super().before()
        self.source = ARN.format("events", "event-bus/tf-bus")

    def create(self):
        self.events.create_archive(
            ArchiveName="tf-archive",
            EventSourceArn=self.source,
            **{**self.CREATED, "EventPattern": json.dumps(self.CREATED["EventPattern"])},
        )

    def read(self):
        found = self.events.describe_archive(ArchiveName="tf-archive")
        assert found["EventSourceArn"] == self.source, found
        found["EventPattern"] = json.loads(found["EventPattern"])
        return pick(found, *self.CREATED)

    def update(self):
        pattern = json.dumps(self.UPDATED["EventPattern"])
        self.events.update_archive(
            ArchiveName="tf-archive", **{**self.UPDATED, "EventPattern": pattern}
        )

    def delete(self):
        self.events.delete_archive(ArchiveName="tf-archive")


class EventConnection(OfEvents):
    """aws_cloudwatch_event_connection: secrets are not read back."""

    CREATED = {
        "AuthorizationType": "API_KEY",
        "AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyName": "x-key"}},
        "Description": "d",
        "ConnectionState": "AUTHORIZED",
    }
    UPDATED = {
        **CREATED,
        "AuthorizationType": "BASIC",
        "AuthParameters": {"BasicAuthParameters": {"Username": "me"}},
    }

    def create(self):
        self.events.create_connection(
            Name="tf-connection",
            Description="d",
            AuthorizationType="API_KEY",
            AuthParameters={
                "ApiKeyAuthParameters": {"ApiKeyName": "x-key", "ApiKeyValue": "secret"}
            },
        )
        self.events.describe_connection(Name="tf-connection")

    def read(self):
        found = self.events.describe_connection(Name="tf-connection")
        if found["ConnectionState"] == "DELETING":
            found = self.events.describe_connection(Name="tf-connection")
        return pick(found, *self.CREATED)

    def update(self):
        self.events.update_connection(
            Name="tf-connection",
            Description="d",
            AuthorizationType="BASIC",
            AuthParameters={"BasicAuthParameters": {"Username": "me", "Password": "secret"}},
        )
        self.events.describe_connection(Name="tf-connection")

    def delete(self):
        self.events.delete_connection(Name="tf-connection")


class ApiDestination(OfEvents):
    """aws_cloudwatch_event_api_destination"""

    CREATED = {
        "InvocationEndpoint": "https://example.com/a",
        "HttpMethod": "POST",
        "InvocationRateLimitPerSecond": 20,
        "Description": "d",
        "ApiDestinationState": "ACTIVE",
    }
    UPDATED = {**CREATED, "HttpMethod": "PUT", "InvocationRateLimitPerSecond": 300}

    def before(self):
        super().before()
        made = self.events.create_connection(
            Name="tf-base",
            AuthorizationType="API_KEY",
            AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}},
        )
        self.connection = made["ConnectionArn"]

    def after(self):
        self.events.delete_connection(Name="tf-base")

    def given(self, wanted):
        names = [name for name in wanted if name != "ApiDestinationState"]
        return {**pick(wanted, *names), "ConnectionArn": self.connection}

    def create(self):
        self.events.create_api_destination(Name="tf-api", **self.given(self.CREATED))

    def read(self):
        found = self.events.describe_api_destination(Name="tf-api")
        assert found["ConnectionArn"] == self.connection, found
        return pick(found, *self.CREATED)

    def update(self):
        self.events.update_api_destination(Name="tf-api", **self.given(self.UPDATED))

    def delete(self):
        self.events.delete_api_destination(Name="tf-api")


class MetricAlarm(Resource):
    """aws_cloudwatch_metric_alarm"""

    MISSING = "none"
    GIVEN = {
        "AlarmDescription": "d",
        "ActionsEnabled": True,
        "AlarmActions": [ARN.format("sns", "tf-alarms")],
        "MetricName": "m",
        "Namespace": "n",
        "Statistic": "Average",
        "Dimensions": [{"Name": "q", "Value": "v"}],
        "Period": 60,
        "EvaluationPeriods": 2,
        "DatapointsToAlarm": 1,
        "Threshold": 80.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
    }
    CREATED = {**GIVEN, "tags": {"a": "1"}}
    UPDATED = {**GIVEN, "Threshold": 90.5, "ActionsEnabled": False, "tags": {}}

    def before(self):
        self.cloudwatch = self.client("cloudwatch")

    def put(self, wanted, **more):
        given = {name: value for name, value in wanted.items() if name != "tags"}
        self.cloudwatch.put_metric_alarm(AlarmName="tf-alarm", **given, **more)

    def create(self):
        self.put(self.CREATED, Tags=tags(a="1"))

    def read(self):
        found = self.cloudwatch.describe_alarms(
            AlarmNames=["tf-alarm"], AlarmTypes=["MetricAlarm"]
        )["MetricAlarms"]
        if not found:
            raise gone("none")
        listed = self.cloudwatch.list_tags_for_resource(ResourceARN=found[0]["AlarmArn"])["Tags"]
        own = {tag["Key"]: tag["Value"] for tag in listed}
        return {**pick(found[0], *self.GIVEN), "tags": own}

    def update(self):
        self.put(self.UPDATED)
        arn = ARN.format("cloudwatch", "alarm:tf-alarm")
        self.cloudwatch.untag_resource(ResourceARN=arn, TagKeys=["a"])

    def delete(self):
        self.cloudwatch.delete_alarms(AlarmNames=["tf-alarm"])


class Dashboard(Resource):
    """aws_cloudwatch_dashboard"""

    MISSING = "ResourceNotFound"
    CREATED = {"widgets": [{"type": "text", "width": 3, "properties": {"markdown": "a"}}]}
    UPDATED = {"widgets": []}

    def before(self):
        self.cloudwatch = self.client("cloudwatch")

    def put(self, body):
        self.cloudwatch.put_dashboard(DashboardName="tf-board", DashboardBody=json.dumps(body))

    def create(self):
        self.put(self.CREATED)

    def read(self):
        found = self.cloudwatch.get_dashboard(DashboardName="tf-board")
        assert found["DashboardArn"] == f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/tf-board", found
        return json.loads(found["DashboardBody"])

    def update(self):
        self.put(self.UPDATED)

    def delete(self):
        self.cloudwatch.delete_dashboards(DashboardNames=["tf-board"])


class LogGroup(Resource):
    """aws_cloudwatch_log_group"""

    MISSING = "none"
    CREATED = {"retentionInDays": 14, "logGroupClass": "STANDARD", "tags": {"a": "1"}}
    UPDATED = {"retentionInDays": None, "logGroupClass": "STANDARD", "tags": {}}

    def before(self):
        self.logs = self.client("logs")
        self.arn = ARN.format("logs", "log-group:/tf/group")

    def create(self):
        self.logs.create_log_group(logGroupName="/tf/group", tags={"a": "1"})
        self.logs.put_retention_policy(logGroupName="/tf/group", retentionInDays=14)

    def read(self):
        found = self.logs.describe_log_groups(logGroupNamePrefix="/tf/group")["logGroups"]
        found = [group for group in found if group["logGroupName"] == "/tf/group"]
        if not found:
            raise gone("none")
        assert found[0]["arn"] == f"{self.arn}:*", found
        own = self.logs.list_tags_for_resource(resourceArn=self.arn)["tags"]
        return {**pick(found[0], "retentionInDays", "logGroupClass"), "tags": own}

    def update(self):
        self.logs.delete_retention_policy(logGroupName="/tf/group")
        self.logs.untag_resource(resourceArn=self.arn, tagKeys=["a"])

    def delete(self):
        self.logs.delete_log_group(logGroupName="/tf/group")


class OfLogs(Resource):
    MISSING = "none"

    def before(self):
        self.logs = self.client("logs")
        self.logs.create_log_group(logGroupName="tf-logs")

    def after(self):
        self.logs.delete_log_group(logGroupName="tf-logs")


class MetricFilter(OfLogs):
    """aws_cloudwatch_log_metric_filter"""

    CREATED = {
        "filterPattern": "ERROR",
        "metricTransformations": [
            {
                "metricName": "m",
                "metricNamespace": "n",
                "metricValue": "1",
                "defaultValue": 0.0,
                "unit": "Count",
            }
        ],
    }
    UPDATED = {
        "filterPattern": "{ $.n > 1 }",
        "metricTransformations": [
            {
                "metricName": "m",
                "metricNamespace": "n",
                "metricValue": "$.n",
                "dimensions": {"d": "$.d"},
            }
        ],
    }

    def put(self, wanted):
        self.logs.put_metric_filter(logGroupName="tf-logs", filterName="tf", **wanted)

    def create(self):
        self.put(self.CREATED)

    def read(self):
        found = self.logs.describe_metric_filters(logGroupName="tf-logs", filterNamePrefix="tf")
        if not found["metricFilters"]:
            raise gone("none")
        return pick(found["metricFilters"][0], *self.CREATED)

    def update(self):
        self.put(self.UPDATED)

    def delete(self):
        self.logs.delete_metric_filter(logGroupName="tf-logs", filterName="tf")


class OnFunction(Resource):
    MISSING = "ResourceNotFoundException"
    FUNCTION = "tf-base"

    def before(self):
        self.lambda_ = self.client("lambda")
        self.lambda_.create_function(
            FunctionName=self.FUNCTION,
            Role=ROLE,
            Runtime="python3.12",
            Handler="index.handler",
            Code={"ZipFile": archive("def handler(event, context): pass")},
            Publish=True,
        )
        waiter = self.lambda_.get_waiter("function_active_v2")
        waiter.wait(FunctionName=self.FUNCTION, **once())
        self.function = ARN.format("lambda", f"function:{self.FUNCTION}")

    def after(self):
        self.lambda_.delete_function(FunctionName=self.FUNCTION)


class LogSubscription(OnFunction):
    """aws_cloudwatch_log_subscription_filter of a function"""

    MISSING = "none"

    def before(self):
        super().before()
        self.logs = self.client("logs")
        self.logs.create_log_group(logGroupName="tf-logs")
        self.lambda_.add_permission(
            FunctionName=self.FUNCTION,
            StatementId="logs",
            Action="lambda:InvokeFunction",
            Principal="logs.amazonaws.com",
        )
        common = {"destinationArn": self.function, "distribution": "ByLogStream"}
        self.CREATED = {"filterPattern": "", **common}
        self.UPDATED = {"filterPattern": "ERROR", **common}

    def after(self):
        self.logs.delete_log_group(logGroupName="tf-logs")
        super().after()

    def put(self, pattern):
        self.logs.put_subscription_filter(
            logGroupName="tf-logs",
            filterName="tf",
            filterPattern=pattern,
            destinationArn=self.function,
        )

    def create(self):
        self.put("")

    def read(self):
        found = self.logs.describe_subscription_filters(
            logGroupName="tf-logs", filterNamePrefix="tf"
        )["subscriptionFilters"]
        if not found:
            raise gone("none")
        return pick(found[0], *self.CREATED)

    def update(self):
        self.put("ERROR")

    def delete(self):
        self.logs.delete_subscription_filter(logGroupName="tf-logs", filterName="tf")


class Table(Resource):
    """aws_dynamodb_table"""

    MISSING = "ResourceNotFoundException"
    CREATED = {
        "keys": {"pk": "HASH", "sk": "RANGE"},
        "mode": "PAY_PER_REQUEST",
        "capacity": (0, 0),
        "indexes": {"gsi": ("KEYS_ONLY", "ACTIVE")},
        "stream": None,
        "ttl": None,
        "backups": "DISABLED",
        "protected": False,
        "tags": {"a": "1"},
    }
    UPDATED = {
        **CREATED,
        "mode": "PROVISIONED",
        "capacity": (2, 3),
        "indexes": {"other": ("ALL", "ACTIVE")},
        "stream": "NEW_AND_OLD_IMAGES",
        "ttl": "until",
        "backups": "ENABLED",
        "tags": {},
    }

    def before(self):
        self.dynamodb = self.client("dynamodb")
        self.arn = ARN.format("dynamodb", "table/tf-table")

    def create(self):
        names = ("pk", "sk", "g")
        self.dynamodb.create_table(
            TableName="tf-table",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": it, "AttributeType": "S"} for it in names],
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "gsi",
                    "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
            DeletionProtectionEnabled=False,
            Tags=tags(a="1"),
        )
        self.settle()

    def settle(self):
        """The provider waits until table and indexes are active."""
        for _ in range(3):
            table = self.dynamodb.describe_table(TableName="tf-table")["Table"]
            states = {it["IndexStatus"] for it in table.get("GlobalSecondaryIndexes", [])}
            if table["TableStatus"] == "ACTIVE" and states <= {"ACTIVE"}:
                return
        raise AssertionError(table)

    def read(self):
        table = self.dynamodb.describe_table(TableName="tf-table")["Table"]
        ttl = self.dynamodb.describe_time_to_live(TableName="tf-table")["TimeToLiveDescription"]
        backups = self.dynamodb.describe_continuous_backups(TableName="tf-table")
        recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        listed = self.dynamodb.list_tags_of_resource(ResourceArn=self.arn)["Tags"]
        capacity = table["ProvisionedThroughput"]
        return {
            "keys": {it["AttributeName"]: it["KeyType"] for it in table["KeySchema"]},
            "mode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
            "capacity": (capacity["ReadCapacityUnits"], capacity["WriteCapacityUnits"]),
            "indexes": {
                it["IndexName"]: (it["Projection"]["ProjectionType"], it["IndexStatus"])
                for it in table.get("GlobalSecondaryIndexes", [])
            },
            "stream": table.get("StreamSpecification", {}).get("StreamViewType"),
            "ttl": ttl.get("AttributeName"),
            "backups": recovery["PointInTimeRecoveryStatus"],
            "protected": table["DeletionProtectionEnabled"],
            "tags": {tag["Key"]: tag["Value"] for tag in listed},
        }

    def change(self, **change):
        self.dynamodb.update_table(TableName="tf-table", **change)
        self.settle()

    def update(self):
        capacity = {"ReadCapacityUnits": 2, "WriteCapacityUnits": 3}
        self.change(GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "gsi"}}])
        self.change(BillingMode="PROVISIONED", ProvisionedThroughput=capacity)
        index = {
            "IndexName": "other",
            "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
            "ProvisionedThroughput": capacity,
        }
        names = ("pk", "sk", "g")
        self.change(
            AttributeDefinitions=[{"AttributeName": it, "AttributeType": "S"} for it in names],
            GlobalSecondaryIndexUpdates=[{"Create": index}],
        )
        stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        self.change(StreamSpecification=stream)
        self.dynamodb.update_time_to_live(
            TableName="tf-table",
            TimeToLiveSpecification={"Enabled": True, "AttributeName": "until"},
        )
        self.dynamodb.update_continuous_backups(
            TableName="tf-table",
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )
        self.dynamodb.untag_resource(ResourceArn=self.arn, TagKeys=["a"])

    def delete(self):
        self.dynamodb.delete_table(TableName="tf-table")
        waiter = self.dynamodb.get_waiter("table_not_exists")
        waiter.wait(TableName="tf-table", **once())


class TableItem(Resource):
    """aws_dynamodb_table_item"""

    MISSING = "none"
    CREATED = {"pk": {"S": "a"}, "n": {"N": "1"}, "m": {"M": {"x": {"BOOL": True}}}}
    UPDATED = {"pk": {"S": "a"}, "n": {"N": "2"}}

    def before(self):
        self.dynamodb = self.client("dynamodb")
        self.dynamodb.create_table(
            TableName="tf-items",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        )
        waiter = self.dynamodb.get_waiter("table_exists")
        waiter.wait(TableName="tf-items", **once())

    def after(self):
        self.dynamodb.delete_table(TableName="tf-items")

    def create(self):
        self.dynamodb.put_item(
            TableName="tf-items",
            Item=self.CREATED,
            ConditionExpression="attribute_not_exists(#hk)",
            ExpressionAttributeNames={"#hk": "pk"},
        )

    def read(self):
        found = self.dynamodb.get_item(
            TableName="tf-items", Key={"pk": {"S": "a"}}, ConsistentRead=True
        )
        if "Item" not in found:
            raise gone("none")
        return found["Item"]

    def update(self):
        self.dynamodb.update_item(
            TableName="tf-items",
            Key={"pk": {"S": "a"}},
            UpdateExpression="SET #0 = :0 REMOVE #1",
            ExpressionAttributeNames={"#0": "n", "#1": "m"},
            ExpressionAttributeValues={":0": {"N": "2"}},
        )

    def delete(self):
        self.dynamodb.delete_item(TableName="tf-items", Key={"pk": {"S": "a"}})


class Function(Resource):
    """aws_lambda_function"""

    MISSING = "ResourceNotFoundException"
    CREATED = {
        "Runtime": "python3.12",
        "Handler": "index.handler",
        "Timeout": 3,
        "MemorySize": 128,
        "environment": {"AA": "1"},
        "Architectures": ["x86_64"],
        "mode": "PassThrough",
        "reserved": None,
        "versions": ["$LATEST"],
        "tags": {"a": "1"},
    }
    UPDATED = {
        **CREATED,
        "Timeout": 30,
        "MemorySize": 256,
        "environment": {"BB": "2"},
        "mode": "Active",
        "reserved": 5,
        "versions": ["$LATEST", "1"],
        "tags": {"b": "2"},
    }

    def before(self):
        self.lambda_ = self.client("lambda")
        self.arn = ARN.format("lambda", "function:tf-function")

    def create(self):
        self.lambda_.create_function(
            FunctionName="tf-function",
            Role=ROLE,
            Runtime="python3.12",
            Handler="index.handler",
            Code={"ZipFile": archive("def handler(event, context): pass")},
            Environment={"Variables": {"AA": "1"}},
            Timeout=3,
            MemorySize=128,
            PackageType="Zip",
            Architectures=["x86_64"],
            TracingConfig={"Mode": "PassThrough"},
            Publish=False,
            Tags={"a": "1"},
        )
        self.wait("function_active_v2")

    def wait(self, name):
        waiter = self.lambda_.get_waiter(name)
        waiter.wait(FunctionName="tf-function", **once())

    def read(self):
        found = self.lambda_.get_function(FunctionName="tf-function")
        configuration = found["Configuration"]
        assert configuration["LastUpdateStatus"] == "Successful", configuration
        assert configuration["FunctionArn"] == self.arn, configuration
        signing = self.lambda_.get_function_code_signing_config(FunctionName="tf-function")
        assert "CodeSigningConfigArn" not in signing or not signing["CodeSigningConfigArn"]
        versions = self.lambda_.list_versions_by_function(FunctionName="tf-function")["Versions"]
        names = ("Runtime", "Handler", "Timeout", "MemorySize", "Architectures")
        return {
            **pick(configuration, *names),
            "environment": configuration["Environment"]["Variables"],
            "mode": configuration["TracingConfig"]["Mode"],
            "reserved": found.get("Concurrency", {}).get("ReservedConcurrentExecutions"),
            "versions": [it["Version"] for it in versions],
            "tags": found.get("Tags", {}),
        }

    def update(self):
        name = {"FunctionName": "tf-function"}
        self.lambda_.untag_resource(Resource=self.arn, TagKeys=["a"])
        self.lambda_.tag_resource(Resource=self.arn, Tags={"b": "2"})
        self.lambda_.update_function_configuration(
            **name,
            Timeout=30,
            MemorySize=256,
            Environment={"Variables": {"BB": "2"}},
            TracingConfig={"Mode": "Active"},
        )
        self.wait("function_updated_v2")
        self.lambda_.update_function_code(
            **name, ZipFile=archive("def handler(event, context): return 1")
        )
        self.wait("function_updated_v2")
        self.lambda_.put_function_concurrency(**name, ReservedConcurrentExecutions=5)
        self.lambda_.publish_version(**name)

    def delete(self):
        self.lambda_.delete_function(FunctionName="tf-function")


class FunctionAlias(OnFunction):
    """aws_lambda_alias"""

    CREATED = {"FunctionVersion": "1", "Description": "d", "weights": None}
    UPDATED = {"FunctionVersion": "1", "Description": "e", "weights": {"2": 0.5}}

    def create(self):
        self.lambda_.create_alias(
            FunctionName=self.FUNCTION, Name="live", FunctionVersion="1", Description="d"
        )

    def read(self):
        found = self.lambda_.get_alias(FunctionName=self.FUNCTION, Name="live")
        assert found["AliasArn"] == f"{self.function}:live", found
        weights = found.get("RoutingConfig", {}).get("AdditionalVersionWeights")
        return {**pick(found, "FunctionVersion", "Description"), "weights": weights}

    def update(self):
        self.lambda_.update_function_code(
            FunctionName=self.FUNCTION, ZipFile=archive("x = 1"), Publish=True
        )
        self.lambda_.update_alias(
            FunctionName=self.FUNCTION,
            Name="live",
            FunctionVersion="1",
            Description="e",
            RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}},
        )

    def delete(self):
        self.lambda_.delete_alias(FunctionName=self.FUNCTION, Name="live")


class FunctionPermission(OnFunction):
    """aws_lambda_permission: a change makes another."""

    CREATED = {"Sid": "tf", "Principal": {"Service": "events.amazonaws.com"}}
    UPDATED = {"Sid": "tf", "Principal": {"Service": "s3.amazonaws.com"}}

    def put(self, service):
        self.lambda_.add_permission(
            FunctionName=self.FUNCTION,
            StatementId="tf",
            Action="lambda:InvokeFunction",
            Principal=service,
            SourceArn="arn:aws:x:us-east-1:000000000000:y",
        )

    def create(self):
        self.put("events.amazonaws.com")

    def read(self):
        policy = json.loads(self.lambda_.get_policy(FunctionName=self.FUNCTION)["Policy"])
        [statement] = policy["Statement"]
        assert statement["Resource"] == self.function, statement
        arn = {"AWS:SourceArn": "arn:aws:x:us-east-1:000000000000:y"}
        assert statement["Condition"] == {"ArnLike": arn}, statement
        return pick(statement, "Sid", "Principal")

    def update(self):
        self.delete()
        self.put("s3.amazonaws.com")

    def delete(self):
        self.lambda_.remove_permission(FunctionName=self.FUNCTION, StatementId="tf")


class EventSourceMapping(OnFunction):
    """aws_lambda_event_source_mapping of a queue"""

    uuid = "00000000-0000-0000-0000-000000000000"
    CREATED = {
        "BatchSize": 5,
        "MaximumBatchingWindowInSeconds": 1,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "FilterCriteria": {"Filters": [{"Pattern": '{"body":{"a":[1]}}'}]},
        "ScalingConfig": {"MaximumConcurrency": 2},
        "State": "Enabled",
    }
    UPDATED = {**CREATED, "BatchSize": 10, "State": "Disabled"}

    def before(self):
        super().before()
        self.client("sqs").create_queue(QueueName="tf-source")

    def create(self):
        given = {name: value for name, value in self.CREATED.items() if name != "State"}
        made = self.lambda_.create_event_source_mapping(
            EventSourceArn=ARN.format("sqs", "tf-source"), FunctionName=self.FUNCTION, **given
        )
        self.uuid = made["UUID"]

    def read(self):
        for _ in range(3):
            found = self.lambda_.get_event_source_mapping(UUID=self.uuid)
            if not found["State"].endswith("ing"):
                break
        assert found["FunctionArn"] == self.function, found
        return pick(found, *self.CREATED)

    def update(self):
        self.lambda_.update_event_source_mapping(UUID=self.uuid, BatchSize=10, Enabled=False)

    def delete(self):
        self.lambda_.delete_event_source_mapping(UUID=self.uuid)


class StateMachine(Resource):
    """aws_sfn_state_machine"""

    MISSING = "StateMachineDoesNotExist"
    DEFINITION = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    OTHER = {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}
    CREATED = {
        "definition": DEFINITION,
        "type": "STANDARD",
        "status": "ACTIVE",
        "roleArn": ROLE,
        "tags": {"a": "1"},
    }
    UPDATED = {**CREATED, "definition": OTHER, "tags": {}}

    def before(self):
        self.states = self.client("stepfunctions")
        self.arn = ARN.format("states", "stateMachine:tf-machine")

    def create(self):
        definition = json.dumps(self.DEFINITION)
        checked = self.states.validate_state_machine_definition(
            definition=definition, type="STANDARD"
        )
        assert checked["result"] == "OK", checked
        made = self.states.create_state_machine(
            name="tf-machine",
            definition=definition,
            roleArn=ROLE,
            type="STANDARD",
            publish=False,
            tags=[{"key": "a", "value": "1"}],
        )
        assert made["stateMachineArn"] == self.arn, made

    def read(self):
        found = self.states.describe_state_machine(stateMachineArn=self.arn)
        if found["status"] == "DELETING":
            raise gone(self.MISSING)
        listed = self.states.list_tags_for_resource(resourceArn=self.arn)["tags"]
        self.states.list_state_machine_versions(stateMachineArn=self.arn)
        return {
            **pick(found, "type", "status", "roleArn"),
            "definition": json.loads(found["definition"]),
            "tags": {tag["key"]: tag["value"] for tag in listed},
        }

    def update(self):
        self.states.update_state_machine(
            stateMachineArn=self.arn, definition=json.dumps(self.OTHER), roleArn=ROLE
        )
        self.states.untag_resource(resourceArn=self.arn, tagKeys=["a"])

    def delete(self):
        self.states.delete_state_machine(stateMachineArn=self.arn)


class Activity(Resource):
    """aws_sfn_activity: only its tags can be updated."""

    MISSING = "ActivityDoesNotExist"
    CREATED = {"name": "tf-activity", "tags": {"a": "1"}}
    UPDATED = {"name": "tf-activity", "tags": {}}

    def before(self):
        self.states = self.client("stepfunctions")
        self.arn = ARN.format("states", "activity:tf-activity")

    def create(self):
        self.states.create_activity(name="tf-activity", tags=[{"key": "a", "value": "1"}])

    def read(self):
        found = self.states.describe_activity(activityArn=self.arn)
        listed = self.states.list_tags_for_resource(resourceArn=self.arn)["tags"]
        return {"name": found["name"], "tags": {it["key"]: it["value"] for it in listed}}

    def update(self):
        self.states.untag_resource(resourceArn=self.arn, tagKeys=["a"])

    def delete(self):
        self.states.delete_activity(activityArn=self.arn)


class Pipe(Resource):
    """aws_pipes_pipe from a queue to a queue"""

    MISSING = "NotFoundException"
    SOURCE = {
        "FilterCriteria": {"Filters": [{"Pattern": '{"body":{"a":[1]}}'}]},
        "SqsQueueParameters": {"BatchSize": 2, "MaximumBatchingWindowInSeconds": 1},
    }
    CREATED = {
        "Description": "d",
        "DesiredState": "RUNNING",
        "CurrentState": "RUNNING",
        "Source": ARN.format("sqs", "tf-from"),
        "Target": ARN.format("sqs", "tf-to"),
        "SourceParameters": SOURCE,
        "TargetParameters": {"InputTemplate": '{"b": <$.body>}'},
        "tags": {"a": "1"},
    }
    UPDATED = {**CREATED, "Description": "e", "DesiredState": "STOPPED",
               "CurrentState": "STOPPED", "tags": {}}

    def before(self):
        self.pipes = self.client("pipes")
        self.arn = ARN.format("pipes", "pipe/tf-pipe")
        for name in ("tf-from", "tf-to"):
            self.client("sqs").create_queue(QueueName=name)

    def create(self):
        given = {k: v for k, v in self.CREATED.items() if k not in ("CurrentState", "tags")}
        self.pipes.create_pipe(Name="tf-pipe", RoleArn=ROLE, Tags={"a": "1"}, **given)

    def read(self):
        for _ in range(3):
            found = self.pipes.describe_pipe(Name="tf-pipe")
            if not found["CurrentState"].endswith("ING") or found["CurrentState"] == "RUNNING":
                break
        own = self.pipes.list_tags_for_resource(resourceArn=self.arn)["tags"]
        names = [name for name in self.CREATED if name != "tags"]
        return {**pick(found, *names), "tags": own}

    def update(self):
        self.pipes.update_pipe(
            Name="tf-pipe", RoleArn=ROLE, Description="e", DesiredState="STOPPED"
        )
        self.pipes.untag_resource(resourceArn=self.arn, tagKeys=["a"])

    def delete(self):
        self.pipes.delete_pipe(Name="tf-pipe")
        try:
            assert self.pipes.describe_pipe(Name="tf-pipe")["CurrentState"] == "DELETING"
        except self.pipes.exceptions.NotFoundException:
            pass


RESOURCES = [
    SqsQueue,
    SqsFifoQueue,
    SqsQueuePolicy,
    SnsTopic,
    SnsSubscription,
    EventBus,
    EventRule,
    EventTarget,
    EventPermission,
    EventArchive,
    EventConnection,
    ApiDestination,
    MetricAlarm,
    Dashboard,
    LogGroup,
    MetricFilter,
    LogSubscription,
    Table,
    TableItem,
    Function,
    FunctionAlias,
    FunctionPermission,
    EventSourceMapping,
    StateMachine,
    Activity,
    Pipe,
]


class Resources(test_terraform_calls.Server):
    def test_each_resource_reads_as_it_was_set(self):
        self.read_as_set(RESOURCES)


if __name__ == "__main__":
    unittest.main()
