//! Tests of runtime-txt.
