//! Messages that tell who they are, and the ledger of what was sent and received: nothing lost,
//! nothing twice, nothing altered. Knows nothing of connections.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;

use md5::{Digest as _, Md5};

/// Bytes of a message's body.
pub(crate) const BODY_BYTES: usize = 256;

/// Who sent a message, and its number among the sender's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Name {
    pub(crate) sender: u32,
    pub(crate) number: u32,
}

impl Name {
    /// The only body that a message of this name may have: the name, then letters and digits
    /// that follow from it.
    pub(crate) fn body(self) -> String {
        const LETTERS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";
        let mut body = String::with_capacity(BODY_BYTES + 8);
        let _infallible = write!(body, "{:08x}{:08x}", self.sender, self.number);
        let mut state = (u64::from(self.sender) << 32 | u64::from(self.number)) ^ 0x9e37_79b9;
        while body.len() < BODY_BYTES {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let bits = state >> 16;
            for shift in (0..48).step_by(6) {
                body.push(char::from(LETTERS[(bits >> shift & 63) as usize]));
            }
        }
        body.truncate(BODY_BYTES);
        body
    }

    fn of(body: &str) -> Option<Self> {
        let part = |range| u32::from_str_radix(body.get(range)?, 16).ok();
        Some(Self { sender: part(0..8)?, number: part(8..16)? })
    }
}

/// The MD5 of a text, as SQS writes it.
pub(crate) fn md5_hex(text: &str) -> String {
    let digest = Md5::digest(text.as_bytes());
    let mut hex = String::with_capacity(32);
    for byte in digest {
        let _infallible = write!(hex, "{byte:02x}");
    }
    hex
}

/// What went wrong, counted by kind, each with its first case.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<BTreeMap<&'static str, (u64, String)>>);

impl Faults {
    /// Counts one; `case` is kept of the first of its kind.
    pub(crate) fn add(&self, kind: &'static str, case: &str) {
        self.add_many(kind, 1, case);
    }

    pub(crate) fn add_many(&self, kind: &'static str, count: u64, case: &str) {
        let mut all = self.0.lock().expect("no holder panics");
        all.entry(kind).or_insert_with(|| (0, case.chars().take(300).collect())).0 += count;
    }

    /// One line a kind.
    pub(crate) fn lines(&self) -> Vec<String> {
        let all = self.0.lock().expect("no holder panics");
        all.iter().map(|(kind, (count, case))| format!("{count} x {kind}, as: {case}")).collect()
    }
}

/// What became of every message of a queue.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Mutex<Book>);

#[derive(Debug, Default)]
struct Book {
    /// By sender and number: whether it was received.
    received: Vec<Vec<bool>>,
    waiting: u64,
    last_id: String,
}

impl Ledger {
    /// A sender that has sent nothing yet.
    pub(crate) fn new_sender(&self) -> u32 {
        let mut book = self.book();
        book.received.push(Vec::new());
        u32::try_from(book.received.len() - 1).expect("there are few senders")
    }

    /// Enters that `sender` sends its next message; called before it is on its way, since it may
    /// be received before the answer to its send is read.
    pub(crate) fn send(&self, sender: u32) -> Name {
        let mut book = self.book();
        book.waiting += 1;
        let numbers = &mut book.received[sender as usize];
        numbers.push(false);
        let number = u32::try_from(numbers.len() - 1).expect("a sender sends less than that");
        Name { sender, number }
    }

    /// Keeps the id of the latest message.
    pub(crate) fn acknowledge(&self, id: &str) {
        let mut book = self.book();
        book.last_id.clear();
        book.last_id.push_str(id);
    }

    /// The id of the latest message; empty before the first.
    pub(crate) fn last_id(&self) -> String {
        self.book().last_id.clone()
    }

    /// Checks a received message: its text, its digest, and that it comes once.
    pub(crate) fn receive(&self, body: &str, md5: &str, faults: &Faults) {
        let Some(name) = Name::of(body).filter(|name| name.body() == body) else {
            return faults.add("altered message", body);
        };
        if md5 != md5_hex(body) {
            faults.add("wrong MD5OfBody", md5);
        }
        let mut book = self.book();
        let numbers = book.received.get_mut(name.sender as usize);
        match numbers.and_then(|it| it.get_mut(name.number as usize)) {
            None => faults.add("message that was not sent", body),
            Some(true) => faults.add("doubled message", body),
            Some(received) => {
                *received = true;
                book.waiting -= 1;
            }
        }
    }

    /// How many were sent and not received.
    pub(crate) fn waiting(&self) -> u64 {
        self.book().waiting
    }

    fn book(&self) -> std::sync::MutexGuard<'_, Book> {
        self.0.lock().expect("no holder panics")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_tells_its_name_and_differs_from_all_others() {
        let name = Name { sender: 7, number: 70_000 };
        assert_eq!(name.body().len(), BODY_BYTES);
        assert_eq!(Name::of(&name.body()), Some(name));
        let next = Name { number: 70_001, ..name };
        assert_ne!(name.body()[16..], next.body()[16..]);
        assert_eq!(Name::of("short"), None);
        assert_eq!(md5_hex("hello"), "5d41402abc4b2a76b9719d911017c592");
    }

    #[test]
    fn the_ledger_sees_lost_doubled_altered_and_strange_messages() {
        let (ledger, faults) = (Ledger::default(), Faults::default());
        let sender = ledger.new_sender();
        let bodies = [ledger.send(sender).body(), ledger.send(sender).body()];
        assert_eq!(ledger.waiting(), 2);
        ledger.receive(&bodies[0], &md5_hex(&bodies[0]), &faults);
        assert_eq!((ledger.waiting(), faults.lines().len()), (1, 0));
        let mut altered = bodies[1].clone();
        altered.replace_range(200..201, "*");
        let strange = Name { sender: 9, number: 0 }.body();
        for (body, md5) in [
            (&bodies[0], md5_hex(&bodies[0])),
            (&altered, md5_hex(&altered)),
            (&strange, md5_hex(&strange)),
            (&bodies[1], "0".repeat(32)),
        ] {
            ledger.receive(body, &md5, &faults);
        }
        let lines = faults.lines().join("\n");
        for kind in ["altered message", "doubled message", "not sent", "wrong MD5OfBody"] {
            assert!(lines.contains(kind), "{lines}");
        }
        assert_eq!((ledger.waiting(), faults.lines().len()), (0, 4));
    }
}
