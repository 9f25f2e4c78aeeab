//! What the emulator's process tells of the messages when a run is over. Their bodies stay there:
//! nobody here knows which message is about what, or which rules did not match.

use crate::explain::{self, Evidence, Explanation};
use crate::runner::Played;
use crate::stage::Detail;
use crate::stage::http::call;
use crate::timeline::Timeline;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use skyrig::kernel::TraceNode;
use skyrig::wire::Timestamp;
use std::collections::BTreeMap;

const TREES: &str = "/_skyrig/lineage?trees=true";
const CLOCK: &str = "/_skyrig/clock";

#[derive(Deserialize)]
struct Clock {
    now: String,
}

/// Trees that ended badly, if the run failed, and the diagram, if a page is wanted.
pub(crate) async fn explanation(
    emulator: &str,
    played: &Played,
    timeline: &Timeline,
    detail: Detail,
) -> Result<Explanation, String> {
    if played.passed() && detail == Detail::Failures {
        return Ok(Explanation::default());
    }
    let Clock { now } = read(emulator, CLOCK).await?;
    let now = Timestamp::parse_iso(&now).ok_or_else(|| format!("{CLOCK}: no time: {now}"))?;
    let zero = now.millis() - i64::try_from(timeline.elapsed().as_millis()).unwrap_or(0);
    let trees: Vec<TraceNode> = read(emulator, TREES).await?;
    let (trees, entries) = (&trees[..], timeline.entries());
    let mut explanation = Explanation::default();
    if !played.passed() {
        let (subjects, ids) = (Vec::new(), BTreeMap::new());
        let timeline = &entries[..];
        let evidence = Evidence { subjects, ids, timeline, zero, trees, cloud: None };
        explanation = explain::gather(evidence);
    }
    if detail == Detail::Page {
        explanation.diagram = Some(explain::draw(&entries, trees, zero));
    }
    Ok(explanation)
}

async fn read<T: DeserializeOwned>(emulator: &str, page: &str) -> Result<T, String> {
    let answer = call(emulator, "GET", page, "").await;
    let (status, body) = answer.map_err(|error| format!("{page}: {error}"))?;
    if status != 200 {
        return Err(format!("{page} answers {status}: {body}"));
    }
    serde_json::from_str(&body).map_err(|error| format!("{page}: {error}"))
}
