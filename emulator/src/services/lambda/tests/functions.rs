//! Functions as such: made, seen, changed, published, listed, deleted.

use super::*;

#[test]
fn a_function_is_made_and_seen() {
    let mut lambda = Lambda::timed();
    let made = lambda.create("f", &json!({"Description": "d", "Tags": {"a": "b"}}));
    assert_eq!(made["FunctionArn"], FUNCTION);
    assert_eq!(
        [&made["State"], &made["StateReasonCode"], &made["LastUpdateStatus"]],
        [&json!("Pending"), &json!("Creating"), &Value::Null]
    );
    lambda.world.advance_seconds(10);
    let seen = lambda.look(&format!("{ONE}/configuration"));
    let expected = json!({
        "Architectures": ["x86_64"],
        "CodeSha256": made["CodeSha256"],
        "CodeSize": made["CodeSize"],
        "Description": "d",
        "EphemeralStorage": {"Size": 512},
        "FunctionArn": FUNCTION,
        "FunctionName": "f",
        "Handler": "app.handler",
        "LastModified": "2026-01-01T00:00:00.000+0000",
        "LastUpdateStatus": "Successful",
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": "/aws/lambda/f"},
        "MemorySize": 128,
        "PackageType": "Zip",
        "RevisionId": made["RevisionId"],
        "Role": ROLE,
        "Runtime": "python3.13",
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "State": "Active",
        "Timeout": 3,
        "TracingConfig": {"Mode": "PassThrough"},
        "Version": "$LATEST",
    });
    assert_eq!(seen, expected);
    let whole = lambda.look(ONE);
    assert_eq!(whole["Configuration"], expected);
    assert_eq!(whole["Tags"], json!({"a": "b"}));
    assert_eq!(whole["Code"]["RepositoryType"], "S3");
    let latest = lambda.look(&format!("{ONE}?Qualifier=%24LATEST"));
    assert_eq!(latest["Configuration"]["FunctionArn"], format!("{FUNCTION}:$LATEST"));
}

#[test]
fn states_pass() {
    let mut lambda = Lambda::timed();
    lambda.create("f", &json!({}));
    let change = json!({"Timeout": 5});
    let uri = format!("{ONE}/configuration");
    let (status, error, told) = lambda.err("PUT", &uri, &change);
    assert_eq!((status, &*error), (409, "ResourceConflictException"));
    assert!(told.ends_with("The function is currently in the following state: Pending"), "{told}");
    lambda.world.advance_seconds(10);
    let changed = lambda.ok("PUT", &uri, &change);
    assert_eq!(
        [&changed["State"], &changed["LastUpdateStatus"]],
        [&json!("Active"), &json!("InProgress")]
    );
    let (_, error, told) = lambda.err("PUT", &uri, &change);
    assert_eq!(&*error, "ResourceConflictException");
    assert!(told.contains(&format!("An update is in progress for resource: {FUNCTION}")), "{told}");
    let code = json!({"ZipFile": zip_of(&[("a", "b")])});
    assert_eq!(lambda.err("PUT", &format!("{ONE}/code"), &code).0, 409);
    assert_eq!(lambda.err("POST", &format!("{ONE}/versions"), &json!({})).0, 409);
    lambda.world.advance_seconds(10);
    assert_eq!(lambda.look(&uri)["LastUpdateStatus"], "Successful");
    // Without a time of their own they are over for the next who looks.
    let mut lambda = Lambda::with_function();
    lambda.ok("PUT", &uri, &change);
    assert_eq!(lambda.look(&uri)["LastUpdateStatus"], "Successful");
}

