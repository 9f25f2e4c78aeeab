//! A run's timeline as a sequence diagram in Mermaid, small enough to read: roles, the bus between
//! them, and the script. What a story is not about is left out, and so are times and drawn
//! identifiers, which are others after the least change of the system.

use harness::timeline::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Most lines of a diagram.
const LINES_MAX: usize = 90;
/// Longest text of an arrow, in characters.
const TEXT_MAX: usize = 90;
/// Listen to everything, so they are drawn only where the script names them.
const LISTENERS: [&str; 4] = ["audit", "bridge", "projector", "analytics"];

/// A diagram, and how many lines found no place.
pub(super) struct Drawing {
    pub(super) text: String,
    pub(super) left_out: usize,
}

/// Names for drawn identifiers, by their first eight digits, in the order of appearance.
#[derive(Default)]
pub(super) struct Aliases(BTreeMap<String, usize>);

/// `script` is how the story was written.
pub(super) fn draw(timeline: &[Entry], script: &str, aliases: &mut Aliases) -> Drawing {
    let drawn = |actor: &str| !LISTENERS.contains(&actor) || script.contains(actor);
    let entries = timeline.iter().filter(|entry| drawn(&entry.actor));
    let entries = entries.filter(|entry| !is_mail(entry) || script.contains("notifications"));
    let entries: Vec<_> = entries.collect();
    let heard: BTreeSet<_> = entries.iter().filter_map(|it| event(it, "receives ")).collect();
    let mut lines: Vec<(String, usize)> = Vec::new();
    for entry in &entries {
        let told = event(entry, "publishes ");
        if told.is_some_and(|told| !heard.contains(told)) {
            continue;
        }
        let line = line(entry, aliases);
        match lines.last_mut() {
            Some((last, times)) if *last == line => *times += 1,
            _ => lines.push((line, 1)),
        }
    }
    let left_out = lines.len().saturating_sub(LINES_MAX);
    lines.truncate(LINES_MAX);
    let mut text = String::from("sequenceDiagram\n");
    for participant in participants(&entries, &lines) {
        text.push_str(&format!("    participant {participant}\n"));
    }
    for (line, times) in lines {
        let often = if times > 1 { format!(" ({times} times)") } else { String::new() };
        text.push_str(&format!("    {line}{often}\n"));
    }
    Drawing { text, left_out }
}

/// The script, the bus, and who does something in what is drawn. Who only receives stands behind
/// them: Mermaid adds it by itself.
fn participants(entries: &[&Entry], lines: &[(String, usize)]) -> Vec<String> {
    let mut all = vec!["script".to_owned(), "bus".to_owned()];
    for entry in entries {
        let actor = actor(&entry.actor);
        let acts = lines.iter().any(|(line, _)| line.split([' ', '-', ':']).any(|it| it == actor));
        if acts && !all.contains(&actor) {
            all.push(actor);
        }
    }
    all
}

fn is_mail(entry: &Entry) -> bool {
    entry.what.starts_with("tells: ")
}

/// What an entry tells of an event, without how often.
fn event<'a>(entry: &'a Entry, verb: &str) -> Option<&'a str> {
    let rest = entry.what.strip_prefix(verb)?;
    Some(rest.split(", time ").next().unwrap_or(rest))
}

fn line(entry: &Entry, aliases: &mut Aliases) -> String {
    let what = aliases.replace(entry.what.lines().next().unwrap_or_default());
    let actor = actor(&entry.actor);
    match (what.strip_prefix("publishes "), what.strip_prefix("receives ")) {
        (Some(event), _) => format!("{actor}->>bus: {}", plain(event)),
        (_, Some(event)) => format!("bus->>{actor}: {}", plain(event)),
        _ => format!("Note over {actor}: {}", plain(&what)),
    }
}

/// A word that Mermaid takes for a name.
fn actor(name: &str) -> String {
    name.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}

/// Mermaid ends a text at a semicolon and takes `#` for the beginning of a character's number.
fn plain(text: &str) -> String {
    let text = text.replace(';', ",").replace('#', "");
    match text.chars().count() {
        short if short <= TEXT_MAX => text,
        _ => text.chars().take(TEXT_MAX - 1).chain(['…']).collect(),
    }
}

