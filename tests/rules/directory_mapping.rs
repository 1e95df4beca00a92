//! Tests of directory-mapping.
