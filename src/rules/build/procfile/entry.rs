//! The module or file that a process starts: whether it is there, and binds the name that the
//! command takes out of it. What cannot be decided is not a finding.

use pep440_rs::Version;

use super::{
    DOTTED_OBJECT, File, MISSING_FILE, MISSING_FOLDER, MISSING_MODULE, MISSING_OBJECT, NO_MODULE,
    PATH_AS_MODULE, RULE, TORN,
};
use crate::app::App;
use crate::app::processes::runners::is_usual_module;
use crate::app::processes::{
    Located, Reading, Start, Wanted, binds, facts, locate, modules_in, names, nearest, starts,
};
use crate::files::procfile::ProcfileProcess;
use crate::files::requirements::{RequirementSource, normalized_name};
use crate::files::script::Script;
use crate::rules::facts::asked::AskedVersions;
use crate::rules::{Case, Consequence, Draft, Edit, Finding, Fix, Stage, Subject};
use crate::text::Text;
use crate::tree::TreePath;

/// What a process starts and the app does not have.
pub(super) fn broken(app: &App, file: &File, process: &ProcfileProcess) -> Vec<Finding> {
    // Without any code in the folder, the code is somewhere else.
    if app.sources().is_empty() {
        return Vec::new();
    }
    let entry = EntryPoint {
        app,
        process: process.name.slice(file.text.as_str()),
    };
    starts(app, &file.path, &file.text, process)
        .iter()
        .filter_map(|start| entry.check(start))
        .collect()
}

struct EntryPoint<'a, 't> {
    app: &'a App<'t>,
    /// The process type.
    process: &'a str,
}

impl EntryPoint<'_, '_> {
    fn check(&self, start: &Start) -> Option<Finding> {
        if !start.is_certain {
            return None;
        }
        match &start.wanted {
            Wanted::Unread => None,
            Wanted::Nothing => Some(
                self.at(start, NO_MODULE, "gunicorn", "starts gunicorn without a module to serve")
                    .guide("Name the module and the object in it: `gunicorn app:server` for `server = app.server` in app.py."),
            ),
            Wanted::Folder(folder) => Some(self.folder(start, folder)),
            Wanted::Torn(first, second) => Some(self.torn(start, first, second)),
            Wanted::File(path) => self.file(start, path),
            Wanted::Module {
                module,
                object,
                reading,
            } => self.module(start, module, object.as_deref(), *reading),
        }
    }

    fn at(&self, start: &Start, case: Case, named: &str, what: &str) -> Draft {
        let message = format!("`{}` {what}", self.process);
        let subject = Subject::text(named);
        RULE.report(case, subject, &start.path, message)
            .means(Consequence::Stops(Stage::Start))
            .span(start.span)
    }

    fn folder(&self, start: &Start, folder: &str) -> Finding {
        let what = format!("changes to the folder {folder}, which is not in the repository");
        self.at(start, MISSING_FOLDER, folder, &what).guide(format!(
            "Name the folder that holds the code, or add {folder} to the repository."
        ))
    }

    fn torn(&self, start: &Start, first: &str, second: &str) -> Finding {
        let what =
            format!("starts `{first} {second}`: the blank at the colon makes two words of it");
        let named = format!("{first} {second}");
        self.at(start, TORN, &named, &what).guide(format!(
            "Write `{}`, without the blank.",
            dotted(first, second)
        ))
    }

    fn file(&self, start: &Start, path: &str) -> Option<Finding> {
        let folders = &start.folders;
        if folders.open || path.starts_with('/') {
            return None;
        }
        let mut places = folders
            .known
            .iter()
            .filter_map(|folder| folder.join(path).ok())
            .peekable();
        places.peek()?;
        if places.any(|place| self.is_there(&place)) {
            return None;
        }
        let draft = self.at(
            start,
            MISSING_FILE,
            path,
            &format!("needs {path}, which is not in the repository"),
        );
        let guide = match self.alike_file(start, path) {
            Some(other) => format!("Did you mean {other}? Names are case-sensitive."),
            None => format!("Add {path} to the repository, or name the file that is meant."),
        };
        Some(draft.guide(guide))
    }

