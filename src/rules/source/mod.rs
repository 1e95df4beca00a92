//! Rules about Python sources, notebooks and shell scripts.

pub(super) mod app_directory;
pub(super) mod apt_path;
pub(super) mod auth;
pub(super) mod de4_url;
pub(super) mod directory_mapping;
pub(super) mod environment;
pub(super) mod ephemeral_write;
pub(super) mod legacy_imports;
pub(super) mod persistent_filesystem;
pub(super) mod removed_api;
pub(super) mod root_command;
pub(super) mod run_server;
pub(super) mod service;
pub(super) mod unreadable_source;
