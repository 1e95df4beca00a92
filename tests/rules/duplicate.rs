//! Tests of duplicate.
