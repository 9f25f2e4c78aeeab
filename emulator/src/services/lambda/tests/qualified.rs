//! What hangs on a function, a version or an alias: concurrency, events, addresses, tags.

use super::*;

#[test]
fn concurrency_is_reserved() {
    let mut lambda = Lambda::with_function();
    lambda.create("g", &json!({}));
    let put = format!("{}/concurrency", ONE.replace("2015-03-31", "2017-10-31"));
    let get = format!("{}/concurrency", ONE.replace("2015-03-31", "2019-09-30"));
    assert_eq!(lambda.look(&get), json!({}));
    let reserve = |number: i64| json!({"ReservedConcurrentExecutions": number});
    assert_eq!(lambda.ok("PUT", &put, &reserve(900)), reserve(900));
    assert_eq!(lambda.look(&get), reserve(900));
    assert_eq!(lambda.look(ONE)["Concurrency"], reserve(900));
    let settings = lambda.look("/2016-08-19/account-settings");
    assert_eq!(settings["AccountLimit"]["UnreservedConcurrentExecutions"], 100);
    assert_eq!(settings["AccountUsage"]["FunctionCount"], 2);
    for body in [reserve(901), reserve(i64::from(i32::MAX))] {
        let (_, error, told) = lambda.err("PUT", &put, &body);
        assert_eq!(error, "InvalidParameterValueException");
        assert!(told.contains("below its minimum value of [100]"), "{told}");
    }
    assert_eq!(lambda.err("PUT", &put.replace("/f/", "/g/"), &reserve(1)).0, 400);
    assert_eq!(lambda.ok("PUT", &put.replace("/f/", "/g/"), &reserve(0)), reserve(0));
    assert_eq!(lambda.err("PUT", &put, &json!({})).1, "ValidationException");
    assert_eq!(lambda.ask("DELETE", &put, &Value::Null).status, 204);
    assert_eq!(lambda.look(&get), json!({}));
}

#[test]
fn provisioned_concurrency_is_told() {
    let mut lambda = Lambda::timed();
    lambda.create("f", &json!({"Publish": true}));
    let uri = format!("{}/provisioned-concurrency", ONE.replace("2015-03-31", "2019-09-30"));
    let one = format!("{uri}?Qualifier=1");
    let (status, error, _) = lambda.err("GET", &one, &Value::Null);
    assert_eq!((status, &*error), (404, "ProvisionedConcurrencyConfigNotFoundException"));
    let body = json!({"ProvisionedConcurrentExecutions": 5});
    let answer = lambda.ask("PUT", &one, &body);
    assert_eq!((answer.status, &answer.body["Status"]), (202, &json!("IN_PROGRESS")));
    assert_eq!(answer.body["AllocatedProvisionedConcurrentExecutions"], 0);
    lambda.world.advance_seconds(61);
    let seen = lambda.look(&one);
    assert_eq!(
        [&seen["Status"], &seen["AllocatedProvisionedConcurrentExecutions"]],
        [&json!("READY"), &json!(5)]
    );
    let listed = lambda.look(&format!("{uri}?List=ALL"));
    assert_eq!(listed["ProvisionedConcurrencyConfigs"][0]["FunctionArn"], format!("{FUNCTION}:1"));
    for (query, number, error) in [
        ("%24LATEST", 5, "InvalidParameterValueException"),
        ("9", 5, "ResourceNotFoundException"),
        ("prod", 5, "ResourceNotFoundException"),
        ("1", 0, "ValidationException"),
        ("1", 901, "InvalidParameterValueException"),
    ] {
        let body = json!({"ProvisionedConcurrentExecutions": number});
        let found = lambda.err("PUT", &format!("{uri}?Qualifier={query}"), &body);
        assert_eq!(found.1, error, "{query} {number}");
    }
    assert_eq!(lambda.ask("DELETE", &one, &Value::Null).status, 204);
    assert_eq!(lambda.err("GET", &one, &Value::Null).0, 404);
}

