//! Whoever brings faults about while a script is played. The runner does not know how.

use crate::script::Nemesis;
use std::collections::BTreeMap;

/// The side of a stage that makes things go wrong.
pub trait Faults {
    /// From now on these faults act and no others; their windows count from now. The error says
    /// which one can't be had here.
    fn set_faults(&mut self, faults: &[Nemesis]) -> impl Future<Output = Result<(), String>>;

    /// How often each of the faults that were set last fired so far, by name.
    fn fired(&mut self) -> impl Future<Output = Result<BTreeMap<String, u64>, String>>;
}
