//! What several rules ask of an app, each question answered once: what its lists ask for, which
//! Python it needs, which files, services and variables it uses.

pub(super) mod asked;
pub(super) mod file_use;
pub(super) mod needs;
pub(super) mod services;
pub(super) mod variables;
