//! Tests of committed-environment.
