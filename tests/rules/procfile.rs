//! Tests of procfile.
