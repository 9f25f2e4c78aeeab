//! The examples of docs/rehearse.md, as they are played there.

use super::stage::{Folder, has_boto3};

#[test]
fn the_story_of_the_orders_passes() {
    if has_boto3() {
        Folder::of_example("python-orders", "orders").passes("orders.yaml");
    }
}

/// Drawn faults find the planted bug, the case that is kept plays it again, and the mended system
/// passes it.
#[test]
fn exploring_finds_the_bug_and_the_case_replays_it() {
    if !has_boto3() {
        return;
    }
    let folder = Folder::of_example("python-orders", "explored");
    let explore =
        ["rehearse", "explore", "system.yaml", "orders.yaml", "--from", "2", "--seeds", "6"];
    let played = folder.skyrig(&[&explore[..], &["--fail-fast"]].concat());
    assert_eq!(played.code, Some(1), "{}", played.text);
    let case = played.text.split_whitespace().find(|it| it.starts_with("case-"));
    let case = case.unwrap_or_else(|| panic!("no case is kept: {}", played.text));
    assert!(folder.read(case).starts_with("# seed: "));
    assert!(folder.read(&case.replace(".yaml", ".txt")).contains("FAILS"));
    let run = folder.fails(case);
    let symptoms = run["symptoms"].to_string();
    assert!(symptoms.contains("products"), "{symptoms}");
    mend(&folder);
    folder.passes(case);
}

/// As docs/rehearse.md mends it: both changes in one transaction.
fn mend(folder: &Folder) {
    let text = folder.read("stock.py");
    let (before, rest) = text.split_once("def reserve(order):\n").unwrap();
    let (_, after) = rest.split_once("def handle").unwrap();
    let page = include_str!("../../../docs/rehearse.md");
    let (_, mended) = page.split_once("```python\ndef reserve(order):\n").unwrap();
    let (mended, _) = mended.split_once("```").unwrap();
    let whole = format!("{before}def reserve(order):\n{mended}\n\ndef handle{after}");
    folder.change("stock.py", &text, &whole);
}

#[test]
fn the_order_flow_of_functions_passes() {
    if has_boto3() {
        Folder::of_example("python-functions", "functions").passes("orders.yaml");
    }
}
