//! What code does with a path: the calls that take one.

use std::sync::LazyLock;

use serde::Deserialize;

use super::table;

static USES: LazyLock<FileUses> =
    LazyLock::new(|| table(include_str!("../../../rules/data/file_uses.toml")));

/// The calls that take a path.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct FileUses {
    calls: Vec<String>,
    prefixes: Vec<String>,
    os: Vec<String>,
    methods: Vec<String>,
    names: Vec<String>,
    commands: Vec<String>,
    joins: Vec<String>,
    routes: Vec<String>,
    variables: Vec<String>,
}

impl FileUses {
    /// Whether a callee, as imports resolve it, takes a path.
    pub(in crate::rules) fn takes_path(&self, callee: &str) -> bool {
        let has = |list: &[String], name: &str| list.iter().any(|known| known == name);
        if has(&self.joins, callee) {
            return false;
        }
        has(&self.calls, callee)
            || self.prefixes.iter().any(|start| callee.starts_with(start))
            || callee
                .strip_prefix("os.")
                .is_some_and(|name| has(&self.os, name))
            || callee
                .rsplit_once('.')
                .is_some_and(|(_, method)| has(&self.methods, method))
    }

    /// Whether an argument of this name is a path.
    pub(in crate::rules) fn names_path(&self, keyword: &str) -> bool {
        self.names.iter().any(|known| known == keyword)
    }

    /// Whether a callee names addresses of the web, whatever its arguments are called.
    pub(in crate::rules) fn is_route(&self, callee: &str) -> bool {
        let last = callee.rsplit('.').next().unwrap_or(callee);
        self.routes.iter().any(|known| known == last)
    }

    /// Whether a callee runs a command.
    pub(in crate::rules) fn runs(&self, callee: &str) -> bool {
        self.commands.iter().any(|known| known == callee)
    }

    /// Whether a variable's name says that it holds a folder or file.
    pub(in crate::rules) fn is_named(&self, variable: &str) -> bool {
        let last = variable.rsplit(['_', '.']).next().unwrap_or(variable);
        self.variables
            .iter()
            .any(|known| last.eq_ignore_ascii_case(known))
    }
}

/// The table.
pub(in crate::rules) fn file_uses() -> &'static FileUses {
    &USES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_name() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/data/file_uses.toml");
        let text = std::fs::read_to_string(path).unwrap();
        let table: FileUses = toml_edit::de::from_str(&text).unwrap();
        let names = |list: &[String]| {
            list.iter()
                .all(|name| !name.is_empty() && !name.contains(['(', ' ', '/']))
        };
        for list in [&table.calls, &table.prefixes, &table.os, &table.methods] {
            assert!(!list.is_empty() && names(list));
        }
        for list in [
            &table.names,
            &table.commands,
            &table.variables,
            &table.joins,
            &table.routes,
        ] {
            assert!(!list.is_empty() && names(list));
        }
        let uses = file_uses();
        for callee in [
            "open",
            "pandas.read_csv",
            "os.chdir",
            "df.to_csv",
            "os.path.exists",
        ] {
            assert!(uses.takes_path(callee), "{callee}");
        }
        for callee in [
            "dash.dcc.Location",
            "os.path.join",
            "os.getenv",
            "print",
            "str.replace",
        ] {
            assert!(!uses.takes_path(callee), "{callee}");
        }
        assert!(uses.runs("os.system") && uses.is_named("DATA_DIR"));
        assert!(uses.is_route("dash.dcc.Location") && !uses.is_route("open"));
        assert!(!uses.is_named("APP_PATH") && !uses.is_named("directory_url"));
    }
}
