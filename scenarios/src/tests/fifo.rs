//! The system with FIFO queues for orders and payments.

use super::shop::{Shop, wait};
use crate::form::Form;
use crate::{library, stages};
use aws_sdk_sqs::types::QueueAttributeName as Name;
use harness::stage::Detail;
use orderflow::config::QueueKind;
use orderflow::dead_letters::{self, Which};
use orderflow::{Role, infra};
use std::time::Duration;

#[test]
fn every_scenario_holds_on_fifo_queues() {
    for script in library::sample().expect("good scripts") {
        let forms = [Form::FIFO, Form::ALL].into_iter();
        for form in forms.filter(|form| form.has_story(&script.name)) {
            let run = stages::play_simulated(&script, 1, Detail::Failures, form);
            let run = run.expect("a world");
            assert!(run.passed, "{}", run.text(&form.flags()));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_system_becomes_one_with_fifo_queues_and_all_of_it_goes() {
    let mut shop = Shop::new().await;
    shop.names = shop.names.clone().with_queues(QueueKind::Fifo);
    shop.config.names = shop.names.clone();
    shop.apply().await;
    let found = infra::diff(&shop.aws, &shop.config).await.expect("compared");
    assert!(found.is_empty(), "{found:#?}");
    for (name, fifo) in [
        ("shop-orders.fifo", true),
        ("shop-orders-dlq.fifo", true),
        ("shop-payments.fifo", true),
        ("shop-orders-intake", false),
        ("shop-inventory", false),
    ] {
        let queue = shop.queue(name).await;
        let asked = shop.aws.sqs().get_queue_attributes().queue_url(queue.url());
        let all = asked.attribute_names(Name::All).send().await.expect("attributes");
        let all = all.attributes.unwrap_or_default();
        let of = |name: &Name| all.get(name).map(String::as_str);
        assert_eq!(of(&Name::FifoQueue), fifo.then_some("true"), "{name}");
        let scope = of(&Name::DeduplicationScope);
        assert_eq!(scope, fifo.then_some("messageGroup"), "{name}");
    }
    infra::destroy(&shop.aws, &shop.names).await.expect("destroyed");
    assert!(shop.queues("").await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn poison_becomes_a_dead_letter_of_a_fifo_queue_and_again_when_it_is_sent_back() {
    let shop = Shop::with_queues(QueueKind::Fifo).await;
    let running = shop.start(&[Role::Orders]).await;
    let intake = shop.names.intake(Role::Orders).expect("an intake");
    shop.queue(&intake).await.send("nonsense", Duration::ZERO).await.expect("it is sent");
    let (aws, names, all) = (&shop.aws, &shop.names, Which::Any(10));
    for _ in 0..2 {
        wait(5).await;
        let letters = dead_letters::list(aws, names, Role::Orders, &all).await.expect("letters");
        let bodies: Vec<_> = letters.iter().map(|it| it.body.as_str()).collect();
        assert_eq!(bodies, ["nonsense"]);
        let sent = dead_letters::redrive(aws, names, Role::Orders, &all).await;
        assert_eq!(sent, Ok(1));
    }
    running.stop().await;
}
