//! What a service looks like in an app, and who sets which environment variable. The rows are in
//! `rules/data/services.toml` and `rules/data/variables.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::table;
use crate::rules::facts::services::Service;

static SERVICES: LazyLock<Services> = LazyLock::new(|| table!("services"));
static VARIABLES: LazyLock<Variables> = LazyLock::new(|| table!("variables"));

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Services {
    service: Vec<ServiceRow>,
}

/// What shows the use of one service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct ServiceRow {
    name: String,
    /// The variable that holds its address.
    pub(in crate::rules) variable: String,
    /// Top-level modules of its clients.
    pub(in crate::rules) modules: Vec<String>,
    /// The clients' distributions, normalised.
    pub(in crate::rules) distributions: Vec<String>,
    /// The extra that asks for a client.
    pub(in crate::rules) extra: String,
    /// Top-level modules that use a client without its import.
    pub(in crate::rules) through: Vec<String>,
    /// What its addresses begin with.
    pub(in crate::rules) schemes: Vec<String>,
}

impl ServiceRow {
    /// The service; `None` if the row names none, which a test excludes.
    pub(in crate::rules) fn service(&self) -> Option<Service> {
        match self.name.as_str() {
            "redis" => Some(Service::Redis),
            "postgres" => Some(Service::Postgres),
            _ => None,
        }
    }
}

/// The rows of all services.
pub(in crate::rules) fn service_rows() -> impl Iterator<Item = (Service, &'static ServiceRow)> {
    let rows = SERVICES.service.iter();
    rows.filter_map(|row| Some((row.service()?, row)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Variables {
    variable: Vec<VariableRow>,
    library: Vec<Library>,
}

/// A library that reads variables by itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Library {
    /// The module that is imported, or one below it.
    pub(in crate::rules) module: String,
    /// The variables.
    pub(in crate::rules) names: Vec<String>,
    given: Vec<String>,
}

impl Library {
    /// Whether an import is one of the library's modules.
    pub(in crate::rules) fn holds(&self, module: &str) -> bool {
        let rest = module.strip_prefix(self.module.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// Whether a call, by its name or one of its keywords, gives the library what the variables
    /// say.
    pub(in crate::rules) fn is_given_by(&self, name: &str) -> bool {
        let last = name.rsplit('.').next().unwrap_or(name);
        self.given.iter().any(|part| last.contains(part.as_str()))
    }
}

/// The libraries that read variables by themselves.
pub(in crate::rules) fn libraries() -> &'static [Library] {
    &VARIABLES.library
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct VariableRow {
    names: Vec<String>,
    setter: Setter,
    #[allow(dead_code, reason = "for people; a test reads it")]
    certainty: String,
}

/// Who sets an environment variable that the table names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::rules) enum Setter {
    /// Dash Enterprise 5.
    Platform,
    /// The operating system, the shell, Python.
    System,
    /// Nobody says.
    Unknown,
}

/// Who sets the variable; `None` for one that the table does not name. Windows knows its own by
/// any letter case.
pub(in crate::rules) fn setter(name: &str) -> Option<Setter> {
    let upper = name.to_ascii_uppercase();
    let rows = VARIABLES.variable.iter();
    let mut found = rows.filter(|row| {
        let name = match row.setter {
            Setter::System => &upper,
            Setter::Platform | Setter::Unknown => name,
        };
        row.names.iter().any(|row| stands_for(row, name))
    });
    found.next().map(|row| row.setter)
}

fn stands_for(row: &str, name: &str) -> bool {
    match row.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => row == name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_is_known() {
        let table: Services = crate::tables::strict("services");
        assert_eq!(table.service.len(), 2);
        for row in &table.service {
            assert!(row.service().is_some(), "{row:?}");
            assert!(!row.modules.is_empty() && !row.schemes.is_empty() && !row.extra.is_empty());
            for name in &row.distributions {
                assert_eq!(*name, crate::files::requirements::normalized_name(name));
            }
            assert_eq!(setter(&row.variable), Some(Setter::Platform));
        }
    }

    #[test]
    fn every_variable_says_how_sure_it_is() {
        let table: Variables = crate::tables::strict("variables");
        for row in &table.variable {
            let unknown = row.setter == Setter::Unknown;
            assert_eq!(row.certainty == "?", unknown, "{row:?}");
            assert!("DSAI?".contains(&row.certainty) && !row.names.is_empty());
        }
        for row in &table.library {
            assert!(row.holds(&row.module) && row.holds(&format!("{}.x", row.module)));
            assert!(!row.holds(&format!("{}x", row.module)) && !row.names.is_empty());
            assert!(
                row.given
                    .iter()
                    .all(|part| row.is_given_by(&format!("a.{part}_x")))
            );
        }
        assert_eq!(setter("LC_ALL"), Some(Setter::System));
        assert_eq!(setter("DASH_AUD"), Some(Setter::Platform));
        assert_eq!(setter("PORT"), Some(Setter::Unknown));
        assert_eq!(setter("API_KEY"), None);
        assert_eq!((setter("LC"), setter("dash_aud")), (None, None));
        assert_eq!(setter("ProgramFiles"), Some(Setter::System));
    }
}
