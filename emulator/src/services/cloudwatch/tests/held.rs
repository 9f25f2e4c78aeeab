//! What is kept without effect: streams, rules, stored queries, data sets and the rest; detectors.

use serde_json::{Value, json};

use super::*;
use crate::kernel::Settings;

fn refused(world: &mut World, operation: &str, input: Value) -> (String, String) {
    let refused = world.err(&format!("{TARGET}.{operation}"), input);
    (refused.shape, refused.message)
}

const ARN: &str = "arn:aws:cloudwatch:us-east-1:000000000000";

#[test]
fn a_metric_stream_is_kept_as_it_was_set_up() {
    let mut world = World::new();
    let stream = json!({
        "Name": "s", "FirehoseArn": "arn:f", "RoleArn": "arn:r", "OutputFormat": "json",
        "IncludeFilters": [{"Namespace": "AWS/SQS"}], "Tags": [{"Key": "k", "Value": "v"}],
    });
    let answer = ok(&mut world, "PutMetricStream", stream.clone());
    assert_eq!(answer, json!({"Arn": format!("{ARN}:metric-stream/s")}));
    world.advance_seconds(60);
    ok(&mut world, "StopMetricStreams", json!({"Names": ["s", "unknown"]}));
    let mut changed = stream;
    changed["OutputFormat"] = "opentelemetry1.0".into();
    ok(&mut world, "PutMetricStream", changed);
    let kept = ok(&mut world, "GetMetricStream", json!({"Name": "s"}));
    let expected = json!({
        "Arn": format!("{ARN}:metric-stream/s"), "Name": "s", "FirehoseArn": "arn:f",
        "RoleArn": "arn:r", "OutputFormat": "opentelemetry1.0", "State": "stopped",
        "IncludeFilters": [{"Namespace": "AWS/SQS"}], "CreationDate": START as f64,
        "LastUpdateDate": (START + 60) as f64,
    });
    assert_eq!(kept, expected);
    let tags = ok(&mut world, "ListTagsForResource", json!({"ResourceARN": kept["Arn"]}));
    assert_eq!(tags["Tags"], json!([{"Key": "k", "Value": "v"}]));
    world.restart();
    let listed = ok(&mut world, "ListMetricStreams", json!({}));
    assert_eq!(listed["Entries"][0]["State"], "stopped");
    ok(&mut world, "StartMetricStreams", json!({"Names": ["s"]}));
    let listed = ok(&mut world, "ListMetricStreams", json!({"MaxResults": 1}));
    assert_eq!(listed["Entries"][0]["State"], "running");
    assert_eq!(listed.get("NextToken"), None);
    ok(&mut world, "DeleteMetricStream", json!({"Name": "s"}));
    let (shape, _) = refused(&mut world, "GetMetricStream", json!({"Name": "s"}));
    assert_eq!(shape, "ResourceNotFoundException");
}

#[test]
fn lists_go_page_by_page() {
    let mut world = World::new();
    for number in 0..5 {
        let rule = json!({"RuleName": format!("r{number}"), "RuleDefinition": "{}"});
        ok(&mut world, "PutInsightRule", rule);
    }
    let mut names = Vec::new();
    let mut input = json!({"MaxResults": 2});
    loop {
        let page = ok(&mut world, "DescribeInsightRules", input.clone());
        let rules = page["InsightRules"].as_array().unwrap();
        assert!(rules.len() <= 2);
        names.extend(rules.iter().map(|rule| rule["Name"].clone()));
        let Some(token) = page.get("NextToken") else { break };
        input["NextToken"] = token.clone();
    }
    assert_eq!(json!(names), json!(["r0", "r1", "r2", "r3", "r4"]));
    let (shape, _) = refused(&mut world, "DescribeInsightRules", json!({"NextToken": "x"}));
    assert_eq!(shape, "InvalidNextToken");
}

