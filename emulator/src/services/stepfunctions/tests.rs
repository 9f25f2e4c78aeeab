//! Behaviour of Step Functions in virtual time: one file a theme.
