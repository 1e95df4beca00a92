//! Tests of dokku-scale.
