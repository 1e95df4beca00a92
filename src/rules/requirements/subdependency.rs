//! DL204: requirements of a frozen list that others bring along.

use crate::app::App;
use crate::packages::edges::{Snapshot, Sources};
use crate::packages::minimise::{
    Blocked, Judged, Judgement, LineVerdict, ListFacts, Lists, Obstacle, Question, Reduction,
    ReductionOptions, judge,
};
use crate::packages::{Ran, Target};
use crate::rules::{
    Case, Category, Check, Code, Draft, Finding, Fix, Inputs, Rule, Settings, SourceInputs,
    Subject, python_target,
};
use crate::text::Span;
use crate::tree::TreePath;

/// DL204.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(204),
    stem: "subdependency",
    category: Category::May,
    summary: "requirements of a frozen list that others bring along",
    cases: &[BROUGHT],
    inputs: Inputs::files(&["runtime.txt", "project.toml", "environment.yml", "Procfile"])
        .lists()
        .sources(SourceInputs::Any),
    page: include_str!("../../../rules/DL204-subdependency.md"),
    check: Check::App(check),
};

const BROUGHT: Case = Case::new("brought");

/// So many lines are shown; `dashlift minimise` shows all.
const MOST_SHOWN: usize = 8;

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
    if !is_decided(app) {
        return Vec::new();
    }
    let Some(lists) = Lists::from_app(app) else {
        return Vec::new();
    };
    let target = python_target(app, settings);
    let all: Vec<_> = lists.all().collect();
    let mut sources = Sources::of_app(app, &all, target);
    if let Some(installed) = settings.installed.as_deref() {
        sources = sources.and(installed);
    }
    let study = Study {
        app,
        lists: &lists,
        target,
        sources: sources.and(Snapshot),
        wanted: ReductionOptions {
            drop_pins: settings.drop_pins,
            obsolete: false,
        },
        ran: settings.ran(app.root()),
    };
    study.finding().into_iter().collect()
}

/// Whether it is clear which lists Dash Enterprise 5 builds from: DL104 and DL105 make it so.
fn is_decided(app: &App) -> bool {
    let both = app.has("environment.yml") && app.has("requirements.txt");
    !both && !app.has("conda-requirements.txt")
}

/// What the rule looks at.
struct Study<'s, 't> {
    app: &'s App<'t>,
    lists: &'s Lists<'s>,
    target: Target,
    sources: Sources<'s>,
    wanted: ReductionOptions,
    ran: Ran,
}

impl Study<'_, '_> {
    fn finding(&self) -> Option<Finding> {
        let root = self.app.root();
        // Most lists are not frozen, which tells itself without a look at the sources.
        let facts = ListFacts::without_uses(self.lists, root, self.target, &self.ran);
        if !judge(&self.question(&facts)).is_frozen() {
            return None;
        }
        let facts = ListFacts::gather(self.app, self.lists, self.target, &self.ran);
        let question = self.question(&facts);
        let judgement = judge(&question);
        if !judgement.is_frozen() {
            return None;
        }
        let draft = draft(&judgement)?;
        if has_conda(&judgement) {
            return self.conda_finding(draft, &facts);
        }
        match question.reduce(&judgement) {
            Ok(reduction) => Some(self.mended(draft, &judgement, reduction?)),
            Err(obstacle) if obstacle.why == Blocked::Hashes => None,
            Err(obstacle) => Some(draft.guide(self.guide(&obstacle))),
        }
    }

    fn question<'q>(&'q self, facts: &'q ListFacts) -> Question<'q> {
        Question {
            tree: self.app.tree(),
            root: self.app.root(),
            lists: self.lists,
            target: self.target,
            sources: &self.sources,
            uses: &facts.uses,
            obsolete: &facts.obsolete,
            ran: &facts.ran,
            wanted: self.wanted,
        }
    }

    fn mended(&self, draft: Draft, judgement: &Judgement, reduction: Reduction) -> Finding {
        let left = judgement.lines.len() - reduction.taken.len();
        let left = if left == 1 {
            "1 line".to_owned()
        } else {
            format!("{left} lines")
        };
        let files: Vec<&str> = reduction.constraints.iter().map(TreePath::name).collect();
        let fix = if self.wanted.drop_pins {
            let title = format!("keep {left}, and forget the versions of the others");
            Fix::unsafe_(title)
        } else if files.is_empty() {
            Fix::safe(format!("keep {left}"))
        } else {
            let files = files.join(" and ");
            Fix::safe(format!(
                "keep {left}, and move the versions of the others to {files}"
            ))
        };
        let fix = fix.edits(reduction.edits);
        // The proof is about all of the lists as they stand now.
        let fix = self
            .lists
            .all()
            .fold(fix, |fix, list| fix.reading(list.path.clone()));
        self.with_source(draft).fix(fix)
    }

