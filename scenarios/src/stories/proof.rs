//! What each story hangs on: the patch without whose safeguard it fails.
//! `scenarios/safeguards/stories.sh` proves it.

const TABLE: &str = include_str!("../../safeguards/stories.txt");

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proof {
    pub(crate) story: String,
    /// The patch's name without its ending.
    pub(crate) patch: String,
    /// What happens without the safeguard, in a sentence's end.
    pub(crate) without: String,
}

/// All lines of the table.
///
/// # Errors
/// The first line that is no `STORY PATCH what happens without it`.
pub(super) fn all() -> Result<Vec<Proof>, String> {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| read(line).ok_or_else(|| format!("stories.txt: {line}"))).collect()
}

fn read(line: &str) -> Option<Proof> {
    let (story, rest) = line.split_once(' ')?;
    let (patch, without) = rest.trim_start().split_once(' ')?;
    let [story, patch, without] = [story, patch, without.trim()].map(str::to_owned);
    (!without.is_empty()).then_some(Proof { story, patch, without })
}

#[cfg(test)]
mod tests {
    use super::{all, read};
    use crate::library;
    use std::path::Path;

    #[test]
    fn every_story_and_every_regression_hangs_on_a_safeguard_that_there_is() {
        let proofs = all().expect("a good table");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        for script in library::all().expect("good scripts") {
            assert!(proofs.iter().any(|it| it.story == script.name), "{}", script.name);
        }
        for entry in folder.join("regressions").read_dir().expect("the folder") {
            let name = entry.expect("an entry").file_name();
            let story = format!("regressions/{}", name.to_string_lossy());
            let is_open = super::TABLE.contains(&format!("# open: {story}:"));
            assert!(is_open || proofs.iter().any(|it| it.story == story), "{story}");
        }
        for proof in proofs {
            let patch = folder.join("safeguards").join(format!("{}.patch", proof.patch));
            assert!(patch.is_file(), "{}: there is no {}", proof.story, patch.display());
            let known = library::find(&proof.story).is_ok() || folder.join(&proof.story).is_file();
            assert!(known, "there is no story {}", proof.story);
        }
    }

    #[test]
    fn a_line_has_three_parts() {
        let proof = read("a-story  a-patch  somebody pays twice").expect("a line");
        assert_eq!((&*proof.patch, &*proof.without), ("a-patch", "somebody pays twice"));
        assert_eq!(read("a-story a-patch"), None);
        assert_eq!(read("a-story"), None);
    }
}
