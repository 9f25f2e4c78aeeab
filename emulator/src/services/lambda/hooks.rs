//! What Lambda does when none of its operations is called.

use super::state::Lambda;
use crate::kernel::Hooks;

impl Hooks for Lambda {}
