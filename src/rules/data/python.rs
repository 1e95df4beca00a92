//! The Pythons that each release installs.
