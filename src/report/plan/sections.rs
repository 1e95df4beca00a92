//! The sections about the server: services, variables, scale, Python, files, packages, commands.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::super::markdown::{cell, code, sentence};
use super::super::safe;
use super::super::words::counted;
use super::{Page, ReadingPlace};
use crate::plan::{At, Certainty, Data, DataNeed, PlannedCommand, Replicas};
use crate::rules::{MOST_REPLICAS, PythonSource, Service};

/// Writes a section, if it has something to say; tells whether.
type Section = fn(&Page, &mut String) -> bool;

/// All sections that have something to say, and a sentence about the others.
pub(super) fn all(page: &Page, text: &mut String) {
    let sections: [(&str, Section); 7] = [
        ("services", services),
        ("environment variables to set", variables),
        ("replicas to set", scale),
        ("Python", python),
        ("mapped directories", filesystem),
        ("package indexes", packages),
        ("files without a counterpart", missing),
    ];
    let silent = sections.iter().filter(|(_, write)| !write(page, text));
    let silent: Vec<&str> = silent.map(|(name, _)| *name).collect();
    if !silent.is_empty() {
        let _ = write!(text, "\nNot found: {}.\n", silent.join(", "));
    }
    server(page, text);
    commands(page, text);
}

/// What the old server says of the app, where somebody asked it.
fn server(page: &Page, text: &mut String) {
    let Some(app) = &page.plan.server else { return };
    let _ = write!(
        text,
        "\n## On Dash Enterprise 4\n\nThe app is {} there.\n\n",
        code(&app.name)
    );
    let names = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| code(name)).collect();
        names.join(", ")
    };
    if let Some(owner) = &app.owner {
        let _ = writeln!(text, "- owner: {}", code(owner));
    }
    if let Some(access) = &app.access {
        let _ = writeln!(text, "- who may see it: {}", sentence(access));
    }
    if let Some(viewers) = &app.viewers {
        for (kind, list) in [("viewers", &viewers.users), ("teams", &viewers.teams)] {
            if !list.is_empty() {
                let _ = writeln!(text, "- {kind}: {}", names(list));
            }
        }
    }
    let facts = [
        ("deployed commit", &app.commit),
        ("last deployed", &app.updated),
        ("last visited", &app.visited),
    ];
    for (what, fact) in facts {
        if let Some(fact) = fact {
            let _ = writeln!(text, "- {what}: {}", code(fact));
        }
    }
}

fn services(page: &Page, text: &mut String) -> bool {
    let services = &page.plan.services;
    if services.is_empty() {
        return false;
    }
    text.push_str(
        "\n## Services\n\nOn Dash Enterprise 5 a service belongs to one app, and starts empty.\n\n",
    );
    for need in services {
        let name = need.service.name();
        let variable = match need.service {
            Service::Redis => "REDIS_URL",
            Service::Postgres => "DATABASE_URL",
        };
        let _ = if need.is_certain {
            writeln!(text, "- **{name}**, whose address is in `{variable}`:")
        } else {
            writeln!(
                text,
                "- perhaps **{name}**, if the one that the app uses was a service of Dash Enterprise 4:"
            )
        };
        if need.shown_by.is_empty() {
            let _ = writeln!(text, "  - linked to the app on Dash Enterprise 4");
        }
        for (at, note) in &need.shown_by {
            let _ = writeln!(text, "  - {}: {}", page.at(at), sentence(note));
        }
    }
    true
}

fn variables(page: &Page, text: &mut String) -> bool {
    let variables = &page.plan.variables;
    if variables.is_empty() {
        return false;
    }
    text.push_str(
        "\n## Environment variables\n\nThe code reads these; their values are on the Dash Enterprise 4 server. Variables that the platform or a service sets are left out.\n\n",
    );
    for need in variables {
        let default = match (need.is_unknown, need.has_default) {
            (true, _) => {
                ": nothing says whether Dash Enterprise 5 sets it; look after the first deploy"
            }
            (false, true) => ": the code can do without",
            (false, false) => "",
        };
        let places = if need.places.is_empty() {
            "set on Dash Enterprise 4".to_owned()
        } else {
            page.places(need.places.iter())
        };
        let _ = writeln!(text, "- [ ] {}{default} ({places})", code(&need.name));
    }
    true
}

