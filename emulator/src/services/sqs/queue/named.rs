//! Message groups under small numbers: messages keep the number, so that only a send looks a name
//! up.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The number of a group in its queue. Numbers of groups that ended are used again.
pub(in crate::services::sqs) type GroupNumber = u32;

/// Groups by number and by name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Named<T> {
    numbers: BTreeMap<Arc<str>, GroupNumber>,
    groups: Vec<Option<(Arc<str>, T)>>,
    free: Vec<GroupNumber>,
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self { numbers: BTreeMap::new(), groups: Vec::new(), free: Vec::new() }
    }
}

impl<T: Default> Named<T> {
    /// The number of the group `name`, which begins now if it was not there.
    pub(super) fn number(&mut self, name: &str) -> GroupNumber {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let name: Arc<str> = name.into();
        let group = Some((Arc::clone(&name), T::default()));
        let number = match self.free.pop() {
            Some(number) => {
                self.groups[number as usize] = group;
                number
            }
            None => {
                self.groups.push(group);
                GroupNumber::try_from(self.groups.len() - 1).expect("fewer than 2^32 groups")
            }
        };
        self.numbers.insert(name, number);
        number
    }

    pub(super) fn get(&self, number: GroupNumber) -> &T {
        &self.entry(number).1
    }

    pub(super) fn name(&self, number: GroupNumber) -> &Arc<str> {
        &self.entry(number).0
    }

    pub(super) fn get_mut(&mut self, number: GroupNumber) -> &mut T {
        &mut self.groups[number as usize].as_mut().expect("the group of a message exists").1
    }

    pub(super) fn remove(&mut self, number: GroupNumber) {
        if let Some((name, _)) = self.groups[number as usize].take() {
            self.numbers.remove(&name);
            self.free.push(number);
        }
    }

    fn entry(&self, number: GroupNumber) -> &(Arc<str>, T) {
        self.groups[number as usize].as_ref().expect("the group of a message exists")
    }
}
