//! What DE4's Python buildpack did beside installing packages, and no buildpack of DE5 does.

use super::{COLLECTSTATIC, HOOK, NLTK, RULE};
use crate::app::App;
use crate::rules::{Category, Consequence, Effort, Finding, Subject};
use crate::text::Text;

pub(super) fn check(app: &App) -> Vec<Finding> {
    let scripts = ["bin/pre_compile", "bin/post_compile"];
    let scripts = scripts.into_iter().filter_map(|name| hook(app, name));
    scripts.chain(nltk(app)).chain(static_files(app)).collect()
}

fn hook(app: &App, name: &str) -> Option<Finding> {
    let when = if name.ends_with("pre_compile") {
        "before the packages were installed"
    } else {
        "after the packages were installed"
    };
    app.has(name).then(|| {
        RULE.report(HOOK, Subject::Path(name.to_owned()), &app.path(name),
            format!("{name}, which Dash Enterprise 4 ran {when}, is not run on Dash Enterprise 5"),
        )
        .means(Consequence::NoCounterpart)
        .effort(Effort::Hours)
        .guide(format!(
            "Look what {name} does: Debian packages go into Aptfile, Python packages into requirements.txt, the rest into a script named as `predeploy` in the `[scripts]` table of project.toml. Then delete {name}."
        ))
    })
}

/// `nltk.txt`: one corpus per line.
fn nltk(app: &App) -> Option<Finding> {
    let bytes = app.tree().read(&app.path("nltk.txt")).ok()?;
    let text = Text::decode(&bytes).ok();
    let content = text.as_ref().map_or("", Text::as_str);
    let sound = |word: &&str| {
        word.chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
    };
    let corpora: Vec<&str> = content.split_whitespace().filter(sound).collect();
    if corpora.is_empty() {
        return None;
    }
    let corpora = corpora.join(" ");
    let message = format!(
        "nltk.txt names data that Dash Enterprise 4 downloaded and Dash Enterprise 5 does not: {corpora}"
    );
    let finding = RULE.report(NLTK, Subject::Whole, &app.path("nltk.txt"), message)
        .means(Consequence::NoCounterpart)
        .command(
            "Download the data in the script that `predeploy` names in the `[scripts]` table of project.toml, or keep it in the repository:",
            format!("python -m nltk.downloader -d nltk_data {corpora}"),
        )
        .guide("Point NLTK at the folder with the variable NLTK_DATA of the app, and delete nltk.txt.");
    Some(finding)
}

/// Django's static files, which DE4 collected by itself.
fn static_files(app: &App) -> Option<Finding> {
    let manage = app.tree().under(app.root()).iter().find(|entry| {
        let below = entry.path.below(app.root()).unwrap_or_default();
        entry.path.name() == "manage.py" && below.split('/').count() <= 3
    })?;
    if !app.requirements().names("django") || collects(app) {
        return None;
    }
    let below = manage.path.below(app.root()).unwrap_or_default();
    let finding = RULE.report(COLLECTSTATIC, Subject::Whole, &manage.path,
        "Dash Enterprise 4 ran Django's collectstatic after the build by itself; Dash Enterprise 5 does not",
    )
    .category(Category::Should)
    .command(
        "Put this into the script that `predeploy` names in the `[scripts]` table of project.toml:",
        format!("python {below} collectstatic --noinput"),
    )
    .done();
    Some(finding)
}

/// Whether the app collects the static files itself.
fn collects(app: &App) -> bool {
    let entries = app.tree().under(app.root()).iter();
    let runs = entries.filter(|entry| {
        let below = entry.path.below(app.root()).unwrap_or_default();
        let is_shell = matches!(below.rsplit_once('.'), Some((_, "sh")));
        is_shell || matches!(below, "Procfile" | "app.json" | "project.toml")
    });
    runs.into_iter().any(|entry| {
        let bytes = app.tree().read(&entry.path).unwrap_or_default();
        memchr::memmem::find(&bytes, b"collectstatic").is_some()
    })
}
