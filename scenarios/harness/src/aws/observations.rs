//! What a script can see of AWS. Nothing is taken or changed by it.

use super::actions::{QUEUE, TABLE};
use super::words::Word;
use super::{messages, runs, tables, watching};
use crate::catalog::{Argument, Kind, Signature};

pub(super) const WORDS: &[Word] = &[
    Word {
        signature: Signature {
            name: "queue_depth",
            about: "How many messages a queue holds: visible, in flight or delayed.",
            arguments: &[QUEUE],
        },
        run: |aws, of| Box::pin(messages::queue_depth(aws, of)),
    },
    Word {
        signature: Signature {
            name: "queue",
            about: "What a queue holds: a map with `visible`, `in_flight` and `delayed`.",
            arguments: &[QUEUE],
        },
        run: |aws, of| Box::pin(messages::queue(aws, of)),
    },
    Word {
        signature: Signature {
            name: "messages",
            about: "The messages of a queue, the oldest first, without taking them: a list of maps \
                    with `id`, `body` (JSON where it is), `state` (visible, in-flight or delayed), \
                    `receive_count`, `sent`, `attributes` and `group`.",
            arguments: &[QUEUE, Argument::optional("count", Kind::Number)],
        },
        run: |aws, of| Box::pin(messages::messages(aws, of)),
    },
    Word {
        signature: Signature {
            name: "dead_letters",
            about: "The messages of the dead-letter queue of this queue, as `messages` shows them.",
            arguments: &[QUEUE],
        },
        run: |aws, of| Box::pin(messages::dead_letters(aws, of)),
    },
    Word {
        signature: Signature {
            name: "item",
            about: "The item with this key, in plain JSON; null if there is none.",
            arguments: &[TABLE, Argument::required("key", Kind::Map)],
        },
        run: |aws, of| Box::pin(tables::item(aws, of)),
    },
    Word {
        signature: Signature {
            name: "items",
            about: "The items of a table, in plain JSON; the first thousand of them.",
            arguments: &[TABLE],
        },
        run: |aws, of| Box::pin(tables::items(aws, of)),
    },
    Word {
        signature: Signature {
            name: "metric",
            about: "A metric of the last fortnight: its Sum, or the statistic SampleCount, \
                    Average, Minimum or Maximum. No data is 0.",
            arguments: &[
                Argument::text("namespace"),
                Argument::text("name"),
                Argument::optional("dimensions", Kind::Map),
                Argument::optional("statistic", Kind::Text),
            ],
        },
        run: |aws, of| Box::pin(watching::metric(aws, of)),
    },
    Word {
        signature: Signature {
            name: "alarm",
            about: "The state of an alarm: OK, ALARM or INSUFFICIENT_DATA.",
            arguments: &[Argument::text("name")],
        },
        run: |aws, of| Box::pin(watching::alarm(aws, of)),
    },
    Word {
        signature: Signature {
            name: "executions",
            about: "The executions of a state machine, the newest first: a list of maps with \
                    `name`, `status`, `input` and `output`; the first hundred of them.",
            arguments: &[Argument::text("machine")],
        },
        run: |aws, of| Box::pin(runs::executions(aws, of)),
    },
    Word {
        signature: Signature {
            name: "execution",
            about: "One execution, by ARN: a map as `executions` lists them.",
            arguments: &[Argument::text("arn")],
        },
        run: |aws, of| Box::pin(runs::execution(aws, of)),
    },
    Word {
        signature: Signature {
            name: "logs",
            about: "The lines of a log group, the oldest first: those that a filter pattern finds, \
                    or all; the first thousand of them.",
            arguments: &[Argument::text("group"), Argument::optional("filter", Kind::Text)],
        },
        run: |aws, of| Box::pin(watching::logs(aws, of)),
    },
    Word {
        signature: Signature {
            name: "mail",
            about: "What left for people and devices, mail, texts and notes to phones: a list of \
                    maps with `to`, `subject`, `body` and `protocol`.",
            arguments: &[Argument::optional("to", Kind::Text)],
        },
        run: |aws, of| Box::pin(watching::mail(aws, of)),
    },
    Word {
        signature: Signature {
            name: "aws",
            about: "The answer of any operation that only looks, such as service sns and operation \
                    ListTopics.",
            arguments: &[
                Argument::text("service"),
                Argument::text("operation"),
                Argument::optional("with", Kind::Map),
            ],
        },
        run: |aws, of| Box::pin(runs::any(aws, of)),
    },
    Word {
        signature: Signature {
            name: "clock",
            about: "The time of the cloud, in ISO 8601.",
            arguments: &[],
        },
        run: |aws, _of| Box::pin(watching::clock(aws)),
    },
];
