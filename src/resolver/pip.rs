//! pip as a resolver, where uv is not: `pip install --dry-run`. It knows less: it is asked for
//! wheels only, because it does not tell which source was made for the target; it cannot be asked
//! for the oldest versions that fit; and for another Python than its own it often fails.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::str::FromStr;
use std::sync::LazyLock;

use pep440_rs::{Version, VersionSpecifiers};
use regex::Regex;
use serde::Deserialize;

use super::Terms;
use super::lines::list;
use super::words::failure;
use super::workshop::{Workshop, ask};
use crate::children::{Program, Ran};
use crate::packages::Target;
use crate::packages::edges::Metadata;
use crate::packages::solve::{
    Choose, Reason, RefusedRequest, Resolution, ResolveError, Resolved, Resolver, SolveFailure,
    SolveRequest,
};

/// Wheels that install on Ubuntu 22.04, which Dash Enterprise 5 builds on. pip knows itself that
/// `manylinux2014` includes the older ones.
const PLATFORMS: &[&str] = &[
    "manylinux_2_28_x86_64",
    "manylinux_2_27_x86_64",
    "manylinux_2_24_x86_64",
    "manylinux_2_17_x86_64",
    "manylinux2014_x86_64",
    "linux_x86_64",
];

static VERSIONS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"satisfies the requirement ([^\s(;]+)[^\n]*?\(from versions: ([^)]*)\)").ok()
});
static CANNOT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"Cannot install (.+?) because these").ok());
static NEEDS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)^\s+(\S+) (\S+) depends on ([^\s;]+)").ok());
static REQUESTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)^\s+The user requested(?: \(constraint\))? (\S+)").ok());

/// pip of this machine.
pub struct Pip {
    terms: Terms,
    /// The Python that runs it.
    python: Program,
    /// Whether that is the target itself.
    is_target: bool,
    target: Target,
}

#[derive(Debug, Deserialize)]
struct Report {
    install: Vec<PipReportItem>,
}

#[derive(Debug, Deserialize)]
struct PipReportItem {
    metadata: Described,
    download_info: Download,
}

#[derive(Debug, Deserialize)]
struct Described {
    name: String,
    version: String,
    #[serde(default)]
    requires_dist: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Download {
    url: String,
}

impl Pip {
    /// pip, of the target's Python where it is there, else of any; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn find(target: Target, terms: &Terms) -> Result<Option<Self>, SolveFailure> {
        let workshop = Workshop::new("")?;
        let exact = format!("python3.{}", target.minor());
        let named = [exact.as_str(), "python3", "python"].into_iter();
        for python in named.filter_map(|name| Program::find(name, &terms.grounds)) {
            let mut command = pip(&workshop, &python);
            let found = ask(command.arg("--version"), "", terms.limit)?;
            if found.is_good {
                let own = format!("(python 3.{})", target.minor());
                return Ok(Some(Self {
                    terms: terms.clone(),
                    python,
                    is_target: found.out.contains(&own) && cfg!(target_os = "linux"),
                    target,
                }));
            }
        }
        Ok(None)
    }

    /// What it cannot do here.
    pub(super) fn limits(&self) -> String {
        let other = if self.is_target {
            String::new()
        } else {
            format!(", and runs on another Python than {}", self.target)
        };
        format!(
            "pip was asked for wheels only{other}: packages that come as source only count as \
             missing; uv knows more"
        )
    }

    fn command(
        &self,
        workshop: &Workshop,
        request: &SolveRequest,
    ) -> Result<Command, SolveFailure> {
        workshop.write("requirements.txt", &list(request, &self.terms.allowed)?)?;
        let mut command = pip(workshop, &self.python);
        command.args(["install", "--dry-run", "--ignore-installed"]);
        command.args(["--no-input", "--no-color", "--progress-bar", "off"]);
        command.args(["--disable-pip-version-check", "--report", "report.json"]);
        command.args(["-r", "requirements.txt"]);
        if workshop.write_constraints(request)? {
            command.args(["-c", "constraints.txt"]);
        }
        if !request.with_dependencies {
            command.arg("--no-deps");
        }
        command.args(["--only-binary", ":all:"]);
        if !self.is_target {
            command
                .args(["--target", "target", "--python-version"])
                .arg(format!("3.{}", self.target.minor()));
            for platform in PLATFORMS {
                command.args(["--platform", platform]);
            }
        }
        Ok(command)
    }

    fn ask(&self, request: &SolveRequest) -> Result<Resolution, ResolveError> {
        Ok(resolution(self.report(request)?))
    }

