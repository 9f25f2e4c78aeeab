//! What goes on from log groups, for those who ask why nothing came.

use super::state::Logs;
use crate::kernel::{Arn, Feed, FeedKind};

impl Logs {
    /// The subscription filters whose destination is `to`.
    pub fn feeding<'a>(&'a self, to: &'a Arn) -> impl Iterator<Item = Feed> + 'a {
        self.groups.values().flat_map(move |group| {
            let filters = group.subscriptions.values().filter(|it| it.destination == *to);
            filters.map(move |filter| {
                let source = group.arn.scope.arn("logs", format!("log-group:{}:*", group.name));
                Feed {
                    by: source.to_string(),
                    from: group.arn.to_string(),
                    to: to.to_string(),
                    source: source.to_string(),
                    principal: super::PRINCIPAL.as_str().to_owned(),
                    kind: FeedKind::Destination,
                    wants: Some(format!("events that match {:?}", filter.pattern.as_str())),
                    obstacles: Vec::new(),
                }
            })
        })
    }
}
