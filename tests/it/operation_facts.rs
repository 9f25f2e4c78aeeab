//! The facts in the operations' rows against AWS's models: what a request is about, and which of
//! its entries may fail by themselves.

use skyrig::kernel::OperationFacts;
use skyrig::registry;

use crate::model::{Model, ModelShape};

/// Members that name something, and yet not what the request is about: operation and member, and
/// why.
const NOT_THE_RESOURCE: &[(&str, &str, &str)] = &[
    ("AddPermission", "SourceArn", "who may call"),
    ("AssociateDatasetKmsKey", "KmsKeyArn", "a key"),
    ("AssumeRole", "RoleSessionName", "a session"),
    ("AssumeRoleWithSAML", "PrincipalArn", "who vouches for the caller"),
    ("AssumeRoleWithWebIdentity", "RoleSessionName", "a session"),
    ("CreateAlias", "Name", "the function's"),
    ("CreateArchive", "KmsKeyIdentifier", "a key"),
    ("CreateBackup", "BackupName", "a backup, which has an ARN"),
    ("CreateConnection", "KmsKeyIdentifier", "a key"),
    ("CreateEndpoint", "RoleArn", "a role"),
    ("CreateEventBus", "EventSourceName", "a partner"),
    ("CreateEventBus", "KmsKeyIdentifier", "a key"),
    ("CreateExportTask", "taskName", "a task"),
    ("CreateFunction", "CodeSigningConfigArn", "whose signatures are needed"),
    ("CreateFunction", "KMSKeyArn", "a key"),
    ("CreateTable", "GlobalTableSourceArn", "another region's"),
    ("DeleteAlias", "Name", "the function's"),
    ("DeleteMetricFilter", "filterName", "the log group's"),
    ("DeleteSubscriptionFilter", "filterName", "the log group's"),
    ("DeleteAnomalyDetector", "MetricName", "a metric is no resource"),
    ("DescribeAlarms", "ChildrenOfAlarmName", "a filter"),
    ("DescribeContributorInsights", "IndexName", "the table's"),
    ("DisableKinesisStreamingDestination", "StreamArn", "a stream of Kinesis"),
    ("EnableKinesisStreamingDestination", "StreamArn", "a stream of Kinesis"),
    ("DescribeAlarms", "ParentsOfAlarmName", "a filter"),
    ("DescribeAlarmsForMetric", "MetricName", "a metric is no resource"),
    ("DescribeMetricFilters", "metricName", "a metric is no resource"),
    ("DescribeAnomalyDetectors", "MetricName", "a metric is no resource"),
    ("GetAlias", "Name", "the function's"),
    ("GetMetricStatistics", "MetricName", "a metric is no resource"),
    ("ListAlarmMuteRules", "AlarmName", "a filter"),
    ("ListApiDestinations", "ConnectionArn", "a filter"),
    ("ListArchives", "EventSourceArn", "a filter"),
    ("ListBackups", "ExclusiveStartBackupArn", "where a page begins"),
    ("ListBackups", "TableName", "a filter"),
    ("ListContributorInsights", "TableName", "a filter"),
    ("ListGlobalTables", "ExclusiveStartGlobalTableName", "where a page begins"),
    ("ListGlobalTables", "RegionName", "a filter"),
    ("ListMetrics", "MetricName", "a metric is no resource"),
    ("ListReplays", "EventSourceArn", "a filter"),
    ("ListTables", "ExclusiveStartTableName", "where a page begins"),
    ("ListStreams", "ExclusiveStartStreamArn", "where a page begins"),
    ("PutDeliveryDestination", "roleArn", "a role"),
    ("PutDeliverySource", "resourceArn", "another service's"),
    ("PutDestination", "roleArn", "a role"),
    ("PutDestination", "targetArn", "another service's"),
    ("PutLogAlarm", "ActionLogLineRoleArn", "a role"),
    ("PutFunctionCodeSigningConfig", "CodeSigningConfigArn", "whose signatures are needed"),
    ("PutRuntimeManagementConfig", "RuntimeVersionArn", "a runtime's"),
    ("PutMetricAlarm", "MetricName", "a metric is no resource"),
    ("PutMetricFilter", "filterName", "the log group's"),
    ("PutAnomalyDetector", "MetricName", "a metric is no resource"),
    ("PutMetricStream", "FirehoseArn", "where it would send"),
    ("PutMetricStream", "RoleArn", "a role"),
    ("PutRule", "RoleArn", "a role"),
    ("PutSubscriptionFilter", "destinationArn", "another service's"),
    ("PutSubscriptionFilter", "filterName", "the log group's"),
    ("PutSubscriptionFilter", "roleArn", "a role"),
    ("Query", "IndexName", "the table's"),
    ("Scan", "IndexName", "the table's"),
    ("SetSubscriptionAttributes", "AttributeName", "an attribute"),
    ("SetTopicAttributes", "AttributeName", "an attribute"),
    ("CreateSchedule", "KmsKeyArn", "a key"),
    ("CreateEventSourceMapping", "KMSKeyArn", "a key"),
    ("CreatePipe", "KmsKeyIdentifier", "a key"),
    ("CreatePipe", "RoleArn", "a role"),
    ("CreateStateMachine", "roleArn", "a role"),
    ("Invoke", "DurableExecutionName", "an execution's"),
    ("UpdateEventSourceMapping", "KMSKeyArn", "a key"),
    ("UpdatePipe", "KmsKeyIdentifier", "a key"),
    ("UpdatePipe", "RoleArn", "a role"),
    ("GetActivityTask", "workerName", "who asks"),
    ("TestState", "roleArn", "a role"),
    ("TestState", "stateName", "a state of a definition"),
    ("UpdateStateMachine", "roleArn", "a role"),
    ("CreateServiceLinkedRole", "AWSServiceName", "a service"),
    ("DeleteRolePolicy", "PolicyName", "the holder's"),
    ("GetRolePolicy", "PolicyName", "the holder's"),
    ("PutRolePolicy", "PolicyName", "the holder's"),
    ("UpdateUser", "NewUserName", "its next name"),
    ("DeleteUserPolicy", "PolicyName", "the holder's"),
    ("GetUserPolicy", "PolicyName", "the holder's"),
    ("PutUserPolicy", "PolicyName", "the holder's"),
    ("UpdateGroup", "NewGroupName", "its next name"),
    ("DeleteGroupPolicy", "PolicyName", "the holder's"),
    ("GetGroupPolicy", "PolicyName", "the holder's"),
    ("PutGroupPolicy", "PolicyName", "the holder's"),
    ("UpdateAlias", "Name", "the function's"),
    ("UpdateArchive", "KmsKeyIdentifier", "a key"),
    ("UpdateFunctionCode", "SourceKMSKeyArn", "a key"),
    ("UpdateFunctionConfiguration", "KMSKeyArn", "a key"),
    ("UpdateSchedule", "KmsKeyArn", "a key"),
    ("UpdateConnection", "KmsKeyIdentifier", "a key"),
    ("UpdateContributorInsights", "IndexName", "the table's"),
    ("UpdateEndpoint", "RoleArn", "a role"),
    ("UpdateEventBus", "KmsKeyIdentifier", "a key"),
    ("UpdateKinesisStreamingDestination", "StreamArn", "a stream of Kinesis"),
];