    /// The finding of lines that conda brings, which leave only together with their versions.
    fn conda_finding(&self, draft: Draft, facts: &ListFacts) -> Option<Finding> {
        let mut question = self.question(facts);
        question.wanted.obsolete = true;
        let judgement = judge(&question);
        match question.reduce(&judgement) {
            Ok(reduction) => Some(self.mended_conda(draft, &judgement, reduction?)),
            Err(obstacle) => Some(draft.guide(self.guide(&obstacle))),
        }
    }

    /// The finding of an `environment.yml`: conda reads no constraints, so that each version that
    /// is let go is said.
    fn mended_conda(&self, draft: Draft, judgement: &Judgement, reduction: Reduction) -> Finding {
        let taken: Vec<&Judged> = reduction
            .taken
            .iter()
            .filter_map(|index| judgement.lines.get(*index))
            .collect();
        let left = judgement.lines.len() - taken.len();
        let is_library = |line: &&&Judged| matches!(line.verdict, LineVerdict::Obsolete { .. });
        let shown = |lines: Vec<&&Judged>| {
            let texts: Vec<String> = lines.iter().map(|line| line.entry.show_line()).collect();
            texts.join(", ")
        };
        let let_go = taken
            .iter()
            .filter(|line| judgement.is_let_go(line))
            .collect();
        let let_go = shown(let_go);
        let libraries = shown(taken.iter().filter(is_library).collect());
        let mut draft = draft;
        if !let_go.is_empty() {
            draft = draft.note(format!(
                "conda reads no constraints: these come in the versions of the day of the build from then on, and this is what they were: {let_go}."
            ));
        }
        if !libraries.is_empty() {
            draft = draft.note(format!(
                "These go because no app asks for them (libraries of conda's, and what its Python brings): {libraries}."
            ));
        }
        let title = format!("keep the {left} lines that the app needs, with their versions");
        let fix = Fix::unsafe_(title).edits(reduction.edits);
        let lists = self.lists.all();
        draft.fix(lists.fold(fix, |fix, list| fix.reading(list.path.clone())))
    }

    /// What a tool makes again has to be changed where it makes it from.
    fn with_source(&self, draft: Draft) -> Draft {
        let made = self.lists.installing.iter().any(|list| {
            let head = list.lines.iter().map_while(|line| line.comment);
            let mut head = head.map(|span| span.slice(list.text.as_str()).to_ascii_lowercase());
            head.any(|line| line.contains("autogenerated by"))
        });
        if made {
            draft.step(
                "A tool made the list and would write all lines again: stop using it, or keep its \
                 file of what you ask for (`requirements.in`) as the list.",
            )
        } else {
            draft
        }
    }

    fn guide(&self, obstacle: &Obstacle) -> String {
        let list = self.lists.all().find(|list| list.path == obstacle.path);
        let line = list.zip(obstacle.span).map(|(list, span)| {
            let line = list.text.position(span.start).line;
            format!(" line {line}")
        });
        let line = line.unwrap_or_default();
        format!(
            "See to {}{line} first: {}. Then run dashlift again.",
            obstacle.path, obstacle.why
        )
    }
}

/// Whether conda's lines would go, or what they bring.
fn has_conda(judgement: &Judgement) -> bool {
    judgement.lines.iter().any(|line| {
        let is_useless = matches!(line.verdict, LineVerdict::Obsolete { .. });
        judgement.is_let_go(line) || (is_useless && line.entry.is_conda())
    })
}

/// The finding without its end: all lines that go, the first ones shown.
fn draft(judgement: &Judgement) -> Option<Draft> {
    let mut gone: Vec<&Judged> = judgement.dropped().collect();
    gone.sort_by_key(|line| (line.entry.list.path.clone(), line.entry.index));
    let first = gone.first()?;
    let count = gone.len();
    let all = judgement.lines.len();
    let be = if count == 1 { "is" } else { "are" };
    let message = format!("{count} of {all} requirements {be} brought along by others");
    let mut draft = RULE.report(BROUGHT, Subject::Whole, &first.entry.list.path, message);
    draft = draft.span(place(first));
    for line in gone.iter().take(MOST_SHOWN) {
        if let LineVerdict::Dropped { chain } = &line.verdict {
            let note = format!("brought by {}", chain.join(" > "));
            draft = draft.evidence(&line.entry.list.path, place(line), note);
        }
    }
    Some(draft)
}

fn place(line: &Judged) -> Span {
    line.entry.requirement.span
}
