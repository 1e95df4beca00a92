//! Tests of ephemeral-write.
