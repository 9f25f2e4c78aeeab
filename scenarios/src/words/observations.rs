//! What a script can see of the system, and where it is read.

use super::{CUSTOMER, ORDER, PRODUCT, QUEUE, Word};
use crate::world::queue_of;
use harness::{Argument, Kind, Signature, text};
use serde_json::json;

pub(super) const OBSERVATIONS: &[Word] = &[
    Word {
        signature: Signature {
            name: "order_status",
            about: "created, confirmed, processing, shipped, delivered or cancelled.",
            arguments: &[ORDER],
        },
        run: |world, of| Box::pin(world.order_status(of)),
    },
    Word {
        signature: Signature {
            name: "order_history",
            about: "The order's history: the list of its events, oldest first, by name.",
            arguments: &[ORDER],
        },
        run: |world, of| {
            Box::pin(async move { world.history(&format!("order#{}", text(of, "order")?)).await })
        },
    },
    Word {
        signature: Signature {
            name: "audit_trail",
            about: "What the bus told of the order: a map with `complete` and `events`, the list \
                    of their types in the order of time.",
            arguments: &[ORDER],
        },
        run: |world, of| Box::pin(async move { world.audit_trail(text(of, "order")?).await }),
    },
    Word {
        signature: Signature {
            name: "customer_orders",
            about: "The ids of a customer's orders, the newest first.",
            arguments: &[CUSTOMER],
        },
        run: |world, of| {
            Box::pin(async move { Ok(json!(world.orders_of(text(of, "customer")?).await?)) })
        },
    },
    Word {
        signature: Signature {
            name: "payment_history",
            about: "What happened to the order's payment: a list of event names, oldest first.",
            arguments: &[ORDER],
        },
        run: |world, of| {
            Box::pin(async move { world.history(&format!("payment#{}", text(of, "order")?)).await })
        },
    },
    Word {
        signature: Signature {
            name: "stock",
            about: "A product's stock: a map with on_hand, reserved and available.",
            arguments: &[PRODUCT],
        },
        run: |world, of| Box::pin(world.stock(of)),
    },
    Word {
        signature: Signature {
            name: "queue_depth",
            about: "How many messages a role's queue has: visible, in flight or delayed.",
            arguments: &[QUEUE],
        },
        run: |world, of| {
            Box::pin(
                async move { Ok(json!(world.waiting(world.names.queue(queue_of(of)?)).await?)) },
            )
        },
    },
    Word {
        signature: Signature {
            name: "queue_metric",
            about: "The sum of one of SQS's own metrics of a role's queue since the beginning, \
                    such as NumberOfMessagesSent, NumberOfMessagesReceived and \
                    NumberOfMessagesDeleted.",
            arguments: &[QUEUE, Argument::required("name", Kind::Text)],
        },
        run: |world, of| {
            Box::pin(async move { world.queue_metric(queue_of(of)?, text(of, "name")?).await })
        },
    },
    Word {
        signature: Signature {
            name: "dead_letters",
            about: "How many messages wait in a role's dead-letter queue.",
            arguments: &[QUEUE],
        },
        run: |world, of| Box::pin(async move { world.dead_letter_count(queue_of(of)?).await }),
    },
    Word {
        signature: Signature {
            name: "notifications",
            about: "What was sent about an order: a list of maps with mailbox, subject and text.",
            arguments: &[ORDER],
        },
        run: |world, of| Box::pin(world.notifications(of)),
    },
    Word {
        signature: Signature {
            name: "alarm",
            about: "The state of one of the system's CloudWatch alarms, such as \
                    `payments-dead-letters`: OK, ALARM or INSUFFICIENT_DATA.",
            arguments: &[Argument::required("name", Kind::Text)],
        },
        run: |world, of| Box::pin(async move { world.alarm(text(of, "name")?).await }),
    },
    Word {
        signature: Signature {
            name: "figure",
            about: "A total of the analytics, such as placed, delivered, cancelled, payments, \
                    payment_failures or events; revenue and refunds are by currency, in minor \
                    units.",
            arguments: &[Argument::required("name", Kind::Text)],
        },
        run: |world, of| Box::pin(async move { world.figure(text(of, "name")?).await }),
    },
    Word {
        signature: Signature {
            name: "metric",
            about: "The sum of one of the system's CloudWatch metrics since the beginning.",
            arguments: &[Argument::required("name", Kind::Text)],
        },
        run: |world, of| Box::pin(async move { world.metric(text(of, "name")?).await }),
    },
];
