//! One operation with any body: a letter picks the operation, the rest is what the body holds.

use bytes::Bytes;
use http::Request;

use super::world::{World, json_request};

/// The operations in the order of their letters, from `A`; corpora depend on it.
const OPERATIONS: [&str; 23] = [
    "AddPermission",
    "CancelMessageMoveTask",
    "ChangeMessageVisibility",
    "ChangeMessageVisibilityBatch",
    "CreateQueue",
    "DeleteMessage",
    "DeleteMessageBatch",
    "DeleteQueue",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "ListMessageMoveTasks",
    "ListQueueTags",
    "ListQueues",
    "PurgeQueue",
    "ReceiveMessage",
    "RemovePermission",
    "SendMessage",
    "SendMessageBatch",
    "SetQueueAttributes",
    "StartMessageMoveTask",
    "TagQueue",
    "UntagQueue",
];

/// The rest of the input is the JSON body.
pub(crate) fn run_json(input: &[u8]) {
    run(input, |world, operation, body| {
        let body = world.aimed(body, str::to_owned);
        json_request(operation, body)
    });
}

/// The rest of the input is the form without its action.
pub(crate) fn run_query(input: &[u8]) {
    run(input, |world, operation, body| {
        let mut form = format!("Action={operation}&Version=2012-11-05&").into_bytes();
        form.extend_from_slice(&world.aimed(body, percent_encoded));
        let request = Request::post("/")
            .header("host", "localhost:4566")
            .header("content-type", "application/x-www-form-urlencoded");
        request.body(Bytes::from(form)).expect("a valid head")
    });
}

fn run(input: &[u8], request: impl Fn(&World, &str, &[u8]) -> Request<Bytes>) {
    let Some((letter, body)) = input.split_first() else { return };
    let operation = OPERATIONS[usize::from(letter.wrapping_sub(b'A')) % OPERATIONS.len()];
    let mut world = World::with_messages();
    let request = request(&world, operation, body);
    let _wait = world.send(request);
    world.check_snapshot();
    world.check_sane();
}

fn percent_encoded(text: &str) -> String {
    text.replace('%', "%25").replace('+', "%2B").replace('=', "%3D").replace('/', "%2F")
}
