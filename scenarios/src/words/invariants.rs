//! What must be true of the system whenever it is at rest, and who judges it.

use super::Invariant;
use crate::invariants::{answers, deadlines, figures, mail, money, orders, sagas, stock, trails};
use harness::Signature;

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        signature: Signature {
            name: "no_order_lost",
            about: "Each accepted order exists and was delivered or cancelled, once, or \
                    waits for the customer's confirmation or, by a dead letter, for an \
                    operator.",
            arguments: &[],
        },
        judge: orders::lost,
    },
    Invariant {
        signature: Signature {
            name: "charged_at_most_once",
            about: "Each order is paid for at most once, with its total; a cancelled one \
                    gets it back.",
            arguments: &[],
        },
        judge: money::wrong_charges,
    },
    Invariant {
        signature: Signature {
            name: "stock_conserved",
            about: "What came in is on hand or was shipped, what is reserved is held by \
                    orders, and no more was ever reserved than on hand.",
            arguments: &[],
        },
        judge: stock::unbalanced,
    },
    Invariant {
        signature: Signature {
            name: "sagas_end_once",
            about: "Each confirmed order ends once, and a cancelled one is undone in \
                    reverse: money first, stock last.",
            arguments: &[],
        },
        judge: sagas::wrong_ends,
    },
    Invariant {
        signature: Signature {
            name: "projection_equals_fold",
            about: "The read side shows each order, and each customer's orders, as the \
                    histories make them.",
            arguments: &[],
        },
        judge: trails::wrong_rows,
    },
    Invariant {
        signature: Signature {
            name: "audit_without_gaps",
            about: "Versions have no gaps, and the audit trail has every stored event, once, \
                    under the request that placed its order.",
            arguments: &[],
        },
        judge: trails::gaps,
    },
    Invariant {
        signature: Signature {
            name: "notified_once",
            about: "Whoever is to be told of what the histories have was told, and not again \
                    once that was on record.",
            arguments: &[],
        },
        judge: mail::wrong_letters,
    },
    Invariant {
        signature: Signature {
            name: "answers_hold",
            about: "A command that was answered is in the history, a refused one was not \
                    allowed, and what failed had a reason.",
            arguments: &[],
        },
        judge: answers::broken_promises,
    },
    Invariant {
        signature: Signature {
            name: "deadlines_have_reasons",
            about: "No deadline rings early, and none hides something that should have been \
                    done.",
            arguments: &[],
        },
        judge: deadlines::hasty,
    },
    Invariant {
        signature: Signature {
            name: "figures_equal_event_store",
            about: "The analytics has counted each event of each history, and once: in its \
                    totals, minutes, alerts and metrics.",
            arguments: &[],
        },
        judge: figures::wrong_totals,
    },
    Invariant {
        signature: Signature {
            name: "only_poison_in_dead_letters",
            about: "Nobody gave up on a message, except for payments of customers while their \
                    gateway was broken.",
            arguments: &[],
        },
        judge: trails::strange_letters,
    },
];
