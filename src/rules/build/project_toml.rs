//! DL112: a `project.toml` that DE5 refuses, does not read, or reads otherwise than meant.

use std::collections::BTreeMap;

use crate::app::{App, FileState, Parsed};
use crate::files::project_toml::{ProjectToml, Setting};
use crate::rules::data::python::{Minor, pythons};
use crate::rules::support::{
    PYTHON_VARIABLE, python_choice, python_disagreement, python_settings_step, rewrite, unreadable,
};
use crate::rules::{
    Case, Category, Check, Code, Draft, Edit, Finding, Fix, Inputs, Rule, Settings, Subject,
};
use crate::text::Span;

/// DL112.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(112),
    stem: "project-toml",
    category: Category::Must,
    summary: "a `project.toml` that Dash Enterprise 5 refuses, or reads otherwise than meant",
    cases: &[
        UNREADABLE,
        SHAPE,
        NO_TEXT,
        OTHER_FORM,
        IGNORED,
        UNKNOWN_SCHEMA,
        INCLUDE_AND_EXCLUDE,
        CONTRADICTION,
        PYTHON_DISAGREES,
        NO_SUCH_PYTHON,
        EXACT_PYTHON,
    ],
    inputs: Inputs::files(&["project.toml", "runtime.txt"]),
    page: include_str!("../../../rules/DL112-project-toml.md"),
    check: Check::App(check),
};

const UNREADABLE: Case = Case::new("unreadable");
const SHAPE: Case = Case::new("shape");
const NO_TEXT: Case = Case::new("no-text");
const IGNORED: Case = Case::new("ignored");
const OTHER_FORM: Case = Case::new("other-form");
const UNKNOWN_SCHEMA: Case = Case::new("unknown-schema");
const INCLUDE_AND_EXCLUDE: Case = Case::new("include-and-exclude");
const CONTRADICTION: Case = Case::new("contradiction");
const PYTHON_DISAGREES: Case = Case::new("python-disagrees");
const NO_SUCH_PYTHON: Case = Case::new("no-such-python");
const EXACT_PYTHON: Case = Case::new("exact-python");

type File = Parsed<ProjectToml>;

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
    let file = match app.project_toml() {
        FileState::Absent => return Vec::new(),
        FileState::Broken(broken) => {
            let guide = "Mend the line: a project.toml that is not valid TOML fails the build, and dashlift changes nothing in it until it can read it.";
            return vec![unreadable(&RULE, UNREADABLE, broken).guide(guide)];
        }
        FileState::Present(file) => file,
    };
    let mut findings = problems(file);
    findings.extend(other_form(file));
    findings.extend(ignored(file));
    findings.extend(include_and_exclude(file));
    findings.extend(contradictions(file));
    findings.extend(python(app, settings, file));
    findings
}

fn at(file: &File, case: Case, subject: Subject, span: Span, message: impl Into<String>) -> Draft {
    RULE.report(case, subject, &file.path, message).span(span)
}

fn problems(file: &File) -> Vec<Finding> {
    let shapes = file.model.problems().iter().map(|problem| {
        let message = format!("project.toml cannot be used: {}", problem.message);
        // The span of a table grows with what a fix adds behind it; the problem stays the same.
        let subject = Subject::text(&problem.message);
        at(file, SHAPE, subject, problem.span, message).guide(
            "Write build variables as `[[build.env]]` tables with `name` and `value`, and scripts as `name = \"file\"` below `[scripts]`.",
        )
    });
    let settings = file
        .model
        .build_variables()
        .iter()
        .chain(file.model.scripts());
    let values = settings.filter(|setting| setting.value.is_none());
    let values = values.map(|setting| {
        let message = format!(
            "the value of `{}` in project.toml is not a string",
            setting.name
        );
        let subject = Subject::Key(setting.name.clone());
        at(file, NO_TEXT, subject, setting.span, message).guide("Put the value in quotes.")
    });
    shapes.chain(values).collect()
}

/// Tables that are not read in this form of the descriptor, and versions of its form that DE5 does
/// not know.
fn other_form(file: &File) -> Option<Finding> {
    let (span, message) = match file.model.schema_version() {
        Some(_) if file.model.is_v2() => {
            let unread = file.model.v1_variables().first()?;
            let message = "`[[build.env]]` of project.toml is not read: a file with the schema-version 0.2 has its variables below `io.buildpacks`";
            (unread.span, message)
        }
        Some(schema) => return Some(unknown_schema(file, schema)),
        None => {
            let message = "project.toml has tables of the v0.2 form, which Dash Enterprise 5 does not read without `schema-version = \"0.2\"`";
            (file.model.v2()?.span, message)
        }
    };
    let draft = at(file, OTHER_FORM, Subject::Whole, span, message);
    let moved = file.model.to_v1();
    let edit = moved.and_then(|moved| rewrite(&file.path, &file.text, &moved.print()));
    Some(match edit {
        Some(edit) => draft.fix(Fix::safe("move the tables to the v0.1 form").edit(edit)),
        None => draft.guide(
            "Write the settings of `io.buildpacks` in the v0.1 form: variables as `[[build.env]]` tables, lists below `[build]`, each variable once, no `schema-version`.",
        ),
    })
}

