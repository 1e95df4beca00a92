//! What a parsed descriptor says. A place that holds something unexpected becomes a problem.

use toml_edit::{Item, Table, TableLike, Value};

use super::{DescriptorFacts, Setting, V2};
use crate::files::Problem;
use crate::text::Span;

/// Reads everything that a rule asks for.
pub(super) fn facts(root: &Table) -> DescriptorFacts {
    let mut facts = DescriptorFacts::default();
    if let Some(build) = table(root, "build", &mut facts.problems) {
        facts.include = build.get("include").map(item_span);
        facts.exclude = build.get("exclude").map(item_span);
        facts.variables = variables(build.get("env"), "build.env", &mut facts.problems);
        let ignored = ["builder", "buildpacks"].into_iter();
        let ignored = ignored.filter_map(|name| Some(setting(name, build.get(name)?)));
        facts.ignored = ignored.collect();
    }
    if let Some(scripts) = table(root, "scripts", &mut facts.problems) {
        facts.scripts = scripts
            .iter()
            .map(|(name, item)| setting(name, item))
            .collect();
    }
    facts.schema_version = root
        .get("_")
        .and_then(Item::as_table_like)
        .and_then(|table| table.get("schema-version"))
        .map(|item| setting("schema-version", item));
    facts.v2 = v2(root);
    facts
}

fn table<'a>(
    root: &'a Table,
    name: &str,
    problems: &mut Vec<Problem>,
) -> Option<&'a dyn TableLike> {
    let item = root.get(name)?;
    let table = item.as_table_like();
    if table.is_none() {
        problems.push(Problem::new(
            item_span(item),
            format!("`{name}` is not a table"),
        ));
    }
    table
}

fn variables(env: Option<&Item>, name: &str, problems: &mut Vec<Problem>) -> Vec<Setting> {
    let Some(env) = env else {
        return Vec::new();
    };
    let Some(entries) = entries(env) else {
        problems.push(Problem::new(
            item_span(env),
            format!("`{name}` is not a list of tables"),
        ));
        return Vec::new();
    };
    let read = entries
        .into_iter()
        .filter_map(|entry| match variable(entry) {
            Ok(setting) => Some(setting),
            Err(message) => {
                let span = entry_span(entry).unwrap_or_else(|| item_span(env));
                problems.push(Problem::new(span, message));
                None
            }
        });
    read.collect()
}

/// The tables of an array of tables, whichever way it is written.
pub(super) fn entries(env: &Item) -> Option<Vec<&dyn TableLike>> {
    match env {
        Item::ArrayOfTables(tables) => {
            Some(tables.iter().map(|table| table as &dyn TableLike).collect())
        }
        Item::Value(Value::Array(array)) => array
            .iter()
            .map(|value| value.as_inline_table().map(|table| table as &dyn TableLike))
            .collect(),
        _ => None,
    }
}

fn variable(entry: &dyn TableLike) -> Result<Setting, &'static str> {
    let name = entry.get("name").and_then(Item::as_str);
    let name = name.ok_or("a build variable without a name")?;
    let value = entry.get("value").ok_or("a build variable without value")?;
    Ok(setting(name, value))
}

fn setting(name: &str, item: &Item) -> Setting {
    Setting {
        name: name.to_owned(),
        value: item.as_str().map(str::to_owned),
        span: item_span(item),
    }
}

fn v2(root: &Table) -> Option<V2> {
    let buildpacks = root.get("io")?.as_table_like()?.get("buildpacks")?;
    let table = buildpacks.as_table_like()?;
    let build = table.get("build").and_then(Item::as_table_like);
    let env = build.and_then(|build| build.get("env"));
    let plain = table.get("env");
    let mut all = variables(plain, "io.buildpacks.env", &mut Vec::new());
    all.extend(variables(env, "io.buildpacks.build.env", &mut Vec::new()));
    Some(V2 {
        span: env
            .or(plain)
            .map_or_else(|| item_span(buildpacks), item_span),
        variables: all,
    })
}

fn entry_span(entry: &dyn TableLike) -> Option<Span> {
    let (_, item) = entry.iter().next()?;
    Some(item_span(item))
}

/// The characters of a value, or of a table's header.
pub(super) fn item_span(item: &Item) -> Span {
    item.span()
        .map_or(Span::at(0), |range| Span::new(range.start, range.end))
}