impl Aliases {
    /// `text` with a name in the place of each drawn identifier: `order 1` or, where it stands for
    /// something else, the same number.
    pub(super) fn replace(&mut self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(|c: char| c.is_ascii_hexdigit()) {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            let run = from.find(|c: char| !c.is_ascii_hexdigit() && c != '-');
            let word = &from[..run.unwrap_or(from.len())];
            let begins = !before.ends_with(|c: char| c.is_ascii_alphanumeric());
            if begins && is_drawn(word) {
                out.push_str(&format!("id-{}", self.number(&word[..8])));
                rest = &from[word.len()..];
            } else {
                // The whole word: an identifier does not begin in its middle.
                let end = from.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(from.len());
                out.push_str(&from[..end]);
                rest = &from[end..];
            }
        }
        out + rest
    }

    fn number(&mut self, begin: &str) -> usize {
        let next = self.0.len() + 1;
        *self.0.entry(begin.to_owned()).or_insert(next)
    }
}

/// A UUID, or the beginning of one that has a digit.
fn is_drawn(word: &str) -> bool {
    let is_uuid = word.len() == 36 && word.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let is_short = word.len() == 8 && !word.contains('-');
    is_uuid || (is_short && word.contains(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{Aliases, draw};
    use harness::timeline::Entry;
    use std::time::Duration;

    fn entry(actor: &str, what: &str) -> Entry {
        let (actor, what) = (actor.to_owned(), what.to_owned());
        Entry { at: Duration::ZERO, actor, what, about: Vec::new() }
    }

    #[test]
    fn arrows_go_over_the_bus_and_what_nobody_hears_is_left_out() {
        let timeline = [
            entry("script", "place_order customer=ann; now"),
            entry("orders", "publishes Order Placed (e17b6d14)"),
            entry("inventory", "publishes Stock Updated"),
            entry("audit", "receives Stock Updated"),
            entry("inventory", "receives Order Placed (e17b6d14), time 2"),
            entry("payments", "gives Order Placed (e17b6d14) back at once"),
            entry("payments", "gives Order Placed (e17b6d14) back at once"),
        ];
        let drawing = draw(&timeline, "a script", &mut Aliases::default());
        let expected = "sequenceDiagram\n    participant script\n    participant bus\n    \
                        participant orders\n    participant payments\n    \
                        Note over script: place_order customer=ann, now\n    \
                        orders->>bus: Order Placed (id-1)\n    \
                        bus->>inventory: Order Placed (id-1), time 2\n    \
                        Note over payments: gives Order Placed (id-1) back at once (2 times)\n";
        assert_eq!((drawing.text.as_str(), drawing.left_out), (expected, 0));
        let all = draw(&timeline, "the audit", &mut Aliases::default());
        assert!(all.text.contains("bus->>audit: Stock Updated"), "{}", all.text);
    }

    #[test]
    fn identifiers_get_numbers_and_words_stay() {
        let mut aliases = Aliases::default();
        for (text, expected) in [
            ("order e17b6d14-7da1-42da-a4e7-902936f67a15 is", "order id-1 is"),
            ("(dc9ccf08)", "(id-2)"),
            ("(e17b6d14), (dc9ccf08)", "(id-1), (id-2)"),
            ("a decade: added, faded, 12345, 49.90", "a decade: added, faded, 12345, 49.90"),
            ("anns-first of-bob bad-cafe", "anns-first of-bob bad-cafe"),
        ] {
            assert_eq!(aliases.replace(text), expected);
        }
    }

    #[test]
    fn a_long_story_is_cut() {
        let timeline: Vec<_> = (0..100).map(|n| entry("script", &format!("step {n}"))).collect();
        let drawing = draw(&timeline, "", &mut Aliases::default());
        assert_eq!(drawing.left_out, 10);
        assert!(drawing.text.ends_with("step 89\n"), "{}", drawing.text);
    }
}
