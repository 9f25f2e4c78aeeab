//! Programs that bring their own runtime, here in bash, and extensions.

use serde_json::json;

use crate::code::{Function, has, init_failed, returned, runner, texts};

/// Answers with its event and the headers that it got.
const BOOTSTRAP: &str = r#"#!/usr/bin/env bash
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
echo "pid $$"
while true; do
  head="$TMPDIR/head"
  event=$(curl -sS -D "$head" "$api/invocation/next") || exit 0
  header() { grep -i "^$1:" "$head" | tr -d '\r' | cut -d' ' -f2-; }
  id=$(header lambda-runtime-aws-request-id)
  wrong=$(curl -sS -d '{}' "$api/invocation/00000000-0000-0000-0000-000000000000/response")
  page=$(curl -sS -o /dev/null -w '%{http_code}' -H 'Origin: http://a' "$api/invocation/next")
  restored=$(curl -sS -o /dev/null -w '%{http_code}' "$api/restore/next")
  late=$(curl -sS -o /dev/null -w '%{http_code}' -d '{}' "$api/init/error")
  body="{\"event\": $event, \"arn\": \"$(header lambda-runtime-invoked-function-arn)\",
    \"trace\": \"$(header lambda-runtime-trace-id)\", \"wrong\": $wrong, \"page\": $page,
    \"context\": $(header lambda-runtime-client-context), \"restored\": $restored, \"late\": $late}"
  said=$(curl -sS -w ' %{http_code}' -d "$body" "$api/invocation/$id/response")
  again=$(curl -sS -w ' %{http_code}' -d "$body" "$api/invocation/$id/response")
  echo "said $said"
  echo "again $again" >&2
done
"#;

#[tokio::test]
async fn a_bootstrap_speaks_the_runtime_api() {
    if !has("bash") || !has("curl") {
        return;
    }
    let runner = runner();
    let function = Function::new("provided.al2023", "any", &[("bootstrap", BOOTSTRAP)]);
    let mut invocation = function.invocation(r#"{"id": 1}"#);
    invocation.trace_header = Some("Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1".into());
    invocation.client_context = Some(r#"{"custom": {}}"#.into());
    let first = runner.run(&invocation).await.unwrap();
    let invalid = json!({"errorMessage": "Invalid request ID", "errorType": "InvalidRequestID"});
    let expected = json!({
        "event": {"id": 1},
        "arn": "arn:aws:lambda:us-east-1:000000000000:function:orders",
        "trace": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1",
        "context": {"custom": {}},
        "wrong": invalid,
        "page": 403,
        "restored": 403,
        "late": 403,
    });
    assert_eq!(returned(&first), expected);
    assert!(texts(&first)[0].starts_with("pid "), "{:?}", texts(&first));
    // What is written after the answer is the next run's.
    let second = runner.run(&invocation).await.unwrap();
    let lines = texts(&second);
    assert_eq!(lines[0], r#"said {"status":"OK"} 202"#);
    assert!(lines[1].contains("InvalidStateTransition") && lines[1].ends_with(" 403"), "{lines:?}");
}

#[tokio::test]
async fn a_bootstrap_that_is_not_there_or_no_program_is_said() {
    let runner = runner();
    let none = Function::new("provided.al2023", "any", &[("boot", "")]);
    let document = init_failed(&none.run(&runner, "{}").await);
    let text = "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]";
    let expected = json!({"errorType": "Runtime.InvalidEntrypoint", "errorMessage": text});
    assert_eq!(document, expected);
    let wrong = Function::new("provided.al2023", "any", &[("bootstrap", "#!/no/such/program\n")]);
    let document = init_failed(&wrong.run(&runner, "{}").await);
    assert_eq!(document["errorType"], "Runtime.InvalidEntrypoint");
}

const PLAIN: &str = r#"#!/usr/bin/env bash
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  curl -sS -D "$TMPDIR/head" "$api/next" > "$TMPDIR/event" || exit 0
  id=$(grep -i '^lambda-runtime-aws-request-id:' "$TMPDIR/head" | tr -d '\r' | cut -d' ' -f2-)
  curl -sS -d @"$TMPDIR/event" "$api/$id/response" > /dev/null
done
"#;
const EXTENSION: &str = r#"#!/usr/bin/env bash
api="http://$AWS_LAMBDA_RUNTIME_API/2020-01-01/extension"
events='{"events": ["INVOKE", "SHUTDOWN"]}'
curl -sS -D "$TMPDIR/registered" -H 'Lambda-Extension-Name: watch' -d "$events" "$api/register"
echo
id=$(grep -i '^lambda-extension-identifier:' "$TMPDIR/registered" | tr -d '\r' | cut -d' ' -f2-)
while true; do
  curl -sS -H "Lambda-Extension-Identifier: $id" "$api/event/next" | cut -c1-22 || exit 0
done
"#;

#[tokio::test]
async fn extensions_of_layers_are_told() {
    if !has("bash") || !has("curl") {
        return;
    }
    let runner = runner();
    let function = Function::new("provided.al2", "any", &[("bootstrap", PLAIN)]);
    let function = function.with_layer(&[("extensions/watch", EXTENSION)]);
    let first = function.run(&runner, "[1]").await;
    assert_eq!(returned(&first), json!([1]));
    let registered = r#"{"functionName":"orders","functionVersion":"$LATEST","handler":"any"}"#;
    assert_eq!(texts(&first)[0], registered);
    let mut lines: Vec<String> = Vec::new();
    for _ in 0..100 {
        let run = function.run(&runner, "[2]").await;
        lines.extend(texts(&run).into_iter().map(ToOwned::to_owned));
        if lines.iter().any(|line| line == r#"{"eventType":"INVOKE","#) {
            return;
        }
    }
    panic!("the extension was told nothing: {lines:?}");
}
