//! DL201: the package index of a DE4 server, which is gone.

mod place;

use crate::app::{App, FileState};
use crate::files::pip_conf::PipConf;
use crate::files::pipfile::Pipfile;
use crate::rules::data::packages::de5_index;
use crate::rules::settings::PackageIndex;
use crate::rules::{
    Case, Category, Check, Code, Draft, Edit, Finding, Fix, Inputs, Rule, Settings, Subject,
    support,
};
use place::{IndexValue, in_lists, in_pip_conf, in_pipfile, removal, trusted};

/// DL201.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(201),
    stem: "package-index",
    category: Category::Must,
    summary: "the package index of a Dash Enterprise 4 server",
    cases: &[UNREADABLE, INDEX],
    inputs: Inputs::files(&["pip.conf", "Pipfile", "environment.yml", ".condarc"]).lists(),
    page: include_str!("../../../rules/DL201-package-index.md"),
    check: Check::App(check),
};

const UNREADABLE: Case = Case::new("unreadable");
const INDEX: Case = Case::new("index");

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
    let conf = app.load::<PipConf>("pip.conf");
    let pipfile = app.load::<Pipfile>("Pipfile");
    let mut places = in_lists(app);
    places.extend(conf.present().into_iter().flat_map(in_pip_conf));
    places.extend(pipfile.present().into_iter().flat_map(in_pipfile));
    let indexes = places.iter().filter(|place| place.is_de4());
    let mut findings: Vec<Finding> = indexes
        .map(|place| report(app, &conf, place, &places, settings))
        .collect();
    let broken = [conf.broken(), pipfile.broken()];
    findings.extend(broken.into_iter().flatten().map(|broken| {
        support::unreadable(&RULE, UNREADABLE, broken)
            .category(Category::Should)
            .guide("Mend the file, then run dashlift again: no package index is seen in it.")
    }));
    findings
}

fn report(
    app: &App,
    conf: &FileState<PipConf>,
    place: &IndexValue,
    all: &[IndexValue],
    settings: &Settings,
) -> Finding {
    let url = place.url();
    let host = url.map_or("", |url| url.host);
    let message = format!(
        "`{}` points to the package index of the Dash Enterprise 4 server {host}",
        place.name
    );
    let mut draft = RULE
        .report(
            INDEX,
            Subject::Address(host.to_owned()),
            &place.path,
            message,
        )
        .span(place.span);
    if url.is_some_and(|url| url.credentials.is_some()) {
        draft = draft.step(
            "The old URL holds credentials of the Dash Enterprise 4 server: revoke them there, \
             because they stay in the history of the repository.",
        );
    }
    if !place.is_exact {
        return draft.guide(
            "The value is written with escapes or over several lines: write it plainly on one \
             line, then run dashlift again.",
        );
    }
    let trusting = trusted(app, conf, host);
    match (settings.package_index, &settings.de5_host) {
        (PackageIndex::Remove, _) => remove(draft, app, conf, place, all, &trusting),
        (PackageIndex::Rewrite, Some(de5)) => draft.fix(rewrite(place, &trusting, de5)),
        (PackageIndex::Rewrite, None) => draft.guide(
            "Run dashlift with --de5-host and the name of your Dash Enterprise 5 server to have \
             its URL written here; or set package-index = \"remove\" if your release configures \
             its index by itself, as newer ones do.",
        ),
    }
}

/// The same option with the URL of the DE5 server; trust in the old host moves with it.
fn rewrite(place: &IndexValue, trusting: &[IndexValue], de5: &str) -> Fix {
    let url = de5_index(de5);
    let dropped = match place.url().and_then(|url| url.credentials) {
        Some(_) => ", without the old credentials",
        None => "",
    };
    let title = format!("point `{}` to {url}{dropped}", place.name);
    let fix = Fix::safe(title).edit(Edit::replace(&place.path, place.value, place.quoted(&url)));
    let trust = trusting.iter().filter(|trust| trust.word != de5);
    fix.edits(trust.map(|trust| Edit::replace(&trust.path, trust.value, de5)))
}

/// Without the option; trust in the host goes too, unless another index is on that host.
fn remove(
    draft: Draft,
    app: &App,
    conf: &FileState<PipConf>,
    place: &IndexValue,
    all: &[IndexValue],
    trusting: &[IndexValue],
) -> Finding {
    let host = place.url().map_or("", |url| url.host);
    let needed = all.iter().any(|other| {
        !other.is_de4()
            && other
                .url()
                .is_some_and(|url| url.host.eq_ignore_ascii_case(host))
    });
    let mut gone = vec![place];
    gone.extend(trusting.iter().filter(|_| !needed));
    match removal(app, conf, &gone) {
        Some(fix) => draft.fix(Fix {
            title: format!("remove `{}`", place.name),
            ..fix
        }),
        None => draft.guide(format!(
            "Take `{}` out by hand: it shares its place with something that must stay.",
            place.name
        )),
    }
}
