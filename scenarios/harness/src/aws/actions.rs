//! What a script can have done to AWS.

use super::words::Word;
use super::{messages, runs, tables};
use crate::catalog::{Argument, Kind, Signature};

pub(super) const QUEUE: Argument = Argument::text("queue");
pub(super) const TABLE: Argument = Argument::text("table");
pub(super) const ATTRIBUTES: Argument = Argument::optional("attributes", Kind::Map);
const GROUP: Argument = Argument::optional("group", Kind::Text);
const DEDUPLICATION: Argument = Argument::optional("deduplication_id", Kind::Text);

pub(super) const WORDS: &[Word] = &[
    Word {
        signature: Signature {
            name: "send_message",
            about: "Sends a message to a queue, by name, URL or ARN. A body that is no text is \
                    sent as JSON. The result has its `id`.",
            arguments: &[
                QUEUE,
                Argument::required("body", Kind::Any),
                ATTRIBUTES,
                GROUP,
                DEDUPLICATION,
                Argument::optional("delay_seconds", Kind::Number),
            ],
        },
        run: |aws, with| Box::pin(messages::send_message(aws, with)),
    },
    Word {
        signature: Signature {
            name: "publish",
            about: "Publishes to a topic, by name or ARN. A message that is no text is sent as \
                    JSON. The result has its `id`.",
            arguments: &[
                Argument::text("topic"),
                Argument::required("message", Kind::Any),
                Argument::optional("subject", Kind::Text),
                ATTRIBUTES,
                GROUP,
                DEDUPLICATION,
            ],
        },
        run: |aws, with| Box::pin(messages::publish(aws, with)),
    },
    Word {
        signature: Signature {
            name: "put_event",
            about: "Puts an event on a bus, the default one unless it is said. The result has its \
                    `id`.",
            arguments: &[
                Argument::text("source"),
                Argument::text("detail_type"),
                Argument::required("detail", Kind::Map),
                Argument::optional("bus", Kind::Text),
            ],
        },
        run: |aws, with| Box::pin(messages::put_event(aws, with)),
    },
    Word {
        signature: Signature {
            name: "redrive",
            about: "Sends the messages of a dead-letter queue back to the queues that they came \
                    from.",
            arguments: &[QUEUE],
        },
        run: |aws, with| Box::pin(messages::redrive(aws, with)),
    },
    Word {
        signature: Signature {
            name: "purge_queue",
            about: "Throws away all messages of a queue.",
            arguments: &[QUEUE],
        },
        run: |aws, with| Box::pin(messages::purge_queue(aws, with)),
    },
    Word {
        signature: Signature {
            name: "put_item",
            about: "Writes an item, in plain JSON, into a table.",
            arguments: &[TABLE, Argument::required("item", Kind::Map)],
        },
        run: |aws, with| Box::pin(tables::put_item(aws, with)),
    },
    Word {
        signature: Signature {
            name: "delete_item",
            about: "Deletes the item with this key, in plain JSON, from a table.",
            arguments: &[TABLE, Argument::required("key", Kind::Map)],
        },
        run: |aws, with| Box::pin(tables::delete_item(aws, with)),
    },
    Word {
        signature: Signature {
            name: "invoke",
            about: "Invokes a function and waits until it returns, which fails if the function \
                    does; with async it only hands the event over. The result has `status` and \
                    `payload`.",
            arguments: &[
                Argument::text("function"),
                Argument::optional("payload", Kind::Any),
                Argument::optional("async", Kind::Flag),
            ],
        },
        run: |aws, with| Box::pin(runs::invoke(aws, with)),
    },
    Word {
        signature: Signature {
            name: "start_execution",
            about: "Starts an execution of a state machine, by name or ARN. The result has its \
                    `arn`.",
            arguments: &[
                Argument::text("machine"),
                Argument::optional("input", Kind::Any),
                Argument::optional("name", Kind::Text),
            ],
        },
        run: |aws, with| Box::pin(runs::start_execution(aws, with)),
    },
    Word {
        signature: Signature {
            name: "aws",
            about: "Does any operation that answers at once, such as service sqs and operation \
                    CreateQueue, with the members that AWS's API reference names. The result is \
                    AWS's answer.",
            arguments: &[
                Argument::text("service"),
                Argument::text("operation"),
                Argument::optional("with", Kind::Map),
            ],
        },
        run: |aws, with| Box::pin(runs::any(aws, with)),
    },
];