/// `builder` and `buildpacks`, which are for `pack` on a developer's machine.
fn ignored(file: &File) -> Option<Finding> {
    let first = file.model.ignored().first()?;
    let names: Vec<&str> = file
        .model
        .ignored()
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    let message = format!(
        "`{}` in [build] has no effect: Dash Enterprise 5 chooses the builder and the buildpacks by itself",
        names.join("`, `")
    );
    let draft = at(file, IGNORED, Subject::Whole, first.span, message).category(Category::May);
    Some(draft.guide("Take the lines out if nothing else uses them; what the app needs belongs into its lists, Aptfile and `[[build.env]]`."))
}

fn unknown_schema(file: &File, schema: &Setting) -> Finding {
    let written = schema.span.slice(file.text.as_str());
    let message = format!(
        "schema-version {written} is not known to Dash Enterprise 5, which ignores all of project.toml for it"
    );
    let draft = at(file, UNKNOWN_SCHEMA, Subject::Whole, schema.span, message);
    let changed = file.model.without_schema_version();
    let edit = changed.and_then(|changed| rewrite(&file.path, &file.text, &changed.print()));
    match edit {
        Some(edit) => draft
            .step("Check that every setting of project.toml is meant: none of them had an effect so far.")
            .fix(Fix::unsafe_("remove the schema-version").edit(edit)),
        None => draft.guide("Remove the `schema-version`: the form that Dash Enterprise 5 reads needs none."),
    }
}

fn include_and_exclude(file: &File) -> Option<Finding> {
    let (include, exclude) = file.model.include_and_exclude()?;
    let message =
        "`include` and `exclude` stand together in [build], where only one of them may stand";
    Some(
        at(file, INCLUDE_AND_EXCLUDE, Subject::Whole, exclude, message)
            .evidence(&file.path, include, "`include` is here")
            .guide("Keep the one that says which files the build gets, and remove the other."),
    )
}

/// Variables that are set again, to another value than before.
fn contradictions(file: &File) -> Vec<Finding> {
    let mut known: BTreeMap<&str, &Setting> = BTreeMap::new();
    let variables = file.model.build_variables().iter();
    let found = variables.filter_map(|later| {
        let earlier = known.insert(&later.name, later)?;
        let message = format!(
            "`{}` is set twice in project.toml, to different values",
            later.name
        );
        let subject = Subject::Variable(later.name.clone());
        let draft =
            at(file, CONTRADICTION, subject, later.span, message).category(Category::Should);
        (earlier.value != later.value).then(|| {
            draft
                .evidence(&file.path, earlier.span, "the other value")
                .guide("Remove the entry that is not meant.")
        })
    });
    found.collect()
}

fn python(app: &App, settings: &Settings, file: &File) -> Option<Finding> {
    if let Some((choice, runtime)) = python_disagreement(app, settings) {
        let chosen = choice.span.slice(file.text.as_str());
        let asked = runtime
            .model
            .python()
            .map_or(Span::at(0), |python| python.span);
        let message = format!(
            "project.toml asks for Python {chosen}, runtime.txt for `{}`",
            asked.slice(runtime.text.as_str())
        );
        return Some(
            at(file, PYTHON_DISAGREES, Subject::Whole, choice.span, message)
                .evidence(&runtime.path, asked, "the version that Dash Enterprise 4 installed")
                .guide("Dash Enterprise 5 reads project.toml only: if its version is the one you want, remove runtime.txt; if not, correct it and run dashlift again."),
        );
    }
    let choice = python_choice(app)?;
    let minor = Minor::of_range(choice.value.as_deref()?)?;
    let release = settings.target.0;
    let pythons = pythons(release)?;
    if !pythons.has(minor) {
        let message = format!(
            "Python {minor} of project.toml cannot be installed on Dash Enterprise {release}, which has {}",
            pythons.range()
        );
        let draft = at(file, NO_SUCH_PYTHON, Subject::Whole, choice.span, message).step(format!(
            "Test the app with Python {}: packages that are pinned for an older Python may have no release for it.",
            pythons.default
        ));
        let draft = python_settings_step(draft, settings, pythons.default);
        return Some(chosen(file, draft, pythons.default));
    }
    let value = choice.value.as_deref()?;
    let has_patch = value
        .split('.')
        .nth(2)
        .is_some_and(|patch| patch.parse::<u16>().is_ok());
    if !has_patch || value.starts_with('~') {
        return None;
    }
    let message = format!(
        "project.toml asks for exactly Python {value}; the patch versions of Dash Enterprise 4 are not those that Dash Enterprise 5 installs"
    );
    let draft =
        at(file, EXACT_PYTHON, Subject::Whole, choice.span, message).category(Category::Should);
    Some(chosen(file, draft, minor))
}

/// Ends with the fix that makes `minor` the app's Python.
fn chosen(file: &File, draft: Draft, minor: Minor) -> Finding {
    let mut document = file.model.clone();
    let set = document.set_build_variable(PYTHON_VARIABLE, &format!("{minor}.*"));
    let edit: Option<Edit> = rewrite(&file.path, &file.text, &document.print());
    match (set, edit) {
        (Ok(()), Some(edit)) => {
            draft.fix(Fix::unsafe_(format!("ask for Python {minor}")).edit(edit))
        }
        _ => draft.guide(format!(
            "Write `{minor}.*` as the value of {PYTHON_VARIABLE}."
        )),
    }
}
