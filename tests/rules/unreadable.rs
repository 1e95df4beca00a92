//! Tests of unreadable.
