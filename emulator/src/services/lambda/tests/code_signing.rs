//! Code signing configurations, the tags of what is no function, and when runtimes are updated.

use super::*;

const CONFIGS: &str = "/2020-04-22/code-signing-configs";

fn encoded(arn: &str) -> String {
    arn.replace(':', "%3A")
}

#[test]
fn a_configuration_is_made_changed_and_removed() {
    let mut lambda = Lambda::with_function();
    let profile = "arn:aws:signer:us-east-1:000000000000:/signing-profiles/p/1";
    let publishers = json!({"SigningProfileVersionArns": [profile]});
    let made = lambda.ok("POST", CONFIGS, &json!({"AllowedPublishers": publishers}));
    let config = &made["CodeSigningConfig"];
    let arn = config["CodeSigningConfigArn"].as_str().unwrap().to_owned();
    let id = config["CodeSigningConfigId"].as_str().unwrap();
    assert!(arn.ends_with(&format!(":code-signing-config:{id}")), "{arn}");
    assert_eq!((id.len(), &id[..4]), (21, "csc-"));
    assert_eq!(config["AllowedPublishers"], publishers);
    assert_eq!(config["CodeSigningPolicies"]["UntrustedArtifactOnDeployment"], "Warn");
    let one = format!("{CONFIGS}/{}", encoded(&arn));
    assert_eq!(lambda.look(&one)["CodeSigningConfig"], *config);
    let policy = json!({"UntrustedArtifactOnDeployment": "Enforce"});
    let change = json!({"CodeSigningPolicies": policy, "Description": "d"});
    let changed = lambda.ok("PUT", &one, &change)["CodeSigningConfig"].clone();
    assert_eq!(changed["CodeSigningPolicies"], policy);
    assert_eq!(
        (&changed["Description"], &changed["AllowedPublishers"]),
        (&json!("d"), &publishers)
    );
    assert_eq!(lambda.look(CONFIGS)["CodeSigningConfigs"], json!([changed]));
    // A function that needs it keeps it.
    let of_function = format!("{}/code-signing-config", ONE.replace("2015-03-31", "2020-06-30"));
    lambda.ok("PUT", &of_function, &json!({"CodeSigningConfigArn": arn}));
    assert_eq!(lambda.look(&of_function)["CodeSigningConfigArn"], *arn);
    let users = format!("{one}/functions");
    assert_eq!(lambda.look(&users)["FunctionArns"], json!([FUNCTION]));
    assert_eq!(lambda.err("DELETE", &one, &Value::Null).1, "ResourceConflictException");
    assert_eq!(lambda.ask("DELETE", &of_function, &Value::Null).status, 204);
    assert_eq!(lambda.look(&users)["FunctionArns"], json!([]));
    assert_eq!(lambda.ask("DELETE", &one, &Value::Null).status, 204);
    for (method, uri) in [("GET", &one), ("PUT", &one), ("DELETE", &one), ("GET", &users)] {
        let (status, error, _) = lambda.err(method, uri, &json!({}));
        assert_eq!((status, &*error), (404, "ResourceNotFoundException"), "{method} {uri}");
    }
    let missing = json!({"CodeSigningConfigArn": arn});
    let error = "CodeSigningConfigNotFoundException";
    assert_eq!(lambda.err("PUT", &of_function, &missing).1, error);
    assert_eq!(lambda.err("POST", FUNCTIONS, &function("g", &missing)).1, error);
}

#[test]
fn what_is_wrong_of_a_configuration_is_refused() {
    let mut lambda = Lambda::new();
    for body in [
        json!({}),
        json!({"AllowedPublishers": {}}),
        json!({"AllowedPublishers": {"SigningProfileVersionArns": []}}),
        json!({"AllowedPublishers": {"SigningProfileVersionArns": vec!["a"; 21]}}),
        json!({
            "AllowedPublishers": {"SigningProfileVersionArns": ["a"]},
            "CodeSigningPolicies": {"UntrustedArtifactOnDeployment": "Never"},
        }),
        json!({
            "AllowedPublishers": {"SigningProfileVersionArns": ["a"]},
            "Description": "x".repeat(257),
        }),
    ] {
        assert_eq!(lambda.err("POST", CONFIGS, &body).1, "ValidationException", "{body}");
    }
}

#[test]
fn tags_are_kept_of_mappings_and_configurations() {
    let mut lambda = Lambda::with_function();
    let profile = "arn:aws:signer:us-east-1:000000000000:/signing-profiles/a/1";
    let publishers = json!({"SigningProfileVersionArns": [profile]});
    let request = json!({"AllowedPublishers": publishers, "Tags": {"a": "1"}});
    let made = lambda.ok("POST", CONFIGS, &request);
    let config = made["CodeSigningConfig"]["CodeSigningConfigArn"].as_str().unwrap().to_owned();
    lambda.world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "q"}));
    let mapping = json!({
        "FunctionName": "f", "Tags": {"a": "1"},
        "EventSourceArn": "arn:aws:sqs:us-east-1:000000000000:q",
    });
    let made = lambda.ok("POST", "/2015-03-31/event-source-mappings", &mapping);
    let mapping = made["EventSourceMappingArn"].as_str().unwrap().to_owned();
    for arn in [config, mapping] {
        let tags = format!("/2017-03-31/tags/{}", encoded(&arn));
        assert_eq!(lambda.look(&tags)["Tags"], json!({"a": "1"}), "{arn}");
        lambda.ok("POST", &tags, &json!({"Tags": {"a": "2", "b": "3"}}));
        assert_eq!(lambda.look(&tags)["Tags"], json!({"a": "2", "b": "3"}));
        lambda.ok("DELETE", &format!("{tags}?tagKeys=a"), &Value::Null);
        assert_eq!(lambda.look(&tags)["Tags"], json!({"b": "3"}));
        let end = tags.len() - 1;
        let other = format!("{}{}", &tags[..end], if tags.ends_with('0') { '1' } else { '0' });
        assert_eq!(lambda.err("GET", &other, &Value::Null).1, "ResourceNotFoundException");
    }
}

#[test]
fn runtimes_are_said_to_be_updated() {
    let mut lambda = Lambda::with_function();
    let uri = format!("{}/runtime-management-config", ONE.replace("2015-03-31", "2021-07-20"));
    let shown = lambda.look(&uri);
    assert_eq!(
        (&shown["UpdateRuntimeOn"], &shown["FunctionArn"]),
        (&json!("Auto"), &json!(FUNCTION))
    );
    let runtime = "arn:aws:lambda:us-east-1::runtime:abc";
    let manual = json!({"UpdateRuntimeOn": "Manual", "RuntimeVersionArn": runtime});
    assert_eq!(lambda.ok("PUT", &uri, &manual)["RuntimeVersionArn"], runtime);
    assert_eq!(lambda.look(&uri)["UpdateRuntimeOn"], "Manual");
    // Each version has its own.
    let number = lambda.publish();
    assert_eq!(lambda.look(&format!("{uri}?Qualifier={number}"))["UpdateRuntimeOn"], "Auto");
    for (body, error) in [
        (json!({}), "ValidationException"),
        (json!({"UpdateRuntimeOn": "Never"}), "ValidationException"),
        (json!({"UpdateRuntimeOn": "Manual"}), "InvalidParameterValueException"),
        (
            json!({"UpdateRuntimeOn": "Auto", "RuntimeVersionArn": runtime}),
            "InvalidParameterValueException",
        ),
    ] {
        assert_eq!(lambda.err("PUT", &uri, &body).1, error, "{body}");
    }
}
