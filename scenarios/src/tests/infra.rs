//! How the system's resources are made, compared and removed.

use super::shop::{Shop, wait};
use aws_sdk_dynamodb::types::{DeleteGlobalSecondaryIndexAction, GlobalSecondaryIndexUpdate};
use aws_sdk_sqs::types::QueueAttributeName as Name;
use orderflow::infra::{self, Done, Kind};
use orderflow::{Aws, Config, Names, TimingProfile};
use serde_json::json;
use skyrig::Emulator;
use std::collections::BTreeSet;

async fn differences(shop: &Shop) -> Vec<String> {
    let found = infra::diff(&shop.aws, &shop.config).await.expect("a comparison");
    found.iter().map(|it| it.to_string().replace('\t', ": ")).collect()
}

async fn apply(shop: &Shop) -> Vec<(Kind, String, Done)> {
    let applied = infra::apply(&shop.aws, &shop.config).await.expect("applied");
    let changed = applied.into_iter().filter(|it| it.done != Done::Nothing);
    changed.map(|it| (it.kind, it.name, it.done)).collect()
}

#[tokio::test(start_paused = true)]
async fn what_was_applied_is_as_it_should_be_and_applied_again_nothing_changes() {
    let shop = Shop::new().await;
    assert_eq!(differences(&shop).await, Vec::<String>::new());
    let changed = apply(&shop).await;
    assert!(changed.is_empty(), "{changed:?}");
}

#[tokio::test(start_paused = true)]
async fn on_empty_everything_is_missing_and_after_destroy_it_is_so_again() {
    let emulator = Emulator::builder().seed(1).build();
    let aws = Aws::from(emulator.sdk_config());
    let names = Names::parse("shop").expect("a prefix");
    let config = Config::new(names.clone(), TimingProfile::Standard);
    let described = infra::describe(&config, infra::Transport::Any).expect("a description");
    let missing = async || {
        let found = infra::diff(&aws, &config).await.expect("a comparison");
        assert!(found.iter().all(|it| it.what == infra::What::Missing), "{found:#?}");
        found.len()
    };
    assert_eq!(missing().await, described.len());
    let made = infra::apply(&aws, &config).await.expect("applied");
    assert!(made.iter().all(|it| it.done == Done::Created), "{made:#?}");
    // Another system is in nobody's way.
    let other = Names::parse("shop-eu").expect("a prefix");
    let other_config = Config::new(other.clone(), TimingProfile::Standard);
    infra::apply(&aws, &other_config).await.expect("applied");
    infra::destroy(&aws, &names).await.expect("destroyed");
    assert_eq!(missing().await, described.len());
    let found = infra::diff(&aws, &other_config).await.expect("a comparison");
    assert!(found.is_empty(), "{found:#?}");
    infra::destroy(&aws, &other).await.expect("destroyed");
    nothing_is_left(&aws).await;
}