#[test]
fn events_that_nobody_waits_for_have_settings() {
    let mut lambda = Lambda::with_function();
    lambda.publish();
    let uri = format!("{}/event-invoke-config", ONE.replace("2015-03-31", "2019-09-25"));
    let (_, _, told) = lambda.err("GET", &uri, &Value::Null);
    assert_eq!(told, format!("The function {FUNCTION}:$LATEST doesn't have an EventInvokeConfig"));
    let queue = "arn:aws:sqs:us-east-1:000000000000:q";
    let body = json!({
        "MaximumRetryAttempts": 1, "DestinationConfig": {"OnFailure": {"Destination": queue}},
    });
    let answer = lambda.ok("PUT", &uri, &body);
    let destinations = json!({"OnSuccess": {}, "OnFailure": {"Destination": queue}});
    assert_eq!(answer["DestinationConfig"], destinations);
    assert_eq!(
        [&answer["MaximumRetryAttempts"], &answer["MaximumEventAgeInSeconds"]],
        [&json!(1), &Value::Null]
    );
    // An update leaves the rest, a put does not.
    let updated = lambda.ok("POST", &uri, &json!({"MaximumEventAgeInSeconds": 60}));
    assert_eq!(
        [&updated["MaximumRetryAttempts"], &updated["MaximumEventAgeInSeconds"]],
        [&json!(1), &json!(60)]
    );
    let put = lambda.ok("PUT", &uri, &json!({"MaximumRetryAttempts": 2}));
    assert_eq!(
        [&put["MaximumEventAgeInSeconds"], &put["DestinationConfig"]],
        [&Value::Null, &json!({"OnSuccess": {}, "OnFailure": {}})]
    );
    lambda.ok("PUT", &format!("{uri}?Qualifier=1"), &json!({"MaximumRetryAttempts": 0}));
    let listed = lambda.look(&format!("{uri}/list"));
    assert_eq!(listed["FunctionEventInvokeConfigs"].as_array().unwrap().len(), 2);
    let to = |arn: &str| json!({"DestinationConfig": {"OnSuccess": {"Destination": arn}}});
    for (body, error) in [
        (json!({}), "InvalidParameterValueException"),
        (json!({"MaximumRetryAttempts": 3}), "ValidationException"),
        (json!({"MaximumEventAgeInSeconds": 59}), "ValidationException"),
        (json!({"MaximumEventAgeInSeconds": 21_601}), "ValidationException"),
        (to(FUNCTION), "InvalidParameterValueException"),
        (to("arn:aws:s3:::bucket"), "InvalidParameterValueException"),
        (to("queue"), "ValidationException"),
        (to("arn:aws:sqs:us-east-1:000000000000:q.fifo"), "InvalidParameterValueException"),
    ] {
        assert_eq!(lambda.err("PUT", &uri, &body).1, error, "{body}");
    }
    assert_eq!(
        lambda.err("PUT", &format!("{uri}?Qualifier=9"), &json!({"MaximumRetryAttempts": 0})).0,
        404
    );
    assert_eq!(lambda.ask("DELETE", &uri, &Value::Null).status, 204);
    assert_eq!(lambda.err("DELETE", &uri, &Value::Null).0, 404);
}

