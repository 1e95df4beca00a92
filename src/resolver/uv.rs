//! uv as a resolver: `uv pip compile`, asked for a lock so that it says which release comes as
//! which file.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use pep440_rs::Version;

use super::Terms;
use super::lines::list;
use super::lock::{self, Locked};
use super::metadata::configuration;
use super::words::{failure, refused_by_uv};
use super::workshop::{Workshop, ask};
use crate::children::{Program, Ran};
use crate::packages::Target;
use crate::packages::edges::Metadata;
use crate::packages::snapshot;
use crate::packages::solve::{
    Choose, Reason, RefusedRequest, Resolution, ResolveError, Resolved, Resolver, SolveFailure,
    SolveRequest,
};

/// More rounds than any list needs: each finds at least one more distribution that has to come as
/// a wheel.
const ROUNDS: usize = 40;

/// The oldest Python whose wheels uv tells of; older wheels are of no interest.
const OLDEST_TRIED_MINOR: u8 = 6;

/// Ubuntu 22.04, which Dash Enterprise 5 builds on.
const FOR_TARGET: &[&str] = &["--python-platform", "x86_64-manylinux_2_28"];

/// uv of this machine.
pub struct Uv {
    program: Program,
    terms: Terms,
    /// What was learned: distributions that must come as wheels, because their source is not
    /// made for the target.
    wheels_only: RefCell<BTreeMap<String, UvCause>>,
    /// Whether what the index said a moment ago may be taken for an answer.
    may_remember: bool,
    /// Whether the index was asked.
    was_asked: Cell<bool>,
    /// Whether it is known that no login is missing.
    knows_login: Cell<bool>,
    /// Whether a release without a wheel for the target has Linux wheels for other Pythons.
    compiled: RefCell<BTreeMap<(String, Version), bool>>,
}

/// Why a distribution must come as a wheel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UvCause {
    /// There are wheels for Linux, only not for the target: it is compiled, and was never tried
    /// with the target.
    OtherPythons,
    /// Its source does not even tell what it needs.
    NotBuilt,
}

