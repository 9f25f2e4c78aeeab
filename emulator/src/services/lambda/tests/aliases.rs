//! Aliases, and how they share out invocations.

use super::*;
use crate::services::lambda::alias::Alias;

fn aliases() -> String {
    format!("{ONE}/aliases")
}

#[test]
fn aliases_lead_to_versions() {
    let mut lambda = Lambda::with_function();
    lambda.publish();
    lambda.publish();
    let alias = json!({"Name": "prod", "FunctionVersion": "1", "Description": "d"});
    let made = lambda.ok("POST", &aliases(), &alias);
    let arn = format!("{FUNCTION}:prod");
    assert_eq!([&made["AliasArn"], &made["FunctionVersion"]], [&json!(arn), &json!("1")]);
    let uri = format!("{}/prod", aliases());
    assert_eq!(lambda.look(&uri), made);
    let seen = lambda.look(&format!("{ONE}/configuration?Qualifier=prod"));
    assert_eq!([&seen["FunctionArn"], &seen["Version"]], [&json!(arn), &json!("1")]);
    let (status, error, told) = lambda.err("POST", &aliases(), &alias);
    assert_eq!((status, &*error), (409, "ResourceConflictException"));
    assert_eq!(told, format!("Alias already exists: {arn}"));
    let weights = json!({"RoutingConfig": {"AdditionalVersionWeights": {"2": 0.25}}});
    let routed = lambda.ok("PUT", &uri, &weights);
    assert_eq!(routed["RoutingConfig"], weights["RoutingConfig"]);
    assert_ne!(routed["RevisionId"], made["RevisionId"]);
    let stale = json!({"RevisionId": made["RevisionId"]});
    assert_eq!(lambda.err("PUT", &uri, &stale).0, 412);
    let (status, _, told) = lambda.err("PUT", &uri, &json!({"FunctionVersion": "2"}));
    assert_eq!(status, 400);
    assert!(told.contains("Function version 2 is already included"), "{told}");
    assert_eq!(lambda.err("DELETE", &format!("{ONE}?Qualifier=2"), &Value::Null).0, 409);
    let moved = json!({"FunctionVersion": "2", "RoutingConfig": {}});
    let moved = lambda.ok("PUT", &uri, &moved);
    assert_eq!([&moved["FunctionVersion"], &moved["RoutingConfig"]], [&json!("2"), &Value::Null]);
    assert_eq!(moved["Description"], "d");
    lambda.ok("POST", &aliases(), &json!({"Name": "dev", "FunctionVersion": "$LATEST"}));
    let names = |lambda: &mut Lambda, query: &str| -> Vec<String> {
        let page = lambda.look(&format!("{}{query}", aliases()));
        let all = page["Aliases"].as_array().unwrap().iter();
        all.map(|it| it["Name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&mut lambda, ""), ["dev", "prod"]);
    assert_eq!(names(&mut lambda, "?FunctionVersion=2"), ["prod"]);
    for _ in 0..2 {
        assert_eq!(lambda.ask("DELETE", &uri, &Value::Null).status, 204);
    }
    let (_, _, told) = lambda.err("GET", &uri, &Value::Null);
    assert_eq!(told, format!("Cannot find alias arn: {arn}"));
}

#[test]
fn aliases_that_lead_nowhere_are_refused() {
    let mut lambda = Lambda::with_function();
    lambda.publish();
    lambda.publish();
    let weights = |weights: Value| json!({"AdditionalVersionWeights": weights});
    for (name, version, routing, error) in [
        ("7", "1", json!({}), "ValidationException"),
        ("a.b", "1", json!({}), "ValidationException"),
        ("a", "x", json!({}), "ValidationException"),
        ("a", "9", json!({}), "ResourceNotFoundException"),
        ("a", "1", weights(json!({"9": 0.5})), "ResourceNotFoundException"),
        ("a", "1", weights(json!({"1": 0.5})), "InvalidParameterValueException"),
        ("a", "1", weights(json!({"2": 1.5})), "ValidationException"),
        ("a", "1", weights(json!({"1": 0.5, "2": 0.5})), "InvalidParameterValueException"),
        ("a", "$LATEST", weights(json!({"2": 0.5})), "InvalidParameterValueException"),
    ] {
        let body = json!({"Name": name, "FunctionVersion": version, "RoutingConfig": routing});
        assert_eq!(lambda.err("POST", &aliases(), &body).1, error, "{body}");
    }
}

#[test]
fn weights_are_shares_of_what_is_drawn() {
    let alias = |other| Alias {
        version: "1".to_owned(),
        description: String::new(),
        other,
        revision: "r".into(),
    };
    let weighted = alias(Some(("2".to_owned(), 0.25)));
    let drawn = (0..100).filter(|it| weighted.draw(|| f64::from(*it) / 100.0) == "2").count();
    assert_eq!(drawn, 25);
    // Who has no weights draws nothing: the seed's next number is for somebody else.
    assert_eq!(alias(None).draw(|| panic!("it draws")), "1");
}
