//! What other services write, resource policies, and what is stored only.

use serde_json::{Value, json};

use super::{Logs, START, messages};

const GROUP: &str = "arn:aws:logs:us-east-1:000000000000:log-group:g";

impl Logs {
    /// A rule whose target is the group `g`, and one event for it.
    fn event(&mut self, more: Value) -> Vec<String> {
        let pattern = json!({"source": ["shop"]}).to_string();
        self.world.ok("AWSEvents.PutRule", json!({"Name": "r", "EventPattern": pattern}));
        let mut target = json!({"Id": "1", "Arn": GROUP});
        target.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.world.ok("AWSEvents.PutTargets", json!({"Rule": "r", "Targets": [target]}));
        let detail = json!({"order": 7}).to_string();
        let entry = json!({"Source": "shop", "DetailType": "Placed", "Detail": detail});
        self.world.ok("AWSEvents.PutEvents", json!({"Entries": [entry]}));
        self.found(json!({}))
    }

    fn permit(&mut self, principal: &str, action: Value, resource: &str) {
        let document = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Service": principal}, "Action": action,
            "Resource": resource,
        }]});
        let input = json!({"policyName": "p", "policyDocument": document.to_string()});
        self.ok("PutResourcePolicy", input);
    }
}

#[test]
fn a_rule_writes_into_a_group_that_permits_it() {
    let both = json!(["logs:CreateLogStream", "logs:PutLogEvents"]);
    for (principal, action, resource, arrives) in [
        ("events.amazonaws.com", both.clone(), format!("{GROUP}:*"), true),
        ("events.amazonaws.com", both.clone(), GROUP.to_owned(), true),
        ("events.amazonaws.com", json!("logs:*"), "*".to_owned(), true),
        ("events.amazonaws.com", json!("logs:PutLogEvents"), format!("{GROUP}:*"), false),
        ("sns.amazonaws.com", both.clone(), format!("{GROUP}:*"), false),
        ("events.amazonaws.com", both, format!("{GROUP}2:*"), false),
    ] {
        let mut logs = Logs::new();
        logs.permit(principal, action.clone(), &resource);
        let found = logs.event(json!({}));
        assert_eq!(found.len(), usize::from(arrives), "{principal} {action} {resource}");
        if let Some(message) = found.first() {
            let event: Value = serde_json::from_str(message).unwrap();
            assert_eq!(event["detail"], json!({"order": 7}));
        }
    }
    let mut logs = Logs::new();
    assert!(logs.event(json!({})).is_empty());
    let told = logs.world.cloud.lineage().entries().filter_map(|entry| entry.note);
    let told: Vec<String> = told.collect();
    assert!(told.iter().any(|note| note.contains("logs:CreateLogStream")), "{told:?}");
}

#[test]
fn a_transformed_event_says_its_time() {
    let mut logs = Logs::new();
    logs.permit("events.amazonaws.com", json!("logs:*"), "*");
    let time = START - 5000;
    let transformer = json!({"InputTransformer": {
        "InputPathsMap": {"order": "$.detail.order"},
        "InputTemplate": format!("{{\"timestamp\": {time}, \"message\": \"order <order>\"}}"),
    }});
    assert_eq!(logs.event(transformer), ["order 7"]);
    let events = logs.ok("FilterLogEvents", json!({"logGroupName": "g", "endTime": START}));
    assert_eq!(events["events"][0]["timestamp"], time);
    assert_eq!(messages(&events), ["order 7"]);
}

#[test]
fn a_group_that_is_not_there_takes_nothing() {
    let mut logs = Logs::new();
    logs.permit("events.amazonaws.com", json!("logs:*"), "*");
    logs.event(json!({}));
    logs.ok("DeleteLogGroup", json!({"logGroupName": "g"}));
    let entry = json!({"Source": "shop", "DetailType": "Placed", "Detail": "{}"});
    logs.world.ok("AWSEvents.PutEvents", json!({"Entries": [entry]}));
    assert_eq!(logs.ok("DescribeLogGroups", json!({}))["logGroups"], json!([]));
}

