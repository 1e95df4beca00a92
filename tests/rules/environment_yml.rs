//! Tests of environment-yml.
