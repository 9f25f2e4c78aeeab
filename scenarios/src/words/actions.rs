//! What a script can have done to the system, and how it is done.

use super::{CUSTOMER, ORDER, PRODUCT, QUEUE, Word};
use harness::{Argument, Kind, Signature};
use std::future::ready;

/// Like `{ street: 1 Main St, city: Portland, state: OR, zip_code: "97201", country: US }`.
const ADDRESS: Argument = Argument::optional("address", Kind::Map);
const SECONDS: Argument = Argument::required("seconds", Kind::Number);
/// Under one key it is done once, however often it is asked for.
const KEY: Argument = Argument::optional("key", Kind::Text);
const IF_ALLOWED: Argument = Argument::optional("if_allowed", Kind::Flag);

pub(super) const ACTIONS: &[Word] = &[
    Word {
        signature: Signature {
            name: "receive_stock",
            about: "Goods of one product arrive at the warehouse. With an idempotency key it is \
                    asked for until there is an answer.",
            arguments: &[PRODUCT, Argument::required("quantity", Kind::Number), KEY],
        },
        run: |world, with| Box::pin(world.receive_stock(with)),
    },
    Word {
        signature: Signature {
            name: "place_order",
            about: "A customer orders items: a list of product, quantity and unit_price. The \
                    result has the order's `id`. With an id or an idempotency key of the \
                    customer's own, it is asked for until there is an answer.",
            arguments: &[
                CUSTOMER,
                Argument::required("items", Kind::List),
                Argument::optional("currency", Kind::Text),
                Argument::optional("id", Kind::Text),
                KEY,
                ADDRESS,
            ],
        },
        run: |world, with| Box::pin(world.place_order(with)),
    },
    Word {
        signature: Signature {
            name: "confirm_order",
            about: "The customer agrees to pay. With if_allowed it is asked for until there is an \
                    answer, and an order for which it is too late is left as it is.",
            arguments: &[ORDER, Argument::required("payment_method", Kind::Text), KEY, IF_ALLOWED],
        },
        run: |world, with| Box::pin(world.confirm_order(with)),
    },
    Word {
        signature: Signature {
            name: "cancel_order",
            about: "The customer calls the order off. With if_allowed it is asked for until there \
                    is an answer, and an order for which it is too late is left as it is.",
            arguments: &[ORDER, Argument::required("reason", Kind::Text), KEY, IF_ALLOWED],
        },
        run: |world, with| Box::pin(world.cancel_order(with)),
    },
    Word {
        signature: Signature {
            name: "shipping_quote",
            about: "The customer asks what shipping costs: of an order, or of items (a list of \
                    product and quantity) to an address. The result has price, zone and \
                    weight_class, or refusal if the carrier does not take it. With insist it is \
                    asked for until there is an answer.",
            arguments: &[
                Argument::optional("order", Kind::Text),
                Argument::optional("items", Kind::List),
                ADDRESS,
                Argument::optional("insist", Kind::Flag),
            ],
        },
        run: |world, with| Box::pin(world.shipping_quote(with)),
    },
    Word {
        signature: Signature {
            name: "break_gateway",
            about: "The payment gateway fails for this customer until it is repaired.",
            arguments: &[CUSTOMER],
        },
        run: |world, with| Box::pin(world.break_gateway(with)),
    },
    Word {
        signature: Signature {
            name: "repair_gateway",
            about: "The payment gateway works again for this customer.",
            arguments: &[CUSTOMER],
        },
        run: |world, with| Box::pin(world.repair_gateway(with)),
    },
    Word {
        signature: Signature {
            name: "decline_payments",
            about: "The customer's bank declines payments until it accepts them again.",
            arguments: &[CUSTOMER],
        },
        run: |world, with| Box::pin(world.decline_payments(with)),
    },
    Word {
        signature: Signature {
            name: "accept_payments",
            about: "The customer's bank accepts payments again.",
            arguments: &[CUSTOMER],
        },
        run: |world, with| Box::pin(world.accept_payments(with)),
    },
    Word {
        signature: Signature {
            name: "inspect_dead_letters",
            about: "An operator looks at the messages in a dead-letter queue. The result has \
                    `count`, `letters`: each with `reason`, `receive_count` and `body`, and \
                    `receive_counts`: how often each was received before it was given up.",
            arguments: &[QUEUE],
        },
        run: |world, with| Box::pin(world.inspect_dead_letters(with)),
    },
    Word {
        signature: Signature {
            name: "redrive",
            about: "An operator sends a dead-letter queue's messages back to where they failed.",
            arguments: &[QUEUE],
        },
        run: |world, with| Box::pin(world.redrive(with)),
    },
    Word {
        signature: Signature {
            name: "add_instance",
            about: "One more process of the role that reads this queue. In simulations.",
            arguments: &[QUEUE],
        },
        run: |world, with| Box::pin(world.add_instance(with)),
    },
    Word {
        signature: Signature {
            name: "lose_read_models",
            about: "What the read side shows of orders is lost.",
            arguments: &[],
        },
        run: |world, _| Box::pin(world.lose_read_models()),
    },
    Word {
        signature: Signature {
            name: "falsify_read_models",
            about: "The read side shows all orders as cancelled, by an event that will never \
                    come, and one that was never placed.",
            arguments: &[],
        },
        run: |world, _| Box::pin(world.falsify_read_models()),
    },
    Word {
        signature: Signature {
            name: "rebuild_read_models",
            about: "An operator has the read side made anew from the histories. The result has \
                    `repaired` and `removed`: how many rows.",
            arguments: &[],
        },
        run: |world, _| Box::pin(world.rebuild_read_models()),
    },
    Word {
        signature: Signature {
            name: "cut_stream",
            about: "The stream's brokers answer nobody for so many seconds. In simulations.",
            arguments: &[SECONDS],
        },
        run: |world, with| Box::pin(ready(world.cut_stream(with))),
    },
    Word {
        signature: Signature {
            name: "lag_stream",
            about: "A partition of a topic (orders, inventory, payments, customers) yields \
                    nothing for so many seconds. In simulations.",
            arguments: &[
                Argument::required("topic", Kind::Text),
                Argument::required("partition", Kind::Number),
                SECONDS,
            ],
        },
        run: |world, with| Box::pin(ready(world.lag_stream(with))),
    },
    Word {
        signature: Signature {
            name: "lose_stream_answers",
            about: "So many appends to the stream are done, and who appended does not hear of \
                    it. In simulations.",
            arguments: &[Argument::required("count", Kind::Number)],
        },
        run: |world, with| Box::pin(ready(world.lose_stream_answers(with))),
    },
    Word {
        signature: Signature {
            name: "fence_analytics",
            about: "The group that counts the stream goes on without its members. In simulations.",
            arguments: &[],
        },
        run: |world, _| Box::pin(ready(world.fence_analytics())),
    },
    Word {
        signature: Signature {
            name: "advance_clock",
            about: "AWS's clock jumps ahead by this length of time, and that of the system's \
                    processes does not. In simulations.",
            arguments: &[Argument::required("by", Kind::Text)],
        },
        run: |world, with| Box::pin(ready(world.advance_clock(with))),
    },
    Word {
        signature: Signature {
            name: "replay",
            about: "An operator has archived events sent again, to the role or to all roles, and \
                    waits until they are. Which ones is said by lengths of time since the system \
                    was set up: `from` (its beginning) and `to` (now). The result has `name`, \
                    `state` and `percent`.",
            arguments: &[
                Argument::optional("from", Kind::Text),
                Argument::optional("to", Kind::Text),
                Argument::optional("role", Kind::Text),
            ],
        },
        run: |world, with| Box::pin(world.replay(with)),
    },
];
