//! A story's page in Markdown: what it tells, what goes wrong, what happened when it was played,
//! what had to be seen, and what it hangs on.

use super::diagram::{self, Aliases};
use super::{Proof, SHARE};
use crate::library;
use harness::script::Repeat;
use harness::{Run, Script};
use std::fmt::Write;

const GENERATED: &str = "<!-- Written by `cargo scenario stories --write`. -->\n";
const SCRIPTS: &str = "../../scenarios";

pub(super) fn of(script: &Script, run: &Run, proof: Option<&Proof>) -> String {
    let mut page = String::from(GENERATED);
    // Writing to a String can't fail.
    let _ = write(&mut page, script, run, proof);
    page
}

fn write(page: &mut String, script: &Script, run: &Run, proof: Option<&Proof>) -> std::fmt::Result {
    let name = &script.name;
    writeln!(page, "# {name}\n\n{}\n", script.story.trim_end())?;
    writeln!(page, "The script is [{name}.yaml]({SCRIPTS}/{name}.yaml). Play it:\n")?;
    writeln!(page, "```sh\ncargo scenario run {name}\n```\n")?;
    if !script.nemesis.is_empty() {
        writeln!(page, "## What goes wrong\n")?;
        for nemesis in &script.nemesis {
            writeln!(page, "- {}: {nemesis}", nemesis.name)?;
        }
        writeln!(page)?;
    }
    let mut aliases = Aliases::default();
    let mentions = library::text(name).unwrap_or_default();
    let drawing = diagram::draw(&run.timeline, mentions, &mut aliases);
    writeln!(page, "## What happens\n")?;
    if script.when.iter().any(|step| matches!(step.repeat, Some(Repeat::Rate(_)))) {
        writeln!(page, "Of what arrives at a rate, this run had {SHARE} of it.\n")?;
    }
    writeln!(page, "```mermaid\n{}```\n", drawing.text)?;
    if drawing.left_out > 0 {
        writeln!(page, "{} later steps are left out.\n", drawing.left_out)?;
    }
    writeln!(page, "## What is seen\n")?;
    for verdict in &run.verdicts {
        let held = if verdict.passed { "" } else { " (FAILS)" };
        writeln!(page, "- {}{held}", aliases.replace(&verdict.expectation))?;
    }
    if let Some(Proof { patch, without, .. }) = proof {
        writeln!(page, "\n## What it hangs on\n")?;
        writeln!(
            page,
            "Take [{patch}]({SCRIPTS}/safeguards/{patch}.patch) out and it fails: {without}.\n"
        )?;
        writeln!(page, "```sh\nbash scenarios/safeguards/stories.sh {name}\n```")?;
    }
    Ok(())
}

/// The list of all pages.
pub(super) fn index(scripts: &[Script], proofs: &[Proof]) -> String {
    let mut page = String::from(GENERATED);
    page.push_str(
        "# Stories\n\nWhat can go wrong between services that send each other messages, one story \
         each: what it\ntells, what happened when it was played, and which safeguard it hangs on. \
         Each can be played\nagain and changed ([the language](../scenarios.md)).\n\n\
         | Story | What it tells | Without its safeguard |\n|---|---|---|\n",
    );
    for script in scripts {
        let name = &script.name;
        let first = first_sentence(&script.story);
        let without = proofs.iter().find(|proof| proof.story == *name);
        let without = without.map_or("", |proof| proof.without.as_str());
        page.push_str(&format!("| [{name}]({name}.md) | {first} | {without} |\n"));
    }
    page
}

/// In one line.
fn first_sentence(story: &str) -> String {
    let line = story.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = line.find(". ").map_or(line.len(), |at| at + 1);
    line[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::{first_sentence, of};
    use crate::library;
    use crate::stories::Proof;
    use harness::Run;

    #[test]
    fn a_page_says_what_goes_wrong_and_what_it_hangs_on() {
        let script = library::find("relay-crash").expect("a scenario");
        let [story, patch, without] = ["relay-crash", "outbox", "events get lost"];
        let [story, patch, without] = [story, patch, without].map(str::to_owned);
        let page = of(&script, &Run::default(), Some(&Proof { story, patch, without }));
        for part in [
            "# relay-crash\n",
            "- it dies: kill on api, from 6s, until 50s\n",
            "```mermaid\nsequenceDiagram\n",
            "safeguards/outbox.patch) out and it fails: events get lost.\n",
        ] {
            assert!(page.contains(part), "{part} is missing:\n{page}");
        }
    }

    #[test]
    fn an_index_has_first_sentences() {
        assert_eq!(first_sentence("It is\nlate. More.\n"), "It is late.");
        assert_eq!(first_sentence("No end"), "No end");
    }
}
