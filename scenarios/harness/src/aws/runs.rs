//! Functions and executions of state machines; and any other operation.

use super::door::{Aws, arn, short};
use super::words::{Done, optional, read, written};
use crate::stage::OBSERVER;
use crate::world::{Arguments, WorldError, text};
use ::http::Request;
use serde_json::{Value, json};

/// Most executions of one look.
const EXECUTIONS_MAX: u64 = 100;

pub(super) async fn any(aws: &Aws, with: &Arguments) -> Done {
    let input = with.get("with").cloned().unwrap_or_else(|| json!({}));
    aws.ask(text(with, "service")?, text(with, "operation")?, &input).await
}

/// It may take as long as the function runs, so it is asked as any client would.
pub(super) async fn invoke(aws: &Aws, with: &Arguments) -> Done {
    let function = text(with, "function")?;
    let is_async = with.get("async").and_then(Value::as_bool).unwrap_or_default();
    let kind = if is_async { "Event" } else { "RequestResponse" };
    let credential = format!("{OBSERVER}/20260101/us-east-1/lambda/aws4_request");
    let payload = match with.get("payload") {
        None => "{}".to_owned(),
        Some(payload) => payload.to_string(),
    };
    let request = Request::post(format!("/2015-03-31/functions/{function}/invocations"))
        .header("x-amz-invocation-type", kind)
        .header(
            "authorization",
            format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0"),
        );
    let answered = aws.send(request, payload).await;
    let (status, failed, body) =
        answered.map_err(|error| WorldError(format!("invoke {function}: {error}")))?;
    if failed || !(200..300).contains(&status) {
        return Err(WorldError(format!("invoke {function}: {status} {body}")));
    }
    Ok(json!({ "status": status, "payload": read(&body) }))
}

pub(super) async fn start_execution(aws: &Aws, with: &Arguments) -> Done {
    let mut input = json!({
        "stateMachineArn": machine(text(with, "machine")?),
        "input": with.get("input").map_or("{}".to_owned(), |input| written(Some(input))),
    });
    if let Some(name) = optional(with, "name") {
        input["name"] = json!(name);
    }
    let started = aws.ask("states", "StartExecution", &input).await?;
    Ok(json!({ "arn": started["executionArn"] }))
}

pub(super) async fn executions(aws: &Aws, of: &Arguments) -> Done {
    let machine = machine(text(of, "machine")?);
    let input = json!({ "stateMachineArn": machine, "maxResults": EXECUTIONS_MAX });
    let listed = aws.ask("states", "ListExecutions", &input).await?;
    let mut all = Vec::new();
    for one in listed["executions"].as_array().into_iter().flatten() {
        all.push(described(aws, one["executionArn"].as_str().unwrap_or_default()).await?);
    }
    Ok(Value::Array(all))
}

pub(super) async fn execution(aws: &Aws, of: &Arguments) -> Done {
    described(aws, text(of, "arn")?).await
}

async fn described(aws: &Aws, arn: &str) -> Done {
    let told = aws.ask("states", "DescribeExecution", &json!({ "executionArn": arn })).await?;
    let document = |name: &str| told[name].as_str().map(read);
    Ok(json!({
        "name": short(arn),
        "status": told["status"],
        "input": document("input"),
        "output": document("output"),
        "error": told["error"],
        "cause": told["cause"],
    }))
}

fn machine(name: &str) -> String {
    arn("states", "stateMachine:", name)
}
