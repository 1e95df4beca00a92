//! Lock files that say what each distribution needs: those of poetry, uv and pdm. (`Pipfile.lock`
//! names distributions only.)

use std::collections::BTreeMap;
use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};
use toml_edit::{Document, Item, TableLike, Value};

use super::{Needs, Origin};
use crate::app::App;
use crate::files::core_metadata::conditional;
use crate::files::requirements::normalized_name;
use crate::packages::Dependency;
use crate::text::Text;
use crate::tree::{ReadError, TreePath};

/// The names of the lock files that are read, in this order.
pub const LOCKS: &[&str] = &["poetry.lock", "uv.lock", "pdm.lock"];

/// A lock file.
pub(super) struct Lock {
    path: TreePath,
    /// `None` for a distribution of which something was not understood.
    packages: BTreeMap<String, Vec<Release>>,
}

/// A version, and what it needs.
type Release = (Version, Option<Vec<Dependency>>);

impl Lock {
    /// Reads the app's lock file of this name; `None` when there is none.
    pub(super) fn read(app: &App, name: &str) -> Option<Result<Self, String>> {
        let path = app.path(name);
        let bytes = match app.tree().read(&path) {
            Err(ReadError::NotFound) => return None,
            read => read.map_err(|error| error.to_string()),
        };
        let text = bytes.and_then(|bytes| Text::decode(&bytes).map_err(|it| it.to_string()));
        let read = text.and_then(|text| Self::parse(path.clone(), text.as_str()));
        Some(read.map_err(|why| format!("{path}: {why}")))
    }

    fn parse(path: TreePath, text: &str) -> Result<Self, String> {
        let document = Document::parse(text)
            .map_err(|error| error.message().lines().collect::<Vec<_>>().join(", "))?;
        let mut packages: BTreeMap<String, Vec<_>> = BTreeMap::new();
        let tables = document.get("package").and_then(Item::as_array_of_tables);
        for table in tables.into_iter().flatten() {
            let text = |key: &str| table.get(key).and_then(Item::as_str);
            let (Some(name), Some(version)) = (text("name"), text("version")) else {
                continue;
            };
            let Ok(version) = Version::from_str(version) else {
                continue;
            };
            let versions = packages
                .entry(normalized_name(name))
                .or_insert_with(Vec::new);
            let needs = needs(table);
            match versions.iter_mut().find(|(known, _)| *known == version) {
                // pdm lists a distribution once more for each extra that is used.
                Some((_, known)) => merge(known, needs),
                None => versions.push((version, needs)),
            }
        }
        Ok(Self { path, packages })
    }
}

fn merge(known: &mut Option<Vec<Dependency>>, more: Option<Vec<Dependency>>) {
    match (known.as_mut(), more) {
        (Some(known), Some(more)) => known.extend(more),
        _ => *known = None,
    }
}

/// What one `[[package]]` needs; `None` where something is not understood.
fn needs(table: &toml_edit::Table) -> Option<Vec<Dependency>> {
    let mut found = match table.get("dependencies") {
        None => Vec::new(),
        Some(Item::Value(Value::Array(list))) => of_list(list, &extras_of(table))?,
        Some(item) => of_poetry(item.as_table_like()?)?,
    };
    if let Some(extras) = table.get("extras").and_then(Item::as_table_like) {
        for (extra, list) in extras.iter() {
            found.extend(of_list(list.as_array()?, &[extra.to_owned()])?);
        }
    }
    let optional = table.get("optional-dependencies");
    if let Some(extras) = optional.and_then(Item::as_table_like) {
        for (extra, list) in extras.iter() {
            found.extend(of_list(list.as_array()?, &[extra.to_owned()])?);
        }
    }
    Some(found)
}

/// The extras that an entry of pdm stands for.
fn extras_of(table: &toml_edit::Table) -> Vec<String> {
    let list = table.get("extras").and_then(Item::as_array);
    let values = list.into_iter().flatten().filter_map(Value::as_str);
    values.map(str::to_owned).collect()
}

/// Requirements as text (pdm, poetry's extras) or as tables (uv), needed with any of the extras.
fn of_list(list: &toml_edit::Array, extras: &[String]) -> Option<Vec<Dependency>> {
    let either: Vec<String> = extras
        .iter()
        .map(|extra| format!("extra == \"{}\"", normalized_name(extra)))
        .collect();
    let condition = match either.as_slice() {
        [] => Vec::new(),
        all => vec![format!("({})", all.join(" or "))],
    };
    let mut found = Vec::new();
    for value in list {
        let text = match value {
            Value::String(text) => text.value().clone(),
            Value::InlineTable(table) => of_uv(table)?,
            _ => return None,
        };
        found.push(Dependency::parse(&conditional(&text, &condition))?);
    }
    Some(found)
}

/// `{ name = "requests", extra = ["socks"], marker = "..." }`.
fn of_uv(table: &toml_edit::InlineTable) -> Option<String> {
    let name = table.get("name")?.as_str()?;
    let extras = table.get("extra").and_then(Value::as_array);
    let extras: Vec<&str> = extras
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let extras = if extras.is_empty() {
        String::new()
    } else {
        format!("[{}]", extras.join(","))
    };
    let marker = table.get("marker").and_then(Value::as_str);
    let marker = marker.map(|marker| format!("; {marker}"));
    Some(format!("{name}{extras}{}", marker.unwrap_or_default()))
}

