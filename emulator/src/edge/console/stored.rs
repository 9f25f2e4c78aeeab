//! What operations take without honouring it, as their rows say: the page marks it.

use std::collections::BTreeMap;

use axum::Json;

use crate::cloud::registry;

/// Members that are stored or forgotten, by service and operation.
type Stored = BTreeMap<&'static str, BTreeMap<&'static str, Vec<&'static str>>>;

pub(super) async fn stored() -> Json<Stored> {
    let mut all = Stored::new();
    for (service, operation) in registry().operations() {
        let facts = &operation.facts;
        let members: Vec<&str> = facts.stored.iter().chain(&facts.forgotten).copied().collect();
        if !members.is_empty() {
            all.entry(service.name).or_default().insert(operation.name, members);
        }
    }
    Json(all)
}
