//! What was asked and what came of it, by operation.

use std::collections::BTreeMap;

use crate::model::targets;

#[derive(Default)]
pub(crate) struct Report {
    /// By operation, and then by status; 0 stands for calls that wait.
    statuses: BTreeMap<String, BTreeMap<u16, u64>>,
    /// How many states were written down, read again and compared.
    pub(crate) states: u64,
}

impl Report {
    pub(crate) fn count(&mut self, operation: &str, status: Option<u16>) {
        let statuses = self.statuses.entry(operation.to_owned()).or_default();
        *statuses.entry(status.unwrap_or(0)).or_default() += 1;
    }

    pub(crate) fn requests(&self) -> u64 {
        self.statuses.values().flat_map(BTreeMap::values).sum()
    }

    /// The operations that never succeeded. A call that waits is a success.
    pub(crate) fn never(&self) -> Vec<String> {
        let names = targets().iter().map(|target| target.name());
        let succeeded = |name: &String| {
            let statuses = self.statuses.get(name);
            statuses.is_some_and(|it| it.keys().any(|status| matches!(status, 0 | 200..300)))
        };
        names.filter(|name| !succeeded(name)).collect()
    }

    /// A line an operation: its name, the share that succeeded, how often each status came.
    pub(crate) fn table(&self) -> String {
        let mut text = String::new();
        for (name, statuses) in &self.statuses {
            let all: u64 = statuses.values().sum();
            let good: u64 =
                statuses.iter().filter(|it| matches!(it.0, 0 | 200..300)).map(|it| it.1).sum();
            let each = statuses.iter().map(|(status, count)| match status {
                0 => format!("waits {count}"),
                status => format!("{status} {count}"),
            });
            let each = each.collect::<Vec<_>>().join(", ");
            text.push_str(&format!("{name:<48} {:>3} %  {each}\n", good * 100 / all));
        }
        text
    }

    /// The same by service.
    pub(crate) fn services(&self) -> String {
        let mut services: BTreeMap<&str, BTreeMap<u16, u64>> = BTreeMap::new();
        for (name, statuses) in &self.statuses {
            let service = name.split(' ').next().unwrap_or_default();
            for (status, count) in statuses {
                *services.entry(service).or_default().entry(*status).or_default() += count;
            }
        }
        services.iter().map(|(name, statuses)| format!("{name}: {statuses:?}\n")).collect()
    }
}
