//! The command lines of programs that start an app. The rows are in `rules/data/runners.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::tables::table;

static TABLE: LazyLock<RunnerTable> = LazyLock::new(|| table!("runners"));

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RunnerTable {
    usual_modules: Vec<String>,
    quiet: Vec<String>,
    wrappers: Vec<Vec<String>>,
    distributions: BTreeMap<String, String>,
    runner: BTreeMap<String, RunnerOptions>,
}

/// The options of one program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunnerOptions {
    values: Vec<String>,
    flags: Vec<String>,
}

impl RunnerOptions {
    /// Whether the option takes a value.
    pub(crate) fn takes_value(&self, option: &str) -> bool {
        self.values.iter().any(|it| it == option)
    }

    /// Whether the option stands alone.
    pub(crate) fn is_flag(&self, option: &str) -> bool {
        self.flags.iter().any(|it| it == option)
    }
}

/// The options of a program, by the name of it.
pub(crate) fn options(program: &str) -> Option<&'static RunnerOptions> {
    TABLE.runner.get(program)
}

/// Whether a module of this name is the app's own and never a distribution's.
pub(crate) fn is_usual_module(name: &str) -> bool {
    TABLE.usual_modules.iter().any(|it| it == name)
}

/// Whether a program of this name starts no code of the app.
pub(crate) fn is_quiet(program: &str) -> bool {
    let name = program.rsplit('/').next().unwrap_or(program);
    TABLE.quiet.iter().any(|it| it == name)
}

/// The distribution (normalised name) that brings a program.
pub(crate) fn distribution(program: &str) -> Option<&'static str> {
    TABLE.distributions.get(program).map(String::as_str)
}

/// Words in front of a program that run it.
pub(crate) fn wrappers() -> &'static [Vec<String>] {
    &TABLE.wrappers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::requirements::normalized_name;

    #[test]
    fn every_option_is_one_thing() {
        let table: RunnerTable = crate::tables::strict("runners");
        assert!(table.runner.len() >= 6 && table.wrappers.iter().all(|it| !it.is_empty()));
        for options in table.runner.values() {
            for option in options.values.iter().chain(&options.flags) {
                assert!(option.starts_with('-'), "{option}");
                assert_ne!(options.takes_value(option), options.is_flag(option));
            }
        }
        assert!(table.distributions.len() > 10);
        for (program, distribution) in &table.distributions {
            assert_eq!(super::distribution(program), Some(distribution.as_str()));
            assert_eq!(*distribution, normalized_name(distribution));
        }
        assert!(is_usual_module("app") && !is_usual_module("celery"));
        for program in &table.quiet {
            assert!(is_quiet(program) && !table.runner.contains_key(program));
            assert!(!table.distributions.contains_key(program), "{program}");
        }
    }
}
