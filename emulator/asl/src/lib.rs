//! The Amazon States Language as a pure package: definitions are read and judged, expressions are
//! evaluated, executions are data that goes on by inputs and says what shall be done. It knows no
//! clock, no socket, no service and no thread.

pub mod definition;
pub mod execution;
pub mod intrinsic;
mod json;
pub mod jsonata;
pub mod path;
mod random;
pub mod template;
mod time;
pub mod trial;

pub use definition::Definition;
pub use execution::Execution;
pub use json::Json;
pub use random::Random;
pub use time::Milliseconds;