#[test]
fn functions_and_aliases_have_addresses() {
    let mut lambda = Lambda::with_function();
    lambda.publish();
    lambda.ok("POST", &format!("{ONE}/aliases"), &json!({"Name": "prod", "FunctionVersion": "1"}));
    let uri = format!("{}/url", ONE.replace("2015-03-31", "2021-10-31"));
    assert_eq!(lambda.err("GET", &uri, &Value::Null).0, 404);
    let body = json!({"AuthType": "NONE", "Cors": {"AllowOrigins": ["*"]}});
    let made = lambda.ok("POST", &uri, &body);
    let url = made["FunctionUrl"].as_str().unwrap();
    assert!(url.starts_with("http://") && url.contains(".lambda-url.us-east-1.localhost"), "{url}");
    assert_eq!([&made["InvokeMode"], &made["Cors"]], [&json!("BUFFERED"), &body["Cors"]]);
    assert_eq!(lambda.err("POST", &uri, &body).1, "ResourceConflictException");
    let changed = lambda.ok("PUT", &uri, &json!({"AuthType": "AWS_IAM"}));
    assert_eq!([&changed["AuthType"], &changed["Cors"]], [&json!("AWS_IAM"), &body["Cors"]]);
    let of_alias = lambda.ok("POST", &format!("{uri}?Qualifier=prod"), &body);
    assert_eq!(of_alias["FunctionArn"], format!("{FUNCTION}:prod"));
    let listed = lambda.look(&format!("{uri}s"));
    assert_eq!(listed["FunctionUrlConfigs"].as_array().unwrap().len(), 2);
    for (query, body, error) in [
        ("?Qualifier=1", json!({"AuthType": "NONE"}), "ValidationException"),
        ("?Qualifier=dev", json!({"AuthType": "NONE"}), "ResourceNotFoundException"),
        ("", json!({}), "ValidationException"),
        ("", json!({"AuthType": "SOME"}), "ValidationException"),
        ("", json!({"AuthType": "NONE", "Cors": {"MaxAge": 86_401}}), "ValidationException"),
    ] {
        assert_eq!(lambda.err("POST", &format!("{uri}{query}"), &body).1, error, "{query} {body}");
    }
    // The alias takes its address along.
    lambda.ok("DELETE", &format!("{ONE}/aliases/prod"), &Value::Null);
    let listed = lambda.look(&format!("{uri}s"));
    assert_eq!(listed["FunctionUrlConfigs"].as_array().unwrap().len(), 1);
    assert_eq!(lambda.ask("DELETE", &uri, &Value::Null).status, 204);
}

#[test]
fn functions_have_tags() {
    let mut lambda = Lambda::with_function();
    let tags = |arn: &str| format!("/2017-03-31/tags/{}", arn.replace(':', "%3A"));
    let uri = tags(FUNCTION);
    assert_eq!(lambda.ask("POST", &uri, &json!({"Tags": {"a": "1", "b": "2"}})).status, 204);
    lambda.ok("POST", &uri, &json!({"Tags": {"a": "3"}}));
    assert_eq!(lambda.look(&uri), json!({"Tags": {"a": "3", "b": "2"}}));
    lambda.ok("DELETE", &format!("{uri}?tagKeys=a&tagKeys=none"), &Value::Null);
    assert_eq!(lambda.look(&uri), json!({"Tags": {"b": "2"}}));
    let many: serde_json::Map<String, Value> =
        (0..50).map(|it| (format!("k{it}"), json!("v"))).collect();
    for (arn, body, error) in [
        (FUNCTION.to_owned(), json!({"Tags": many}), "InvalidParameterValueException"),
        (FUNCTION.to_owned(), json!({"Tags": {"": "v"}}), "ValidationException"),
        (FUNCTION.to_owned(), json!({}), "ValidationException"),
        (format!("{FUNCTION}:1"), json!({"Tags": {"a": "b"}}), "InvalidParameterValueException"),
        (format!("{FUNCTION}x"), json!({"Tags": {"a": "b"}}), "ResourceNotFoundException"),
        ("f".to_owned(), json!({"Tags": {"a": "b"}}), "ValidationException"),
    ] {
        assert_eq!(lambda.err("POST", &tags(&arn), &body).1, error, "{arn} {body}");
    }
    let signing = format!("{}/code-signing-config", ONE.replace("2015-03-31", "2020-06-30"));
    assert_eq!(lambda.look(&signing), json!({"FunctionName": "f"}));
    let recursion = format!("{}/recursion-config", ONE.replace("2015-03-31", "2024-08-31"));
    assert_eq!(lambda.look(&recursion), json!({"RecursiveLoop": "Terminate"}));
}
