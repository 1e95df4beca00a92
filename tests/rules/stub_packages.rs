//! Tests of stub-packages.
