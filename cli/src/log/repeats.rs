//! Warnings that repeat: each is told once, counted, and told again with its count.

use std::collections::BTreeMap;

/// Most different lines from one place of the code that are told within a minute.
const KINDS_MAX: usize = 64;

/// The warnings of this minute, by the place in the code that wrote them.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    places: BTreeMap<&'static str, Place>,
}

#[derive(Debug, Default)]
struct Place {
    /// How often each line came again since it was last told.
    lines: BTreeMap<Box<[u8]>, u64>,
    /// How many further ones there were.
    others: u64,
}

impl Repeats {
    /// Whether to tell this line now, which `place` wrote.
    pub(super) fn is_news(&mut self, place: &'static str, line: &[u8]) -> bool {
        let place = self.places.entry(place).or_default();
        if let Some(again) = place.lines.get_mut(line) {
            *again += 1;
            return false;
        }
        if place.lines.len() >= KINDS_MAX {
            place.others += 1;
            return false;
        }
        place.lines.insert(line.into(), 0);
        true
    }

    /// What came again meanwhile, as lines with their counts. A line that did not is news the next
    /// time.
    pub(super) fn take(&mut self) -> Vec<Vec<u8>> {
        let mut told = Vec::new();
        for place in self.places.values_mut() {
            let others = std::mem::take(&mut place.others);
            if let Some(line) = place.lines.keys().next().filter(|_| others > 0) {
                told.push(with_note(line, &format!("and {others} others like it")));
            }
            place.lines.retain(|line, again| {
                let again = std::mem::take(again);
                if again > 0 {
                    told.push(with_note(line, &format!("{again} more within a minute")));
                }
                again > 0
            });
        }
        self.places.retain(|_, place| !place.lines.is_empty());
        told
    }
}

fn with_note(line: &[u8], note: &str) -> Vec<u8> {
    [line.trim_ascii_end(), b" (", note.as_bytes(), b")\n"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(repeats: &mut Repeats) -> Vec<String> {
        let lines = repeats.take();
        lines.into_iter().map(|line| String::from_utf8(line).unwrap()).collect()
    }

    #[test]
    fn a_warning_is_told_once_and_then_counted() {
        let mut repeats = Repeats::default();
        assert!(repeats.is_news("a", b"one\n"));
        assert!(repeats.is_news("a", b"two\n"));
        assert!(repeats.is_news("b", b"one\n"));
        (0..3).for_each(|_| assert!(!repeats.is_news("a", b"one\n")));
        assert_eq!(take(&mut repeats), ["one (3 more within a minute)\n"]);
        // What goes on is counted on; what had stopped is news.
        assert!(!repeats.is_news("a", b"one\n"));
        assert!(repeats.is_news("a", b"two\n"));
        assert_eq!(take(&mut repeats), ["one (1 more within a minute)\n"]);
        assert_eq!(take(&mut repeats), Vec::<String>::new());
        assert!(repeats.places.is_empty());
        assert!(repeats.is_news("a", b"one\n"));
    }

    #[test]
    fn lines_that_all_differ_are_bounded_and_counted() {
        let mut repeats = Repeats::default();
        let line = |number: usize| format!("line {number:03}\n").into_bytes();
        let news = (0..KINDS_MAX + 5).filter(|number| repeats.is_news("a", &line(*number)));
        assert_eq!(news.count(), KINDS_MAX);
        assert!(repeats.is_news("b", b"elsewhere\n"));
        assert_eq!(take(&mut repeats), ["line 000 (and 5 others like it)\n"]);
        assert!(repeats.is_news("a", &line(KINDS_MAX + 5)));
    }
}
