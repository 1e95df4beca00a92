//! A solution as changes of files: moved pins and added lines in the lists, and the constraints.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::hashes::hashes;
use super::situation::AS_OF;
use super::{Ask, Asked, Limit, Road, Solution};
use crate::app::conda_names::find_package;
use crate::app::{App, RequirementList, Role};
use crate::files::environment_yml::Change;
use crate::packages::minimise::{Lists, appended, conda, file_for, head};
use crate::packages::resolve::Added;
use crate::text::Span;
use crate::tree::{Edit, TreePath};

/// What no edit can change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotWritten {
    /// A line that hides its parts.
    #[error("{path}:{line}: this line cannot be changed: {why}")]
    Line {
        /// The file.
        path: TreePath,
        /// The line, from 1.
        line: usize,
        /// Why.
        why: &'static str,
    },
    /// A list that leaves no place.
    #[error("{path} leaves no place for another line")]
    NoPlace {
        /// The file.
        path: TreePath,
    },
}

/// The changes that a solution makes in the files of an app.
///
/// # Errors
/// The first thing that no edit can change; then nothing is to be written.
pub fn writes(
    app: &App,
    asked: &Asked,
    solution: &Solution,
    road: Road,
) -> Result<Vec<Edit>, NotWritten> {
    let mut spans: BTreeMap<TreePath, Vec<(Span, String)>> = BTreeMap::new();
    for one in &solution.answer.moves {
        if let Some(ask) = asked.asks.get(one.requirement) {
            let span = place(ask)?;
            let own = spans.entry(ask.path.clone()).or_default();
            own.push((span, format!("=={}", one.to)));
        }
    }
    let Some(lists) = Lists::from_app(app) else {
        return Ok(replaced(spans));
    };
    let Some(first) = lists.installing.first() else {
        return Ok(replaced(spans));
    };
    let is_changed = !solution.is_clean();
    for list in lists.all().filter(|_| is_changed) {
        let gone = hashes(list).into_iter().map(|span| (span, String::new()));
        spans.entry(list.path.clone()).or_default().extend(gone);
    }
    let (of_conda, limits): (Vec<&Limit>, Vec<&Limit>) =
        solution.limits.iter().partition(|one| one.bound.is_some());
    let mut writes = Vec::new();
    let mut option = None;
    if !limits.is_empty() {
        let (file, is_named) = file_for(app.tree(), app.root(), &lists, first);
        option = (!is_named).then(|| format!("-c {}", file.name()));
        writes.push(constraints(&lists, file, solution, &limits, road));
    }
    if app.requirements().conda.is_some() {
        let additions = additions(solution, &of_conda, option);
        let own = spans.remove(&first.path).unwrap_or_default();
        writes.extend(in_environment(first, &own, &additions)?);
        writes.extend(replaced(spans));
        return Ok(writes);
    }
    let own = spans.remove(&first.path).unwrap_or_default();
    let items: Vec<String> = solution.answer.added.iter().map(added).collect();
    writes.extend(listed(first, own, &items, option)?);
    writes.extend(replaced(spans));
    Ok(writes)
}

/// New lines of an `environment.yml`: bounds that conda has to keep, and what is missing.
fn additions(solution: &Solution, limits: &[&Limit], option: Option<String>) -> Vec<Change> {
    let package = |name: &str| find_package(name).unwrap_or(name).to_owned();
    let limits = limits.iter().filter_map(|one| {
        let bound = one.bound.as_ref()?.to_string().replace(' ', "");
        Some(format!("{}{bound}", package(&one.name)))
    });
    let added = solution.answer.added.iter();
    let added = added.map(|one| format!("{}=={}", package(&one.name), one.version));
    let lines = limits.chain(added).map(Change::Dependency);
    lines.chain(option.map(Change::PipItem)).collect()
}

/// The one change of an `environment.yml`.
fn in_environment(
    list: &RequirementList,
    own: &[(Span, String)],
    additions: &[Change],
) -> Result<Option<Edit>, NotWritten> {
    if own.is_empty() && additions.is_empty() {
        return Ok(None);
    }
    let changed = conda(list, own, additions).map_err(|_| NotWritten::NoPlace {
        path: list.path.clone(),
    });
    changed.map(|(span, text)| {
        Some(Edit::Replace {
            path: list.path.clone(),
            span,
            text,
        })
    })
}

fn replaced(spans: BTreeMap<TreePath, Vec<(Span, String)>>) -> Vec<Edit> {
    let all = spans.into_iter().flat_map(|(path, spans)| {
        spans.into_iter().map(move |(span, text)| Edit::Replace {
            path: path.clone(),
            span,
            text,
        })
    });
    all.collect()
}

/// Where the specifiers of a requirement stand.
fn place(ask: &Ask) -> Result<Span, NotWritten> {
    let refused = |why| NotWritten::Line {
        path: ask.path.clone(),
        line: ask.position.line,
        why,
    };
    ask.span
        .ok_or_else(|| refused("it is continued in a way that hides its parts"))
}

/// The changes of the list that the build is told first: moved pins, an option at its head, lines
/// at its end.
fn listed(
    list: &RequirementList,
    mut own: Vec<(Span, String)>,
    items: &[String],
    option: Option<String>,
) -> Result<Vec<Edit>, NotWritten> {
    let replace = |(span, text)| Edit::Replace {
        path: list.path.clone(),
        span,
        text,
    };
    if list.role == Role::CondaPip {
        let items = items.iter().filter_map(|item| item.split("  #").next());
        let items = items.map(|item| Change::PipItem(item.to_owned()));
        let additions: Vec<Change> = items.chain(option.map(Change::PipItem)).collect();
        let written = in_environment(list, &own, &additions)?;
        return Ok(written.into_iter().collect());
    }
    let end = list.text.line_end().as_str();
    if let Some(option) = option {
        own.push((head(list), format!("{option}{end}")));
    }
    let mut writes: Vec<Edit> = own.into_iter().map(replace).collect();
    if !items.is_empty() {
        writes.push(appended(list, items));
    }
    Ok(writes)
}

fn added(one: &Added) -> String {
    format!(
        "{}=={}  # {} does not start without it",
        one.name, one.version, one.by
    )
}

/// The constraints file, made or extended.
fn constraints(
    lists: &Lists,
    path: TreePath,
    solution: &Solution,
    limits: &[&Limit],
    road: Road,
) -> Edit {
    let lines: Vec<String> = limits.iter().map(|one| limit(one, road)).collect();
    let mut all = lists.constraints.iter();
    if let Some(list) = all.find(|list| list.path == path) {
        return appended(list, &lines);
    }
    let mut contents = match &solution.era {
        Some(era) => format!("{AS_OF}{}: what no line of the lists pins.\n", era.day),
        None => "# Versions of what no line of the lists pins.\n".to_owned(),
    };
    for line in lines {
        let _ = writeln!(contents, "{line}");
    }
    Edit::create(path, contents)
}

fn limit(one: &Limit, road: Road) -> String {
    let operator = if road.caps { "<=" } else { "==" };
    let day = one.uploaded.map(|day| format!("{day}, "));
    let instead = one
        .instead
        .as_ref()
        .map_or_else(String::new, |it| format!("instead of {it}"));
    let reason = format!("{}{instead}", day.unwrap_or_default());
    let reason = reason.trim_end_matches(", ");
    let comment = if reason.is_empty() {
        String::new()
    } else {
        format!("  # {reason}")
    };
    format!("{}{operator}{}{comment}", one.name, one.version)
}