#[test]
fn what_is_there_or_is_not() {
    let mut lambda = Lambda::with_function();
    let again = lambda.err("POST", FUNCTIONS, &function("f", &json!({})));
    let exists = (409, "ResourceConflictException", "Function already exist: f");
    assert_eq!((again.0, &*again.1, &*again.2), exists);
    let missing = |lambda: &mut Lambda, method: &str, uri: &str, named: &str| {
        let (status, error, told) = lambda.err(method, uri, &json!({}));
        let arn = format!("arn:aws:lambda:us-east-1:000000000000:function:{named}");
        assert_eq!((status, &*error), (404, "ResourceNotFoundException"), "{method} {uri}");
        assert_eq!(told, format!("Function not found: {arn}"), "{method} {uri}");
    };
    let none = format!("{FUNCTIONS}/none");
    for (method, path) in [
        ("GET", ""),
        ("DELETE", ""),
        ("GET", "/configuration"),
        ("PUT", "/configuration"),
        ("POST", "/versions"),
        ("GET", "/versions"),
        ("GET", "/aliases"),
        ("GET", "/policy"),
    ] {
        missing(&mut lambda, method, &format!("{none}{path}"), "none");
    }
    missing(&mut lambda, "GET", &format!("{ONE}?Qualifier=7"), "f:7");
    missing(&mut lambda, "GET", &format!("{ONE}?Qualifier=prod"), "f:prod");
    missing(&mut lambda, "DELETE", &format!("{ONE}?Qualifier=7"), "f:7");
    let (status, error, told) =
        lambda.err("DELETE", &format!("{ONE}?Qualifier=%24LATEST"), &json!({}));
    assert_eq!((status, &*error), (400, "InvalidParameterValueException"));
    assert_eq!(told, "$LATEST version cannot be deleted without deleting the function.");
    let answer = lambda.ask("DELETE", ONE, &Value::Null);
    assert_eq!((answer.status, answer.body), (204, Value::Null));
    missing(&mut lambda, "GET", ONE, "f");
}

#[test]
fn code_is_replaced() {
    let mut lambda = Lambda::with_function();
    let uri = format!("{ONE}/code");
    let before = lambda.look(ONE)["Configuration"].clone();
    let code = json!({"ZipFile": zip_of(&[("app.py", "1"), ("b.py", "2")])});
    let mut dry = code.clone();
    dry["DryRun"] = json!(true);
    let would = lambda.ok("PUT", &uri, &dry);
    assert_ne!(would["CodeSha256"], before["CodeSha256"]);
    assert_eq!(lambda.look(ONE)["Configuration"], before);
    let after = lambda.ok("PUT", &uri, &code);
    assert_eq!(after["CodeSha256"], would["CodeSha256"]);
    assert_ne!(after["RevisionId"], before["RevisionId"]);
    let mut stale = code.clone();
    stale["RevisionId"] = before["RevisionId"].clone();
    let (status, error, told) = lambda.err("PUT", &uri, &stale);
    assert_eq!((status, &*error), (412, "PreconditionFailedException"));
    assert_eq!(
        told,
        "The RevisionId provided does not match the latest RevisionId. Call the GetFunction API \
         to retrieve the latest RevisionId"
    );
    stale["RevisionId"] = after["RevisionId"].clone();
    stale["Publish"] = json!(true);
    let published = lambda.ok("PUT", &uri, &stale);
    assert_eq!(
        [&published["Version"], &published["FunctionArn"]],
        [&json!("1"), &json!(format!("{FUNCTION}:1"))]
    );
    let (_, _, told) = lambda.err("PUT", &uri, &json!({"ImageUri": "i"}));
    assert!(told.contains("packageType Zip"), "{told}");
    let (_, _, told) = lambda.err("PUT", &uri, &json!({}));
    assert_eq!(told, "Please provide a source for function code.");
}

