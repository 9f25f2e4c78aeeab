//! `docs/brief.md`: what it names exists.

use crate::repository;

/// Words in backticks that are no names of ours.
const OTHERS: [&str; 4] =
    ["explore", "fail_entries", "cargo test --workspace", "scenario run --stage local"];

struct Row<'a> {
    number: &'a str,
    place: &'a str,
    shown: &'a str,
}

#[test]
fn every_row_names_what_shows_it() {
    let page = repository::read("docs/brief.md");
    let known = Known::read();
    let rows: Vec<_> = page.lines().filter_map(row).collect();
    let numbers = rows.iter().map(|row| row.number.parse().ok());
    assert!(numbers.eq((1..=rows.len()).map(Some)), "the rows are not numbered from one");
    let wrong: Vec<_> = rows.iter().flat_map(|row| wrong(row, &known)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_does_not_exist_is_noticed() {
    let known = Known {
        code: "fn it_works() {}".into(),
        files: vec!["scenarios/story.yaml".into(), "system/src/metrics.rs".into()],
    };
    let check = |line: &str, expected: usize| {
        let row = row(line).expect("a row");
        assert_eq!(wrong(&row, &known).len(), expected, "{line}");
    };
    check("| 1 | a | `metrics.rs` | `it_works`, `story.yaml` |", 0);
    check("| 1 | a | | later: something |", 0);
    check("| 1 | a | `metric.rs` | `it_worked`, `stories.yaml` |", 3);
    check("| 1 | a | | by eye |", 1);
    assert!(row("| No. | Requirement | Where | Shown by |").is_none());
}

/// What there is.
struct Known {
    code: String,
    files: Vec<String>,
}

impl Known {
    fn read() -> Self {
        let folders = ["system", "scenarios", "tests"];
        let sources = folders.iter().flat_map(|folder| repository::files(folder, "rs"));
        let sources: Vec<_> = sources.collect();
        let code = sources.iter().map(|path| repository::read(path)).collect();
        let others = ["yaml", "patch"].map(|extension| repository::files("scenarios", extension));
        Self { code, files: [sources, others.concat()].concat() }
    }

    fn has(&self, word: &str) -> bool {
        if OTHERS.contains(&word) {
            return true;
        }
        if word.ends_with(".rs") || word.ends_with(".yaml") {
            let end = format!("/{word}");
            return self.files.iter().any(|path| path == word || path.ends_with(&end));
        }
        // A test, an invariant, or a safeguard.
        self.code.contains(&format!("fn {word}("))
            || self.code.contains(&format!("name: \"{word}\""))
            || self.files.iter().any(|path| path.ends_with(&format!("/{word}.patch")))
    }
}

fn row(line: &str) -> Option<Row<'_>> {
    let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [number, _, place, shown] = cells[..] else { return None };
    number.parse::<u32>().ok()?;
    Some(Row { number, place, shown })
}

fn wrong(row: &Row<'_>, known: &Known) -> Vec<String> {
    let files = quoted(row.place).filter(|word| word.ends_with(".rs") && !word.contains('{'));
    let shown: Vec<_> = quoted(row.shown).collect();
    let complain = |what: &str| format!("row {}: {what}", row.number);
    let mut wrong: Vec<_> = files
        .chain(shown.iter().copied())
        .filter(|word| !known.has(word))
        .map(|word| complain(&format!("there is no {word}")))
        .collect();
    let explained = ["later: ", "left out: "].iter().any(|it| row.shown.starts_with(it));
    if shown.is_empty() && !explained && row.shown != "every scenario" {
        wrong.push(complain("nothing shows it"));
    }
    wrong
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}
