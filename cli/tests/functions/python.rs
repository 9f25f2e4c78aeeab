//! Python's handlers.

use serde_json::json;
use skyrig::edge::{FunctionError, FunctionSettings};
use skyrig::kernel::{FunctionEnd, FunctionRun};

use crate::code::{Function, failed, has, init_failed, returned, runner, runner_at, texts};

const ORDERS: &str = r#"
import logging, os, time
import tax
runs = 0
print("beginning")
def handler(event, context):
    global runs
    runs += 1
    print("order", event["id"])
    logging.getLogger().warning("one\ntwo")
    left = context.get_remaining_time_in_millis()
    assert 50_000 < left <= 60_000, left
    return {"runs": runs, "tax": tax.RATE, "id": context.aws_request_id, "é": "ü",
            "memory": context.memory_limit_in_mb, "arn": context.invoked_function_arn}
def variables(event, context):
    return dict(os.environ)
def wrong(event, context):
    raise ValueError(f"no order {event['id']}")
def leave(event, context):
    os._exit(3)
def slow(event, context):
    time.sleep(60)
def big(event, context):
    text = "x" * (300 << 20)
    time.sleep(60)
def long(event, context):
    return "x" * 6_291_556
def unsaid(event, context):
    return object()
"#;
const TAX: &str = "RATE = 19";

fn orders(handler: &str) -> Function {
    let function = Function::new("python3.13", handler, &[("orders.py", ORDERS)]);
    function.with_layer(&[("python/tax.py", TAX)])
}