    /// The answer to a request, and what each of its releases needs; without an answer what each
    /// requirement by itself needs, where pip has files of them all.
    ///
    /// # Errors
    /// When pip cannot be asked.
    pub(super) fn ask_needs(
        &self,
        request: &SolveRequest,
    ) -> Result<(Result<Resolution, RefusedRequest>, Metadata), SolveFailure> {
        let refused = match self.report(request) {
            Ok(report) => {
                let needs = needs(&report);
                return Ok((Ok(resolution(report)), needs));
            }
            Err(ResolveError::Unsatisfiable(refused)) => refused,
            Err(ResolveError::Failed(failure)) => return Err(failure),
        };
        let alone = SolveRequest {
            with_dependencies: false,
            ..request.clone()
        };
        let needs = match self.report(&alone) {
            Ok(report) => needs(&report),
            Err(ResolveError::Unsatisfiable(_)) => Metadata::online("pip"),
            Err(ResolveError::Failed(failure)) => return Err(failure),
        };
        Ok((Err(refused), needs))
    }

    fn report(&self, request: &SolveRequest) -> Result<Report, ResolveError> {
        let workshop = Workshop::new("").map_err(ResolveError::Failed)?;
        let mut command = self
            .command(&workshop, request)
            .map_err(ResolveError::Failed)?;
        let ran = ask(&mut command, "", self.terms.limit).map_err(ResolveError::Failed)?;
        if !ran.is_good {
            return Err(no(&ran, request.target));
        }
        let report = fs::read_to_string(workshop.path().join("report.json"));
        let report = report.ok().and_then(|text| read(&text));
        report.ok_or(ResolveError::Failed(SolveFailure::TooOld("pip")))
    }

    /// The oldest releases that satisfy each requirement by itself: pip lists what it has when it
    /// is asked for what nobody has.
    fn oldest(&self, request: &SolveRequest) -> Result<Resolution, ResolveError> {
        let mut packages = Vec::new();
        for requirement in &request.requirements {
            let end = requirement.find(['=', '<', '>', '~', '!']);
            let (head, specifiers) = requirement.split_at(end.unwrap_or(requirement.len()));
            let question = SolveRequest {
                requirements: vec![format!("{head}==0.0.0.dev0")],
                ..request.clone()
            };
            let specifiers = VersionSpecifiers::from_str(specifiers).unwrap_or_default();
            let name = head.split('[').next().unwrap_or_default();
            let versions = match self.ask(&question) {
                Err(ResolveError::Unsatisfiable(refused)) => refused.versions,
                Err(ResolveError::Failed(failure)) => return Err(ResolveError::Failed(failure)),
                Ok(_) => Vec::new(),
            };
            let fits = |version: &Version| version.is_stable() && specifiers.contains(version);
            let Some(version) = versions.into_iter().filter(fits).min() else {
                let reason = Reason::NoRelease(requirement.clone());
                let refused = RefusedRequest::name_distributions(reason, [normalized(name)]);
                return Err(ResolveError::Unsatisfiable(refused));
            };
            packages.push(Resolved {
                name: normalized(name),
                version,
                from_source: false,
            });
        }
        Ok(Resolution { packages })
    }
}

impl Resolver for Pip {
    fn resolve(&self, request: &SolveRequest) -> Result<Resolution, ResolveError> {
        match request.choose {
            Choose::Newest => self.ask(request),
            Choose::Oldest if !request.with_dependencies => self.oldest(request),
            Choose::Oldest => Err(ResolveError::Unsatisfiable(
                RefusedRequest::name_distributions(Reason::Unclear, []),
            )),
        }
    }
}

/// pip of a Python that takes no module from the current folder, from variables or from the user's
/// own packages.
fn pip(workshop: &Workshop, python: &Program) -> Command {
    let mut command = workshop.command(python);
    command.args(["-I", "-m", "pip"]);
    command
}

fn is_wheel(url: &str) -> bool {
    std::path::Path::new(url)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("whl"))
}

fn read(text: &str) -> Option<Report> {
    serde_json::from_str(text).ok()
}

fn resolution(report: Report) -> Resolution {
    let packages = report.install.into_iter().filter_map(|item| {
        Some(Resolved {
            name: normalized(&item.metadata.name),
            version: item.metadata.version.parse().ok()?,
            from_source: !is_wheel(&item.download_info.url),
        })
    });
    Resolution {
        packages: packages.collect(),
    }
}

/// What each release of a report says that it needs.
fn needs(report: &Report) -> Metadata {
    let mut needs = Metadata::online("pip");
    for item in &report.install {
        let metadata = &item.metadata;
        let requires = metadata.requires_dist.iter().map(String::as_str);
        needs.add(&normalized(&metadata.name), &metadata.version, requires);
    }
    needs
}

