//! The ladder of an `environment.yml`: the same packages, asked for less and less strictly, until a
//! solver of conda finds them. conda reads no constraints, so that each rung says what it lets go.

use super::edges::{Snapshot, Sources};
use super::minimise::{ListFacts, Lists, Question, ReductionOptions, judge};
use super::{Ran, Target};
use crate::app::App;
use crate::files::conda_spec::{Meaning, Operator, Spec, read_item};
use crate::files::environment_yml::Item;
pub use crate::files::environment_yml::spec_name;
use crate::text::Span;
use crate::tree::{Edit, Overlay, TreePath, apply_edits};

/// A rung, the strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Rung {
    /// The file as it is.
    #[error("as it stands")]
    AsItStands,
    /// The same versions, whatever their build.
    #[error("without its build strings")]
    WithoutBuilds,
    /// What the app asks for, in the same versions.
    #[error("reduced to what the app asks for")]
    Reduced,
    /// The same to the minor: `numpy=1.16`.
    #[error("reduced, and its versions kept to the minor")]
    Minors,
    /// Names only; the Python stays named.
    #[error("reduced, and without versions but that of Python")]
    Names,
}

impl Rung {
    /// All, the strictest first.
    pub const ALL: [Self; 5] = [
        Self::AsItStands,
        Self::WithoutBuilds,
        Self::Reduced,
        Self::Minors,
        Self::Names,
    ];
}

/// What conda is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CondaRequest {
    /// The channels, first asked first; none for those that the solver is set up with.
    pub channels: Vec<String>,
    /// The packages, as written.
    pub specs: Vec<String>,
}

impl CondaRequest {
    /// What the `environment.yml` of an app asks for; `None` where there is none to read.
    pub fn from_app(app: &App) -> Option<Self> {
        let file = app.environment().present()?;
        let values = |items: &[Item]| items.iter().map(|item| item.value.clone()).collect();
        Some(Self {
            channels: values(file.model.channels()),
            specs: values(file.model.dependencies()),
        })
    }
}

/// Takes a tree, whose `environment.yml` is that of the rung before, to a rung. Says what is let go,
/// each line as it was written; `None` where the rung changes nothing.
///
/// # Errors
/// A sentence: what stands in the way of the change.
pub fn climb(
    tree: &mut Overlay,
    root: &TreePath,
    target: Target,
    rung: Rung,
) -> Result<Option<Vec<String>>, String> {
    let before = tree.clone();
    let app = App::new(&before, root.clone());
    let (writes, gone) = match rung {
        Rung::AsItStands => return Ok(None),
        Rung::Reduced => reduced(&app, target)?,
        _ => loosened(&app, rung),
    };
    if writes.is_empty() {
        return Ok(None);
    }
    apply_edits(&writes, tree).map_err(|misfit| misfit.to_string())?;
    Ok(Some(gone))
}

/// The lines that the app needs; the others, as they were.
fn reduced(app: &App, target: Target) -> Result<(Vec<Edit>, Vec<String>), String> {
    let nothing = (Vec::new(), Vec::new());
    let Some(lists) = Lists::from_app(app) else {
        return Ok(nothing);
    };
    let facts = ListFacts::gather(app, &lists, target, &Ran::default());
    let all: Vec<_> = lists.all().collect();
    let sources = Sources::of_app(app, &all, target).and(Snapshot);
    let question = Question {
        tree: app.tree(),
        root: app.root(),
        lists: &lists,
        target,
        sources: &sources,
        uses: &facts.uses,
        obsolete: &facts.obsolete,
        ran: &facts.ran,
        wanted: ReductionOptions {
            drop_pins: false,
            obsolete: true,
        },
    };
    let judgement = judge(&question);
    let reduction = question.reduce(&judgement).map_err(|obstacle| {
        let place = obstacle
            .span
            .map(|span| format!(" (at byte {})", span.start));
        let place = place.unwrap_or_default();
        format!("{}{place}: {}", obstacle.path, obstacle.why)
    })?;
    let Some(reduction) = reduction else {
        return Ok(nothing);
    };
    let gone = reduction.taken.iter();
    let gone = gone.filter_map(|index| judgement.lines.get(*index));
    let gone = gone.map(|line| line.entry.show_line()).collect();
    Ok((reduction.edits, gone))
}

