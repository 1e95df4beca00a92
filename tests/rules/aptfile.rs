//! Tests of aptfile.
