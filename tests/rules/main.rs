//! One module per rule, with every case of it; and the pages' examples.
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails panics"
)]

#[path = "../harness/mod.rs"]
mod harness;

mod app_directory;
mod app_json;
mod apt_packages;
mod apt_path;
mod aptfile;
mod auth;
mod buildpacks;
mod checks;
mod committed_environment;
mod companion;
mod conda;
mod conflict;
mod de4_url;
mod dependency_list;
mod deploy_script;
mod detection;
mod directory_mapping;
mod dockerfile;
mod dokku_scale;
mod duplicate;
mod environment;
mod environment_yml;
mod ephemeral_write;
mod foreign_platform;
mod git_remote;
mod inputs;
mod laws;
mod legacy_imports;
mod missing_requirement;
mod package_floor;
mod package_index;
mod pages;
mod persistent_filesystem;
mod procfile;
mod project_toml;
mod python_compat;
mod removed_api;
mod root_command;
mod run_server;
mod runtime_txt;
mod service;
mod shared_resource;
mod stale_clone;
mod stub_packages;
mod subdependency;
mod unmatched_app;
mod unreachable;
mod unreadable;
mod unreadable_source;
mod unused_suppression;
