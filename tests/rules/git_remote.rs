//! Tests of git-remote.
