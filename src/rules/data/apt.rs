//! The Debian packages: names that are gone in Ubuntu 22.04.
