//! The shapes of requests and answers, as in AWS's model.

mod common;
mod elsewhere;
mod source;
mod target;
mod update;

pub use common::*;
pub use elsewhere::*;
pub use source::*;
pub use target::*;
pub use update::*;
