//! What must be true of the order system whenever nothing is under way, whatever the story was.
//!
//! Reading and judging are apart: [`reading`] collects [`evidence::Evidence`], and the judges are
//! pure functions of it that answer with what is wrong. They don't know which faults there were.

pub(crate) mod answers;
mod branches;
pub(crate) mod deadlines;
mod evidence;
pub(crate) mod figures;
mod held;
pub(crate) mod mail;
pub(crate) mod money;
pub(crate) mod orders;
mod reading;
pub(crate) mod sagas;
pub(crate) mod stock;
#[cfg(test)]
mod tests;
pub(crate) mod trails;

pub(crate) use answers::Asked;
pub(crate) use branches::branches;
pub(crate) use evidence::{Evidence, Outage};
pub(crate) use reading::reader;

use crate::words;

/// Most findings that are told of one invariant.
const TOLD_MAX: usize = 5;

/// Judges one invariant of the catalog. The error lists what was seen and what was expected.
pub(crate) fn judge(invariant: &str, evidence: &Evidence) -> Result<(), String> {
    let judge = words::judge(invariant).ok_or_else(|| format!("nothing checks `{invariant}`"))?;
    let findings = judge(evidence);
    if findings.is_empty() {
        return Ok(());
    }
    let untold = findings.len().saturating_sub(TOLD_MAX);
    let mut told = findings[..findings.len() - untold].join("; ");
    if untold > 0 {
        told += &format!("; and {untold} more");
    }
    Err(told)
}