#[test]
fn policies_are_of_the_account_or_of_a_group() {
    let mut logs = Logs::new();
    let document = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "logs:*",
        "Resource": "*",
    }]})
    .to_string();
    let of_group = json!({"resourceArn": GROUP, "policyDocument": document});
    let put = logs.ok("PutResourcePolicy", of_group.clone());
    assert_eq!(put["resourcePolicy"]["policyScope"], "RESOURCE");
    assert_eq!(logs.event(json!({})).len(), 1);
    let mut stale = of_group;
    stale["expectedRevisionId"] = "x".into();
    assert_eq!(logs.err("PutResourcePolicy", stale.clone()).0, "InvalidParameterException");
    stale["expectedRevisionId"] = put["revisionId"].clone();
    logs.ok("PutResourcePolicy", stale);
    let listed = logs.ok("DescribeResourcePolicies", json!({"policyScope": "RESOURCE"}));
    assert_eq!(listed["resourcePolicies"][0]["resourceArn"], GROUP);
    logs.ok("DeleteResourcePolicy", json!({"resourceArn": GROUP}));
    let again = logs.err("DeleteResourcePolicy", json!({"resourceArn": GROUP}));
    assert_eq!(again.0, "ResourceNotFoundException");
    // Lists show a list of one as the one.
    let given = document.replace("\"logs:*\"", "[\"logs:*\"]");
    logs.ok("PutResourcePolicy", json!({"policyName": "p0", "policyDocument": given}));
    let listed = logs.ok("DescribeResourcePolicies", json!({}))["resourcePolicies"][0].clone();
    let listed: Value = serde_json::from_str(listed["policyDocument"].as_str().unwrap()).unwrap();
    assert_eq!(listed, serde_json::from_str::<Value>(&document).unwrap());
    for number in 0..10 {
        let input = json!({"policyName": format!("p{number}"), "policyDocument": document});
        logs.ok("PutResourcePolicy", input);
    }
    let over =
        logs.err("PutResourcePolicy", json!({"policyName": "q", "policyDocument": document}));
    assert_eq!(over, ("LimitExceededException".to_owned(), "Resource limit exceeded.".to_owned()));
    let wrong = json!({"policyName": "p0", "policyDocument": "{}"});
    assert_eq!(logs.err("PutResourcePolicy", wrong).0, "InvalidParameterException");
}

/// As recorded on 2026-02-04; the cases there make their buckets first.
#[test]
fn a_delivery_of_cloudfront_has_its_fields() {
    let mut logs = Logs::new();
    let source = json!({
        "name": "ds", "resourceArn": "arn:aws:cloudfront::000000000000:distribution/E1",
        "logType": "ACCESS_LOGS",
    });
    let put = logs.ok("PutDeliverySource", source);
    assert_eq!(put["deliverySource"]["service"], "cloudfront");
    let bucket = json!({"destinationResourceArn": "arn:aws:s3:::b"});
    let destination = json!({"name": "dd", "deliveryDestinationConfiguration": bucket});
    let arn = logs.ok("PutDeliveryDestination", destination)["deliveryDestination"]["arn"].clone();
    let create = json!({"deliverySourceName": "ds", "deliveryDestinationArn": arn});
    let delivery = logs.ok("CreateDelivery", create.clone())["delivery"].clone();
    assert_eq!(delivery["recordFields"].as_array().unwrap().len(), 33);
    assert_eq!(
        delivery["s3DeliveryConfiguration"],
        json!({"enableHiveCompatiblePath": false, "suffixPath": "AWSLogs/{account-id}/CloudFront/"})
    );
    assert_eq!(logs.err("CreateDelivery", create).0, "ConflictException");
    for (operation, name) in [("DeleteDeliverySource", "ds"), ("DeleteDeliveryDestination", "dd")] {
        assert_eq!(logs.err(operation, json!({"name": name})).0, "ConflictException");
    }
    logs.ok("DeleteDelivery", json!({"id": delivery["id"]}));
    logs.ok("DeleteDeliverySource", json!({"name": "ds"}));
    logs.ok("DeleteDeliveryDestination", json!({"name": "dd"}));
    let gone = logs.err("GetDelivery", json!({"id": delivery["id"]}));
    assert_eq!(gone.0, "ResourceNotFoundException");
}