#[tokio::test]
async fn a_handler_runs_and_its_environment_is_used_again() {
    if !has("python3") {
        return;
    }
    let (runner, function) = (runner(), orders("orders.handler"));
    let first = function.run(&runner, r#"{"id": 1}"#).await;
    let answer = returned(&first);
    let expected = json!({
        "runs": 1, "tax": 19, "id": answer["id"], "é": "ü", "memory": "512",
        "arn": "arn:aws:lambda:us-east-1:000000000000:function:orders",
    });
    assert_eq!(answer, expected);
    assert!(answer["id"].as_str().unwrap().starts_with("8476a536-"), "{answer}");
    let lines = texts(&first);
    assert_eq!(lines[..2], ["beginning", "order 1"], "{lines:?}");
    let record = format!("Z\t{}\tone\ntwo", answer["id"].as_str().unwrap());
    assert!(lines[2].starts_with("[WARNING]\t20") && lines[2].ends_with(&record), "{lines:?}");
    assert!(first.init_duration.is_some() && first.memory_used_megabytes > 1);
    assert!(first.log_stream.starts_with("2026/11/30/[$LATEST]"), "{}", first.log_stream);
    let second = function.run(&runner, r#"{"id": 2}"#).await;
    assert_eq!((returned(&second)["runs"].as_u64(), second.init_duration), (Some(2), None));
    assert_eq!(second.log_stream, first.log_stream);
    assert_eq!(texts(&second)[0], "order 2");
}

#[tokio::test]
async fn another_revision_begins_anew_and_so_do_two_at_once() {
    if !has("python3") {
        return;
    }
    let (runner, function) = (runner(), orders("orders.handler"));
    let (one, two) =
        tokio::join!(function.run(&runner, r#"{"id": 1}"#), function.run(&runner, r#"{"id": 2}"#));
    assert_ne!(one.log_stream, two.log_stream);
    assert_eq!((&returned(&one)["runs"], &returned(&two)["runs"]), (&json!(1), &json!(1)));
    let mut changed = function.clone();
    changed.0.revision = "2".into();
    assert_eq!(returned(&changed.run(&runner, r#"{"id": 3}"#).await)["runs"], 1);
    // Its environments went for the new one's.
    assert_eq!(returned(&function.run(&runner, r#"{"id": 4}"#).await)["runs"], 1);
}

#[tokio::test]
async fn variables_are_built_and_not_inherited() {
    if !has("python3") {
        return;
    }
    let (runner, mut function) = (runner(), orders("orders.variables"));
    function.0.environment.insert("TABLE".to_owned(), "orders".to_owned());
    let variables = returned(&function.run(&runner, "{}").await);
    for (name, value) in [
        ("TABLE", "orders"),
        ("_HANDLER", "orders.variables"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"),
        ("AWS_ACCESS_KEY_ID", "000000000000"),
        ("AWS_LAMBDA_FUNCTION_NAME", "orders"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/orders"),
        ("AWS_EXECUTION_ENV", "AWS_Lambda_python3.13"),
        ("TZ", ":UTC"),
    ] {
        assert_eq!(variables[name], value, "{name}");
    }
    // Cargo sets it for this test, and HOME is where credentials are.
    assert!(std::env::vars().any(|(name, _)| name == "CARGO_MANIFEST_DIR"));
    assert!(variables.get("CARGO_MANIFEST_DIR").is_none(), "{variables}");
    let home = variables["HOME"].as_str().unwrap();
    assert!(home.contains("skyrig-functions-") && home.ends_with("tmp"), "{home}");
}

#[tokio::test]
async fn errors_are_reported_as_lambda_does() {
    if !has("python3") {
        return;
    }
    let runner = runner();
    let run = orders("orders.wrong").run(&runner, r#"{"id": 5}"#).await;
    let document = failed(&run);
    assert_eq!(document["errorType"], "ValueError");
    assert_eq!(document["errorMessage"], "no order 5");
    let trace = document["stackTrace"].as_array().unwrap();
    assert!(trace.len() == 1 && trace[0].as_str().unwrap().contains("in wrong"), "{document}");
    let logged = texts(&run).pop().unwrap();
    assert!(logged.starts_with("[ERROR] ValueError: no order 5\nTraceback"), "{logged}");
    let unsaid = failed(&orders("orders.unsaid").run(&runner, "{}").await);
    assert_eq!(unsaid["errorType"], "Runtime.MarshalError");
    let long = failed(&orders("orders.long").run(&runner, "{}").await);
    assert_eq!(long["errorType"], "Function.ResponseSizeTooLarge");
    for (handler, error_type, message) in [
        ("orders", "Runtime.MalformedHandlerName", "Bad handler 'orders': not enough values"),
        ("none.handler", "Runtime.ImportModuleError", "Unable to import module 'none': No module"),
        ("orders.none", "Runtime.HandlerNotFound", "Handler 'none' missing on module 'orders'"),
    ] {
        let document = init_failed(&orders(handler).run(&runner, "{}").await);
        assert_eq!(document["errorType"], error_type);
        assert!(document["errorMessage"].as_str().unwrap().starts_with(message), "{document}");
    }
    let wrong = Function::new("python3.13", "a.b", &[("a.py", "def b(:")]);
    let document = init_failed(&wrong.run(&runner, "{}").await);
    assert_eq!(document["errorType"], "Runtime.UserCodeSyntaxError");
}

#[tokio::test]
async fn what_ends_an_environment_ends_no_other_run() {
    if !has("python3") {
        return;
    }
    let runner = runner();
    let left = orders("orders.leave").run(&runner, "{}").await;
    assert_eq!(left.end, FunctionEnd::Exited { status: "exit status 3".to_owned() });
    let mut slow = orders("orders.slow");
    slow.0.timeout_seconds = 1;
    for _ in 0..2 {
        let FunctionRun { end, duration, init_duration, .. } = slow.run(&runner, "{}").await;
        assert_eq!((end, duration.as_secs()), (FunctionEnd::TimedOut, 1));
        assert!(init_duration.is_some());
    }
    let mut big = orders("orders.big");
    big.0.memory_megabytes = 128;
    let run = big.run(&runner, "{}").await;
    assert_eq!(run.end, FunctionEnd::OutOfMemory);
    assert!(run.memory_used_megabytes > 128);
}

#[tokio::test]
async fn code_runs_only_where_it_may() {
    if !has("python3") {
        return;
    }
    let function = orders("orders.handler");
    let reason = |error: FunctionError| match error {
        FunctionError::Refused(reason) => reason,
        FunctionError::Failed(reason) => panic!("failed: {reason}"),
    };
    let open = runner_at("0.0.0.0:4566", FunctionSettings::default(), false);
    let refused = reason(function.try_run(&open, r#"{"id": 1}"#).await.unwrap_err());
    assert!(refused.contains("--functions"), "{refused}");
    let settings = FunctionSettings { for_all: true, ..FunctionSettings::default() };
    let open = runner_at("0.0.0.0:4566", settings, false);
    returned(&function.run(&open, r#"{"id": 1}"#).await);
    // No interpreter is of that version.
    let old = Function::new("python3.1", "a.b", &[("a.py", "def b(event, context): return 1")]);
    assert_eq!(returned(&old.run(&open, "{}").await), 1);
    let strict = runner_at("127.0.0.1:4566", FunctionSettings::default(), true);
    let refused = reason(old.try_run(&strict, "{}").await.unwrap_err());
    assert!(refused.contains("python3.1 is not on the path"), "{refused}");
    let ruby = Function::new("ruby3.3", "a.b", &[("a.rb", "")]);
    let refused = reason(ruby.try_run(&runner(), "{}").await.unwrap_err());
    assert!(refused.contains("ruby3.3 are not run here"), "{refused}");
    let java = Function::new("java21", "a.B", &[("a.class", "")]);
    let refused = reason(java.try_run(&runner(), "{}").await.unwrap_err());
    assert!(refused.contains("aws-lambda-java-runtime-interface-client"), "{refused}");
}