    fn is_there(&self, path: &TreePath) -> bool {
        let tree = self.app.tree();
        tree.resolve(path).is_ok() || !tree.under(path).is_empty()
    }

    /// A file that differs in letter case or by a letter only.
    fn alike_file(&self, start: &Start, path: &str) -> Option<String> {
        let stem = path.strip_suffix(".py")?;
        let folder = start.folders.known.first()?;
        let modules = modules_in(self.app, folder);
        let near = nearest(stem, modules.iter().map(String::as_str))?;
        Some(format!("{near}.py"))
    }

    fn module(
        &self,
        start: &Start,
        module: &str,
        object: Option<&str>,
        reading: Reading,
    ) -> Option<Finding> {
        if module.contains('/') || module.strip_suffix(".py").is_some() {
            return self.path_as_module(start, module, object);
        }
        if !module.split('.').all(is_identifier) {
            return None;
        }
        let located = locate(self.app, &start.folders, module);
        if let (Located::File(path), Some(object)) = (&located, object) {
            return self.object(start, module, path, object, reading);
        }
        let folder = match located {
            Located::File(_) | Located::Opaque => return None,
            Located::MissingIn(folder) => Some(folder),
            Located::Missing => None,
        };
        if let Some((outer, path, name)) = self.attribute(start, module, reading) {
            return self.object(start, outer, &path, name, reading);
        }
        let is_sure = match folder {
            Some(_) => !start.folders.open,
            None => self.is_own(start, module, reading),
        };
        is_sure.then(|| self.missing(start, module, object, folder.as_ref()))
    }

    /// `app/app:server`, `app.py:server`.
    fn path_as_module(&self, start: &Start, path: &str, object: Option<&str>) -> Option<Finding> {
        let dotted = module_of(path);
        let is_file = matches!(
            locate(self.app, &start.folders, &dotted),
            Located::File(_) | Located::Opaque
        );
        if !is_file || !dotted.split('.').all(is_identifier) {
            return None;
        }
        let draft = self.at(
            start,
            PATH_AS_MODULE,
            path,
            &format!("starts the module `{path}`, which is the path of a file"),
        );
        let object = object
            .map(|object| format!(":{object}"))
            .unwrap_or_default();
        let guide = match dotted.rsplit_once('.') {
            Some((folder, name)) => format!(
                "Write `{dotted}{object}`; or, if the code imports its neighbours by their names alone, `--chdir {} {name}{object}`.",
                folder.replace('.', "/")
            ),
            None => format!("Write `{dotted}{object}`."),
        };
        Some(draft.guide(guide))
    }