#[test]
fn insight_rules_are_switched_and_fail_one_by_one() {
    let mut world = World::new();
    ok(&mut world, "PutInsightRule", json!({"RuleName": "r", "RuleDefinition": "{}"}));
    let failed = ok(&mut world, "DisableInsightRules", json!({"RuleNames": ["r", "x"]}));
    assert_eq!(failed["Failures"].as_array().unwrap().len(), 1);
    assert_eq!(failed["Failures"][0]["FailureResource"], "x");
    let listed = ok(&mut world, "DescribeInsightRules", json!({}));
    assert_eq!(listed["InsightRules"][0]["State"], "DISABLED");
    let report = |name: &str| {
        let (start, end) = (START, START + 60);
        json!({"RuleName": name, "StartTime": start, "EndTime": end, "Period": 60})
    };
    let (shape, message) = refused(&mut world, "GetInsightRuleReport", report("r"));
    assert_eq!(shape, "NotImplementedException");
    assert!(message.starts_with("GetInsightRuleReport"), "{message}");
    let (shape, _) = refused(&mut world, "GetInsightRuleReport", report("x"));
    assert_eq!(shape, "ResourceNotFoundException");
    let managed = json!({"TemplateName": "Template", "ResourceARN": "arn:aws:x:us-east-1:1:r/one"});
    ok(&mut world, "PutManagedInsightRules", json!({"ManagedRules": [managed]}));
    let arn = json!({"ResourceARN": "arn:aws:x:us-east-1:1:r/one"});
    let rules = ok(&mut world, "ListManagedInsightRules", arn);
    assert_eq!(rules["ManagedRules"][0]["TemplateName"], "Template");
    assert_eq!(rules["ManagedRules"][0]["RuleState"]["State"], "ENABLED");
    let none = ok(&mut world, "DeleteInsightRules", json!({"RuleNames": ["r"]}));
    assert_eq!(none, json!({"Failures": []}));
}

#[test]
fn queries_data_sets_enrichment_and_selections_are_kept() {
    let mut world = World::new();
    let query = json!({"Type": "SQL", "Path": "a/b", "Expression": "SELECT 1"});
    let put = ok(&mut world, "PutMetricDataQueryDefinition", query);
    let got = ok(&mut world, "GetMetricDataQueryDefinition", json!({"Id": put["Id"]}));
    assert_eq!(got, put);
    let listed = ok(&mut world, "ListMetricDataQueryDefinitions", json!({}));
    assert_eq!(listed["Items"][0]["Path"], "a/b");
    ok(&mut world, "DeleteMetricDataQueryDefinition", json!({"Id": put["Id"]}));
    let (shape, _) = refused(&mut world, "GetMetricDataQueryDefinition", json!({"Id": put["Id"]}));
    assert_eq!(shape, "ResourceNotFoundException");

    let key = "arn:aws:kms:us-east-1:000000000000:key/0a";
    let associate = json!({"DatasetIdentifier": "default", "KmsKeyArn": key});
    ok(&mut world, "AssociateDatasetKmsKey", associate);
    let dataset = ok(&mut world, "GetDataset", json!({"DatasetIdentifier": "default"}));
    let arn = format!("{ARN}:dataset/default");
    assert_eq!(dataset, json!({"DatasetId": "default", "Arn": arn, "KmsKeyArn": key}));
    ok(&mut world, "DisassociateDatasetKmsKey", json!({"DatasetIdentifier": arn}));
    let (shape, _) = refused(
        &mut world,
        "GetDataset",
        json!({"DatasetIdentifier": "arn:aws:cloudwatch:eu-west-1:000000000000:dataset/default"}),
    );
    assert_eq!(shape, "ResourceNotFoundException");

    let (shape, _) = refused(&mut world, "UpdateOTelEnrichment", json!({}));
    assert_eq!(shape, "ResourceNotFoundException");
    assert_eq!(ok(&mut world, "GetOTelEnrichment", json!({})), json!({"Status": "Stopped"}));
    let filters = json!({"IncludeFilters": [{"Namespace": "AWS/SQS"}]});
    ok(&mut world, "StartOTelEnrichment", filters);
    ok(&mut world, "UpdateOTelEnrichment", json!({}));
    assert_eq!(ok(&mut world, "GetOTelEnrichment", json!({}))["Status"], "Running");
    ok(&mut world, "StopOTelEnrichment", json!({}));
    assert_eq!(ok(&mut world, "GetOTelEnrichment", json!({}))["Status"], "Stopped");

    let resource = json!({"ResourceArn": "arn:aws:sqs:us-east-1:000000000000:q"});
    let (shape, _) = refused(&mut world, "UpdateResourceMetricsConfiguration", resource.clone());
    assert_eq!(shape, "ResourceNotFoundException");
    let created = ok(&mut world, "CreateResourceMetricsConfiguration", resource.clone());
    let got = ok(&mut world, "GetResourceMetricsConfiguration", resource.clone());
    assert_eq!(got, created);
    let (shape, _) = refused(&mut world, "CreateResourceMetricsConfiguration", resource.clone());
    assert_eq!(shape, "ConflictException");
    ok(&mut world, "DeleteResourceMetricsConfiguration", resource.clone());
    let (shape, _) = refused(&mut world, "GetResourceMetricsConfiguration", resource);
    assert_eq!(shape, "ResourceNotFoundException");
}