#[test]
fn every_operation_says_what_it_is_about() {
    let mut found = Vec::new();
    for (service, operation) in registry().operations() {
        let model = Model::of(service.name);
        found.extend(wrong(&model, operation.name, &operation.facts));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_batch_names_its_entries() {
    for (service, operation) in registry().operations() {
        let model = Model::of(service.name);
        let output = model.operations[operation.name].output.as_ref();
        // What a batch answers tells of entries that failed: `Failed`, `FailedEntryCount`,
        // `UnprocessedItems`, `UnprocessedKeys`.
        let tells = |name: &String| {
            name == "FailedEntryCount" || name == "Failed" || name.starts_with("Unprocessed")
        };
        let members = output.map(|it| model.shape(it).members.keys().any(tells));
        // Targets that are put or removed fail as a whole here.
        let is_batch = members == Some(true) && !operation.name.ends_with("Targets");
        let at = format!("{} {}", service.name, operation.name);
        assert_eq!(operation.facts.entries.is_some(), is_batch, "{at}");
        if let Some(member) = operation.facts.entries {
            let input = model.operations[operation.name].input.as_ref().expect("it has entries");
            assert!(model.shape(input).members.contains_key(member), "{at}: {member}");
        }
    }
}

#[test]
fn what_is_stored_forgotten_or_refused_are_members() {
    let mut wrong = Vec::new();
    for (service, operation) in registry().operations() {
        let model = Model::of(service.name);
        let facts = &operation.facts;
        let declared = facts.stored.iter().chain(&facts.forgotten).copied();
        for member in declared.chain(facts.refused.iter().map(|it| it.member)) {
            let input = model.operations[operation.name].input.as_deref();
            if !input.is_some_and(|input| leads_somewhere(&model, input, member)) {
                wrong.push(format!("{} {}: there is no {member}", service.name, operation.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether `path` leads from member to member, through lists and maps; the keys of a map are free.
fn leads_somewhere(model: &Model, shape: &str, path: &str) -> bool {
    let shape = model.shape(shape);
    if let Some(inner) = shape.member.as_ref().or(shape.value.as_ref()) {
        let inner = model.shape(&inner.shape);
        return match inner.kind.as_str() {
            "structure" => through(model, inner, path),
            _ => shape.value.is_some() && !path.contains('.'),
        };
    }
    through(model, shape, path)
}

fn through(model: &Model, shape: &ModelShape, path: &str) -> bool {
    let (step, rest) = path.split_once('.').unwrap_or((path, ""));
    let Some(member) = shape.members.get(step) else {
        // One attribute a request: its name is a value.
        return step == "Attributes" && shape.members.contains_key("AttributeName");
    };
    rest.is_empty() || leads_somewhere(model, &member.shape, rest)
}

#[test]
fn every_exception_is_needed() {
    for (operation, member, _why) in NOT_THE_RESOURCE {
        let is_there = registry().operations().any(|(service, it)| {
            let model = Model::of(service.name);
            it.name == *operation
                && naming_members(&model, operation).contains(&(*member).to_owned())
        });
        assert!(is_there, "{operation} {member}");
    }
}

#[test]
fn a_row_without_its_facts_is_found() {
    let model = Model::of("sqs");
    let complete = |facts: &OperationFacts| wrong(&model, "SendMessage", facts);
    let row = registry().operations().find(|(_, it)| it.name == "SendMessage");
    let mut facts = row.expect("SQS has it").1.facts.clone();
    assert!(complete(&facts).is_empty());
    facts.resources[0].path = "QueueURL";
    assert_eq!(complete(&facts).len(), 2, "{:?}", complete(&facts));
    facts.resources.clear();
    assert_eq!(complete(&facts).len(), 2, "{:?}", complete(&facts));
    facts.about_nothing = true;
    assert_eq!(complete(&facts).len(), 1, "{:?}", complete(&facts));
}

/// What is wrong with an operation's facts.
fn wrong(model: &Model, operation: &str, facts: &OperationFacts) -> Vec<String> {
    let mut found = Vec::new();
    if facts.resources.is_empty() != facts.about_nothing {
        found.push(format!("{operation}: say what it is about, or that it is about nothing"));
    }
    let input = model.operations[operation].input.as_deref();
    for resource in &facts.resources {
        if !input.is_some_and(|input| exists(model, input, resource.path)) {
            found.push(format!("{operation}: there is no {}", resource.path));
        }
    }
    for member in naming_members(model, operation) {
        let excepted = NOT_THE_RESOURCE.iter().any(|row| row.0 == operation && row.1 == member);
        let about = |path: &str| path.split(['.', '[', '{']).next() == Some(member.as_str());
        if !excepted && !facts.resources.iter().any(|it| about(it.path)) {
            found.push(format!("{operation}: is it about {member}?"));
        }
    }
    found
}

/// The members of a request that look as if they named a resource.
fn naming_members(model: &Model, operation: &str) -> Vec<String> {
    let Some(input) = model.operations[operation].input.as_deref() else {
        return Vec::new();
    };
    let names = |name: &&String| {
        let is_text = model.shape(&model.shape(input).members[*name].shape).kind == "string";
        let ends = ["Arn", "ARN", "Url", "Name", "Identifier"];
        is_text && ends.iter().any(|end| name.ends_with(end))
    };
    model.shape(input).members.keys().filter(names).cloned().collect()
}

fn exists(model: &Model, shape: &str, path: &str) -> bool {
    if path.is_empty() {
        return true;
    }
    let (step, rest) = path.split_once('.').unwrap_or((path, ""));
    let member = step.trim_end_matches("[]").trim_end_matches("{}");
    let Some(member) = model.shape(shape).members.get(member) else {
        return false;
    };
    let inner = model.shape(&member.shape);
    match (step.ends_with("[]"), &inner.member) {
        (true, Some(element)) => exists(model, &element.shape, rest),
        (true, None) => false,
        (false, _) if step.ends_with("{}") => inner.value.is_some() && rest.is_empty(),
        (false, _) => exists(model, &member.shape, rest),
    }
}
