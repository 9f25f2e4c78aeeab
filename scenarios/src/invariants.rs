//! What must be true of the order system whenever nothing is under way, whatever the story was.
//!
//! Reading and judging are apart: [`reading`] collects [`evidence::Evidence`], and the judges are
//! pure functions of it that answer with what is wrong. They don't know which faults there were.

mod branches;
mod evidence;
mod figures;
mod mail;
mod money;
mod orders;
mod reading;
mod sagas;
mod stock;
#[cfg(test)]
mod tests;
mod trails;

pub(crate) use branches::branches;
pub(crate) use evidence::Evidence;
pub(crate) use reading::reader;

/// Most findings that are told of one invariant.
const TOLD_MAX: usize = 5;

/// Judges one invariant of the catalog. The error lists what was seen and what was expected.
pub(crate) fn judge(invariant: &str, evidence: &Evidence) -> Result<(), String> {
    let judge = match invariant {
        "no_order_lost" => orders::lost,
        "charged_at_most_once" => money::wrong_charges,
        "stock_conserved" => stock::unbalanced,
        "sagas_end_once" => sagas::wrong_ends,
        "projection_equals_fold" => trails::wrong_rows,
        "audit_without_gaps" => trails::gaps,
        "notified_once" => mail::wrong_letters,
        "figures_equal_event_store" => figures::wrong_totals,
        "only_poison_in_dead_letters" => trails::strange_letters,
        other => return Err(format!("nothing checks `{other}`")),
    };
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
