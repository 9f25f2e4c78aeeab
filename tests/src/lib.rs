//! Empty: the tests are in `it/`, in one binary.
