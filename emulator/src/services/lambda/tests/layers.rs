//! Layers and functions that use them.

use super::*;

const LAYERS: &str = "/2018-10-31/layers";
const LAYER: &str = "arn:aws:lambda:us-east-1:000000000000:layer:l";

fn publish(lambda: &mut Lambda, text: &str) -> Value {
    let body = json!({
        "Content": {"ZipFile": zip_of(&[("python/l.py", text)])},
        "CompatibleRuntimes": ["python3.13"], "Description": text,
    });
    lambda.ok("POST", &format!("{LAYERS}/l/versions"), &body)
}

#[test]
fn layers_have_versions() {
    let mut lambda = Lambda::new();
    let first = publish(&mut lambda, "one");
    assert_eq!(
        [&first["LayerVersionArn"], &first["Version"]],
        [&json!(format!("{LAYER}:1")), &json!(1)]
    );
    publish(&mut lambda, "two");
    assert_eq!(lambda.look(&format!("{LAYERS}/l/versions/1")), first);
    let arn = format!("{LAYER}:1").replace(':', "%3A");
    assert_eq!(lambda.look(&format!("{LAYERS}?find=LayerVersion&Arn={arn}")), first);
    let by_arn = format!("{LAYERS}/{}/versions/1", LAYER.replace(':', "%3A"));
    assert_eq!(lambda.look(&by_arn), first);
    let numbers = |lambda: &mut Lambda, query: &str| -> Vec<Value> {
        let page = lambda.look(&format!("{LAYERS}/l/versions{query}"));
        page["LayerVersions"].as_array().unwrap().iter().map(|it| it["Version"].clone()).collect()
    };
    assert_eq!(numbers(&mut lambda, ""), [2, 1]);
    assert_eq!(numbers(&mut lambda, "?MaxItems=1"), [2]);
    assert!(numbers(&mut lambda, "?CompatibleRuntime=nodejs24.x").is_empty());
    let layers = lambda.look(&format!("{LAYERS}?CompatibleRuntime=python3.13"));
    assert_eq!(layers["Layers"][0]["LatestMatchingVersion"]["Version"], 2);
    assert_eq!(lambda.ask("DELETE", &format!("{LAYERS}/l/versions/2"), &Value::Null).status, 204);
    assert_eq!(numbers(&mut lambda, ""), [1]);
    assert_eq!(publish(&mut lambda, "three")["Version"], 3);
    let (status, _, told) = lambda.err("GET", &format!("{LAYERS}/l/versions/2"), &Value::Null);
    assert_eq!((status, &*told), (404, "The resource you requested does not exist."));
    for (name, body, error) in [
        ("a%20b", json!({"Content": {}}), "ValidationException"),
        ("a", json!({}), "ValidationException"),
        ("a", json!({"Content": {}}), "InvalidParameterValueException"),
        ("a", json!({"Content": {"S3Bucket": "bucket"}}), "InvalidParameterValueException"),
        ("a", json!({"Content": {"ZipFile": "bm8="}}), "InvalidParameterValueException"),
    ] {
        let uri = format!("{LAYERS}/{name}/versions");
        assert_eq!(lambda.err("POST", &uri, &body).1, error, "{name} {body}");
    }
}

#[test]
fn functions_use_layers() {
    let mut lambda = Lambda::new();
    publish(&mut lambda, "one");
    let arn = format!("{LAYER}:1");
    let made = lambda.create("f", &json!({"Layers": [arn]}));
    assert_eq!(made["Layers"][0]["Arn"], arn);
    publish(&mut lambda, "two");
    let both = json!({"Layers": [arn, format!("{LAYER}:2")]});
    let (_, _, told) = lambda.err("PUT", &format!("{ONE}/configuration"), &both);
    assert!(told.starts_with("Two different versions of the same layer"), "{told}");
    // Whoever uses it keeps it.
    lambda.ok("DELETE", &format!("{LAYERS}/l/versions/1"), &Value::Null);
    lambda.world.restart();
    assert_eq!(lambda.look(&format!("{ONE}/configuration"))["Layers"], made["Layers"]);
    let none = lambda.ok("PUT", &format!("{ONE}/configuration"), &json!({"Layers": []}));
    assert_eq!(none["Layers"], Value::Null);
}

#[test]
fn layers_have_policies() {
    let mut lambda = Lambda::new();
    publish(&mut lambda, "one");
    let uri = format!("{LAYERS}/l/versions/1/policy");
    let (status, _, told) = lambda.err("GET", &uri, &Value::Null);
    assert_eq!((status, &*told), (404, "No policy is associated with the given resource."));
    let body = json!({"StatementId": "s", "Action": "lambda:GetLayerVersion", "Principal": "*"});
    let added = lambda.ok("POST", &uri, &body);
    let statement = format!(
        "{{\"Sid\":\"s\",\"Effect\":\"Allow\",\"Principal\":\"*\",\
         \"Action\":\"lambda:GetLayerVersion\",\"Resource\":\"{LAYER}:1\"}}"
    );
    assert_eq!(added["Statement"], statement);
    assert_eq!(lambda.look(&uri)["RevisionId"], added["RevisionId"]);
    assert_eq!(lambda.err("POST", &uri, &body).1, "ResourceConflictException");
    let other = json!({"StatementId": "t", "Action": "lambda:Invoke", "Principal": "*"});
    assert_eq!(lambda.err("POST", &uri, &other).1, "ValidationException");
    assert_eq!(lambda.ask("DELETE", &format!("{uri}/s"), &Value::Null).status, 204);
    assert_eq!(lambda.err("GET", &uri, &Value::Null).0, 404);
}