    /// The file of the module `pkg` of `pkg.mod`, in which celery looks for the name `mod`.
    fn attribute<'m>(
        &self,
        start: &Start,
        module: &'m str,
        reading: Reading,
    ) -> Option<(&'m str, TreePath, &'m str)> {
        let (outer, name) = module.rsplit_once('.')?;
        if reading != Reading::Celery {
            return None;
        }
        match locate(self.app, &start.folders, outer) {
            Located::File(path) => Some((outer, path, name)),
            _ => None,
        }
    }

    /// Whether a module that is not there can only be the app's own: it has a usual name, or a
    /// file elsewhere in the app or one of nearly its name says so. Others may be installed.
    fn is_own(&self, start: &Start, module: &str, reading: Reading) -> bool {
        let first = module.split('.').next().unwrap_or(module);
        let own = is_usual_module(first)
            || match self.alike(start, module) {
                // `python -m venv` beside an env.py.
                Some(Alike::Named(name)) => {
                    reading != Reading::Run || name.eq_ignore_ascii_case(module)
                }
                Some(Alike::Elsewhere(_)) => true,
                None => false,
            };
        own && !start.folders.open && !self.may_be_installed(first)
    }

    /// Whether a list asks for something of this name, or for the app's own code as a package.
    fn may_be_installed(&self, module: &str) -> bool {
        let name = normalized_name(module);
        let mut requirements = self.app.requirements().requirements();
        let installs = requirements.any(|(_, _, requirement)| {
            requirement.key.as_deref() == Some(&name)
                || requirement.editable
                || matches!(requirement.source, RequirementSource::Path(_))
        });
        installs
            || self.app.has("setup.py")
            || self.app.has("pyproject.toml")
            || self.app.has("setup.cfg")
    }

    /// Where a module of this or nearly this name is.
    fn alike(&self, start: &Start, module: &str) -> Option<Alike> {
        let (folder, last) = match module.rsplit_once('.') {
            Some((folder, last)) => (folder.replace('.', "/"), last),
            None => (String::new(), module),
        };
        let here = start
            .folders
            .known
            .iter()
            .filter_map(|it| it.join(&folder).ok());
        for place in here {
            let modules = modules_in(self.app, &place);
            if let Some(near) = nearest(last, modules.iter().map(String::as_str)) {
                return Some(Alike::Named(
                    module.strip_suffix(last).unwrap_or_default().to_owned() + near,
                ));
            }
        }
        self.elsewhere(module).map(Alike::Elsewhere)
    }

    /// The folder of the app that has the module, if exactly one has.
    fn elsewhere(&self, module: &str) -> Option<String> {
        let name = format!("/{}.py", module.replace('.', "/"));
        let inside = self.app.sources().iter().filter_map(|source| {
            let path = source.path().below(self.app.root())?;
            path.strip_suffix(name.as_str()).map(str::to_owned)
        });
        let folders: Vec<String> = inside.collect();
        match folders.as_slice() {
            [folder] => Some(folder.clone()),
            _ => None,
        }
    }

    fn missing(
        &self,
        start: &Start,
        module: &str,
        object: Option<&str>,
        folder: Option<&TreePath>,
    ) -> Finding {
        let last = module.rsplit('.').next().unwrap_or(module);
        let within =
            match folder.map(|folder| folder.below(self.app.root()).unwrap_or(folder.as_str())) {
                Some(folder) if !folder.is_empty() => format!("{folder} has"),
                _ => "the app has".to_owned(),
            };
        let what = format!("starts the module `{module}`, and {within} no {last}.py");
        let written = |module: &str| match object {
            Some(object) => format!("{module}:{object}"),
            None => module.to_owned(),
        };
        let guide = match self.alike(start, module) {
            Some(Alike::Named(name)) => {
                format!(
                    "Did you mean `{}`? Names are case-sensitive.",
                    written(&name)
                )
            }
            Some(Alike::Elsewhere(folder)) => format!(
                "The folder {folder} has it: start it from there (`--chdir {folder}` for gunicorn, `cd {folder} &&` for others)."
            ),
            None => "Name the module that is meant, as the app's folder has it.".to_owned(),
        };
        self.at(start, MISSING_MODULE, module, &what).guide(guide)
    }

    fn object(
        &self,
        start: &Start,
        module: &str,
        path: &TreePath,
        object: &str,
        reading: Reading,
    ) -> Option<Finding> {
        let name: String = object
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let rest = object.get(name.len()..).unwrap_or_default();
        if !is_identifier(&name) || !(rest.is_empty() || rest.starts_with(['.', '(', '['])) {
            return None;
        }
        let facts = facts(self.app, path)?;
        if binds(facts, &name) || self.is_submodule(path, &name) {
            return rest
                .starts_with('.')
                .then(|| self.dotted(start, module, path, object, facts))
                .flatten();
        }
        let file = path.below(self.app.root()).unwrap_or(path.as_str());
        let what = if reading == Reading::Implied {
            format!(
                "starts `{name}` of {file}, the name taken when none is given, and the file does not define it"
            )
        } else {
            format!("starts `{name}` of {file}, which does not define it")
        };
        let named = format!("{module}:{name}");
        let draft = self.at(start, MISSING_OBJECT, &named, &what);
        Some(match suggestion(facts, &name) {
            Some(other) => draft.guide(format!("Did you mean `{module}:{other}`?")),
            None => draft.guide(format!(
                "Name what {file} defines, as in `{module}:server`, or define `{name}` there (`{name} = app.server`)."
            )),
        })
    }

    /// `app:app.server`: gunicorn 20 and newer take a name or a call, nothing with a dot.
    fn dotted(
        &self,
        start: &Start,
        module: &str,
        path: &TreePath,
        object: &str,
        facts: &crate::python::Facts,
    ) -> Option<Finding> {
        let source = self.app.tree().read(&start.path).ok()?;
        let text = Text::decode(&source).ok()?;
        let words = start.span.slice(text.as_str());
        let script = Script::of_line(text.as_str());
        let mut programs = script.commands().iter().flat_map(|it| &it.words);
        let by_gunicorn = programs.any(|it| it.value.rsplit('/').next() == Some("gunicorn"));
        let strict = Version::new([20]);
        let allowed =
            AskedVersions::find(self.app, "gunicorn").is_none_or(|it| it.allows_from(&strict));
        if !by_gunicorn || !allowed || object.contains(['(', '[']) {
            return None;
        }
        let file = path.below(self.app.root()).unwrap_or(path.as_str());
        let draft = self.at(
            start,
            DOTTED_OBJECT,
            &format!("{module}:{object}"),
            &format!("starts `{object}` of {file}: gunicorn 20 and newer refuse a name with a dot"),
        );
        let spelled = format!("{module}:{object}");
        match bound_to(self.app, path, facts, object).filter(|_| words.contains(&spelled)) {
            Some(name) => {
                let new = words.replacen(&spelled, &format!("{module}:{name}"), 1);
                let fix = Fix::safe(format!("start {module}:{name}, which {file} binds to {object}"));
                Some(draft.fix(fix.edit(Edit::replace(&start.path, start.span, new))))
            }
            None => Some(draft.guide(format!(
                "Write `server = {object}` into {file}, at the top level, and start `{module}:server`."
            ))),
        }
    }

    /// Whether a package has a module of that name, which an import may have made its attribute.
    fn is_submodule(&self, path: &TreePath, name: &str) -> bool {
        let folder = path.parent();
        path.name() == "__init__.py"
            && (self.is_there(&folder.child(&format!("{name}.py")))
                || self.is_there(&folder.child(name)))
    }
}

