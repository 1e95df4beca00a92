//! The verdicts for people: what stays first, then what goes, each line with its evidence.

use std::fmt::Write;

use super::{App, Line, Seen, Source};
use crate::report::PathPrefix;
use crate::report::style::{BAD, CODE, FAINT, HEADING, UNSURE, styled};
use crate::report::words::{counted, wrapped};

/// The widest column of requirements.
const WIDEST: usize = 44;

/// Width (characters) at which sentences are broken.
const WIDTH: usize = 90;

/// So many names of a long list are printed.
const MOST_NAMES: usize = 12;

/// The verdicts of an app, ended by a line end.
pub fn text(app: &App, shown: &PathPrefix, obsolete: bool) -> String {
    let mut page = heading(app, shown);
    let width = app
        .lines
        .iter()
        .map(|line| columns(&line.requirement))
        .max();
    let width = width.unwrap_or(0).min(WIDEST);
    for (title, lines) in groups(app, obsolete) {
        if lines.is_empty() {
            continue;
        }
        let _ = write!(page, "\n{}\n", styled(HEADING, title));
        for line in lines {
            let requirement = cut(&line.requirement);
            let blank = " ".repeat(width.saturating_sub(columns(&requirement)));
            let why = why(line, shown);
            let _ = writeln!(page, "  {requirement}{blank}  {}", styled(FAINT, why));
        }
    }
    page.push_str(&footer(app, shown));
    page
}

/// Who told what the lines need, in a few words.
pub fn concise_origin(app: &App) -> String {
    let told = app.sources.iter().map(source);
    told.collect::<Vec<_>>().join(", ")
}

fn heading(app: &App, shown: &PathPrefix) -> String {
    let lists: Vec<String> = app.lists.iter().map(|list| shown.path(list)).collect();
    let all = app.lines.len();
    let kept = all - app.unneeded();
    let is_are = if kept == 1 { "is" } else { "are" };
    let lists = styled(HEADING, lists.join(", "));
    let python = format!("for Python {} on Linux", app.python);
    format!(
        "{lists}: {kept} of {} {is_are} needed {}\n",
        counted(all, "requirement"),
        styled(FAINT, python)
    )
}

type Group<'a> = (&'static str, Vec<&'a Line>);

fn groups(app: &App, obsolete: bool) -> [Group<'_>; 6] {
    let of = |is: &dyn Fn(&Line) -> bool| app.lines.iter().filter(|it| is(it)).collect();
    let unused = |line: &Line| matches!(line.reason, "alone" | "unknown");
    let useless = if obsolete {
        "No longer of use"
    } else {
        "No longer of use; they go with --unsafe-fixes"
    };
    let let_go = if obsolete {
        "Brought along by others; conda reads no constraints, so these versions are let go"
    } else {
        "Brought along by others; they go with --unsafe-fixes, because conda can keep no versions of them"
    };
    let of_conda = if obsolete {
        "Never asked for by an app"
    } else {
        "Never asked for by an app; they go with --unsafe-fixes"
    };
    [
        ("Kept", of(&|line| line.verdict == "kept" && !unused(line))),
        (
            "Kept, though no use of them was found: does the app need them?",
            of(&|line| unused(line)),
        ),
        (
            "Brought along by others",
            of(&|line| line.verdict == "dropped" && !line.is_let_go),
        ),
        (let_go, of(&|line| line.is_let_go)),
        (
            of_conda,
            of(&|line| line.verdict == "obsolete" && line.is_conda),
        ),
        (
            useless,
            of(&|line| line.verdict == "obsolete" && !line.is_conda),
        ),
    ]
}

fn why(line: &Line, shown: &PathPrefix) -> String {
    if !line.brought_by.is_empty() {
        return format!("brought by {}", line.brought_by.join(" > "));
    }
    if let Some(first) = line.uses.first() {
        let more = match line.uses.len() {
            1 => String::new(),
            2 => ", and in 1 more place".to_owned(),
            count => format!(", and in {} more places", count - 1),
        };
        return format!("{}{more}", seen(line, first, shown));
    }
    line.note.clone().unwrap_or_default()
}

