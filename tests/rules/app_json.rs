//! Tests of app-json.