async fn nothing_is_left(aws: &Aws) {
    let queues = aws.sqs().list_queues().send().await.expect("queues");
    assert_eq!(queues.queue_urls(), Vec::<String>::new());
    let tables = aws.dynamodb().list_tables().send().await.expect("tables");
    assert_eq!(tables.table_names(), Vec::<String>::new());
    let buses = aws.eventbridge().list_event_buses().send().await.expect("buses");
    let buses: Vec<_> = buses.event_buses().iter().filter_map(|bus| bus.name()).collect();
    assert_eq!(buses, ["default"]);
    let archives = aws.eventbridge().list_archives().send().await.expect("archives");
    assert!(archives.archives().is_empty());
    assert!(aws.sns().list_topics().send().await.expect("topics").topics().is_empty());
    let subscriptions = aws.sns().list_subscriptions().send().await.expect("subscriptions");
    assert!(subscriptions.subscriptions().is_empty());
    let alarms = aws.cloudwatch().describe_alarms().send().await.expect("alarms");
    assert!(alarms.metric_alarms().is_empty());
    let dashboards = aws.cloudwatch().list_dashboards().send().await.expect("dashboards");
    assert!(dashboards.dashboard_entries().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_somebody_changed_is_shown_and_mended() {
    let shop = Shop::new().await;
    let orders = shop.queue("shop-orders").await;
    let sqs = shop.aws.sqs();
    let policy = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Principal": "*", "Action": "sqs:*", "Resource": "*"}]});
    let set = sqs.set_queue_attributes().queue_url(orders.url());
    let set = set.attributes(Name::VisibilityTimeout, "1");
    set.attributes(Name::Policy, policy.to_string()).send().await.expect("it is set");
    let untag = sqs.untag_queue().queue_url(orders.url()).tag_keys("Owner");
    untag.send().await.expect("untagged");
    let letters = shop.queue("shop-audit-dlq").await;
    sqs.delete_queue().queue_url(letters.url()).send().await.expect("deleted");
    let events = shop.aws.eventbridge();
    let rule = events.disable_rule().event_bus_name("shop-events").name("shop-audit-all");
    rule.send().await.expect("disabled");
    let alarms = shop.aws.cloudwatch();
    let disabled = alarms.disable_alarm_actions().alarm_names("shop-orders-dead-letters");
    disabled.send().await.expect("disabled");
    let archive = events.update_archive().archive_name("shop-archive").retention_days(1);
    archive.send().await.expect("changed");
    let sns = shop.aws.sns();
    let all = sns.list_subscriptions().send().await.expect("subscriptions");
    let mut all = all.subscriptions().iter();
    let mail = all.find(|it| it.endpoint().is_some_and(|it| it.ends_with(":shop-staff-mail")));
    let mail = mail.and_then(|it| it.subscription_arn()).expect("a subscription");
    let filter = sns.set_subscription_attributes().subscription_arn(mail);
    let filter = filter.attribute_name("FilterPolicy").attribute_value("{}");
    filter.send().await.expect("set");
    let found = differences(&shop).await;
    let check = |beginning: &str| {
        let shown = found.iter().filter(|it| it.starts_with(beginning)).count();
        assert_eq!(shown, 1, "{beginning}: {found:#?}");
    };
    check("missing: queue shop-audit-dlq");
    check("differs: queue shop-orders: VisibilityTimeout is 1, should be 30");
    check("differs: queue shop-orders: tag Owner is missing, should be \"platform-team\"");
    check("differs: policy of queue shop-orders: PolicyDocument is {");
    check("differs: rule shop-audit-all: State is \"DISABLED\", should be \"ENABLED\"");
    check("differs: alarm shop-orders-dead-letters: ActionsEnabled is false, should be true");
    check("differs: archive shop-archive: RetentionDays is 1, should be 30");
    check("differs: subscription of queue shop-staff-mail: FilterPolicy is null, should be {");
    check("differs: subscription of queue shop-staff-mail: FilterPolicyScope");
    assert_eq!(found.len(), 9, "{found:#?}");
    // SQS takes a name again after a minute.
    wait(61).await;
    let changed: BTreeSet<_> = apply(&shop).await.into_iter().map(|it| (it.1, it.2)).collect();
    let expected = [
        ("shop-archive", Done::Changed),
        ("shop-audit-all", Done::Changed),
        ("shop-audit-dlq", Done::Created),
        ("shop-orders", Done::Changed),
        ("shop-orders-dead-letters", Done::Changed),
        ("shop-staff-mail", Done::Changed),
    ];
    let expected = expected.map(|(name, done)| (name.to_owned(), done));
    assert_eq!(changed, BTreeSet::from(expected));
    assert_eq!(differences(&shop).await, Vec::<String>::new());
}

/// Resources as they were made before tags, encryption and this rule's removal.
#[tokio::test(start_paused = true)]
async fn an_older_system_is_brought_up_to_date() {
    let shop = Shop::new().await;
    let events = shop.aws.eventbridge();
    let (sqs, dynamodb) = (shop.aws.sqs(), shop.aws.dynamodb());
    let pattern = json!({ "source": ["ecommerce.orders"] }).to_string();
    let rule = events.put_rule().event_bus_name("shop-events").name("shop-orders-all");
    rule.event_pattern(pattern).send().await.expect("a rule");
    for name in ["shop-orders", "shop-orders-dlq"] {
        let queue = shop.queue(name).await;
        let plain = sqs.set_queue_attributes().queue_url(queue.url());
        plain.attributes(Name::SqsManagedSseEnabled, "false").send().await.expect("set");
        let untag = sqs.untag_queue().queue_url(queue.url()).tag_keys("System");
        untag.send().await.expect("untagged");
    }
    let delete = DeleteGlobalSecondaryIndexAction::builder().index_name("by-customer");
    let delete = delete.build().expect("a name");
    let update = GlobalSecondaryIndexUpdate::builder().delete(delete).build();
    let table = dynamodb.update_table().table_name("shop-orders");
    table.global_secondary_index_updates(update).send().await.expect("without its index");
    let table = dynamodb.describe_table().table_name("shop-orders").send().await.expect("a table");
    let arn = table.table.and_then(|it| it.table_arn).expect("an ARN");
    let untag = dynamodb.untag_resource().resource_arn(arn).tag_keys("System");
    untag.send().await.expect("untagged");
    let found = differences(&shop).await;
    for beginning in [
        "surplus: rule shop-orders-all",
        "differs: queue shop-orders-dlq: SqsManagedSseEnabled is false",
        "differs: table shop-orders: GlobalSecondaryIndexes is [], should be [",
        "differs: table shop-orders: tag System is missing",
    ] {
        assert!(found.iter().any(|it| it.starts_with(beginning)), "{beginning}: {found:#?}");
    }
    let changed = apply(&shop).await;
    assert!(changed.contains(&(Kind::Rule, "shop-orders-all".into(), Done::Removed)));
    assert!(changed.contains(&(Kind::Table, "shop-orders".into(), Done::Changed)));
    assert_eq!(differences(&shop).await, Vec::<String>::new());
}
