//! How the resources of the system's other forms are made, compared and removed: the state machine
//! that leads the saga, the function that notifies, and the IAM roles as which they act.

use super::shop::Shop;
use orderflow::config::QueueKind;
use orderflow::infra::{self, Done, Kind, Transport};
use orderflow::{Config, FunctionSettings, Names, Role, Saga, TimingProfile};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn archive(text: &str) -> FunctionSettings {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("bootstrap", SimpleFileOptions::default()).expect("a file");
    archive.write_all(text.as_bytes()).expect("written");
    let zip = archive.finish().expect("an archive").into_inner();
    FunctionSettings { zip: Some(zip), role: None }
}

pub(super) fn in_all_forms(config: &mut Config) {
    config.saga = Saga::StepFunctions;
    config.function = Some(archive("one"));
}

async fn differences(shop: &Shop) -> Vec<String> {
    let found = infra::diff(&shop.aws, &shop.config).await.expect("a comparison");
    found.iter().map(|it| it.to_string().replace('\t', ": ")).collect()
}

async fn apply(shop: &Shop) -> BTreeSet<(Kind, String, Done)> {
    let applied = infra::apply(&shop.aws, &shop.config).await.expect("applied");
    let changed = applied.into_iter().filter(|it| it.done != Done::Nothing);
    changed.map(|it| (it.kind, it.name, it.done)).collect()
}

fn set<const N: usize>(all: [(Kind, &str, Done); N]) -> BTreeSet<(Kind, String, Done)> {
    all.map(|(kind, name, done)| (kind, name.to_owned(), done)).into()
}

async fn machines(shop: &Shop) -> Vec<String> {
    let listed = shop.aws.stepfunctions().list_state_machines().send().await.expect("machines");
    listed.state_machines().iter().map(|it| it.name().to_owned()).collect()
}

