//! Tests of buildpacks.