/// `flask = ">=1.0"`, `flask = {version = ">=1.0", markers = "...", optional = true}`, or a list of
/// such tables.
fn of_poetry(table: &dyn TableLike) -> Option<Vec<Dependency>> {
    let mut found = Vec::new();
    for (name, item) in table.iter() {
        if let Some(version) = item.as_str() {
            found.push(plain(name, Some(version)));
        } else if let Some(list) = item.as_array() {
            for value in list {
                found.extend(of_table(name, value.as_inline_table()?)?);
            }
        } else if let Some(tables) = item.as_array_of_tables() {
            for table in tables {
                found.extend(of_table(name, table)?);
            }
        } else {
            found.extend(of_table(name, item.as_table_like()?)?);
        }
    }
    Some(found)
}

fn plain(name: &str, version: Option<&str>) -> Dependency {
    Dependency {
        name: normalized_name(name),
        extras: Vec::new(),
        // `^1.0` and the like are poetry's own: any version then.
        versions: version.and_then(|version| VersionSpecifiers::from_str(version).ok()),
        marker: None,
    }
}

/// None or one: what is optional is listed with its extra.
fn of_table(name: &str, table: &dyn TableLike) -> Option<Vec<Dependency>> {
    if table.get("optional").and_then(Item::as_bool) == Some(true) {
        return Some(Vec::new());
    }
    let text = |key: &str| table.get(key).and_then(Item::as_str);
    let mut dependency = plain(name, text("version"));
    let extras = table.get("extras").and_then(Item::as_array);
    let extras = extras.into_iter().flatten().filter_map(Value::as_str);
    dependency.extras = extras.map(normalized_name).collect();
    if let Some(marker) = text("markers") {
        let with_marker = Dependency::parse(&format!("x; {marker}"))?;
        dependency.marker = with_marker.marker;
    }
    Some(vec![dependency])
}

impl Needs for Lock {
    fn needs(&self, name: &str, version: &Version) -> Option<Vec<Dependency>> {
        let versions = self.packages.get(name)?;
        let (_, needs) = versions.iter().find(|(known, _)| known == version)?;
        needs.clone()
    }

    fn origin(&self, _name: &str) -> Origin {
        Origin::Lock(self.path.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    /// What `name` 1.0 needs, each as `name[extras] versions; marker`.
    fn needs(file: &str, text: &str, name: &str) -> Option<Vec<String>> {
        let tree = MemoryTree::new([(file, text)]);
        let app = App::new(&tree, TreePath::root());
        let lock = Lock::read(&app, file).unwrap().unwrap();
        let needs = lock.needs(name, &"1.0".parse().unwrap())?;
        let shown = needs.into_iter().map(|it| {
            let extras = it.extras.join(",");
            let versions = it.versions.map(|it| it.to_string()).unwrap_or_default();
            let marker = it.marker.map(|it| it.as_str().to_owned());
            format!(
                "{}[{extras}]{versions};{}",
                it.name,
                marker.unwrap_or_default()
            )
        });
        Some(shown.collect())
    }

    #[test]
    fn poetry_s_lock_is_read() {
        let text = r#"
[[package]]
name = "Dash"
version = "1.0.0"
optional = false

[package.dependencies]
Flask = ">=1.0.4"
importlib-metadata = {version = "*", markers = "python_version < \"3.8\""}
requests = {version = "^2", extras = ["Socks"]}
redis = {version = ">=3", optional = true}
numpy = [
    {version = "<1.20", markers = "python_version < \"3.7\""},
    {version = ">=1.20", markers = "python_version >= \"3.7\""},
]

[package.extras]
celery = ["redis (>=3)"]

[[package]]
name = "odd"
version = "1.0"
[package.dependencies]
a = {version = "1", markers = "what"}
"#;
        assert_eq!(
            needs("poetry.lock", text, "dash").unwrap(),
            [
                "flask[]>=1.0.4;",
                "importlib-metadata[];python_version < \"3.8\"",
                "requests[socks];",
                "numpy[]<1.20;python_version < \"3.7\"",
                "numpy[]>=1.20;python_version >= \"3.7\"",
                "redis[]>=3;(extra == \"celery\")",
            ]
        );
        assert_eq!(needs("poetry.lock", text, "odd"), None);
    }

    #[test]
    fn uv_s_lock_is_read() {
        let text = r#"
version = 1
[[package]]
name = "dash"
version = "1.0"
source = { registry = "https://example.com/simple" }
dependencies = [
    { name = "flask" },
    { name = "requests", extra = ["socks"], marker = "python_full_version < '3.8'" },
]
[package.optional-dependencies]
celery = [{ name = "redis" }]
"#;
        assert_eq!(
            needs("uv.lock", text, "dash").unwrap(),
            [
                "flask[];",
                "requests[socks];python_full_version < '3.8'",
                "redis[];(extra == \"celery\")",
            ]
        );
        assert_eq!(needs("uv.lock", text, "flask"), None);
    }

    #[test]
    fn pdm_s_lock_is_read() {
        let text = r#"
[[package]]
name = "requests"
version = "1.0"
dependencies = ["idna<4", "chardet; python_version < '3.5'"]
[[package]]
name = "requests"
version = "1.0"
extras = ["socks"]
dependencies = ["PySocks", "requests==1.0"]
"#;
        assert_eq!(
            needs("pdm.lock", text, "requests").unwrap(),
            [
                "idna[]<4;",
                "chardet[];python_version < '3.5'",
                "pysocks[];(extra == \"socks\")",
                "requests[]==1.0;(extra == \"socks\")",
            ]
        );
    }

    #[test]
    fn a_broken_lock_is_said() {
        let tree = MemoryTree::new([("uv.lock", "[[package]\n")]);
        let app = App::new(&tree, TreePath::root());
        let error = Lock::read(&app, "uv.lock").unwrap().err().unwrap();
        assert!(error.starts_with("uv.lock: "), "{error}");
        assert!(Lock::read(&app, "pdm.lock").is_none());
    }
}
