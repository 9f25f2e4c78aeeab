//! The plan, and that all requests of making and removing are as AWS's models have them.

use super::{Account, clean_up, config, form_refused, plan, set_up};
use crate::asked::{Findings, Reader};
use crate::form::Form;
use crate::library;
use crate::words::CATALOG;
use harness::record::Recorder;
use orderflow::{Aws, Names};
use skyrig::Emulator;
use std::sync::{Arc, Mutex};

fn names(prefix: &str) -> Names {
    Names::parse(prefix).expect("a prefix")
}

#[test]
fn what_aws_does_not_do_is_refused_by_name() {
    for (name, expected) in [
        ("order-happy-path", &[][..]),
        ("rolling-restart", &["the fault `a slow bank` (delay)"]),
        ("clock-jump", &["the action `advance_clock`: AWS's clock is its own"]),
        ("consumer-lag", &[]),
    ] {
        let script = library::find(name).expect("a scenario");
        let refused = plan::refusals(&script);
        assert_eq!(refused.len(), expected.len(), "{name}: {refused:?}");
        for (refused, expected) in refused.iter().zip(expected) {
            assert!(refused.starts_with(expected), "{refused}");
        }
    }
    assert_eq!(form_refused(Form::ALL).len(), 2);
    assert!(form_refused(Form::FIFO).is_empty());
}

/// Every word that a simulation alone can do says so.
#[test]
fn words_of_simulations_are_known() {
    let said = CATALOG.actions.iter().filter(|word| word.about.contains("In simulations."));
    for word in said {
        let mut script = library::find("order-happy-path").expect("a scenario");
        let act = script.when[0].act.as_mut().expect("an action");
        act.action = word.name.to_owned();
        assert_eq!(plan::refusals(&script).len(), 1, "{}", word.name);
    }
}

#[test]
fn a_dry_run_says_what_would_be_made_and_what_it_may_cost() {
    let script = library::find("flash-sale").expect("a scenario");
    let config = config(&script, names("scenario-1"), Form::default());
    let lines = plan::lines(&script, &config, "eu-west-1", Form::default()).expect("a plan");
    let text = lines.join("\n");
    for part in [
        "flash-sale: at AWS, in eu-west-1, it makes ",
        "scenario-1-event-store",
        "scenario-1-payments-dlq",
        "1 bus: scenario-1-events",
        "Scenario=flash-sale",
        "System=scenario-1",
        "It places about 10001 orders and lasts 46m at most.",
        " USD (",
        "orderflow infra destroy --aws --region eu-west-1 --prefix scenario-1",
    ] {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
}

#[test]
fn aws_is_used_only_when_asked_for_in_words() {
    let account = Account { yes: true, ..Account::default() };
    assert!(account.wanted().is_err());
    let good = Account { prefix: Some("UPPER".to_owned()), ..account };
    assert!(good.names(Form::default()).is_err());
}

/// Against the emulator, which keeps what was made and removed.
#[tokio::test(start_paused = true)]
async fn all_requests_are_as_awss_models_have_them_and_nothing_is_left() {
    let emulator = Emulator::builder().seed(1).build();
    let found = Arc::new(Mutex::new(Findings::default()));
    let (recorder, reader) = (Recorder::new(), Reader::new(Arc::clone(&found)));
    recorder.watch(Box::new(move |it| reader.read(it.target, it.uri, it.request)));
    let aws = Aws::from(emulator.sdk_config()).through(|client| recorder.around(client));
    // SQS does not make a queue of one name again at once.
    for (prefix, form) in [("scenario-1", Form::default()), ("scenario-2", Form::FIFO)] {
        let script = library::find("order-happy-path").expect("a scenario");
        let config = config(&script, names(prefix).with_queues(form.queues()), form);
        set_up(&aws, &config).await.expect("made");
        let queues = aws.sqs().list_queues().queue_name_prefix(prefix).send().await;
        let queues = queues.expect("ListQueues").queue_urls.unwrap_or_default();
        assert!(queues.len() > 20, "{queues:?}");
        let tags = aws.sqs().list_queue_tags().queue_url(&queues[0]).send().await;
        let tags = tags.expect("ListQueueTags").tags.unwrap_or_default();
        assert_eq!(tags.get("Scenario").map(String::as_str), Some("order-happy-path"));
        let removed = clean_up(&aws, &config.names).await.expect("removed");
        assert!(removed > 60, "{removed}");
        let left = aws.sqs().list_queues().send().await.expect("ListQueues");
        assert!(left.queue_urls().is_empty(), "{left:?}");
        let left = aws.dynamodb().list_tables().send().await.expect("ListTables");
        assert!(left.table_names().is_empty(), "{left:?}");
    }
    let found = found.lock().expect("nobody panics with it");
    assert!(found.wrong.is_empty(), "{:#?}", found.wrong);
    for operation in ["sqs CreateQueue", "events PutRule", "dynamodb CreateTable"] {
        assert!(found.operations.contains_key(operation), "{:?}", found.operations);
    }
}
