//! Dashboards: stored as they are, if they are JSON.

use serde_json::{Value, json};

use super::*;

#[test]
fn a_dashboard_is_kept_as_it_is_sent() {
    let mut world = World::new();
    let body = "{ \"widgets\": [ {\"type\": \"text\", \"properties\": {\"markdown\": \"#\"}} ] }";
    for name in ["orders", "other"] {
        let input = json!({"DashboardName": name, "DashboardBody": body});
        let answer = ok(&mut world, "PutDashboard", input);
        assert_eq!(answer, json!({"DashboardValidationMessages": []}));
    }
    let expected = json!({
        "DashboardArn": "arn:aws:cloudwatch::000000000000:dashboard/orders",
        "DashboardBody": body, "DashboardName": "orders",
    });
    assert_eq!(ok(&mut world, "GetDashboard", json!({"DashboardName": "orders"})), expected);
    let entry = json!({
        "DashboardArn": "arn:aws:cloudwatch::000000000000:dashboard/orders",
        "DashboardName": "orders", "LastModified": START as f64, "Size": body.len(),
    });
    let listed = ok(&mut world, "ListDashboards", json!({"DashboardNamePrefix": "or"}));
    assert_eq!(listed, json!({"DashboardEntries": [entry]}));
    let missing = json!({"DashboardNames": ["orders", "nope"]});
    let refused = world.err(&format!("{TARGET}.DeleteDashboards"), missing);
    assert_eq!(refused.shape, "DashboardNotFoundError");
    assert_eq!(refused.message, "Dashboard nope does not exist");
    ok(&mut world, "DeleteDashboards", json!({"DashboardNames": ["orders"]}));
    let refused = world.err(&format!("{TARGET}.GetDashboard"), json!({"DashboardName": "orders"}));
    assert_eq!(refused.shape, "DashboardNotFoundError");
}

#[test]
fn all_regions_share_dashboards() {
    let mut world = World::new();
    let ask = |world: &mut World, region: &str, operation: &str, input: Value| {
        let credential = format!(
            "AWS4-HMAC-SHA256 Credential=000000000000/20260101/{region}/\
                                  monitoring/aws4_request, SignedHeaders=host, Signature=0"
        );
        let mut request = request(Protocol::AwsJson10, operation, &input);
        request.headers_mut().insert("authorization", credential.parse().unwrap());
        let response = world.send(request).unwrap();
        serde_json::from_slice::<Value>(response.body()).unwrap_or_default()
    };
    let put = json!({"DashboardName": "d", "DashboardBody": "{\"widgets\":[]}"});
    ask(&mut world, "eu-west-1", "PutDashboard", put);
    let arn = "arn:aws:cloudwatch::000000000000:dashboard/d";
    let tag = json!({"ResourceARN": arn, "Tags": [{"Key": "k", "Value": "v"}]});
    ask(&mut world, "ap-south-1", "TagResource", tag);
    for region in ["us-east-1", "eu-west-1", "sa-east-1"] {
        let found = ask(&mut world, region, "GetDashboard", json!({"DashboardName": "d"}));
        assert_eq!(found["DashboardArn"], arn, "{region}");
        let tags = ask(&mut world, region, "ListTagsForResource", json!({"ResourceARN": arn}));
        assert_eq!(tags["Tags"], json!([{"Key": "k", "Value": "v"}]), "{region}");
    }
    let found = ask(&mut world, "cn-north-1", "ListDashboards", json!({}));
    assert_eq!(found["DashboardEntries"], json!([]));
}

/// What is told of one widget, as `path: message` below `/widgets/0`.
fn told_of(widget: &Value) -> Vec<String> {
    let mut world = World::new();
    let body = json!({"widgets": [widget]}).to_string();
    let input = json!({"DashboardName": "d", "DashboardBody": body});
    let response = send(&mut world, Protocol::AwsJson10, "PutDashboard", &input);
    let answer: Value = serde_json::from_slice(response.body()).unwrap();
    let found = answer["dashboardValidationMessages"].as_array().cloned().unwrap_or_default();
    let line = |it: &Value| {
        let path = it["DataPath"].as_str().unwrap().strip_prefix("/widgets/0").unwrap();
        format!("{path}: {}", it["Message"].as_str().unwrap())
    };
    found.iter().map(line).collect()
}

