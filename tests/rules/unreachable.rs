//! Tests of unreachable.
