//! The kinds of refusals, each with its code and what it means.

/// Source: RFC 9457, section 3.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// A code, a title, and when it happens.
pub(super) const ALL: &[(&str, &str, &str)] = &[
    (
        "BelowReserved",
        "Less than what is reserved",
        "Stock cannot be counted below what orders hold",
    ),
    ("BodyTooLarge", "The body is too large", "A body has at most 64 KiB"),
    ("Forbidden", "Not for this page", "A web page from elsewhere may not use the API"),
    (
        "IdempotencyKeyReused",
        "The key was used for something else",
        "An idempotency key belongs to the request that brought it first",
    ),
    ("IllegalTransition", "Not as the order is now", "The order is in a state that rules it out"),
    ("InsufficientStock", "Not enough in stock", "There is less than what was asked for"),
    ("InternalError", "Our own fault", "To try it again will hardly help"),
    (
        "InvalidBody",
        "The body is not what is expected",
        "No JSON, or not by the operation's schema",
    ),
    ("InvalidIdentifier", "No identifier", "Identifiers have a narrow alphabet and 64 characters"),
    ("InvalidMoney", "No amount of money", "The currency is unknown, or the amount too large"),
    ("InvalidOrder", "The order cannot be taken", "What is wrong with it stands in the detail"),
    ("InvalidPath", "The path cannot be read", "It has a part that is no text"),
    ("InvalidQuery", "The query is not what is expected", "See the operation's parameters"),
    ("InvalidShipment", "The shipment cannot be quoted", "Its address or its items are wrong"),
    ("InvalidStock", "No number of pieces", "It is larger than what is counted here"),
    ("InvalidSubscriber", "No such subscriber can be", "Its name or its filter is wrong"),
    ("MethodNotAllowed", "Not with this method", "The path takes other methods"),
    ("NoDeadLetter", "No such dead letter", "There is none, or somebody has it in hand"),
    ("NoShippingAddress", "The order has no address", "It was placed without a shipping address"),
    ("NoSuchRole", "No such role", "The role is unknown, or has no dead letters"),
    ("NoSuchRoute", "There is nothing", "No operation has this path"),
    ("OrderAlreadyExists", "The order exists", "Another order was placed under this id"),
    ("OrderNotFound", "No such order", "It was never placed, or is not on the read side yet"),
    ("ProductNotFound", "No such product", "Its stock was never counted"),
    ("QuoteTimedOut", "The carrier did not answer", "It may do so when asked again"),
    ("RequestTimeout", "The request took too long", "Its body did not come in time"),
    ("ShippingRefused", "The carrier does not take it", "The reason stands in the detail"),
    ("SubscriberExists", "The subscriber exists", "Somebody else has added it with another filter"),
    ("SubscriberNotFound", "No such subscriber", "It was never added, or was removed"),
    (
        "SubscriberRemovedJustNow",
        "The subscriber was removed just now",
        "SQS needs a minute before its queue can be made again",
    ),
    ("TooManyRequests", "Too many requests", "Wait for as long as retry-after says"),
    ("Unauthorized", "Who are you?", "The request lacks the right token"),
    ("Unavailable", "Not now", "Something that the API relies on fails; try again later"),
    ("UnsupportedMediaType", "Only JSON is taken", "A body needs content-type: application/json"),
];

/// What a code means, in a few words.
pub(super) fn title(code: &str) -> &'static str {
    let found = ALL.iter().find(|(known, _, _)| *known == code);
    debug_assert!(found.is_some(), "the problem {code} is not in the table");
    found.map_or("Refused", |(_, title, _)| *title)
}