fn scale(page: &Page, text: &mut String) -> bool {
    let scale = &page.plan.scale;
    if scale.is_empty() {
        return false;
    }
    let _ = write!(
        text,
        "\n## Scale\n\nDash Enterprise 5 starts one replica of each process type. After the first deploy, set in the Scale tab (at most {MOST_REPLICAS} each):\n\n| process type | on Dash Enterprise 4 | to set |\n|---|---|---|\n"
    );
    for process in scale {
        let (had, set) = match process.had {
            Replicas::Counted(count) if count > MOST_REPLICAS => (
                count.to_string(),
                format!("{MOST_REPLICAS}, the most there is"),
            ),
            Replicas::Counted(count) => (count.to_string(), count.to_string()),
            Replicas::NotStarted => (
                "did not run: `DOKKU_SCALE` does not name it".to_owned(),
                "0, unless it shall run now".to_owned(),
            ),
            Replicas::Unknown => (
                "unknown: no `DOKKU_SCALE` tells it".to_owned(),
                "1 is the default; look at the old server".to_owned(),
            ),
        };
        let _ = writeln!(
            text,
            "| {} | {had} | {set} |",
            cell(&code(&process.process))
        );
    }
    true
}

fn python(page: &Page, text: &mut String) -> bool {
    let python = &page.plan.python;
    let at = page.plan.python_at.as_ref();
    let at = at.map(|at| code(&page.shown.path(&at.path)));
    let at = at.unwrap_or_default();
    let then = if page.place == ReadingPlace::Alone && !page.plan.repairs.is_empty() {
        " after the repairs"
    } else {
        ""
    };
    let minor = python.minor.as_deref();
    let fact = match (&python.source, minor) {
        (PythonSource::ProjectToml(_), Some(minor)) => {
            format!("Python {minor}, as {at} says{then}.")
        }
        (PythonSource::ProjectToml(_), None) => {
            format!("{at} chooses the Python, with a range or value that names no single minor.")
        }
        (PythonSource::Conda(_), Some(minor)) => {
            format!("Python {minor}, as {at} says{then}: conda installs it.")
        }
        (PythonSource::Conda(_), None) => format!(
            "conda chooses the Python: {at} allows several. Name one, as in `python=3.9`, to be sure."
        ),
        (PythonSource::RuntimeTxt(_), Some(minor)) => format!(
            "{at} asks for Python {minor}, and Dash Enterprise 5 does not read the file; see the steps above."
        ),
        (PythonSource::Unreadable(_), _) => {
            format!("Not known: {at} cannot be read; see the steps above.")
        }
        (PythonSource::Default, Some(minor)) => format!(
            "The app chooses none, so it gets the default of the Dash Enterprise release, Python {minor}."
        ),
        (PythonSource::RuntimeTxt(_) | PythonSource::Default, None) => {
            "The app chooses none, so it gets the default of the Dash Enterprise release."
                .to_owned()
        }
    };
    let _ = write!(text, "\n## Python\n\n{fact}");
    if python.settings_decide && matches!(python.source, PythonSource::ProjectToml(_)) {
        text.push_str(" On the newest releases of Dash Enterprise 5 a deploy takes its Python from the app's Settings, and `project.toml` reaches only the workspace: set it in both.");
    }
    text.push('\n');
    true
}

fn filesystem(page: &Page, text: &mut String) -> bool {
    let files = &page.plan.filesystem;
    let data = &files.data;
    let place = "an app has 25 GB in `~/mount` (`../mount`, seen from its folder), for all its processes and its workspace, and for no other app";
    let need = match files.need() {
        DataNeed::Yes => format!("Needed: Dash Enterprise 5 has no directory mappings. In their place {place}."),
        DataNeed::Perhaps => format!(
            "Perhaps needed: the code uses paths outside the app as files. If a directory mapping of Dash Enterprise 4 was there, tell it with `--mapping`: Dash Enterprise 5 has none. In their place {place}."
        ),
        DataNeed::No if data.bytes >= LARGE => "Not needed, as far as the code shows. Directory mappings of Dash Enterprise 4 are not in the repository: if there is one, tell it with `--mapping`.".to_owned(),
        DataNeed::No => return false,
    };
    let _ = write!(text, "\n## Persistent filesystem\n\n{need}\n");
    if !files.directories.is_empty() {
        text.push('\n');
    }
    for directory in &files.directories {
        let _ = writeln!(
            text,
            "- {} of the old server, which the app saw as {}",
            code(&directory.host),
            code(&directory.app)
        );
    }
    let places: BTreeSet<&At> = files.uses.iter().map(|(at, _)| at).collect();
    if !places.is_empty() {
        let places: Vec<String> = places.into_iter().map(|at| page.at(at)).collect();
        let _ = write!(text, "\nUsed in {}.\n", places.join(", "));
    }
    if data.files > 0 {
        push_data(page, data, text);
    }
    true
}

