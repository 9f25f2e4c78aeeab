//! Permissions: statements of the queue's policy, by label.

use serde_json::{Value, json};

use crate::case::{Case, Steps};

pub(crate) const CASES: &[(&str, Steps)] = &[("test_sqs_permission_lifecycle", lifecycle)];

const FIRST: &str = "crossaccountpermission";
const SECOND: &str = "crossaccountpermission2";
/// The caller's account and another one, in the order in which AWS kept them.
const ACCOUNTS: [&str; 2] = ["668614515564", "111111111111"];

fn lifecycle(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    let add = |label: &str, accounts: &[&str]| {
        json!({
            "QueueUrl": url,
            "Label": label,
            "AWSAccountIds": accounts,
            "Actions": ["ReceiveMessage"],
        })
    };
    let remove = |label: &str| json!({"QueueUrl": url, "Label": label});
    let policy = json!({"QueueUrl": url, "AttributeNames": ["Policy"]});
    let shows = |case: &mut Case, what: &str| -> Value {
        let step = format!("get-queue-policy-attribute{what}");
        case.step(&step, "GetQueueAttributes", &policy)
    };

    case.step("add-permission-response", "AddPermission", &add(FIRST, &ACCOUNTS));
    shows(case, "");
    case.step("remove-permission-response", "RemovePermission", &remove(FIRST));
    shows(case, "-after-removal");

    let own = &ACCOUNTS[1..];
    case.client.ok("AddPermission", &add(FIRST, own));
    shows(case, "-first-account-same-label");
    let refused = "get-queue-policy-attribute-second-account-same-label";
    case.step(refused, "AddPermission", &add(FIRST, own));
    case.client.ok("AddPermission", &add(SECOND, own));
    shows(case, "-second-account-different-label");

    case.client.ok("RemovePermission", &remove(FIRST));
    shows(case, "-delete-first-permission");
    case.client.ok("RemovePermission", &remove(SECOND));
    shows(case, "-delete-second-permission");
    let refused = "get-queue-policy-attribute-delete-non-existent-label";
    case.step(refused, "RemovePermission", &remove(SECOND));
}
