//! Tests of foreign-platform.
