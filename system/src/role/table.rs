//! The roles, one row each. What a role does with what reaches it is in `roles`.

use super::{Input, Role, Rule};
use crate::contracts::EventType as Type;
use crate::contracts::Source;
use crate::domain::saga::Participant;
use crate::failure::Dependency;

/// What there is to know of a role from outside.
pub(super) struct Row {
    pub(super) role: Role,
    pub(super) name: &'static str,
    /// One sentence.
    pub(super) about: &'static str,
    pub(super) input: Input,
    /// Of its queue, from the bus.
    pub(super) rules: &'static [Rule],
    /// The part it plays in the saga.
    pub(super) participant: Option<Participant>,
    /// What it cannot do its work without.
    pub(super) dependencies: &'static [Dependency],
    /// The services whose events it records.
    pub(super) sources: &'static [Source],
    /// Whether what is delayed in its queue are deadlines, most of which will find that everything
    /// was done in time.
    pub(super) keeps_deadlines: bool,
}

/// In the order of the enum.
pub(super) static ROWS: &[Row] = &[
    Row {
        role: Role::Api,
        name: "api",
        about: "Answers customers and staff.",
        input: Input::Requests,
        rules: &[],
        participant: None,
        dependencies: &[Dependency::DynamoDb],
        sources: &[Source::Orders, Source::Inventory],
        keeps_deadlines: false,
    },
    Row {
        role: Role::Orders,
        name: "orders",
        about: "Moves orders on.",
        input: Input::Queue("orders"),
        rules: &[
            Rule::Types(&[Type::OrderPlaced, Type::PaymentRequested, Type::OrderProcessing]),
            Rule::Types(&[Type::InventoryReserved, Type::ReservationFailed]),
            Rule::Types(&[Type::PaymentProcessed, Type::PaymentFailed]),
        ],
        participant: Some(Participant::Orders),
        dependencies: &[Dependency::DynamoDb, Dependency::Sqs],
        sources: &[Source::Orders],
        keeps_deadlines: true,
    },
    Row {
        role: Role::Inventory,
        name: "inventory",
        about: "Reserves, releases and ships.",
        input: Input::Queue("inventory"),
        rules: &[
            Rule::Types(&[Type::OrderPlaced, Type::OrderShipped]),
            Rule::Cancelled { refund_due: false },
            Rule::Types(&[Type::PaymentRefunded, Type::PaymentVoided]),
        ],
        participant: Some(Participant::Inventory),
        dependencies: &[Dependency::DynamoDb],
        sources: &[Source::Inventory],
        keeps_deadlines: false,
    },
    Row {
        role: Role::Payments,
        name: "payments",
        about: "Takes money and gives it back.",
        input: Input::Queue("payments"),
        rules: &[Rule::Types(&[Type::PaymentRequested]), Rule::Cancelled { refund_due: true }],
        participant: Some(Participant::Payments),
        dependencies: &[Dependency::DynamoDb, Dependency::Gateway],
        sources: &[Source::Payments],
        keeps_deadlines: false,
    },
    Row {
        role: Role::Fulfilment,
        name: "fulfilment",
        about: "Packs and carries.",
        input: Input::Queue("fulfilment"),
        rules: &[Rule::Types(&[Type::OrderProcessing, Type::OrderShipped])],
        participant: Some(Participant::Fulfilment),
        dependencies: &[Dependency::DynamoDb, Dependency::Sqs],
        sources: &[Source::Orders],
        keeps_deadlines: false,
    },
    Row {
        role: Role::Notifications,
        name: "notifications",
        about: "Tells customers and staff.",
        input: Input::Queue("notifications"),
        rules: &[
            Rule::Types(&[
                Type::OrderPlaced,
                Type::OrderConfirmed,
                Type::OrderProcessing,
                Type::OrderShipped,
                Type::OrderDelivered,
                Type::OrderCancelled,
            ]),
            Rule::Types(&[Type::LowStockAlert]),
            Rule::Types(&[Type::PaymentProcessed, Type::PaymentFailed, Type::PaymentRefunded]),
        ],
        participant: None,
        dependencies: &[Dependency::DynamoDb, Dependency::Sns],
        sources: &[],
        keeps_deadlines: false,
    },
    Row {
        role: Role::Projector,
        name: "projector",
        about: "Keeps the read side up to date.",
        input: Input::Queue("projector"),
        rules: &[Rule::Types(&[
            Type::OrderPlaced,
            Type::OrderConfirmed,
            Type::PaymentRequested,
            Type::OrderProcessing,
            Type::OrderShipped,
            Type::OrderDelivered,
            Type::OrderCancelled,
        ])],
        participant: None,
        dependencies: &[Dependency::DynamoDb],
        sources: &[],
        keeps_deadlines: false,
    },
    Row {
        role: Role::Audit,
        name: "audit",
        about: "Writes down what the bus tells.",
        input: Input::Queue("audit"),
        rules: &[Rule::OfSystem],
        participant: None,
        dependencies: &[Dependency::DynamoDb],
        sources: &[],
        keeps_deadlines: false,
    },
    Row {
        role: Role::Carrier,
        name: "carrier",
        about: "Says what shipping costs.",
        input: Input::Queue("quote-requests"),
        rules: &[],
        participant: None,
        dependencies: &[Dependency::Sqs],
        sources: &[],
        keeps_deadlines: false,
    },
    Row {
        role: Role::Bridge,
        name: "bridge",
        about: "Takes events to the stream.",
        input: Input::Queue("bridge"),
        rules: &[Rule::OfSources],
        participant: None,
        dependencies: &[Dependency::Kafka],
        sources: &[],
        keeps_deadlines: false,
    },
    Row {
        role: Role::Analytics,
        name: "analytics",
        about: "Counts the stream.",
        input: Input::Stream,
        rules: &[],
        participant: None,
        dependencies: &[Dependency::Kafka, Dependency::DynamoDb],
        sources: &[],
        keeps_deadlines: false,
    },
];

// A role finds its row by its place.
const _: () = {
    let mut at = 0;
    while at < ROWS.len() {
        assert!(ROWS[at].role as usize == at, "a row stands in another place than its role");
        at += 1;
    }
};
