//! The operations, a file each.

pub mod create_pipe;
pub mod delete_pipe;
pub mod describe_pipe;
pub mod list_pipes;
pub mod start_pipe;
pub mod stop_pipe;
pub mod tags;
pub mod update_pipe;