#[test]
fn a_detector_is_found_by_what_it_is_of() {
    let mut world = World::new();
    let dimensions = |first: &str, second: &str| {
        [first, second].map(|name| json!({"Name": name, "Value": "1"})).to_vec()
    };
    let old = json!({
        "Namespace": "N", "MetricName": "m", "Stat": "Average", "Dimensions": dimensions("B", "A"),
    });
    let new = json!({"SingleMetricAnomalyDetector": {
        "Namespace": "N", "MetricName": "m", "Stat": "Average", "Dimensions": dimensions("A", "B"),
    }});
    let id = ok(&mut world, "PutAnomalyDetector", old.clone());
    assert_eq!(ok(&mut world, "PutAnomalyDetector", new.clone()), id, "it is the same");
    let metric = json!({"Namespace": "N", "MetricName": "m"});
    let stat = json!({"Metric": metric, "Period": 60, "Stat": "Sum"});
    let math = json!({"MetricMathAnomalyDetector": {"MetricDataQueries": [
        {"Id": "m1", "MetricStat": stat, "ReturnData": false},
        {"Id": "e1", "Expression": "m1 * 2"},
    ]}});
    ok(&mut world, "PutAnomalyDetector", math.clone());
    let count = |world: &mut World, input: Value| {
        ok(world, "DescribeAnomalyDetectors", input)["AnomalyDetectors"].as_array().unwrap().len()
    };
    for (input, expected) in [
        (json!({}), 1),
        (json!({"AnomalyDetectorTypes": ["METRIC_MATH"]}), 1),
        (json!({"AnomalyDetectorTypes": ["METRIC_MATH", "SINGLE_METRIC"]}), 2),
        (json!({"Namespace": "N", "MetricName": "m"}), 1),
        (json!({"Namespace": "M"}), 0),
        (json!({"Dimensions": [{"Name": "A", "Value": "1"}]}), 1),
        (json!({"Dimensions": [{"Name": "A", "Value": "2"}]}), 0),
    ] {
        assert_eq!(count(&mut world, input.clone()), expected, "{input}");
    }
    ok(&mut world, "DeleteAnomalyDetector", new);
    ok(&mut world, "DeleteAnomalyDetector", math);
    let (shape, _) = refused(&mut world, "DeleteAnomalyDetector", old);
    assert_eq!(shape, "ResourceNotFoundException");
    let both = json!({
        "MetricName": "m", "SingleMetricAnomalyDetector": {"MetricName": "m"},
    });
    let (shape, _) = refused(&mut world, "PutAnomalyDetector", both);
    assert_eq!(shape, "InvalidParameterCombinationException");
}

#[test]
fn strict_mode_refuses_what_has_no_effect() {
    let settings = Settings { strict: true, ..Settings::default() };
    for (operation, input) in [
        (
            "PutMetricStream",
            json!({"Name": "s", "FirehoseArn": "f", "RoleArn": "r", "OutputFormat": "json"}),
        ),
        ("PutInsightRule", json!({"RuleName": "r", "RuleDefinition": "{}"})),
        ("StartOTelEnrichment", json!({})),
        (
            "CreateResourceMetricsConfiguration",
            json!({"ResourceArn": "arn:aws:sqs:us-east-1:000000000000:q"}),
        ),
    ] {
        let mut world = World::with(settings.clone());
        let (shape, _) = refused(&mut world, operation, input);
        assert_eq!(shape, "NotImplementedException", "{operation}");
    }
}