/// What pip's complaint means.
fn no(ran: &Ran, target: Target) -> ResolveError {
    let text = format!("{}\n{}", ran.out, ran.err);
    let found = VERSIONS.as_ref().and_then(|it| it.captures(&text));
    let found = found.and_then(|it| Some((it.get(1)?.as_str(), it.get(2)?.as_str())));
    if let Some((what, versions)) = found {
        let offline = failure(&text, "pip").filter(|_| versions == "none");
        return match offline {
            Some(failure) => ResolveError::Failed(failure),
            None => ResolveError::Unsatisfiable(missing(what, versions, &text, target)),
        };
    }
    if let Some(refused) = conflict(&text) {
        return ResolveError::Unsatisfiable(refused);
    }
    if text.contains("requires a different Python") {
        return ResolveError::Failed(SolveFailure::Other(format!(
            "pip runs on another Python than {target} and cannot resolve for it; install uv, or \
             {target} with pip"
        )));
    }
    ResolveError::Failed(failure(&text, "pip").unwrap_or_else(|| {
        SolveFailure::Other(
            "pip gave up without saying which requirement is in the way; `pip install --dry-run` \
             on the list shows what it says"
                .to_owned(),
        )
    }))
}

/// A requirement of which no file fits, by what pip has of it.
fn missing(what: &str, versions: &str, text: &str, target: Target) -> RefusedRequest {
    let end = what.find(['[', '=', '<', '>', '~', '!']);
    let (name, rest) = what.split_at(end.unwrap_or(what.len()));
    let spoken = format!("{name} {}", rest.trim_start_matches('='))
        .trim()
        .to_owned();
    let version = rest.trim_start_matches('=');
    let marker = format!(" {version} Requires-Python ");
    let python = text.split(&marker).nth(1).filter(|_| !version.is_empty());
    let python = python.and_then(|after| after.split([';', '\n']).next());
    let versions: Vec<Version> = match versions {
        "none" => Vec::new(),
        list => list.split(", ").filter_map(|it| it.parse().ok()).collect(),
    };
    let reason = match python {
        Some(python) => Reason::RequiresPython {
            what: spoken,
            python: python.trim().to_owned(),
        },
        None if versions.is_empty() => Reason::NotFound(name.to_owned()),
        None => Reason::NoWheel {
            what: spoken,
            target,
        },
    };
    RefusedRequest {
        reason,
        names: BTreeSet::from([normalized(name)]),
        versions,
    }
}

/// `Cannot install a==1 and b==2 because these package versions have conflicting dependencies.`
fn conflict(text: &str) -> Option<RefusedRequest> {
    let together = CANNOT.as_ref()?.captures(text)?.get(1)?.as_str();
    let words = together
        .split([' ', ','])
        .filter(|word| !word.is_empty() && *word != "and");
    let mut names: BTreeSet<String> = words.map(normalized).collect();
    let needs = NEEDS.as_ref()?.captures_iter(text);
    let needs = needs.filter_map(|it| {
        let who = format!("{} {}", it.get(1)?.as_str(), it.get(2)?.as_str());
        Some((who, it.get(3)?.as_str()))
    });
    let needs: Vec<(String, &str)> = needs.collect();
    let requested = REQUESTED.as_ref()?.captures_iter(text);
    let asked_for: Vec<&str> = requested
        .filter_map(|it| Some(it.get(1)?.as_str()))
        .collect();
    names.extend(asked_for.iter().map(|it| normalized(it)));
    let who = needs.iter().filter_map(|(who, _)| who.split(' ').next());
    names.extend(who.map(normalized));
    let clear = needs.iter().find_map(|(who, what)| {
        let mut same = asked_for
            .iter()
            .filter(|it| normalized(it) == normalized(what));
        Some((who, what, same.next()?))
    });
    let reason = match (clear, needs.first()) {
        (Some((who, what, against)), _) => Reason::Conflict {
            who: who.clone(),
            needs: (*what).to_owned(),
            against: Some((*against).to_owned()),
        },
        (None, Some((who, what))) => Reason::Conflict {
            who: who.clone(),
            needs: (*what).to_owned(),
            against: None,
        },
        (None, None) => Reason::Unclear,
    };
    Some(RefusedRequest::name_distributions(reason, names))
}

/// The normalised name in front of extras and specifiers.
fn normalized(what: &str) -> String {
    let end = what.find(['[', '=', '<', '>', '~', '!']);
    let name = what.get(..end.unwrap_or(what.len())).unwrap_or_default();
    name.to_ascii_lowercase().replace(['_', '.'], "-")
}

#[cfg(test)]
mod tests;