/// The two words as one, with the module as Python writes it.
fn dotted(first: &str, second: &str) -> String {
    let joined = format!("{first}{second}");
    match joined.split_once(':') {
        Some((path, object)) => format!("{}:{object}", module_of(path)),
        None => joined,
    }
}

/// The module of a path: `app.main` of `./app/main.py`.
fn module_of(path: &str) -> String {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    path.strip_suffix(".py").unwrap_or(path).replace('/', ".")
}

/// What a missing module may be instead.
enum Alike {
    /// A module of this name, where it was looked for.
    Named(String),
    /// The same module in this folder.
    Elsewhere(String),
}

/// The name that was meant: one alike, or Dash's usual `server`.
fn suggestion<'f>(facts: &'f crate::python::Facts, name: &str) -> Option<&'f str> {
    nearest(name, names(facts)).or_else(|| names(facts).find(|name| *name == "server"))
}

/// The name of the module that is bound once, to exactly this expression: `server = app.server`.
fn bound_to<'f>(
    app: &App,
    path: &TreePath,
    facts: &'f crate::python::Facts,
    expression: &str,
) -> Option<&'f str> {
    let source = app.source(path)?;
    let text = source.facts()?.0.as_str();
    let mut bound = facts.top_level().filter(|binding| {
        let value = binding.value.map(|value| value.slice(text));
        value == Some(expression) && !binding.conditional
    });
    let name = bound.next()?.name.as_str();
    let times = facts.top_level().filter(|binding| binding.name == name);
    (times.count() == 1).then_some(name)
}

fn is_identifier(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    !text.is_empty() && text.chars().all(is_part) && !text.starts_with(|c: char| c.is_ascii_digit())
}
