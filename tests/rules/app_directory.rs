//! Tests of app-directory.
