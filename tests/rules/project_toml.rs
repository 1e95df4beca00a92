//! Tests of project-toml.
