//! Maps and sets from iterators, entry by entry.
//!
//! `collect` sorts first, and its sort is compiled anew for each type and each call: together a
//! fifth of the time that compiling this crate took. The maps made here are small.

use std::collections::{BTreeMap, BTreeSet};

/// Iterators into ordered maps and sets.
pub(crate) trait Gather: Iterator + Sized {
    /// The last of several entries of one key counts.
    fn into_map<K: Ord, V>(self) -> BTreeMap<K, V>
    where
        Self: Iterator<Item = (K, V)>,
    {
        let mut map = BTreeMap::new();
        for (key, value) in self {
            map.insert(key, value);
        }
        map
    }

    /// The same, up to the first error.
    fn try_into_map<K: Ord, V, E>(self) -> Result<BTreeMap<K, V>, E>
    where
        Self: Iterator<Item = Result<(K, V), E>>,
    {
        let mut map = BTreeMap::new();
        for entry in self {
            let (key, value) = entry?;
            map.insert(key, value);
        }
        Ok(map)
    }

    fn into_set(self) -> BTreeSet<Self::Item>
    where
        Self::Item: Ord,
    {
        let mut set = BTreeSet::new();
        for element in self {
            set.insert(element);
        }
        set
    }
}

impl<I: Iterator> Gather for I {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_gathers_as_collect_does() {
        let pairs = [(2, 'a'), (1, 'b'), (2, 'c')];
        assert_eq!(pairs.into_iter().into_map(), BTreeMap::from(pairs));
        assert_eq!(pairs.map(Ok::<_, ()>).into_iter().try_into_map(), Ok(BTreeMap::from(pairs)));
        let failing = [Ok((1, 'a')), Err("no"), Ok((2, 'b'))];
        assert_eq!(failing.into_iter().try_into_map(), Err("no"));
        assert_eq!([3, 1, 3].into_iter().into_set(), BTreeSet::from([1, 3]));
    }
}