/// From this size on (bytes) data in a repository is worth a word.
const LARGE: u64 = 1_000_000;

fn push_data(page: &Page, data: &Data, text: &mut String) {
    let _ = write!(
        text,
        "\nData in the repository itself moves with it: {} of {}",
        counted(data.files, "file"),
        size(data.bytes)
    );
    let folders = data.folders.iter().map(|folder| {
        format!(
            "{} {}",
            code(&page.shown.path(&folder.path)),
            size(folder.bytes)
        )
    });
    let folders: Vec<String> = folders.collect();
    let _ = writeln!(text, " ({}).", folders.join(", "));
}

/// A size in the largest unit that leaves a number above one.
pub(super) fn size(bytes: u64) -> String {
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    let unit = units.into_iter().find(|(_, unit)| bytes >= *unit);
    match unit {
        Some((name, unit)) => {
            let tenths = bytes / (unit / 10);
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
        None => counted(usize::try_from(bytes).unwrap_or(usize::MAX), "byte"),
    }
}

fn packages(page: &Page, text: &mut String) -> bool {
    let packages = &page.plan.packages;
    if packages.indexes.is_empty() && packages.private.is_empty() {
        return false;
    }
    text.push_str("\n## Package index and private packages\n\n");
    for index in &packages.indexes {
        let _ = writeln!(
            text,
            "- index {} ({}): the build has to reach it",
            code(&index.url),
            page.at(&index.at)
        );
    }
    for package in &packages.private {
        let _ = writeln!(
            text,
            "- package {} ({}): not from the public index",
            code(&package.name),
            page.at(&package.at)
        );
    }
    true
}

fn missing(page: &Page, text: &mut String) -> bool {
    let missing = &page.plan.missing;
    if missing.is_empty() {
        return false;
    }
    let places: BTreeSet<&At> = missing.iter().map(|missing| &missing.at).collect();
    let places: Vec<String> = places.into_iter().map(|at| page.at(at)).collect();
    let _ = write!(
        text,
        "\n## Without a counterpart\n\nDash Enterprise 5 has nothing like what these did; what to do stands beside them on this page: {}.\n",
        places.join(", ")
    );
    true
}

fn commands(page: &Page, text: &mut String) {
    let branch = if page.plan.repairs.is_empty() {
        ""
    } else {
        ", with the branch checked out"
    };
    let _ = write!(
        text,
        "\n## Commands\n\nIn this order{branch}. dashlift runs none of them. *documented*: Plotly's documentation says so. *source*: read in the source of Plotly's client.\n\n```sh\n"
    );
    for command in &page.plan.commands {
        let _ = writeln!(text, "# {}", comment(command));
        let _ = writeln!(text, "{}", safe(&command.command));
    }
    text.push_str("```\n");
}

fn comment(command: &PlannedCommand) -> String {
    let certainty = match command.certainty {
        Certainty::Documented => "documented",
        Certainty::ReadInSource => "source",
    };
    let condition = command.condition.map(|condition| format!("; {condition}"));
    let purpose = safe(&command.purpose);
    format!("{purpose} ({certainty}{})", condition.unwrap_or_default())
}

/// What nobody moves by moving a repository.
pub(super) fn not_moved(text: &mut String) {
    text.push_str("\n## What is not moved\n\n");
    for line in [
        "Workspaces: what is in them and not in git stays on the old server.",
        "Data in mapped directories: copy it yourself. A directory that Dash Enterprise 4 mapped into several apps has nothing like it on Dash Enterprise 5, where each app has a filesystem of its own.",
        "What is in the databases: Redis and Postgres start empty.",
        "Values of environment variables, and who may see the app: neither is in the repository.",
    ] {
        let _ = writeln!(text, "- {line}");
    }
}