fn seen(line: &Line, seen: &Seen, shown: &PathPrefix) -> String {
    let path = shown.path(&seen.place.path);
    let place = match seen.place.line {
        Some(line) => format!("{path}:{line}"),
        None => path,
    };
    let is_name = line.name.as_deref() == Some(seen.what.as_str());
    match seen.kind {
        "import" | "guarded-import" | "dynamic-import" if is_name => {
            format!("{} at {place}", seen.words)
        }
        "import" | "guarded-import" | "dynamic-import" => {
            format!("{} as {} at {place}", seen.words, seen.what)
        }
        "request" => format!("asked for by {} at {place}", seen.what),
        _ => format!("{} by `{}` at {place}", seen.words, cut(&seen.what)),
    }
}

fn footer(app: &App, shown: &PathPrefix) -> String {
    let mut page = String::new();
    let mut told = Vec::new();
    if !app.sources.is_empty() {
        told.push(format!(
            "What they need is told by {}.",
            concise_origin(app)
        ));
    }
    if !app.unknown.is_empty() {
        told.push(format!("Not known: {}.", names(&app.unknown)));
    }
    if !told.is_empty() {
        page.push('\n');
        for line in told.iter().flat_map(|told| wrapped(told, WIDTH)) {
            let _ = writeln!(page, "{}", styled(FAINT, line));
        }
    }
    for note in &app.notes {
        let _ = writeln!(page, "{}: {note}", styled(UNSURE, "note"));
    }
    if let Some(tool) = &app.confirmed_by {
        let _ = writeln!(page, "{tool} gives the same releases for the shorter list.");
    }
    if let Some((path, line, message)) = app.obstacle() {
        let line = line.map(|line| format!(":{line}")).unwrap_or_default();
        let path = shown.path(path);
        let _ = writeln!(
            page,
            "{}: the list stays as it is: {path}{line}: {message}",
            styled(BAD, "blocked")
        );
    }
    page
}

impl App {
    /// What `--write` would do, or did.
    pub fn next(&self, shown: &PathPrefix, command: &str, written: bool, obsolete: bool) -> String {
        let count = self.can_go(obsolete);
        if count == 0 || self.obstacle.is_some() {
            return String::new();
        }
        let created = self.changed.iter().map(|it| &it.path);
        let files = created.filter(|path| !self.lists.contains(path));
        let files: Vec<String> = files.map(|path| shown.path(path)).collect();
        let goes = counted(count, "line");
        let pins = if files.is_empty() {
            String::new()
        } else {
            format!(" and their versions to {}", files.join(", "))
        };
        let pins = if obsolete && self.lines.iter().any(|line| line.is_let_go) {
            format!("{pins}; versions that conda cannot keep are let go")
        } else {
            pins
        };
        let pins = if self.drop_pins {
            " and forgets their versions".to_owned()
        } else {
            pins
        };
        if written {
            return format!("Took out {goes}{pins}.\n").replace("and forgets", "and forgot");
        }
        let command = styled(CODE, format!("`{command}`"));
        format!("{command} takes out {goes}{pins}.\n")
            .replace("and their versions to", "and moves their versions to")
    }
}

fn source(source: &Source) -> String {
    let name = match source.kind {
        "comments" => format!("the comments of {}", source.name),
        "environment" => format!("the environment {}", source.name),
        "snapshot" => format!("dashlift's snapshot of {}", source.name),
        _ => source.name.clone(),
    };
    format!("{name} (for {})", source.distributions)
}

fn names(names: &[String]) -> String {
    let first = names.get(..MOST_NAMES.min(names.len())).unwrap_or_default();
    let more = names.len() - first.len();
    let first = first.join(", ");
    if more > 0 {
        format!("{first} and {more} more")
    } else {
        first
    }
}

fn columns(text: &str) -> usize {
    text.chars().count()
}

fn cut(text: &str) -> String {
    if columns(text) <= WIDEST {
        return text.to_owned();
    }
    let start: String = text.chars().take(WIDEST - 1).collect();
    format!("{start}\u{2026}")
}
