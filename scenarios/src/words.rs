//! The words of the order system's scenarios: each is one row, with what it does beside what it
//! says.

mod actions;
mod invariants;
mod observations;

use crate::invariants::Evidence;
use crate::world::{Done, OrderWorld};
use actions::ACTIONS;
use harness::{Argument, Arguments, Catalog, Kind, Signature};
use invariants::INVARIANTS;
use observations::OBSERVATIONS;
use orderflow::Role;
use std::pin::Pin;

const ORDER: Argument = Argument::required("order", Kind::Text);
const PRODUCT: Argument = Argument::required("product", Kind::Text);
const QUEUE: Argument = Argument::required("queue", Kind::Text);
const CUSTOMER: Argument = Argument::required("customer", Kind::Text);

pub(crate) const CATALOG: Catalog = Catalog {
    actions: &signatures::<{ ACTIONS.len() }>(ACTIONS),
    observations: &signatures::<{ OBSERVATIONS.len() }>(OBSERVATIONS),
    has_aws: true,
    invariants: &{
        let mut all = [NOTHING; INVARIANTS.len()];
        let mut at = 0;
        while at < all.len() {
            all[at] = INVARIANTS[at].signature;
            at += 1;
        }
        all
    },
    roles: &{
        let mut all = [NOTHING; Role::ALL.len()];
        let mut at = 0;
        while at < all.len() {
            let role = Role::ALL[at];
            all[at] = Signature::new(role.as_str(), role.about(), &[]);
            at += 1;
        }
        all
    },
};

/// An action or an observation.
struct Word {
    signature: Signature,
    run: for<'a> fn(&'a mut OrderWorld, &'a Arguments) -> Answer<'a>,
}

struct Invariant {
    signature: Signature,
    /// Answers with what is wrong.
    judge: fn(&Evidence) -> Vec<String>,
}

type Answer<'a> = Pin<Box<dyn Future<Output = Done> + 'a>>;

const NOTHING: Signature = Signature::new("", "", &[]);

const fn signatures<const COUNT: usize>(words: &[Word]) -> [Signature; COUNT] {
    let mut all = [NOTHING; COUNT];
    let mut at = 0;
    while at < COUNT {
        all[at] = words[at].signature;
        at += 1;
    }
    all
}

/// Does an action of the catalog.
pub(crate) async fn act(world: &mut OrderWorld, action: &str, with: &Arguments) -> Done {
    match ACTIONS.iter().find(|word| word.signature.name == action) {
        Some(word) => (word.run)(world, with).await,
        None => harness::aws::act(&world.door, action, with).await,
    }
}

/// Looks at what an observation of the catalog is about.
pub(crate) async fn observe(world: &mut OrderWorld, what: &str, of: &Arguments) -> Done {
    match OBSERVATIONS.iter().find(|word| word.signature.name == what) {
        Some(word) => (word.run)(world, of).await,
        None => harness::aws::observe(&world.door, what, of).await,
    }
}

/// Who judges an invariant of the catalog.
pub(crate) fn judge(invariant: &str) -> Option<fn(&Evidence) -> Vec<String>> {
    let row = INVARIANTS.iter().find(|row| row.signature.name == invariant);
    row.map(|row| row.judge)
}

#[cfg(test)]
mod tests {
    use super::CATALOG;
    use orderflow::Role;
    use std::collections::BTreeSet;

    #[test]
    fn the_roles_are_those_of_the_system() {
        let known: Vec<_> = CATALOG.roles.iter().map(|role| role.name).collect();
        assert_eq!(known, Role::ALL.map(Role::as_str));
    }

    #[test]
    fn no_word_is_there_twice() {
        for words in [CATALOG.actions, CATALOG.observations, CATALOG.invariants, CATALOG.roles] {
            let mut seen = BTreeSet::new();
            for word in words {
                assert!(seen.insert(word.name), "{} has two rows", word.name);
                assert!(!word.about.is_empty(), "{} is not described", word.name);
            }
        }
    }
}
