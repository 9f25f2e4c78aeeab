//! What the script itself does: while it acts or looks, time does not move on under its hands.

use std::cell::RefCell;
use std::rc::Rc;
use tokio::time::Instant;

/// Cheap to clone; all clones count together.
#[derive(Clone, Debug, Default)]
pub(super) struct Doing(Rc<RefCell<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    /// Something is asked of the cloud or of the system.
    asking: usize,
    /// Since when.
    since: Option<Instant>,
    /// Processes are started or ended.
    moving: usize,
}

/// Something is done for as long as this lives.
pub(super) struct Done {
    doing: Doing,
    moving: bool,
}

impl Doing {
    pub(super) fn ask(&self) -> Done {
        let mut counts = self.0.borrow_mut();
        counts.asking += 1;
        counts.since = Some(Instant::now());
        Done { doing: self.clone(), moving: false }
    }

    pub(super) fn move_processes(&self) -> Done {
        self.0.borrow_mut().moving += 1;
        Done { doing: self.clone(), moving: true }
    }

    /// Since when something is asked, if it is.
    pub(super) fn asking(&self) -> Option<Instant> {
        let counts = self.0.borrow();
        counts.since.filter(|_| counts.asking > 0)
    }

    pub(super) fn is_moving(&self) -> bool {
        self.0.borrow().moving > 0
    }
}

impl Drop for Done {
    fn drop(&mut self) {
        let mut counts = self.doing.0.borrow_mut();
        match self.moving {
            true => counts.moving -= 1,
            false => counts.asking -= 1,
        }
    }
}
