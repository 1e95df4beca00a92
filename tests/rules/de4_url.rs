//! Tests of de4-url.
