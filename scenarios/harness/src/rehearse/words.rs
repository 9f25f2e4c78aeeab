//! The words of rehearsals: those for AWS, and those for processes and HTTP.

use super::system::System;
use crate::catalog::{Argument, Catalog, Kind, Signature};

const PROCESS: Argument = Argument::text("process");
const HTTP: &[Argument] = &[
    Argument::text("url"),
    Argument::optional("method", Kind::Text),
    Argument::optional("body", Kind::Any),
    Argument::optional("headers", Kind::Map),
];

const OWN_ACTIONS: &[Signature] = &[
    Signature {
        name: "http",
        about: "Calls the system: GET, or POST where there is a body; a url that begins with a \
                slash is seen from `http` of the system file. The result has `status`, `body` \
                (JSON where it is) and `headers`; from 400 on it is refused. With insist it is \
                asked for until there is an answer below 500.",
        arguments: &[HTTP[0], HTTP[1], HTTP[2], HTTP[3], Argument::optional("insist", Kind::Flag)],
    },
    Signature { name: "kill", about: "A process dies without warning.", arguments: &[PROCESS] },
    Signature { name: "pause", about: "A process stands still.", arguments: &[PROCESS] },
    Signature { name: "resume", about: "A paused process goes on.", arguments: &[PROCESS] },
    Signature {
        name: "stop",
        about: "A process is told to stop, and ends.",
        arguments: &[PROCESS],
    },
    Signature {
        name: "start",
        about: "A process that has ended starts again.",
        arguments: &[PROCESS],
    },
    Signature {
        name: "restart",
        about: "A process is told to stop, and starts again.",
        arguments: &[PROCESS],
    },
    Signature {
        name: "move_clock",
        about: "Moves the cloud's time on by so much, such as 1h30m, whatever is under way.",
        arguments: &[Argument::text("by")],
    },
];

const OWN_OBSERVATIONS: &[Signature] = &[
    Signature {
        name: "http",
        about: "What the system answers: a map with `status` and `body` (JSON where it is).",
        arguments: HTTP,
    },
    Signature {
        name: "process",
        about: "What a process does: runs, pauses, down (somebody has ended it) or ended (by \
                itself).",
        arguments: &[PROCESS],
    },
    Signature {
        name: "output",
        about: "The lines that a process has written, in all its lives; the last of them.",
        arguments: &[PROCESS],
    },
];

pub(super) const CONSERVED: &str = "messages_conserved";
pub(super) const NO_DEAD_LETTERS: &str = "no_dead_letters";
pub(super) const ALL_RUN: &str = "no_process_ended";

const INVARIANTS: &[Signature] = &[
    Signature {
        name: CONSERVED,
        about: "Every message sent to one of the system's queues was consumed or lies in its \
                dead-letter queue; none has expired, and no delivery was dropped.",
        arguments: &[],
    },
    Signature {
        name: NO_DEAD_LETTERS,
        about: "The dead-letter queues of the system's queues are empty.",
        arguments: &[],
    },
    Signature { name: ALL_RUN, about: "No process has ended by itself.", arguments: &[] },
];

/// The words that need no system file.
pub(super) const CATALOG: Catalog = Catalog {
    actions: OWN_ACTIONS,
    observations: OWN_OBSERVATIONS,
    has_aws: true,
    invariants: INVARIANTS,
    roles: &[],
};

/// The words for scripts of `system`: its processes are the roles. Without a system, all but those.
///
/// The names stay for as long as the program runs: catalogs are of static texts.
pub fn catalog(system: Option<&System>) -> Catalog {
    let members = system.map(System::members).unwrap_or_default();
    let role = |(name, _)| -> Signature {
        let name: String = name;
        Signature::new(name.leak(), "A process of the system file.", &[])
    };
    let roles: Vec<Signature> = members.into_iter().map(role).collect();
    Catalog { roles: roles.leak(), ..CATALOG }
}

#[cfg(test)]
mod tests {
    use super::catalog;
    use crate::rehearse::system;
    use crate::script;

    /// Each block of YAML, by its first line.
    fn blocks(page: &str) -> Vec<&str> {
        let blocks = page.split("```yaml\n").skip(1);
        blocks.filter_map(|block| block.split("```").next()).collect()
    }

    #[test]
    fn the_page_says_what_is_true() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/rehearse.md");
        let page = std::fs::read_to_string(page).expect("the page");
        let blocks = blocks(&page);
        let named = |name: &str| {
            let found = blocks.iter().find(|block| block.starts_with(&format!("# {name}\n")));
            *found.expect("a block")
        };
        let system = system::parse("system.yaml", named("system.yaml")).expect("a system file");
        let catalog = catalog(Some(&system));
        let story = named("orders.yaml");
        script::parse("orders.yaml", story, &catalog).expect("a script");
        let nemesis = blocks.iter().find(|block| block.starts_with("nemesis:")).expect("faults");
        script::parse("faults.yaml", &format!("{story}{nemesis}"), &catalog).expect("faults");
        let words = [&catalog.all_actions()[..], &catalog.all_observations(), catalog.invariants];
        let words = words.concat();
        let missing = words.iter().filter(|word| !page.contains(&format!("`{}`", word.name)));
        let missing: Vec<_> = missing.map(|word| word.name).collect();
        assert!(missing.is_empty(), "docs/rehearse.md says nothing of {missing:?}");
    }

    /// The page shows the files of the example as they are.
    #[test]
    fn the_page_shows_the_example() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        let read = |path: &str| std::fs::read_to_string(format!("{root}/{path}")).expect(path);
        let page = read("docs/rehearse.md");
        assert!(page.contains(read("examples/python-orders/orders.yaml").trim_end()));
    }

    #[test]
    fn processes_are_roles() {
        let text = "processes: { api: { command: x }, worker: { command: y, copies: 2 } }";
        let system = system::parse("system.yaml", text).expect("a system file");
        let roles: Vec<_> = catalog(Some(&system)).roles.iter().map(|role| role.name).collect();
        assert_eq!(roles, ["api", "worker-1", "worker-2"]);
        assert!(catalog(None).roles.is_empty());
    }
}
