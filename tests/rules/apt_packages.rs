//! Tests of apt-packages.
