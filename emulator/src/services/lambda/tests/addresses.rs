//! What a function may be called.

use super::*;

#[test]
fn every_form_of_a_name_is_known() {
    let mut lambda = Lambda::with_function();
    lambda.ok("POST", &format!("{ONE}/versions"), &json!({}));
    lambda.ok("POST", &format!("{ONE}/aliases"), &json!({"Name": "prod", "FunctionVersion": "1"}));
    for (text, query, arn) in [
        ("f", "", ""),
        ("function:f", "", ""),
        ("000000000000:function:f", "", ""),
        ("000000000000:f", "", ""),
        ("us-east-1:000000000000:function:f", "", ""),
        ("arn:aws:lambda:us-east-1:000000000000:function:f", "", ""),
        ("f:1", "", ":1"),
        ("f:prod", "", ":prod"),
        ("f", "?Qualifier=prod", ":prod"),
        ("f:prod", "?Qualifier=prod", ":prod"),
        ("f:$LATEST", "", ":$LATEST"),
        ("000000000000:function:f:prod", "", ":prod"),
        ("arn:aws:lambda:us-east-1:000000000000:function:f:1", "", ":1"),
    ] {
        for sent in [text.to_owned(), text.replace(':', "%3A").replace('$', "%24")] {
            let seen = lambda.look(&format!("{FUNCTIONS}/{sent}/configuration{query}"));
            assert_eq!(seen["FunctionArn"], format!("{FUNCTION}{arn}"), "{sent}{query}");
        }
    }
}

#[test]
fn other_names_are_refused() {
    let mut lambda = Lambda::with_function();
    let long = "n".repeat(65);
    for (text, query, error, told) in [
        ("f:prod", "?Qualifier=1", "InvalidParameterValueException", "The derived qualifier"),
        ("f%20g", "", "ValidationException", "at 'functionName' failed to satisfy constraint"),
        ("a:b:c:d", "", "ValidationException", "regular expression pattern"),
        ("f:", "", "ValidationException", "regular expression pattern"),
        ("f", "?Qualifier=a.b", "ValidationException", "at 'qualifier' failed"),
        (&long, "", "ValidationException", "length less than or equal to 64"),
        (
            "arn:aws:lambda:eu-west-1:000000000000:function:f",
            "",
            "ResourceNotFoundException",
            "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
        ),
        ("111111111111:function:f", "", "ResourceNotFoundException", "Function not found: "),
    ] {
        let (_, shape, message) =
            lambda.err("GET", &format!("{FUNCTIONS}/{text}{query}"), &Value::Null);
        assert_eq!(shape, error, "{text}{query}: {message}");
        assert!(message.contains(told), "{text}{query}: {message}");
    }
    let (_, error, _) = lambda.err("POST", &format!("{FUNCTIONS}/f:1/versions"), &json!({}));
    assert_eq!(error, "InvalidParameterValueException");
    let qualified = function("g:1", &json!({}));
    assert_eq!(lambda.err("POST", FUNCTIONS, &qualified).1, "InvalidParameterValueException");
    let named = function("us-east-1:000000000000:function:h", &json!({}));
    assert_eq!(lambda.ok("POST", FUNCTIONS, &named)["FunctionName"], "h");
}

#[test]
fn another_account_needs_a_permission() {
    let mut lambda = Lambda::with_function();
    let uri = format!("{FUNCTIONS}/000000000000:function:f/configuration");
    let answer = lambda.ask_as("111111111111", ("GET", &uri), &Value::Null);
    assert_eq!((answer.status, answer.error.as_deref()), (403, Some("AccessDeniedException")));
    let told = answer.body["message"].as_str().unwrap();
    assert!(told.contains("because no resource-based policy allows"), "{told}");
    let permission = json!({
        "StatementId": "s", "Action": "lambda:GetFunctionConfiguration",
        "Principal": "111111111111",
    });
    lambda.ok("POST", &format!("{ONE}/policy"), &permission);
    let answer = lambda.ask_as("111111111111", ("GET", &uri), &Value::Null);
    assert_eq!((answer.status, &answer.body["FunctionArn"]), (200, &json!(FUNCTION)));
    // Its own functions are others.
    let own = lambda.ask_as("111111111111", ("GET", &format!("{ONE}/configuration")), &Value::Null);
    assert_eq!(own.error.as_deref(), Some("ResourceNotFoundException"));
}

/// What is reported is reported before the policy's warning is written down.
#[test]
fn another_account_is_let_through_where_policies_only_warn() {
    let mut lambda = Lambda::with(Settings { policies: PolicyMode::Warn, ..Settings::default() });
    lambda.create("f", &json!({"Publish": true}));
    let f = "000000000000:function:f";
    for (method, uri, body) in [
        ("GET", format!("{FUNCTIONS}/{f}"), Value::Null),
        (
            "PUT",
            format!("{FUNCTIONS}/{f}/configuration"),
            json!({"VpcConfig": {"SubnetIds": ["subnet-1"]}}),
        ),
        (
            "PUT",
            format!("{FUNCTIONS}/{f}/code"),
            json!({"ZipFile": zip_of(&[("a", "b")]), "Architectures": ["arm64"]}),
        ),
        ("POST", format!("/2021-10-31/functions/{f}/url"), json!({"AuthType": "NONE"})),
        (
            "PUT",
            format!("/2019-09-30/functions/{f}/provisioned-concurrency?Qualifier=1"),
            json!({"ProvisionedConcurrentExecutions": 1}),
        ),
        (
            "PUT",
            format!("/2024-08-31/functions/{f}/recursion-config"),
            json!({"RecursiveLoop": "Allow"}),
        ),
    ] {
        let answer = lambda.ask_as("111111111111", (method, &uri), &body);
        assert_eq!(answer.error, None, "{method} {uri}: {answer:?}");
    }
}
