//! Tests of package-floor.
