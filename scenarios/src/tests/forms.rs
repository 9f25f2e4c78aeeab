//! The system in its other forms: led by a state machine, and with a function that notifies.

use crate::crash::{Extent, sweep};
use crate::form::Form;
use crate::library;
use crate::stages::{Extras, play_simulated, play_with};
use aws_smithy_types::error::display::DisplayErrorContext;
use harness::record::Exchange;
use harness::stage::Detail;
use orderflow::{Role, Saga};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use super::shop::Shop;

/// A role may die at any of its calls; of each operation, one is tried.
fn check(role: Role, form: Form, needed: &[&str]) {
    let swept = sweep(role, Extent::Sample, form).expect("it can be played");
    for operation in needed {
        assert!(swept.operations.contains(*operation), "{role}: {:?}", swept.operations);
    }
    if let Some((point, report)) = swept.failed.first() {
        panic!("{} of {} points, first {point:?}: {report}", swept.failed.len(), swept.points);
    }
}

#[test]
fn orders_may_die_at_any_call_where_a_machine_leads() {
    let needed = ["AWSStepFunctions.StartExecution", "AWSStepFunctions.SendTaskSuccess"];
    check(Role::Orders, Form::LED, &needed);
}

#[test]
fn inventory_may_die_at_any_call_where_a_machine_leads() {
    check(Role::Inventory, Form::LED, &["AWSStepFunctions.SendTaskSuccess"]);
}

#[test]
fn payments_may_die_at_any_call_where_a_machine_leads() {
    check(Role::Payments, Form::LED, &["AWSStepFunctions.SendTaskSuccess"]);
}

#[test]
fn fulfilment_may_die_at_any_call_where_a_machine_leads() {
    // The token is kept until the parcel is on its way.
    check(Role::Fulfilment, Form::LED, &["DynamoDB_20120810.PutItem"]);
}

#[test]
fn the_function_that_notifies_may_die_at_any_call() {
    // SNS's and CloudWatch's calls have no name in a header.
    check(Role::Notifications, Form::LAMBDA, &["DynamoDB_20120810.BatchWriteItem", ""]);
}

#[test]
fn the_scenarios_pass_with_a_function_that_notifies() {
    let scripts = library::sample().expect("good scripts").into_iter();
    for script in scripts.filter(|script| Form::LAMBDA.has_story(&script.name)) {
        let run = play_simulated(&script, 1, Detail::Failures, Form::LAMBDA).expect("a world");
        assert!(run.passed, "{}", run.text("-"));
    }
}

/// No process of the system has received what the function was brought.
#[test]
fn where_lambda_notifies_no_role_does() {
    let script = library::find("order-happy-path").expect("a scenario");
    let received = Arc::new(Mutex::new(BTreeSet::new()));
    let keep = Arc::clone(&received);
    let watcher = Box::new(move |it: Exchange<'_>| {
        if it.target == "AmazonSQS.ReceiveMessage" {
            let request = String::from_utf8_lossy(it.request).into_owned();
            keep.lock().expect("nobody panics with it").insert(request);
        }
    });
    let extras = Extras { watcher: Some(watcher), form: Form::LAMBDA, ..Extras::default() };
    let run = play_with(&script, 1, extras).expect("a world");
    assert!(run.passed, "{}", run.text("-"));
    let received = received.lock().expect("nobody panics with it");
    assert!(received.iter().any(|it| it.contains("shop-projector")), "{received:?}");
    assert!(!received.iter().any(|it| it.contains("shop-notifications")), "{received:?}");
}

#[tokio::test(start_paused = true)]
async fn the_state_machine_is_as_the_states_language_has_it() {
    let mut shop = Shop::new().await;
    shop.config.saga = Saga::StepFunctions;
    shop.apply().await;
    // Done again, it is set to what it is.
    shop.apply().await;
    let client = shop.aws.stepfunctions();
    let machines = client.list_state_machines().send().await.expect("machines");
    let [machine] = machines.state_machines() else { panic!("{machines:?}") };
    assert_eq!(machine.name(), "shop-order-saga");
    let asked = client.describe_state_machine().state_machine_arn(machine.state_machine_arn());
    let definition = asked.send().await.expect("the machine").definition;
    let asked = client.validate_state_machine_definition().definition(definition);
    let found = asked.send().await.map_err(|error| DisplayErrorContext(error).to_string());
    let found = found.expect("an answer");
    assert_eq!(found.result().as_str(), "OK");
    assert!(found.diagnostics().is_empty(), "{:?}", found.diagnostics());
    // Participants are sent what they have to do, and the orders hear what happens.
    for (rule, is_there) in [("orders-orders", true), ("inventory-orders", false)] {
        let asked = shop.aws.eventbridge().describe_rule().event_bus_name("shop-events");
        let found = asked.name(format!("shop-{rule}")).send().await;
        assert_eq!(found.is_ok(), is_there, "{rule}");
    }
    let removed = orderflow::infra::destroy(&shop.aws, &shop.names).await.expect("destroy");
    assert!(removed.contains(&"shop-order-saga".to_owned()), "{removed:?}");
    assert!(removed.contains(&"shop-task-tokens".to_owned()), "{removed:?}");
}
