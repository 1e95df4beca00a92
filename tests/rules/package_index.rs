//! Tests of package-index.
