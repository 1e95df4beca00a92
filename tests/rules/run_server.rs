//! Tests of run-server.
