//! What a function may be set to.

use super::*;

#[test]
fn values_out_of_bounds_are_refused() {
    let mut lambda = Lambda::with_function();
    let layers: Vec<String> =
        (0..6).map(|it| format!("arn:aws:lambda:us-east-1:000000000000:layer:l{it}:1")).collect();
    for (more, error, told) in [
        (json!({"Timeout": 0}), "ValidationException", "greater than or equal to 1"),
        (json!({"Timeout": 901}), "ValidationException", "less than or equal to 900"),
        (json!({"MemorySize": 127}), "ValidationException", "greater than or equal to 128"),
        (json!({"MemorySize": 10_241}), "InvalidParameterValueException", "'MemorySize' value"),
        (json!({"EphemeralStorage": {"Size": 511}}), "ValidationException", "512"),
        (json!({"EphemeralStorage": {"Size": 10_241}}), "ValidationException", "10240"),
        (json!({"Description": "d".repeat(257)}), "ValidationException", "256"),
        (json!({"Handler": "a b"}), "ValidationException", "at 'handler'"),
        (json!({"Role": "admin"}), "ValidationException", "Value 'admin' at 'role' failed"),
        (json!({"Runtime": "perl5"}), "InvalidParameterValueException", "Value perl5 at 'runtime'"),
        (
            json!({"Runtime": "python3.7"}),
            "InvalidParameterValueException",
            "The runtime parameter of python3.7 is no longer supported for creating or updating",
        ),
        (
            json!({"Environment": {"Variables": {"AWS_REGION": "x"}}}),
            "InvalidParameterValueException",
            "Reserved keys used in this request: AWS_REGION",
        ),
        (
            json!({"Environment": {"Variables": {"LARGE": "x".repeat(4096)}}}),
            "InvalidParameterValueException",
            "exceeded the 4KB limit",
        ),
        (json!({"Environment": {"Variables": {"1": "x"}}}), "ValidationException", "Map keys"),
        (json!({"TracingConfig": {"Mode": "x"}}), "ValidationException", "tracingConfig.mode"),
        (json!({"LoggingConfig": {"LogFormat": "x"}}), "ValidationException", "logFormat"),
        (
            json!({"LoggingConfig": {"LogFormat": "Text", "SystemLogLevel": "INFO"}}),
            "InvalidParameterValueException",
            "has to be JSON",
        ),
        (json!({"DeadLetterConfig": {"TargetArn": "q"}}), "ValidationException", "targetArn"),
        (
            json!({"DeadLetterConfig": {"TargetArn": "arn:aws:s3:::b"}}),
            "InvalidParameterValueException",
            "target ARN",
        ),
        (json!({"Layers": [layers[0]]}), "InvalidParameterValueException", "does not exist"),
        (json!({"Layers": layers}), "InvalidParameterValueException", "more than 5 layers"),
    ] {
        for (method, uri, body) in [
            ("POST", FUNCTIONS.to_owned(), function("g", &more)),
            ("PUT", format!("{ONE}/configuration"), more.clone()),
        ] {
            let (_, shape, message) = lambda.err(method, &uri, &body);
            assert_eq!(shape, error, "{more}: {message}");
            assert!(message.contains(told), "{more}: {message}");
        }
    }
    for missing in ["FunctionName", "Role", "Code"] {
        let body = function("g", &json!({missing: null}));
        assert_eq!(lambda.err("POST", FUNCTIONS, &body).1, "ValidationException", "{missing}");
    }
}

#[test]
fn what_is_not_said_stays() {
    let mut lambda = Lambda::new();
    let queue = "arn:aws:sqs:us-east-1:000000000000:q";
    let settings = json!({
        "Description": "d", "Timeout": 7, "MemorySize": 256,
        "EphemeralStorage": {"Size": 1024},
        "Environment": {"Variables": {"AB": "c"}},
        "DeadLetterConfig": {"TargetArn": queue},
        "LoggingConfig": {"LogFormat": "JSON", "LogGroup": "/own"},
    });
    lambda.create("f", &settings);
    let uri = format!("{ONE}/configuration");
    let seen = lambda.look(&uri);
    for (member, value) in settings.as_object().unwrap() {
        if member != "LoggingConfig" {
            assert_eq!(&seen[member], value, "{member}");
        }
    }
    let logging = json!({
        "LogFormat": "JSON", "LogGroup": "/own",
        "ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO",
    });
    assert_eq!(seen["LoggingConfig"], logging);
    let same = |lambda: &mut Lambda, change: &Value| {
        let mut before = lambda.look(&uri);
        let mut after = lambda.ok("PUT", &uri, change);
        for it in [&mut before, &mut after] {
            for member in [
                "RevisionId",
                "LastUpdateStatus",
                "LastUpdateStatusReason",
                "LastUpdateStatusReasonCode",
            ] {
                it.as_object_mut().unwrap().shift_remove(member);
            }
        }
        (before, after)
    };
    let (before, after) = same(&mut lambda, &json!({}));
    assert_eq!(before, after);
    let change = json!({"Timeout": 8, "Environment": {}, "DeadLetterConfig": {"TargetArn": ""}});
    let (mut before, after) = same(&mut lambda, &change);
    before["Timeout"] = json!(8);
    for member in ["Environment", "DeadLetterConfig"] {
        before.as_object_mut().unwrap().shift_remove(member);
    }
    assert_eq!(before, after);
}

const CODE_SIGNING: &str =
    "arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-0123456789abcdef0";

#[test]
fn what_has_no_effect_is_refused_in_strict_mode() {
    let strict = Settings { strict: true, ..Settings::default() };
    let mut lambda = Lambda::with(strict);
    lambda.create(
        "f",
        &json!({"VpcConfig": {"SubnetIds": []}, "TracingConfig": {"Mode": "PassThrough"}}),
    );
    for more in [
        json!({"VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}),
        json!({"TracingConfig": {"Mode": "Active"}}),
        json!({"KMSKeyArn": "arn:aws:kms:us-east-1:000000000000:key/k"}),
        json!({"SnapStart": {"ApplyOn": "PublishedVersions"}}),
        json!({"Architectures": ["arm64"]}),
        json!({"CodeSigningConfigArn": CODE_SIGNING}),
    ] {
        let (_, error, _) = lambda.err("POST", FUNCTIONS, &function("g", &more));
        assert_eq!(error, "NotImplementedException", "{more}");
    }
    let mut lenient = Lambda::new();
    let vpc = json!({"VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}});
    assert_eq!(lenient.create("f", &vpc)["VpcConfig"]["SubnetIds"], json!(["subnet-1"]));
}