#[test]
fn widgets_are_checked_by_their_type() {
    let metric = |properties: Value| json!({"type": "metric", "properties": properties});
    let with = |metrics: Value| metric(json!({"region": "us-east-1", "metrics": metrics}));
    let only_strings = "Invalid metric field type, only \"String\" type is allowed";
    for (widget, expected) in [
        (
            metric(json!({"data": {}})),
            vec![
                "/properties: Should have required property 'metrics'".to_owned(),
                "/properties: The metric widget should have specified a region and a data source \
                 or an alarm annotation"
                    .to_owned(),
                "/properties: Should have required property 'annotations'".to_owned(),
            ],
        ),
        (with(json!([["N", "m", "D", "v", {"color": "#ff0000"}], [".", "...", {}]])), vec![]),
        (with(json!([[{"expression": "m1*2", "id": "e"}]])), vec![]),
        (with(json!([["N", 5]])), vec![format!("/properties/metrics/0: {only_strings}")]),
        (
            with(json!([["N", "m", {"color": "red", "visible": 1}]])),
            vec![
                "/properties/metrics/0/2/color: Should match pattern \"^#[0-9a-fA-F]{6}$\""
                    .to_owned(),
                "/properties/metrics/0/2/visible: Should be boolean".to_owned(),
            ],
        ),
        (
            json!({"type": "alarm", "width": 25, "properties": {"alarms": []}}),
            vec![
                "/width: Should be <= 24".to_owned(),
                "/properties/alarms: Should NOT have less than 1 items".to_owned(),
            ],
        ),
        (
            json!({"type": "text", "x": -1, "properties": {}}),
            vec![
                "/x: Should be >= 0".to_owned(),
                "/properties: Should have required property 'markdown'".to_owned(),
            ],
        ),
        (
            json!({"type": "poem", "properties": {}}),
            vec!["/type: Should be equal to one of the allowed values".to_owned()],
        ),
        (
            metric(json!({
                "annotations": {"alarms": ["a", "b"], "horizontal": [[{"value": "x"}, {}]]},
                "yAxis": {"left": {"min": "0"}}, "view": "line",
            })),
            vec![
                "/properties/view: Should be equal to one of the allowed values".to_owned(),
                "/properties/yAxis/left/min: Should be number".to_owned(),
                "/properties/annotations/alarms: Should NOT have more than 1 items".to_owned(),
                "/properties/annotations/horizontal/0/0/value: Should be number".to_owned(),
                "/properties/annotations/horizontal/0/1: Should have required property 'value'"
                    .to_owned(),
            ],
        ),
        (
            json!({"type": "log", "properties": {"query": 1}}),
            vec![
                "/properties: Should have required property 'region'".to_owned(),
                "/properties/query: Should be string".to_owned(),
            ],
        ),
    ] {
        assert_eq!(told_of(&widget), expected, "{widget}");
    }
}

#[test]
fn bodies_that_are_no_dashboards_are_refused() {
    for (body, path, message) in [
        ("{", None, "The field DashboardBody must be a valid JSON object"),
        ("[]", None, "The field DashboardBody must be a valid JSON object"),
        ("{}", Some(""), "Should have required property 'widgets'"),
        ("{\"widgets\": 1}", Some("/widgets"), "Should be array"),
        ("{\"widgets\": [1]}", Some("/widgets/0"), "Should be object"),
        (
            "{\"widgets\": [{\"type\": \"text\"}]}",
            Some("/widgets/0"),
            "Should have required property 'properties'",
        ),
    ] {
        let mut world = World::new();
        let input = json!({"DashboardName": "d", "DashboardBody": body});
        let refused = world.err(&format!("{TARGET}.PutDashboard"), input);
        assert_eq!(refused.shape, "DashboardInvalidInputError", "{body}");
        let mut expected = json!({"Message": message});
        if let Some(path) = path {
            expected["DataPath"] = path.into();
        }
        assert_eq!(refused.body["dashboardValidationMessages"], json!([expected]), "{body}");
        assert!(refused.message.starts_with(
            "The dashboard body is invalid, there are 1 validation errors:\n[\n  {\n"
        ));
    }
}

/// AWS has no bound; the memory of a machine is one.
#[test]
fn dashboards_together_have_a_bound() {
    let mut world = World::new();
    let body = |bytes: usize| {
        let empty = json!({"widgets": [{"type": "text", "properties": {"markdown": ""}}]});
        let length = empty.to_string().len();
        let text = "x".repeat(bytes - length);
        json!({"widgets": [{"type": "text", "properties": {"markdown": text}}]}).to_string()
    };
    let put = |world: &mut World, name: &str, bytes: usize| {
        let input = json!({"DashboardName": name, "DashboardBody": body(bytes)});
        world.call(&format!("{TARGET}.PutDashboard"), input)
    };
    const MEBIBYTE: usize = 1024 * 1024;
    // Requests have a bound too.
    for number in 0..128 {
        put(&mut world, &format!("d{number}"), MEBIBYTE / 2).unwrap();
    }
    let refused = put(&mut world, "one-more", 100).unwrap_err();
    assert_eq!(refused.shape, "LimitExceededFault");
    put(&mut world, "d0", MEBIBYTE / 2).unwrap();
    put(&mut world, "d0", MEBIBYTE / 2 + 1).unwrap_err();
    put(&mut world, "d0", MEBIBYTE / 2 - 100).unwrap();
    put(&mut world, "one-more", 100).unwrap();
}

#[test]
fn there_are_so_many_dashboards() {
    use crate::services::cloudwatch::dashboard::{Dashboard, Dashboards};
    use crate::wire::Timestamp;

    let mut dashboards = Dashboards::default();
    let dashboard = Dashboard {
        body: "{}".to_owned(),
        modified: Timestamp::default(),
        tags: Default::default(),
    };
    for number in 0..9_999 {
        dashboards.by_name.insert(format!("d{number}"), dashboard.clone());
    }
    dashboards.check_room("d10000", "{}").unwrap();
    dashboards.by_name.insert("d9999".to_owned(), dashboard);
    dashboards.check_room("d9999", "{}").unwrap();
    dashboards.check_room("d10000", "{}").unwrap_err();
}
