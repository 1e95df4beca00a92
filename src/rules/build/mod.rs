//! Rules about what a build reads: the files that DE4 and DE5 take from an app's folder.

pub(super) mod app_json;
pub(super) mod apt_packages;
pub(super) mod aptfile;
pub(super) mod buildpacks;
pub(super) mod checks;
pub(super) mod conda;
pub(super) mod dependency_list;
pub(super) mod deploy_script;
pub(super) mod detection;
pub(super) mod dockerfile;
pub(super) mod dokku_scale;
pub(super) mod environment_yml;
pub(super) mod procfile;
pub(super) mod project_toml;
pub(super) mod runtime_txt;
