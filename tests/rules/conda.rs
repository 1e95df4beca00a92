//! Tests of conda.