/// Each line of conda's, less strict.
fn loosened(app: &App, rung: Rung) -> (Vec<Edit>, Vec<String>) {
    let (mut writes, mut gone) = (Vec::new(), Vec::new());
    let Some(file) = app.environment().present() else {
        return (writes, gone);
    };
    for item in file.model.dependencies().iter().filter(|it| it.verbatim) {
        let new = read_item(&item.value).and_then(|spec| loosen(&item.value, &spec, rung));
        let Some(new) = new.filter(|new| *new != item.value) else {
            continue;
        };
        writes.push(Edit::Replace {
            path: file.path.clone(),
            span: Span::new(item.span.start, item.span.start + item.value.len()),
            text: new,
        });
        gone.push(item.value.clone());
    }
    (writes, gone)
}

/// A package as a rung asks for it; `None` where it has nothing to take away.
fn loosen(value: &str, spec: &Spec, rung: Rung) -> Option<String> {
    let head = spec.head(value);
    let allowed = spec.allowed(value, Meaning::Environment)?;
    let is_python = spec.name.slice(value).eq_ignore_ascii_case("python");
    match rung {
        Rung::WithoutBuilds => spec.build().map(|_| format!("{head}{allowed}")),
        Rung::Minors => {
            let [clauses] = allowed.0.as_slice() else {
                return None;
            };
            let [clause] = clauses.as_slice() else {
                return None;
            };
            let is_one = matches!(clause.operator, Operator::Equal | Operator::Prefix);
            let parts: Vec<&str> = clause.version.split('.').collect();
            let minor = parts.get(..2).filter(|_| is_one)?.join(".");
            Some(format!("{head}={minor}"))
        }
        Rung::Names if !is_python && !allowed.0.is_empty() => Some(head),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{MemoryTree, Tree};

    const EXPORT: &str = "channels: [defaults]\ndependencies:\n  - click=7.1.2=py37_0\n  - flask=1.1.2=py37_0 # web\n  - openssl=1.1.1g=h7b6447c_0\n  - python=3.7.7=hcff3b4d_5\n  - pip:\n    - gunicorn==20.0.4\n";

    #[test]
    fn each_rung_asks_for_less_and_says_what_it_lets_go() {
        let tree = MemoryTree::new([
            ("app.py", "import flask\n"),
            ("Procfile", "web: gunicorn app:server\n"),
            ("environment.yml", EXPORT),
        ]);
        let mut overlay = Overlay::new(&tree);
        let root = TreePath::root();
        let path = root.child("environment.yml");
        let climbed = Rung::ALL.map(|rung| {
            let gone = climb(&mut overlay, &root, Target::new(7), rung).unwrap();
            let app = App::new(&overlay, root.clone());
            (
                gone.map_or(0, |it| it.len()),
                CondaRequest::from_app(&app).unwrap().specs.join(" "),
            )
        });
        assert_eq!(climbed[0].0, 0);
        assert_eq!(
            climbed[1],
            (
                4,
                "click==7.1.2 flask==1.1.2 openssl==1.1.1g python==3.7.7".to_owned()
            )
        );
        assert_eq!(climbed[2], (2, "flask==1.1.2 python==3.7.7".to_owned()));
        assert_eq!(climbed[3], (2, "flask=1.1 python=3.7".to_owned()));
        assert_eq!(climbed[4], (1, "flask python=3.7".to_owned()));
        let text = overlay.read(&path).unwrap();
        let text = String::from_utf8_lossy(&text);
        assert!(text.contains("  - flask # web\n") && text.contains("gunicorn==20.0.4"));
    }
}