async fn iam_roles(shop: &Shop) -> Vec<String> {
    let listed = shop.aws.iam().list_roles().send().await.expect("roles");
    listed.roles().iter().map(|it| it.role_name().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn what_was_applied_is_as_it_should_be_and_destroy_leaves_nothing() {
    let mut shop = Shop::new().await;
    in_all_forms(&mut shop.config);
    let missing = differences(&shop).await;
    for kind in
        ["state machine shop-order-saga", "IAM role shop-order-saga", "function shop-notify"]
    {
        assert!(missing.contains(&format!("missing: {kind}")), "{missing:#?}");
    }
    apply(&shop).await;
    assert_eq!(differences(&shop).await, Vec::<String>::new());
    assert_eq!(apply(&shop).await, BTreeSet::new());
    let found = shop.aws.lambda().list_event_source_mappings().send().await.expect("mappings");
    let mapping = found.event_source_mappings().first().expect("a mapping");
    let queue = mapping.event_source_arn().unwrap_or_default();
    assert!(queue.ends_with(":shop-notifications"), "{queue}");
    let removed = infra::destroy(&shop.aws, &shop.names).await.expect("destroyed");
    assert!(removed.contains(&"shop-task-tokens".to_owned()), "{removed:?}");
    assert_eq!((machines(&shop).await, iam_roles(&shop).await), (Vec::new(), Vec::new()));
    let functions = shop.aws.lambda().list_functions().send().await.expect("functions");
    assert!(functions.functions().is_empty());
    assert!(shop.queues("").await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_somebody_changed_is_shown_and_mended() {
    let mut shop = Shop::new().await;
    in_all_forms(&mut shop.config);
    apply(&shop).await;
    let (sfn, iam, lambda) = (shop.aws.stepfunctions(), shop.aws.iam(), shop.aws.lambda());
    let listed = sfn.list_state_machines().send().await.expect("machines");
    let machine = listed.state_machines()[0].state_machine_arn().to_owned();
    let end = json!({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}});
    let meddle = sfn.update_state_machine().state_machine_arn(&machine);
    meddle.definition(end.to_string()).send().await.expect("another definition");
    let untag = sfn.untag_resource().resource_arn(&machine).tag_keys("Owner");
    untag.send().await.expect("untagged");
    let policy = iam.delete_role_policy().role_name("shop-order-saga");
    policy.policy_name("shop-order-saga").send().await.expect("deleted");
    let anybody = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]});
    let trust = iam.update_assume_role_policy().role_name("shop-notify");
    trust.policy_document(anybody.to_string()).send().await.expect("another trust");
    let slower = lambda.update_function_configuration().function_name("shop-notify");
    slower.timeout(1).send().await.expect("another time-out");
    let listed = lambda.list_event_source_mappings().send().await.expect("mappings");
    let mapping = listed.event_source_mappings()[0].uuid().unwrap_or_default();
    let smaller = lambda.update_event_source_mapping().uuid(mapping).batch_size(1);
    smaller.send().await.expect("another size");
    shop.config.function = Some(archive("two"));
    let found = differences(&shop).await;
    for beginning in [
        "differs: state machine shop-order-saga: DefinitionString is {",
        "differs: state machine shop-order-saga: tag Owner is missing",
        "differs: IAM role shop-order-saga: Policies is []",
        "differs: IAM role shop-notify: AssumeRolePolicyDocument is {",
        "differs: function shop-notify: Timeout is 1, should be 30",
        "differs: function shop-notify: CodeSha256 is ",
        "differs: event source mapping of function shop-notify: BatchSize is 1, should be 10",
    ] {
        assert!(found.iter().any(|it| it.starts_with(beginning)), "{beginning}: {found:#?}");
    }
    assert_eq!(found.len(), 7, "{found:#?}");
    let changed = [
        (Kind::Machine, "shop-order-saga", Done::Changed),
        (Kind::IamRole, "shop-order-saga", Done::Changed),
        (Kind::IamRole, "shop-notify", Done::Changed),
        (Kind::Function, "shop-notify", Done::Changed),
        (Kind::Mapping, "shop-notify", Done::Changed),
    ];
    assert_eq!(apply(&shop).await, set(changed));
    assert_eq!(differences(&shop).await, Vec::<String>::new());
    // Without an archive the function keeps its code.
    shop.config.function = Some(FunctionSettings::default());
    assert_eq!(differences(&shop).await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_saga_changes_its_form_and_nothing_of_the_other_is_left() {
    let mut shop = Shop::new().await;
    let rules = async |shop: &Shop| -> BTreeSet<String> {
        let listed = shop.aws.eventbridge().list_rules().event_bus_name("shop-events");
        let listed = listed.send().await.expect("rules");
        listed.rules().iter().filter_map(|rule| rule.name().map(str::to_owned)).collect()
    };
    let before = rules(&shop).await;
    shop.config.saga = Saga::StepFunctions;
    let done = apply(&shop).await;
    assert!(done.contains(&(Kind::Rule, "shop-orders-orders".into(), Done::Changed)), "{done:?}");
    let gone: Vec<_> = before.difference(&rules(&shop).await).cloned().collect();
    assert!(gone.iter().any(|it| it.starts_with("shop-inventory-")), "{gone:?}");
    assert_eq!(differences(&shop).await, Vec::<String>::new());
    shop.config.saga = Saga::Choreography;
    let found = differences(&shop).await;
    assert!(found.contains(&"surplus: state machine shop-order-saga".to_owned()), "{found:#?}");
    let done = apply(&shop).await;
    for kind in [Kind::Machine, Kind::IamRole] {
        assert!(done.contains(&(kind, "shop-order-saga".into(), Done::Removed)), "{done:?}");
    }
    assert_eq!(rules(&shop).await, before);
    assert_eq!((machines(&shop).await, iam_roles(&shop).await), (Vec::new(), Vec::new()));
    assert_eq!(differences(&shop).await, Vec::<String>::new());
}

/// Whoever has roles of his own gets no others.
#[tokio::test(start_paused = true)]
async fn a_role_that_is_given_is_taken() {
    let mut shop = Shop::new().await;
    in_all_forms(&mut shop.config);
    let mine = "arn:aws:iam::000000000000:role/mine".to_owned();
    shop.config.machine_role = Some(mine.clone());
    shop.config.function = Some(FunctionSettings { role: Some(mine.clone()), ..archive("one") });
    apply(&shop).await;
    assert_eq!(iam_roles(&shop).await, Vec::<String>::new());
    let asked = shop.aws.lambda().get_function_configuration().function_name("shop-notify");
    let function = asked.send().await.expect("a function");
    assert_eq!(function.role(), Some(mine.as_str()));
    assert_eq!(differences(&shop).await, Vec::<String>::new());
}

#[test]
fn the_template_has_machine_function_and_roles() {
    for queues in [QueueKind::Standard, QueueKind::Fifo] {
        let names = Names::parse("shop").expect("a prefix").with_queues(queues);
        let mut config = Config::new(names, TimingProfile::Standard);
        in_all_forms(&mut config);
        let template = infra::template(&config).expect("a template");
        let of = |id: &str| template["Resources"][id].clone();
        for resource in infra::describe(&config, Transport::TlsOnly).expect("a description") {
            assert_eq!(of(&resource.id)["Type"], resource.kind.type_name(), "{}", resource.id);
        }
        let machine = &of("OrderSagaStateMachine")["Properties"];
        assert_eq!(machine["RoleArn"], json!({"Fn::GetAtt": ["OrderSagaRole", "Arn"]}));
        let definition = machine["DefinitionString"]["Fn::Sub"].as_str().expect("a text");
        let named: BTreeSet<_> =
            definition.split("${").skip(1).filter_map(|it| it.split('}').next()).collect();
        // EventBridge and the machine send to where a role is sent to.
        let orders = match queues {
            QueueKind::Standard => {
                ["FulfilmentQueue", "InventoryQueue", "OrdersQueue", "PaymentsQueue"]
            }
            QueueKind::Fifo => {
                ["FulfilmentQueue", "InventoryQueue", "OrdersIntakeQueue", "PaymentsIntakeQueue"]
            }
        };
        assert_eq!(named, BTreeSet::from(orders));
        for queue in named {
            assert_eq!(of(queue)["Type"], "AWS::SQS::Queue", "{queue}");
        }
        let function = &of("NotifyFunction")["Properties"];
        assert_eq!(function["Code"]["S3Bucket"], json!({"Ref": "FunctionBucket"}));
        assert_eq!(function["CodeSha256"], Value::Null);
        assert_eq!(template["Parameters"]["FunctionKey"]["Type"], "String");
        let trusted = &of("NotifyRole")["Properties"]["AssumeRolePolicyDocument"];
        assert_eq!(trusted["Statement"][0]["Principal"]["Service"], "lambda.amazonaws.com");
        let task = of("OrdersTaskRole").to_string();
        assert!(task.contains("states:StartExecution"), "{task}");
    }
}

/// Commands for participants with a FIFO queue come by their intake.
#[tokio::test(start_paused = true)]
async fn a_machine_and_fifo_queues_go_together() {
    let mut shop = Shop::new().await;
    shop.names = shop.names.clone().with_queues(QueueKind::Fifo);
    shop.config.names = shop.names.clone();
    shop.config.saga = Saga::StepFunctions;
    apply(&shop).await;
    assert_eq!(differences(&shop).await, Vec::<String>::new());
    let machine = shop.aws.stepfunctions().list_state_machines().send().await.expect("machines");
    let machine = machine.state_machines()[0].state_machine_arn().to_owned();
    let asked = shop.aws.stepfunctions().describe_state_machine().state_machine_arn(machine);
    let definition = asked.send().await.expect("a machine").definition;
    let intake = shop.queue(&shop.names.intake(Role::Payments).expect("an intake")).await;
    assert!(definition.contains(intake.url()) && !definition.contains(".fifo"), "{definition}");
    infra::destroy(&shop.aws, &shop.names).await.expect("destroyed");
    assert!(shop.queues("").await.is_empty());
}
