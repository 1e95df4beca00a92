//! What is asked of a resolver and what it answers: the one word between the ladder, which is
//! pure, and the programs that know an index.

use std::collections::BTreeSet;
use std::fmt;

use pep440_rs::Version;

use crate::packages::Target;

/// A question: is there a set of releases that satisfies all of this?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SolveRequest {
    /// The Python and platform that it is for.
    pub target: Target,
    /// What is to be installed, as lines of a list: `dash==1.20.0`.
    pub requirements: Vec<String>,
    /// What limits versions and installs nothing.
    pub constraints: Vec<String>,
    /// The options of the list that name indexes: `--extra-index-url URL`.
    pub options: Vec<String>,
    /// The distributions (normalised names) that must come as wheels.
    pub wheels_only: BTreeSet<String>,
    /// Which of the allowed releases to take.
    pub choose: Choose,
    /// Whether what the requirements need is looked for too.
    pub with_dependencies: bool,
}

/// Which of several releases that would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choose {
    /// The newest, as an installation takes.
    Newest,
    /// The oldest of what is asked for by name; the newest of everything else.
    Oldest,
}

/// A set of releases that satisfies a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolution {
    /// The releases, by normalised name.
    pub packages: Vec<Resolved>,
}

impl Resolution {
    /// The version of a distribution in it.
    pub fn version(&self, name: &str) -> Option<&Version> {
        let mut packages = self.packages.iter();
        packages
            .find(|package| package.name == name)
            .map(|package| &package.version)
    }
}

/// A release of a resolution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The distribution, normalised.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// Whether it comes as source and is built while it is installed.
    pub from_source: bool,
}

/// Why there is no answer, or why the answer is no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResolveError {
    /// No set of releases satisfies the request.
    Unsatisfiable(RefusedRequest),
    /// Nobody knows: the question could not be put.
    Failed(SolveFailure),
}

/// A no, as far as the resolver explains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRequest {
    /// Why.
    pub reason: Reason,
    /// The distributions that the explanation names, normalised.
    pub names: BTreeSet<String>,
    /// The releases that would install of what is missing, where the resolver lists them.
    pub versions: Vec<Version>,
}

impl RefusedRequest {
    /// A no that names distributions and lists no releases.
    pub fn name_distributions(reason: Reason, names: impl IntoIterator<Item = String>) -> Self {
        Self {
            reason,
            names: names.into_iter().collect(),
            versions: Vec::new(),
        }
    }
}

/// Why a requirement, or several together, cannot be satisfied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// No file of the release installs on the target: its wheels are for other Pythons.
    NoWheel {
        /// What was asked for: `numpy 1.16.4`.
        what: String,
        /// What it was asked for.
        target: Target,
    },
    /// `Requires-Python` excludes the target.
    RequiresPython {
        /// What was asked for.
        what: String,
        /// The Pythons that it installs on, as in `>=3.11`.
        python: String,
    },
    /// The index does not have the release.
    NoRelease(String),
    /// The index does not have the distribution.
    NotFound(String),
    /// The source cannot even be asked for what it needs.
    NotBuilt(String),
    /// One release needs what another requirement excludes.
    Conflict {
        /// Who needs: `requests 2.20.0`.
        who: String,
        /// What it needs: `urllib3 >=1.21.1,<1.25`.
        needs: String,
        /// The requirement that excludes it, where it is known: `urllib3 ==1.26.5`.
        against: Option<String>,
    },
    /// The resolver says no in its own words.
    Said(String),
    /// The resolver says no in words that are not understood.
    Unclear,
}

impl fmt::Display for Reason {
    /// One sentence, without the full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoWheel { what, target } => {
                write!(f, "{what} has no file that installs on {target} on Linux")
            }
            Self::RequiresPython { what, python } => write!(f, "{what} requires Python {python}"),
            Self::NoRelease(what) => write!(f, "the package index has no {what}"),
            Self::NotFound(name) => {
                write!(f, "the package index has no package of the name {name}")
            }
            Self::NotBuilt(what) => write!(
                f,
                "{what} comes as source that is not run to ask what it needs, or does not build"
            ),
            Self::Conflict {
                who,
                needs,
                against: Some(against),
            } => write!(f, "{who} needs {needs}, and {against} is asked for"),
            Self::Conflict { who, needs, .. } => {
                write!(f, "{who} needs {needs}, which does not fit the others")
            }
            Self::Said(words) => f.write_str(words),
            Self::Unclear => f.write_str("it does not fit the other requirements"),
        }
    }
}

/// Why the question could not be put.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SolveFailure {
    /// Neither resolver is on this machine.
    #[error(
        "a list is solved by uv or pip, and neither was found; install uv, or Python with pip, and run this again"
    )]
    NoResolver,
    /// The resolver that was asked for is not on this machine.
    #[error("{0} was not found on this machine; install it, or leave --with away")]
    NotInstalled(&'static str),
    /// The resolver is too old.
    #[error("{0} is too old for this; update it and run this again")]
    TooOld(&'static str),
    /// No Python that could run the resolver.
    #[error("uv found no Python on this machine, which it needs; `uv python install` gets one")]
    NoPython,
    /// No connection.
    #[error("the package index {host} cannot be reached; check the network and run this again")]
    Unreachable {
        /// The host, with its port.
        host: String,
    },
    /// The index answers with an error.
    #[error("the package index {host} answered with the error {status}; try again later")]
    Answered {
        /// The host, with its port.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// The index wants a login.
    #[error(
        "the package index {host} wants a login; give your credentials to uv or pip and run this again"
    )]
    Login {
        /// The host, with its port.
        host: String,
    },
    /// The index has nothing of the list.
    #[error(
        "the package index answers but lists no files, not even of {0}: it may be a login page; \
         open it in a browser and check the address"
    )]
    Empty(String),
    /// Too slow.
    #[error(
        "there was no answer within {0} seconds; run it again with a longer --timeout, or check the package index"
    )]
    TimedOut(u64),
    /// Somebody pressed Ctrl-C.
    #[error("stopped: nothing was written")]
    Interrupted,
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl SolveFailure {
    /// The host that it is about.
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::Unreachable { host } | Self::Answered { host, .. } | Self::Login { host } => {
                Some(host)
            }
            _ => None,
        }
    }
}

/// Somebody who knows which releases there are and what they need.
pub trait Resolver {
    /// Answers a request.
    ///
    /// # Errors
    /// When no set of releases satisfies it, or nobody could be asked.
    fn resolve(&self, request: &SolveRequest) -> Result<Resolution, ResolveError>;
}
