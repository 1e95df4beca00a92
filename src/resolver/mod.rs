//! Asks a real resolver, `uv` or `pip`, or a solver of conda, as a child process with a time limit.
#![allow(
    clippy::disallowed_methods,
    reason = "it reads and writes in folders of its own making"
)]

mod conda;
mod lines;
mod lock;
mod metadata;
mod pip;
mod uv;
mod words;
mod workshop;

pub use conda::{Conda, CondaTool};
pub use lines::{Allowed, list};
pub use pip::Pip;
pub use uv::Uv;
pub use words::failure;

use crate::children::{Grounds, Limit};
use crate::packages::Target;
use crate::packages::edges::Metadata;
use crate::packages::solve::{
    RefusedRequest, Resolution, ResolveError, Resolver, SolveFailure, SolveRequest,
};

/// The programs that can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// uv.
    Uv,
    /// pip.
    Pip,
}

impl Tool {
    /// The program's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uv => "uv",
            Self::Pip => "pip",
        }
    }
}

/// How a resolver is asked.
#[derive(Debug, Clone)]
pub struct Terms {
    /// When it has to be done.
    pub limit: Limit,
    /// Where no program may come from.
    pub grounds: Grounds,
    /// The variables that may be put into addresses of package indexes.
    pub allowed: Allowed,
}

/// All that a resolver tells of a request.
#[derive(Debug)]
pub struct Told {
    /// The releases, or why there are none.
    pub answer: Result<Resolution, RefusedRequest>,
    /// What releases need, as far as the resolver tells.
    pub needs: Metadata,
}

/// A resolver of this machine.
pub enum AvailableResolver {
    /// uv.
    Uv(Uv),
    /// pip.
    Pip(Pip),
}

impl AvailableResolver {
    /// The resolver that was asked for; else uv where it is, and pip where it is not. When it
    /// `may_remember`, an answer may be as of a moment ago.
    ///
    /// # Errors
    /// When there is none.
    pub fn new(
        wanted: Option<Tool>,
        target: Target,
        terms: &Terms,
        may_remember: bool,
    ) -> Result<Self, SolveFailure> {
        match wanted {
            Some(Tool::Uv) => Uv::find(terms, may_remember)?
                .map(Self::Uv)
                .ok_or(SolveFailure::NotInstalled("uv")),
            Some(Tool::Pip) => Pip::find(target, terms)?
                .map(Self::Pip)
                .ok_or(SolveFailure::NotInstalled("pip")),
            None => match Uv::find(terms, may_remember)? {
                Some(uv) => Ok(Self::Uv(uv)),
                None => Pip::find(target, terms)?
                    .map(Self::Pip)
                    .ok_or(SolveFailure::NoResolver),
            },
        }
    }

    /// Which one it is.
    pub fn tool(&self) -> Tool {
        match self {
            Self::Uv(_) => Tool::Uv,
            Self::Pip(_) => Tool::Pip,
        }
    }

    /// The answer to a request, and what distributions need.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub fn ask_needs(&self, request: &SolveRequest) -> Result<Told, SolveFailure> {
        let (answer, needs) = match self {
            Self::Pip(pip) => pip.ask_needs(request)?,
            Self::Uv(uv) => match uv.ask_needs(request) {
                Ok((resolution, needs)) => (Ok(resolution), needs),
                // uv tells nothing of what does not fit together.
                Err(ResolveError::Unsatisfiable(refused)) => (Err(refused), Metadata::online("uv")),
                Err(ResolveError::Failed(failure)) => return Err(failure),
            },
        };
        Ok(Told { answer, needs })
    }

    /// What it cannot do here, a sentence.
    pub fn limits(&self) -> Option<String> {
        match self {
            Self::Uv(_) => None,
            Self::Pip(pip) => Some(pip.limits()),
        }
    }
}

impl Resolver for AvailableResolver {
    fn resolve(&self, request: &SolveRequest) -> Result<Resolution, ResolveError> {
        match self {
            Self::Uv(uv) => uv.resolve(request),
            Self::Pip(pip) => pip.resolve(request),
        }
    }
}
