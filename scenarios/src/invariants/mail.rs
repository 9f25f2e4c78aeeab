//! Customers and staff are told of what happened, and told once.

use super::evidence::Evidence;
use orderflow::roles::inbox_key;

/// Mailboxes that get everything for their audience; others only pick.
const MAILBOXES: [&str; 2] = ["customer-mail", "staff-mail"];

/// `notified_once`: all that is on record as told was sent, and nothing was sent after its record
/// was made. Before that, a crash or a lost answer may well repeat it: nobody can know.
pub(crate) fn wrong_letters(evidence: &Evidence) -> Vec<String> {
    let letters = evidence.mail.iter().filter(|letter| MAILBOXES.contains(&letter.mailbox));
    let sent: Vec<_> = letters
        .map(|letter| (inbox_key(&letter.event_id, &letter.audience), letter.sent_at))
        .collect();
    let lost = evidence.told.keys().filter(|key| !sent.iter().any(|(sent, _)| sent == *key));
    let lost = lost.map(|key| format!("{key} is on record as told, but was never sent"));
    let again = sent.iter().filter_map(|(key, at)| {
        let (at, told) = ((*at)?, *evidence.told.get(key)?);
        (at > told).then(|| {
            let (at, told) = (at.to_rfc3339(), told.to_rfc3339());
            format!("{key} was sent at {at}, and had been on record as told since {told}")
        })
    });
    let unknown = sent.iter().filter(|(key, _)| !evidence.told.contains_key(key));
    let unknown = unknown.map(|(key, _)| format!("{key} was sent, but that is not on record"));
    lost.chain(again).chain(unknown).collect()
}