/// As recorded on 2026-02-05; the cases there make their streams first.
#[test]
fn a_destination_keeps_its_policy() {
    let mut logs = Logs::new();
    let put = |target: &str| {
        let target = format!("arn:aws:kinesis:us-east-1:000000000000:stream/{target}");
        let role = "arn:aws:iam::000000000000:role/r";
        json!({"destinationName": "d", "targetArn": target, "roleArn": role})
    };
    logs.ok("PutDestination", put("one"));
    let policy = json!({"Statement": [{
        "Effect": "Allow", "Principal": "*", "Resource": "*",
        "Action": "logs:PutSubscriptionFilter",
    }]})
    .to_string();
    logs.ok("PutDestinationPolicy", json!({"destinationName": "d", "accessPolicy": policy}));
    logs.ok("PutDestination", put("two"));
    let held = logs.ok("DescribeDestinations", json!({"DestinationNamePrefix": "d"}));
    let held = &held["destinations"][0];
    assert_eq!(held["accessPolicy"], policy);
    assert!(held["targetArn"].as_str().unwrap().ends_with("two"));
    assert_eq!(held["arn"], "arn:aws:logs:us-east-1:000000000000:destination:d");
    logs.ok("DeleteDestination", json!({"destinationName": "d"}));
    let held = logs.ok("DescribeDestinations", json!({}));
    assert_eq!(held["destinations"], json!([]));
}

#[test]
fn an_export_fails_and_says_so() {
    let mut logs = Logs::new();
    let export = json!({"logGroupName": "g", "from": 0, "to": 1, "destination": "b"});
    let id = logs.ok("CreateExportTask", export)["taskId"].clone();
    let tasks = logs.ok("DescribeExportTasks", json!({"taskId": id}));
    assert_eq!(tasks["exportTasks"][0]["status"]["code"], "FAILED");
    assert_eq!(logs.err("CancelExportTask", json!({"taskId": id})).0, "InvalidOperationException");
    let absent = logs.err("CancelExportTask", json!({"taskId": "x"}));
    assert_eq!(absent.1, "The specified export task does not exist.");
}

/// Model of CloudWatch Logs: `ServiceQuotaExceededException`; the number is this emulator's.
#[test]
fn parts_of_deliveries_and_destinations_have_a_bound() {
    let mut logs = Logs::new();
    let distribution = "arn:aws:cloudfront::000000000000:distribution/E";
    let source = |number: usize| {
        let name = format!("s{number}");
        json!({"name": name, "resourceArn": distribution, "logType": "ACCESS_LOGS"})
    };
    let target = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
    let destination = |number: usize| {
        let name = format!("d{number}");
        json!({"destinationName": name, "targetArn": target, "roleArn": target})
    };
    for number in 0..1_000 {
        logs.ok("PutDeliverySource", source(number));
        logs.ok("PutDestination", destination(number));
    }
    logs.ok("PutDeliverySource", source(999));
    logs.ok("PutDestination", destination(999));
    let shape = |logs: &mut Logs, operation: &str, input: Value| {
        logs.world.err(&format!("Logs_20140328.{operation}"), input).shape
    };
    let quota = "ServiceQuotaExceededException";
    assert_eq!(shape(&mut logs, "PutDeliverySource", source(1_000)), quota);
    let limit = "LimitExceededException";
    assert_eq!(shape(&mut logs, "PutDestination", destination(1_000)), limit);
}
