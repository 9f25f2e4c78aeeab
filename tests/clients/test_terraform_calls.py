"""Makes, with boto3, the calls that Terraform's AWS provider makes for a resource: create, read,
update, read, delete, read. What a read says must be what was set, or Terraform would show a
difference.

A resource is a class with these steps; RESOURCES lists them. Run by run.sh, which sets SKYRIG to
the binary. Source: the provider's documentation and its requests as users log them
(TF_LOG=DEBUG).
"""

import json
import os
import re
import subprocess
import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


def document(action, resource="*"):
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


def trust(service):
    principal = {"Service": f"{service}.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def tags(**values):
    return [{"Key": key, "Value": value} for key, value in values.items()]


class Resource:
    """`create`, `update` and `delete` change it; `read` gives what Terraform keeps in its state,
    and raises the error MISSING when it is gone. `before` makes what it stands on."""

    MISSING = "NoSuchEntity"

    def __init__(self, client):
        self.client = client
        self.iam = client("iam")
        self.scheduler = client("scheduler")
        self.arn = getattr(self, "arn", None)

    def before(self):
        pass

    def after(self):
        pass


class IamRole(Resource):
    """aws_iam_role"""

    CREATED = {
        "path": "/service/",
        "assume_role_policy": trust("lambda"),
        "description": "for lambda",
        "max_session_duration": 3600,
        "permissions_boundary": None,
        "tags": {"team": "orders"},
        "inline": [],
        "attached": [],
    }
    UPDATED = {
        "path": "/service/",
        "assume_role_policy": trust("states"),
        "description": "for states",
        "max_session_duration": 7200,
        "permissions_boundary": "arn:aws:iam::aws:policy/PowerUserAccess",
        "tags": {"Zone": "a"},
        "inline": [],
        "attached": [],
    }

    def create(self):
        self.iam.create_role(
            RoleName="tf-role",
            Path="/service/",
            AssumeRolePolicyDocument=json.dumps(trust("lambda")),
            Description="for lambda",
            MaxSessionDuration=3600,
            Tags=tags(team="orders"),
        )

    def read(self):
        role = self.iam.get_role(RoleName="tf-role")["Role"]
        assert role["Arn"].endswith(":role/service/tf-role"), role["Arn"]
        assert role["RoleId"].startswith("AROA"), role["RoleId"]
        return {
            "path": role["Path"],
            "assume_role_policy": role["AssumeRolePolicyDocument"],
            "description": role["Description"],
            "max_session_duration": role["MaxSessionDuration"],
            "permissions_boundary": role.get("PermissionsBoundary", {}).get(
                "PermissionsBoundaryArn"
            ),
            "tags": {tag["Key"]: tag["Value"] for tag in role.get("Tags", [])},
            "inline": self.iam.list_role_policies(RoleName="tf-role")["PolicyNames"],
            "attached": self.iam.list_attached_role_policies(RoleName="tf-role")[
                "AttachedPolicies"
            ],
        }

    def update(self):
        name = {"RoleName": "tf-role"}
        self.iam.update_assume_role_policy(**name, PolicyDocument=json.dumps(trust("states")))
        self.iam.update_role(**name, Description="for states", MaxSessionDuration=7200)
        self.iam.put_role_permissions_boundary(
            **name, PermissionsBoundary=self.UPDATED["permissions_boundary"]
        )
        self.iam.untag_role(**name, TagKeys=["team"])
        self.iam.tag_role(**name, Tags=tags(Zone="a"))

    def delete(self):
        profiles = self.iam.list_instance_profiles_for_role(RoleName="tf-role")
        assert profiles["InstanceProfiles"] == [], profiles
        self.iam.delete_role(RoleName="tf-role")


class OnRole(Resource):
    """Something that a role has."""

    def before(self):
        self.iam.create_role(
            RoleName="tf-base", AssumeRolePolicyDocument=json.dumps(trust("lambda"))
        )

    def after(self):
        self.iam.delete_role(RoleName="tf-base")


class IamRolePolicy(OnRole):
    """aws_iam_role_policy"""

    CREATED = document("sqs:SendMessage")
    UPDATED = document(["sqs:SendMessage", "sqs:ReceiveMessage"], "arn:aws:sqs:*:*:orders")

    def put(self, policy):
        self.iam.put_role_policy(
            RoleName="tf-base", PolicyName="inline", PolicyDocument=json.dumps(policy)
        )

    def create(self):
        self.put(self.CREATED)

    def read(self):
        policy = self.iam.get_role_policy(RoleName="tf-base", PolicyName="inline")
        assert (policy["RoleName"], policy["PolicyName"]) == ("tf-base", "inline"), policy
        return policy["PolicyDocument"]

    def update(self):
        self.put(self.UPDATED)

    def delete(self):
        self.iam.delete_role_policy(RoleName="tf-base", PolicyName="inline")


class IamPolicy(Resource):
    """aws_iam_policy: an update adds a version, and takes the oldest out when there are five."""

    arn = "arn:aws:iam::000000000000:policy/app/tf-policy"
    CREATED = {
        "path": "/app/",
        "description": "may send",
        "policy": document("sqs:SendMessage"),
        "tags": {"a": "1"},
        "attachment_count": 0,
    }
    UPDATED = {**CREATED, "policy": document("sqs:Action6"), "tags": {"b": ""}}

    def create(self):
        policy = self.iam.create_policy(
            PolicyName="tf-policy",
            Path="/app/",
            Description="may send",
            PolicyDocument=json.dumps(document("sqs:SendMessage")),
            Tags=tags(a="1"),
        )["Policy"]
        assert policy["Arn"] == self.arn, policy

    def read(self):
        policy = self.iam.get_policy(PolicyArn=self.arn)["Policy"]
        version = self.iam.get_policy_version(
            PolicyArn=self.arn, VersionId=policy["DefaultVersionId"]
        )["PolicyVersion"]
        assert version["IsDefaultVersion"], version
        return {
            "path": policy["Path"],
            "description": policy["Description"],
            "policy": version["Document"],
            "tags": {tag["Key"]: tag["Value"] for tag in policy["Tags"]},
            "attachment_count": policy["AttachmentCount"],
        }

    def versions(self):
        return self.iam.list_policy_versions(PolicyArn=self.arn)["Versions"]

    def update(self):
        for number in range(2, 7):
            versions = self.versions()
            if len(versions) == 5:
                oldest = min(versions, key=lambda it: (it["CreateDate"], it["VersionId"]))
                self.iam.delete_policy_version(
                    PolicyArn=self.arn, VersionId=oldest["VersionId"]
                )
            self.iam.create_policy_version(
                PolicyArn=self.arn,
                PolicyDocument=json.dumps(document(f"sqs:Action{number}")),
                SetAsDefault=True,
            )
        self.iam.untag_policy(PolicyArn=self.arn, TagKeys=["a"])
        self.iam.tag_policy(PolicyArn=self.arn, Tags=tags(b=""))

    def delete(self):
        for version in self.versions():
            if not version["IsDefaultVersion"]:
                self.iam.delete_policy_version(
                    PolicyArn=self.arn, VersionId=version["VersionId"]
                )
        self.iam.delete_policy(PolicyArn=self.arn)


class IamRolePolicyAttachment(OnRole):
    """aws_iam_role_policy_attachment: it cannot be updated; reads look for the ARN in the list."""

    arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"
    CREATED = UPDATED = {"PolicyName": "AWSLambdaSQSQueueExecutionRole", "PolicyArn": arn}

    def create(self):
        self.iam.attach_role_policy(RoleName="tf-base", PolicyArn=self.arn)

    def read(self):
        pages = self.iam.get_paginator("list_attached_role_policies").paginate(
            RoleName="tf-base"
        )
        for page in pages:
            for policy in page["AttachedPolicies"]:
                if policy["PolicyArn"] == self.arn:
                    return policy
        raise ClientError({"Error": {"Code": self.MISSING}}, "ListAttachedRolePolicies")

    def update(self):
        self.create()

    def delete(self):
        self.iam.detach_role_policy(RoleName="tf-base", PolicyArn=self.arn)


class IamInstanceProfile(OnRole):
    """aws_iam_instance_profile"""

    CREATED = {"path": "/", "role": ["tf-base"], "tags": {"a": "1"}}
    UPDATED = {"path": "/", "role": [], "tags": {}}

    def create(self):
        name = {"InstanceProfileName": "tf-profile"}
        self.iam.create_instance_profile(**name, Tags=tags(a="1"))
        waiter = self.iam.get_waiter("instance_profile_exists")
        waiter.wait(**name, WaiterConfig={"MaxAttempts": 1})
        self.iam.add_role_to_instance_profile(**name, RoleName="tf-base")

    def read(self):
        profile = self.iam.get_instance_profile(InstanceProfileName="tf-profile")
        profile = profile["InstanceProfile"]
        assert profile["InstanceProfileId"].startswith("AIPA"), profile
        return {
            "path": profile["Path"],
            "role": [role["RoleName"] for role in profile["Roles"]],
            "tags": {tag["Key"]: tag["Value"] for tag in profile.get("Tags", [])},
        }

    def update(self):
        name = {"InstanceProfileName": "tf-profile"}
        self.iam.remove_role_from_instance_profile(**name, RoleName="tf-base")
        self.iam.untag_instance_profile(**name, TagKeys=["a"])

    def delete(self):
        self.iam.delete_instance_profile(InstanceProfileName="tf-profile")


class SchedulerScheduleGroup(Resource):
    """aws_scheduler_schedule_group: only its tags can be updated."""

    MISSING = "ResourceNotFoundException"
    CREATED = {"state": "ACTIVE", "tags": {"a": "1"}}
    UPDATED = {"state": "ACTIVE", "tags": {"b": "2"}}

    def create(self):
        made = self.scheduler.create_schedule_group(
            Name="tf-group", ClientToken="one", Tags=tags(a="1")
        )
        self.arn = made["ScheduleGroupArn"]

    def read(self):
        group = self.scheduler.get_schedule_group(Name="tf-group")
        assert group["Arn"] == self.arn, group
        listed = self.scheduler.list_tags_for_resource(ResourceArn=self.arn)["Tags"]
        return {
            "state": group["State"],
            "tags": {tag["Key"]: tag["Value"] for tag in listed},
        }

    def update(self):
        self.scheduler.untag_resource(ResourceArn=self.arn, TagKeys=["a"])
        self.scheduler.tag_resource(ResourceArn=self.arn, Tags=tags(b="2"))

    def delete(self):
        self.scheduler.delete_schedule_group(Name="tf-group", ClientToken="two")
        # The provider waits until it is gone: one read may still say DELETING.
        try:
            assert self.scheduler.get_schedule_group(Name="tf-group")["State"] == "DELETING"
        except self.scheduler.exceptions.ResourceNotFoundException:
            pass


class SchedulerSchedule(Resource):
    """aws_scheduler_schedule: an update sends everything again."""

    MISSING = "ResourceNotFoundException"
    TARGET = {
        "Arn": "arn:aws:sqs:us-east-1:000000000000:tf-queue",
        "RoleArn": "arn:aws:iam::000000000000:role/tf-role",
        "Input": '{"a": 1}',
        "RetryPolicy": {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 3},
    }
    CREATED = {
        "GroupName": "default",
        "ScheduleExpression": "rate(1 hour)",
        "ScheduleExpressionTimezone": "UTC",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "State": "ENABLED",
        "ActionAfterCompletion": "NONE",
        "Target": TARGET,
    }
    UPDATED = {
        **CREATED,
        "ScheduleExpression": "cron(0 9 ? * MON-FRI *)",
        "ScheduleExpressionTimezone": "Europe/Berlin",
        "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15},
        "State": "DISABLED",
        "Description": "in the morning",
        "Target": {**TARGET, "Input": "later"},
    }

    def before(self):
        self.client("sqs").create_queue(QueueName="tf-queue")

    def create(self):
        self.scheduler.create_schedule(Name="tf-schedule", ClientToken="one", **self.CREATED)

    def read(self):
        schedule = self.scheduler.get_schedule(Name="tf-schedule", GroupName="default")
        for told in ("Arn", "Name", "CreationDate", "LastModificationDate", "ResponseMetadata"):
            del schedule[told]
        return schedule

    def update(self):
        self.scheduler.update_schedule(Name="tf-schedule", ClientToken="two", **self.UPDATED)

    def delete(self):
        self.scheduler.delete_schedule(Name="tf-schedule", GroupName="default")


RESOURCES = [
    IamRole,
    IamRolePolicy,
    IamPolicy,
    IamRolePolicyAttachment,
    IamInstanceProfile,
    SchedulerScheduleGroup,
    SchedulerSchedule,
]


class Server(unittest.TestCase):
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
        config = Config(retries={"total_max_attempts": 1}, read_timeout=30)
        return boto3.client(service, endpoint_url=self.endpoint, config=config)

    def read_as_set(self, resources):
        for kind in resources:
            with self.subTest(kind.__doc__.split(":")[0]):
                resource = kind(self.client)
                resource.before()
                self.is_missing(resource)
                resource.create()
                self.assertEqual(resource.read(), resource.CREATED)
                resource.update()
                self.assertEqual(resource.read(), resource.UPDATED)
                resource.delete()
                self.is_missing(resource)
                resource.after()

    def is_missing(self, resource):
        with self.assertRaises(ClientError) as caught:
            resource.read()
        self.assertEqual(caught.exception.response["Error"]["Code"], resource.MISSING)


class TerraformCalls(Server):
    def test_each_resource_reads_as_it_was_set(self):
        self.read_as_set(RESOURCES)


if __name__ == "__main__":
    unittest.main()