impl Uv {
    /// uv; `None` when it is not on this machine. When it `may_remember`, questions after the first
    /// are answered from its cache where that is enough: much quicker, and as of a moment ago.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn find(terms: &Terms, may_remember: bool) -> Result<Option<Self>, SolveFailure> {
        let Some(program) = Program::find("uv", &terms.grounds) else {
            return Ok(None);
        };
        let workshop = Workshop::new("")?;
        let ran = ask(workshop.command(&program).arg("--version"), "", terms.limit)?;
        Ok(ran.is_good.then(|| Self {
            program,
            terms: terms.clone(),
            may_remember,
            was_asked: Cell::new(false),
            knows_login: Cell::new(false),
            wheels_only: RefCell::default(),
            compiled: RefCell::default(),
        }))
    }

    /// Asks, the cache first where it may. The oldest versions are not asked of the cache: it may
    /// not hold them.
    fn ask(
        &self,
        request: &SolveRequest,
        python: u8,
        all: bool,
    ) -> Result<Vec<Locked>, ResolveError> {
        let of_cache = self.may_remember
            && self.was_asked.replace(true)
            && request.choose == Choose::Newest
            && !all;
        if of_cache && let Some(answer) = self.ask_once(request, python, all, true)? {
            return answer;
        }
        let answer = self.ask_once(request, python, all, false)?;
        answer.unwrap_or(Err(ResolveError::Failed(SolveFailure::NotInstalled("uv"))))
    }

    /// Asks once; `None` when the cache does not know.
    fn ask_once(
        &self,
        request: &SolveRequest,
        python: u8,
        all: bool,
        of_cache: bool,
    ) -> Result<Option<Result<Vec<Locked>, ResolveError>>, ResolveError> {
        let mut arguments = vec!["--format", "pylock.toml"];
        arguments.extend(if all {
            &["--universal"][..]
        } else {
            FOR_TARGET
        });
        arguments.extend(of_cache.then_some("--offline"));
        let ran = self.compile(request, python, &arguments)?;
        if ran.is_good {
            let locked = lock::read(&ran.out);
            return Ok(Some(
                locked.ok_or(ResolveError::Failed(SolveFailure::TooOld("uv"))),
            ));
        }
        let is_unknown = of_cache && !is_known(&ran.err);
        Ok((!is_unknown).then(|| Err(no(&ran.err, request.target))))
    }

    /// Has uv make a list of a request.
    fn compile(
        &self,
        request: &SolveRequest,
        python: u8,
        arguments: &[&str],
    ) -> Result<Ran, ResolveError> {
        let workshop = Workshop::new(&configuration(request)).map_err(ResolveError::Failed)?;
        let mut command = self.command(&workshop);
        command.args(["--no-header"]);
        // As pip does, which builds the app: the best version of all indexes.
        command.args(["--index-strategy", "unsafe-best-match"]);
        command.arg("--python-version").arg(format!("3.{python}"));
        command.args(arguments);
        if !request.with_dependencies {
            command.arg("--no-deps");
        }
        if request.choose == Choose::Oldest {
            command.args(["--resolution", "lowest-direct"]);
        }
        for name in &request.wheels_only {
            command.args(["--only-binary", name]);
        }
        let mut input = list(request, &self.terms.allowed).map_err(ResolveError::Failed)?;
        if workshop
            .write_constraints(request)
            .map_err(ResolveError::Failed)?
        {
            input.push_str("-c constraints.txt\n");
        }
        ask(&mut command, &input, self.terms.limit).map_err(ResolveError::Failed)
    }

    /// `uv pip compile` of its standard input, which runs no code of any package. A source whose
    /// needs nobody knows counts as one that does not build: its build would begin with a Python
    /// whose home is an empty place, and ends there before it reads a line. uv's own questions to
    /// a Python are put in isolated mode, which does not look at that variable.
    fn command(&self, workshop: &Workshop) -> Command {
        let mut command = workshop.command(&self.program);
        command.env("PYTHONHOME", workshop.path().join("no-builds"));
        command.args(["pip", "compile", "-", "--quiet", "--color", "never"]);
        command.args(["--no-python-downloads", "--no-progress"]);
        // Not the environment of a folder above, which uv would look into.
        command.args(["--system", "--no-build-isolation"]);
        command
    }

    /// What each release of the answer to a request needs on the target: uv writes beside each
    /// line who asked for it.
    ///
    /// # Errors
    /// When there is no answer.
    pub(super) fn ask_needs(
        &self,
        request: &SolveRequest,
    ) -> Result<(Resolution, Metadata), ResolveError> {
        let resolution = self.resolve(request)?;
        let mut request = request.clone();
        let learned = self
            .wheels_only
            .borrow()
            .keys()
            .cloned()
            .collect::<Vec<_>>();
        request.wheels_only.extend(learned);
        let mut arguments = FOR_TARGET.to_vec();
        arguments.extend(["--annotate", "--annotation-style", "split"]);
        let ran = self.compile(&request, request.target.minor(), &arguments)?;
        if ran.is_good {
            Ok((resolution, Metadata::compiled("uv", &ran.out)))
        } else {
            Err(no(&ran.err, request.target))
        }
    }

    /// What keeps an index from telling of a distribution that it does not seem to have: uv tells
    /// of a missing login only when it takes one index after the other.
    fn login(&self, request: &SolveRequest) -> Option<SolveFailure> {
        if self.knows_login.replace(true) {
            return None;
        }
        let workshop = Workshop::new(&configuration(request)).ok()?;
        let mut command = self.command(&workshop);
        command.args(["--no-deps", "--no-header"]);
        let ran = ask(
            &mut command,
            &list(request, &self.terms.allowed).ok()?,
            self.terms.limit,
        )
        .ok()?;
        failure(&ran.err, "uv").filter(|failure| matches!(failure, SolveFailure::Login { .. }))
    }

    /// One round: an answer, or the knowledge that makes the next one better.
    fn round(&self, request: &SolveRequest) -> Result<Option<Resolution>, ResolveError> {
        let mut request = request.clone();
        let known = self.wheels_only.borrow().clone();
        request.wheels_only.extend(known.keys().cloned());
        match self.ask(&request, request.target.minor(), false) {
            Ok(locked) => {
                let compiled = self.compiled(&request, &locked)?;
                if compiled.is_empty() {
                    return Ok(Some(resolution(locked)));
                }
                let new = compiled
                    .into_iter()
                    .map(|name| (name, UvCause::OtherPythons));
                self.wheels_only.borrow_mut().extend(new);
                Ok(None)
            }
            Err(ResolveError::Unsatisfiable(refused)) => {
                if matches!(refused.reason, Reason::NotFound(_))
                    && let Some(failure) = self.login(&request)
                {
                    return Err(ResolveError::Failed(failure));
                }
                let Reason::NotBuilt(what) = &refused.reason else {
                    return Err(ResolveError::Unsatisfiable(explained(refused, &known)));
                };
                let name = what.split(' ').next().unwrap_or_default().to_owned();
                if request.wheels_only.contains(&name) {
                    return Err(ResolveError::Unsatisfiable(refused));
                }
                self.wheels_only
                    .borrow_mut()
                    .insert(name, UvCause::NotBuilt);
                Ok(None)
            }
            Err(failed) => Err(failed),
        }
    }

    /// The distributions without a wheel for the target of which there are Linux wheels for other
    /// Pythons.
    fn compiled(
        &self,
        request: &SolveRequest,
        locked: &[Locked],
    ) -> Result<BTreeSet<String>, ResolveError> {
        let source = locked.iter().filter(|one| one.wheels.is_empty());
        // uv knows of no source how it builds; the snapshot does: SQLAlchemy, MarkupSafe.
        let source = source.filter(|one| !builds_alone(&one.name, &one.version));
        let keys: Vec<(String, Version)> = source
            .map(|one| (one.name.clone(), one.version.clone()))
            .collect();
        let mut unknown: Vec<&(String, Version)> = keys
            .iter()
            .filter(|key| !self.compiled.borrow().contains_key(*key))
            .collect();
        for python in OLDEST_TRIED_MINOR..request.target.minor() {
            if unknown.is_empty() {
                break;
            }
            unknown = self.read_lock(request, unknown, python)?;
        }
        let known = self.compiled.borrow();
        let compiled = keys.iter().filter(|key| known.get(*key) == Some(&true));
        Ok(compiled.map(|(name, _)| name.clone()).collect())
    }

    /// Looks at all files of releases, as of a Python; gives back those that are not for it.
    fn read_lock<'k>(
        &self,
        request: &SolveRequest,
        keys: Vec<&'k (String, Version)>,
        python: u8,
    ) -> Result<Vec<&'k (String, Version)>, ResolveError> {
        let mut left = keys;
        let mut later = Vec::new();
        while !left.is_empty() {
            let pins = left
                .iter()
                .map(|(name, version)| format!("{name}=={version}"));
            let question = SolveRequest {
                requirements: pins.collect(),
                constraints: Vec::new(),
                wheels_only: BTreeSet::new(),
                choose: Choose::Newest,
                with_dependencies: false,
                ..request.clone()
            };
            match self.ask(&question, python, true) {
                Ok(locked) => {
                    let mut known = self.compiled.borrow_mut();
                    known.extend(
                        locked.iter().map(|one| {
                            ((one.name.clone(), one.version.clone()), one.is_for_linux())
                        }),
                    );
                    return Ok(later);
                }
                Err(ResolveError::Unsatisfiable(refused)) => {
                    let (named, rest): (Vec<_>, Vec<_>) = left
                        .into_iter()
                        .partition(|(name, _)| refused.names.contains(name));
                    later.extend(named.iter().copied());
                    if named.is_empty() {
                        later.extend(rest);
                        return Ok(later);
                    }
                    left = rest;
                }
                Err(failed) => return Err(failed),
            }
        }
        Ok(later)
    }
}

