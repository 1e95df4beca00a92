//! One module per rule, with every case of it; and the pages' examples.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails panics"
)]

#[path = "../harness/mod.rs"]
mod harness;

mod app_json;
mod apt_packages;
mod aptfile;
mod buildpacks;
mod checks;
mod committed_environment;
mod conda;
mod deploy_script;
mod detection;
mod dokku_scale;
mod duplicate;
mod environment_yml;
mod foreign_platform;
mod git_remote;
mod laws;
mod package_floor;
mod package_index;
mod pages;
mod procfile;
mod project_toml;
mod runtime_txt;
mod stub_packages;
mod unreachable;
mod unreadable;
