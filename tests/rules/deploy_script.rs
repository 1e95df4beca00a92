//! Tests of deploy-script.