impl Resolver for Uv {
    fn resolve(&self, request: &SolveRequest) -> Result<Resolution, ResolveError> {
        for _ in 0..ROUNDS {
            if let Some(resolution) = self.round(request)? {
                return Ok(resolution);
            }
        }
        let names: Vec<String> = self.wheels_only.borrow().keys().cloned().collect();
        let refused = RefusedRequest::name_distributions(Reason::Unclear, names);
        Err(ResolveError::Unsatisfiable(refused))
    }
}

/// Whether a release is known to build without a compiler.
fn builds_alone(name: &str, version: &Version) -> bool {
    snapshot::find(name).is_some_and(|known| {
        let release = known.release(version);
        release.is_some_and(|release| release.has_source() && release.builds_alone())
    })
}

/// Whether uv could say no from its cache alone.
fn is_known(text: &str) -> bool {
    let missing = [
        "network",
        "offline",
        "downloaded from a registry",
        "in the cache",
    ];
    text.contains("No solution found") && !missing.iter().any(|words| text.contains(words))
}

/// What uv's complaint means.
fn no(text: &str, target: Target) -> ResolveError {
    if let Some(failure) = failure(text, "uv") {
        return ResolveError::Failed(failure);
    }
    let refused = refused_by_uv(text, target);
    let is_no = text.contains("No solution found") || refused.reason != Reason::Unclear;
    if is_no {
        ResolveError::Unsatisfiable(refused)
    } else {
        ResolveError::Failed(SolveFailure::Other(
            "uv gave up without saying which requirement is in the way; `uv pip compile` on the \
             list shows what it says"
                .to_owned(),
        ))
    }
}

/// "No usable wheel" of something whose source does not build is said so.
fn explained(refused: RefusedRequest, known: &BTreeMap<String, UvCause>) -> RefusedRequest {
    let Reason::NoWheel { what, .. } = &refused.reason else {
        return refused;
    };
    let name = what.split(' ').next().unwrap_or_default();
    match known.get(name) {
        Some(UvCause::NotBuilt) => {
            RefusedRequest::name_distributions(Reason::NotBuilt(what.clone()), refused.names)
        }
        _ => refused,
    }
}

fn resolution(locked: Vec<Locked>) -> Resolution {
    let packages = locked.into_iter().map(|one| Resolved {
        from_source: one.wheels.is_empty(),
        name: one.name,
        version: one.version,
    });
    Resolution {
        packages: packages.collect(),
    }
}
