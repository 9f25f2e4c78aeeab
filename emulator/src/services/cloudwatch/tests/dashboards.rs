//! Dashboards: stored as they are, if they are JSON.

use serde_json::json;

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
