//! EventBridge Pipes.
