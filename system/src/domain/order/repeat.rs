//! Commands that are given again because their answer was lost.

use super::command::Command;
use super::event::Event;

/// The place in `history` of the event to which the same command has led before, if that still
/// stands.
pub fn done_before(history: &[Event], command: &Command) -> Option<usize> {
    let place = done_at(history, command)?;
    let undone = history[place + 1..].iter().any(|it| matches!(it, Event::OrderCancelled { .. }));
    (!undone).then_some(place)
}

/// The place in `history` of the event to which the same command has led before, whatever came
/// after it. What only the answer says, such as the confirmation code, need not be the same:
/// whoever asks again does not know it.
pub fn done_at(history: &[Event], command: &Command) -> Option<usize> {
    history.iter().position(|event| match (event, command) {
        (
            Event::OrderConfirmed { payment_method: known, .. },
            Command::Confirm { payment_method, .. },
        ) => known == payment_method,
        (Event::OrderCancelled { reason: known, .. }, Command::Cancel(reason)) => known == reason,
        _ => false,
    })
}
