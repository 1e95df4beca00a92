//! gunicorn's configuration file, as far as it says where modules are looked for.

use super::arguments::OptionValue;
use super::shell::Shell;
use crate::app::App;
use crate::files::script::Word;
use crate::python::{Facts, Parse, Source, SourceKind};
use crate::text::Span;
use crate::tree::TreePath;

/// gunicorn reads this one unasked.
const DEFAULT: &str = "gunicorn.conf.py";

/// What the configuration says.
pub(super) enum ConfigurationRead<'w> {
    /// The settings.
    Settings(Settings),
    /// The file that the command names is not there.
    Missing(&'w Word),
}

/// The settings that matter here.
#[derive(Default)]
pub(super) struct Settings {
    /// The folder to change to.
    pub(super) chdir: Option<ConfiguredValue>,
    /// Folders for Python to look into, with commas between them.
    pub(super) pythonpath: Option<ConfiguredValue>,
    /// The `module:object` to start, where the command names none.
    pub(super) wsgi_app: Option<ConfiguredValue>,
}

/// One setting, and where it is written.
pub(super) struct ConfiguredValue {
    /// The value.
    pub(super) value: String,
    /// The configuration file.
    pub(super) path: TreePath,
    /// The value's place in it.
    pub(super) span: Span,
}

/// Reads the configuration that the command names, or the one that is read unasked. `None` where
/// nobody can tell what it says.
pub(super) fn read<'w>(
    app: &App,
    shell: &Shell,
    named: Option<OptionValue<'w>>,
) -> Option<ConfigurationRead<'w>> {
    let name = match named {
        Some(value) if value.word.is_expanded || value.text.starts_with("python:") => return None,
        Some(value) => value.text.strip_prefix("file:").unwrap_or(value.text),
        None => DEFAULT,
    };
    let paths = shell.below(app, name);
    let mut found = paths.iter();
    let found = found.find_map(|path| Some((path, app.tree().read(path).ok()?)));
    let Some((path, bytes)) = found else {
        let is_sure = !paths.is_empty() && !name.starts_with('/');
        return match named {
            Some(value) if is_sure && value.text == value.word.value => {
                Some(ConfigurationRead::Missing(value.word))
            }
            Some(_) => None,
            None => Some(ConfigurationRead::Settings(Settings::default())),
        };
    };
    let source = Source::read(&bytes, SourceKind::Module).ok()?;
    settings(path, &source.facts).map(ConfigurationRead::Settings)
}

fn settings(path: &TreePath, facts: &Facts) -> Option<Settings> {
    if facts.parse != Parse::Parsed || facts.imports_everything() {
        return None;
    }
    Some(Settings {
        chdir: constant(path, facts, "chdir")?,
        pythonpath: constant(path, facts, "pythonpath")?,
        wsgi_app: constant(path, facts, "wsgi_app")?,
    })
}

/// The text that a name is bound to, if it is bound; `None` outside where that is not constant.
#[allow(
    clippy::option_option,
    reason = "unknown and absent are different things"
)]
fn constant(path: &TreePath, facts: &Facts, name: &str) -> Option<Option<ConfiguredValue>> {
    let mut bindings = facts.top_level().filter(|binding| binding.name == name);
    let Some(binding) = bindings.next() else {
        return Some(None);
    };
    if bindings.next().is_some() || binding.conditional {
        return None;
    }
    let span = binding.value?;
    let literal = facts.texts().find(|(_, literal)| literal.span == span);
    let literal = literal.map(|(_, literal)| literal.value.clone());
    let folded = || {
        let mut constants = facts.constants.iter();
        let found = constants.find(|it| it.span == span && it.complete);
        found.map(|it| it.value.clone())
    };
    let value = literal.or_else(folded)?;
    Some(Some(ConfiguredValue {
        value,
        path: path.clone(),
        span,
    }))
}
