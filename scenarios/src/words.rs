//! The words of the order system's scenarios. What they do is in [`crate::world`].

use harness::{Argument, Catalog, Kind, Signature};

const ORDER: Argument = Argument::required("order", Kind::Text);
const PRODUCT: Argument = Argument::required("product", Kind::Text);
const QUEUE: Argument = Argument::required("queue", Kind::Text);
const CUSTOMER: Argument = Argument::required("customer", Kind::Text);
/// Like `{ street: 1 Main St, city: Portland, state: OR, zip_code: "97201", country: US }`.
const ADDRESS: Argument = Argument::optional("address", Kind::Map);
const SECONDS: Argument = Argument::required("seconds", Kind::Number);
const IF_ALLOWED: Argument = Argument::optional("if_allowed", Kind::Flag);

pub(crate) const CATALOG: Catalog = Catalog {
    actions: &[
        Signature {
            name: "receive_stock",
            about: "Goods of one product arrive at the warehouse.",
            arguments: &[PRODUCT, Argument::required("quantity", Kind::Number)],
        },
        Signature {
            name: "place_order",
            about: "A customer orders items: a list of product, quantity and unit_price. The \
                    result has the order's `id`. With an id of the customer's own, it is asked for \
                    until there is an answer.",
            arguments: &[
                CUSTOMER,
                Argument::required("items", Kind::List),
                Argument::optional("currency", Kind::Text),
                Argument::optional("id", Kind::Text),
                ADDRESS,
            ],
        },
        Signature {
            name: "confirm_order",
            about: "The customer agrees to pay. With if_allowed it is asked for until there is an \
                    answer, and an order for which it is too late is left as it is.",
            arguments: &[ORDER, Argument::required("payment_method", Kind::Text), IF_ALLOWED],
        },
        Signature {
            name: "cancel_order",
            about: "The customer calls the order off. With if_allowed it is asked for until there \
                    is an answer, and an order for which it is too late is left as it is.",
            arguments: &[ORDER, Argument::required("reason", Kind::Text), IF_ALLOWED],
        },
        Signature {
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
        Signature {
            name: "break_gateway",
            about: "The payment gateway fails for this customer until it is repaired.",
            arguments: &[CUSTOMER],
        },
        Signature {
            name: "repair_gateway",
            about: "The payment gateway works again for this customer.",
            arguments: &[CUSTOMER],
        },
        Signature {
            name: "decline_payments",
            about: "The customer's bank declines payments until it accepts them again.",
            arguments: &[CUSTOMER],
        },
        Signature {
            name: "accept_payments",
            about: "The customer's bank accepts payments again.",
            arguments: &[CUSTOMER],
        },
        Signature {
            name: "inspect_dead_letters",
            about: "An operator looks at the messages in a dead-letter queue. The result has \
                    `count` and `letters`: each with `reason`, `receive_count` and `body`.",
            arguments: &[QUEUE],
        },
        Signature {
            name: "redrive",
            about: "An operator sends a dead-letter queue's messages back to where they failed.",
            arguments: &[QUEUE],
        },
        Signature {
            name: "lose_read_models",
            about: "What the read side shows of orders is lost.",
            arguments: &[],
        },
        Signature {
            name: "falsify_read_models",
            about: "The read side shows all orders as cancelled, by an event that will never \
                    come, and one that was never placed.",
            arguments: &[],
        },
        Signature {
            name: "rebuild_read_models",
            about: "An operator has the read side made anew from the histories. The result has \
                    `repaired` and `removed`: how many rows.",
            arguments: &[],
        },
        Signature {
            name: "cut_stream",
            about: "The stream's brokers answer nobody for so many seconds. In simulations.",
            arguments: &[SECONDS],
        },
        Signature {
            name: "lag_stream",
            about: "A partition of a topic (orders, inventory, payments, customers) yields \
                    nothing for so many seconds. In simulations.",
            arguments: &[
                Argument::required("topic", Kind::Text),
                Argument::required("partition", Kind::Number),
                SECONDS,
            ],
        },
        Signature {
            name: "lose_stream_answers",
            about: "So many appends to the stream are done, and who appended does not hear of \
                    it. In simulations.",
            arguments: &[Argument::required("count", Kind::Number)],
        },
        Signature {
            name: "fence_analytics",
            about: "The group that counts the stream goes on without its members. In simulations.",
            arguments: &[],
        },
        Signature {
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
    ],
    observations: &[
        Signature {
            name: "order_status",
            about: "created, confirmed, processing, shipped, delivered or cancelled.",
            arguments: &[ORDER],
        },
        Signature {
            name: "order_history",
            about: "The order's history: the list of its events, oldest first, by name.",
            arguments: &[ORDER],
        },
        Signature {
            name: "audit_trail",
            about: "What the bus told of the order: a map with `complete` and `events`, the list \
                    of their types in the order of time.",
            arguments: &[ORDER],
        },
        Signature {
            name: "customer_orders",
            about: "The ids of a customer's orders, the newest first.",
            arguments: &[CUSTOMER],
        },
        Signature {
            name: "payment_history",
            about: "What happened to the order's payment: a list of event names, oldest first.",
            arguments: &[ORDER],
        },
        Signature {
            name: "stock",
            about: "A product's stock: a map with on_hand, reserved and available.",
            arguments: &[PRODUCT],
        },
        Signature {
            name: "queue_depth",
            about: "How many messages a role's queue has: visible, in flight or delayed.",
            arguments: &[QUEUE],
        },
        Signature {
            name: "dead_letters",
            about: "How many messages wait in a role's dead-letter queue.",
            arguments: &[QUEUE],
        },
        Signature {
            name: "notifications",
            about: "What was sent about an order: a list of maps with mailbox, subject and text.",
            arguments: &[ORDER],
        },
        Signature {
            name: "alarm",
            about: "The state of one of the system's CloudWatch alarms, such as \
                    `payments-dead-letters`: OK, ALARM or INSUFFICIENT_DATA.",
            arguments: &[Argument::required("name", Kind::Text)],
        },
        Signature {
            name: "figure",
            about: "A total of the analytics, such as placed, delivered, cancelled, payments, \
                    payment_failures or events; revenue and refunds are by currency, in minor \
                    units.",
            arguments: &[Argument::required("name", Kind::Text)],
        },
        Signature {
            name: "metric",
            about: "The sum of one of the system's CloudWatch metrics since the beginning.",
            arguments: &[Argument::required("name", Kind::Text)],
        },
    ],
    invariants: &[
        Signature {
            name: "no_order_lost",
            about: "Each accepted order exists and was delivered or cancelled, once, or \
                    waits for the customer's confirmation or, by a dead letter, for an \
                    operator.",
            arguments: &[],
        },
        Signature {
            name: "charged_at_most_once",
            about: "Each order is paid for at most once, with its total; a cancelled one \
                    gets it back.",
            arguments: &[],
        },
        Signature {
            name: "stock_conserved",
            about: "What came in is on hand or was shipped, what is reserved is held by \
                    orders, and no more was ever reserved than on hand.",
            arguments: &[],
        },
        Signature {
            name: "sagas_end_once",
            about: "Each confirmed order ends once, and a cancelled one is undone in \
                    reverse: money first, stock last.",
            arguments: &[],
        },
        Signature {
            name: "projection_equals_fold",
            about: "The read side shows each order, and each customer's orders, as the \
                    histories make them.",
            arguments: &[],
        },
        Signature {
            name: "audit_without_gaps",
            about: "Versions have no gaps, and the audit trail has every stored event, once, \
                    under the request that placed its order.",
            arguments: &[],
        },
        Signature {
            name: "notified_once",
            about: "Whoever was to be told of an event was told, and not again once that \
                    was on record.",
            arguments: &[],
        },
        Signature {
            name: "figures_equal_event_store",
            about: "The analytics has counted each event of each history, and once.",
            arguments: &[],
        },
        Signature {
            name: "only_poison_in_dead_letters",
            about: "Nobody gave up on a message, except for payments of customers whose \
                    gateway was broken.",
            arguments: &[],
        },
    ],
    roles: &[
        Signature { name: "api", about: "Answers customers and staff.", arguments: &[] },
        Signature { name: "orders", about: "Moves orders on.", arguments: &[] },
        Signature { name: "inventory", about: "Reserves, releases and ships.", arguments: &[] },
        Signature { name: "payments", about: "Takes money and gives it back.", arguments: &[] },
        Signature { name: "fulfilment", about: "Packs and carries.", arguments: &[] },
        Signature { name: "notifications", about: "Tells customers and staff.", arguments: &[] },
        Signature { name: "projector", about: "Keeps the read side up to date.", arguments: &[] },
        Signature { name: "audit", about: "Writes down what the bus tells.", arguments: &[] },
        Signature { name: "carrier", about: "Says what shipping costs.", arguments: &[] },
        Signature { name: "bridge", about: "Takes events to the stream.", arguments: &[] },
        Signature { name: "analytics", about: "Counts the stream.", arguments: &[] },
    ],
};

#[cfg(test)]
mod tests {
    use super::CATALOG;
    use orderflow::Role;

    #[test]
    fn the_roles_are_those_of_the_system() {
        let known: Vec<_> = CATALOG.roles.iter().map(|role| role.name).collect();
        assert_eq!(known, Role::ALL.map(Role::as_str));
    }
}