#[test]
fn versions_are_published_and_stay() {
    let mut lambda = Lambda::with_function();
    let versions = format!("{ONE}/versions");
    let first = lambda.ok("POST", &versions, &json!({"Description": "one"}));
    assert_eq!([&first["Version"], &first["Description"]], [&json!("1"), &json!("one")]);
    // Nothing has changed.
    let again = lambda.ok("POST", &versions, &json!({"Description": "two"}));
    assert_eq!([&again["Version"], &again["RevisionId"]], [&json!("1"), &first["RevisionId"]]);
    lambda.ok("PUT", &format!("{ONE}/configuration"), &json!({"Timeout": 9}));
    let second = lambda.ok("POST", &versions, &json!({}));
    assert_eq!([&second["Version"], &second["Timeout"]], [&json!("2"), &json!(9)]);
    let old = lambda.look(&format!("{ONE}/configuration?Qualifier=1"));
    assert_eq!(
        [&old["Timeout"], &old["FunctionArn"]],
        [&json!(3), &json!(format!("{FUNCTION}:1"))]
    );
    let (status, _, told) = lambda.err("POST", &versions, &json!({"CodeSha256": "x"}));
    assert_eq!(status, 400);
    assert!(told.starts_with("CodeSHA256 (x) is different from current CodeSHA256 in $LATEST ("));
    assert_eq!(lambda.err("POST", &versions, &json!({"RevisionId": "x"})).0, 412);
    let listed = lambda.look(&versions);
    let arns: Vec<&str> = listed["Versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["FunctionArn"].as_str().unwrap())
        .collect();
    assert_eq!(arns, ["$LATEST", "1", "2"].map(|it| format!("{FUNCTION}:{it}")));
    // A number is given out once.
    assert_eq!(lambda.ask("DELETE", &format!("{ONE}?Qualifier=2"), &Value::Null).status, 204);
    assert_eq!(lambda.publish(), "3");
    lambda.world.restart();
    assert_eq!(lambda.look(&versions)["Versions"].as_array().unwrap().len(), 3);
}

#[test]
fn lists_have_pages() {
    let mut lambda = Lambda::new();
    for number in 0..55 {
        lambda.create(&format!("f{number:02}"), &json!({"Publish": number == 0}));
    }
    let names = |page: &Value| -> Vec<String> {
        let all = page["Functions"].as_array().unwrap().iter();
        all.map(|it| {
            format!("{}:{}", it["FunctionName"].as_str().unwrap(), it["Version"].as_str().unwrap())
        })
        .collect()
    };
    let first = lambda.look(&format!("{FUNCTIONS}?MaxItems=10000"));
    assert_eq!(names(&first).len(), 50);
    let marker = first["NextMarker"].as_str().unwrap().to_owned();
    let second = lambda.look(&format!("{FUNCTIONS}?Marker={marker}"));
    assert_eq!((names(&second).len(), &second["NextMarker"]), (5, &Value::Null));
    let all = lambda.look(&format!("{FUNCTIONS}?FunctionVersion=ALL&MaxItems=3"));
    assert_eq!(names(&all), ["f00:$LATEST", "f00:1", "f01:$LATEST"]);
    for (query, error) in [
        ("Marker=x", "InvalidParameterValueException"),
        ("MaxItems=0", "ValidationException"),
        ("MaxItems=10001", "ValidationException"),
        ("FunctionVersion=SOME", "ValidationException"),
    ] {
        assert_eq!(
            lambda.err("GET", &format!("{FUNCTIONS}?{query}"), &Value::Null).1,
            error,
            "{query}"
        );
    }
}

#[test]
fn functions_that_nobody_calls_cost_nothing() {
    let mut lambda = Lambda::timed();
    for name in ["f", "g"] {
        lambda.create(name, &json!({"Publish": true}));
    }
    let alias = json!({"Name": "prod", "FunctionVersion": "1"});
    lambda.ok("POST", &format!("{ONE}/aliases"), &alias);
    assert_eq!(lambda.world.cloud.next_deadline(), None);
}

#[test]
fn what_is_not_here_is_refused() {
    let mut lambda = Lambda::with_function();
    for uri in [
        "/2025-11-30/capacity-providers",
        "/2025-12-01/functions/f/durable-executions",
        "/2025-11-30/functions/f/function-scaling-config?Qualifier=1",
    ] {
        let answer = lambda.ask("GET", uri, &Value::Null);
        assert_eq!(answer.status, 501, "{uri}: {answer:?}");
        let told = answer.body["Message"].as_str().unwrap();
        assert!(told.contains("is not implemented by this emulator"), "{told}");
    }
}
