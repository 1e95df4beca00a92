//! What the versions of a conda package mean. The conda of Dash Enterprise 4 (4.5) took
//! `name=1.2` of a list file for exactly 1.2 (its `spec_from_line` made `name 1.2` of it); in an
//! `environment.yml` the same words mean 1.2 and what begins with it (conda's documentation of
//! package specifications).

use std::fmt;
use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifier, VersionSpecifiers};

use super::{Spec, Versions};

/// Which list holds the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// A list file of conda 4.5, the `conda-requirements.txt` of Dash Enterprise 4.
    List,
    /// An `environment.yml`.
    Environment,
}

/// How a clause compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Exactly the version.
    Equal,
    /// The version and what begins with it: `=1.2`, `1.2.*`.
    Prefix,
    /// `!=`.
    NotEqual,
    /// `!=1.2.*`.
    NotPrefix,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessEqual,
    /// `~=`.
    Compatible,
}

/// One comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// How.
    pub operator: Operator,
    /// With what, without `*`.
    pub version: String,
}

/// The versions that a package may have: one of the alternatives, all clauses of which hold. No
/// alternative at all stands for any version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed(pub Vec<Vec<Clause>>);

impl Spec {
    /// The versions that the package may have; `None` for forms that are not understood.
    pub fn allowed(&self, text: &str, meaning: Meaning) -> Option<Allowed> {
        match self.versions {
            Versions::Any | Versions::Keys { version: None, .. } => Some(Allowed::default()),
            Versions::Build { version, .. } if version.slice(text) == "custom" => {
                Some(Allowed::default())
            }
            Versions::Build { version, .. }
            | Versions::Keys {
                version: Some(version),
                ..
            } => Allowed::read(version.slice(text), meaning),
            Versions::Compatible(version) => {
                let clause = Clause {
                    operator: Operator::Compatible,
                    version: version.slice(text).to_owned(),
                };
                Some(Allowed(vec![vec![clause]]))
            }
            Versions::Written(versions) => Allowed::read(versions.slice(text), meaning),
        }
    }
}

impl Allowed {
    /// Reads `>=1,<2|3.*`.
    pub fn read(text: &str, meaning: Meaning) -> Option<Self> {
        let text: String = text.split_whitespace().collect();
        let text = text.trim_matches(['\'', '"']);
        // `name=1.2|1.3`: conda 4.5 put a blank in the place of the first `=`.
        let text = match text.strip_prefix('=') {
            Some(rest) if !rest.starts_with('=') && meaning == Meaning::List => rest,
            _ => text,
        };
        if text == "*" || text == "=*" {
            return Some(Self::default());
        }
        let alternatives = text.split('|').map(|one| {
            let clauses = one.split(',').filter(|clause| *clause != "*");
            clauses.map(Clause::read).collect::<Option<Vec<_>>>()
        });
        Some(Self(alternatives.collect::<Option<Vec<_>>>()?))
    }

    /// The same as pip says it; `None` for alternatives, and for versions that pip does not have.
    pub fn specifiers(&self) -> Option<VersionSpecifiers> {
        match self.0.as_slice() {
            [] => Some(VersionSpecifiers::empty()),
            [clauses] => clauses.iter().map(Clause::specifier).collect(),
            _ => None,
        }
    }

    /// Whether a version is allowed; `None` where a clause has no meaning for pip's versions.
    pub fn contains(&self, version: &Version) -> Option<bool> {
        if self.0.is_empty() {
            return Some(true);
        }
        let mut any = false;
        for clauses in &self.0 {
            let mut all = true;
            for clause in clauses {
                all &= clause.specifier()?.contains(version);
            }
            any |= all;
        }
        Some(any)
    }

    /// The one version that is allowed.
    pub fn exact(&self) -> Option<&str> {
        match self.0.as_slice() {
            [clauses] => match clauses.as_slice() {
                [one] if one.operator == Operator::Equal => Some(&one.version),
                _ => None,
            },
            _ => None,
        }
    }

    /// The only minor (major, minor) of Python that is allowed, if there is just one.
    pub fn python_minor(&self) -> Option<(u16, u16)> {
        match self.python_minors()?.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// Whether the versions are those of Python 2 alone.
    pub fn excludes_python_3(&self) -> bool {
        let minors = self.python_minors().unwrap_or_default();
        !minors.is_empty() && minors.iter().all(|(major, _)| *major < 3)
    }

    /// The minors of Python that are allowed; `None` where a clause is not understood.
    fn python_minors(&self) -> Option<Vec<(u16, u16)>> {
        /// Beyond the last Python that there is.
        const MINORS: u16 = 30;
        const PATCHES: u64 = 40;
        self.contains(&Version::new([3]))?;
        let minors = (0..8).map(|minor| (2, minor));
        let minors = minors.chain((0..MINORS).map(|minor| (3, minor)));
        let is_allowed = |(major, minor): &(u16, u16)| {
            (0..PATCHES).any(|patch| {
                let version = Version::new([u64::from(*major), u64::from(*minor), patch]);
                self.contains(&version) == Some(true)
            })
        };
        Some(minors.filter(is_allowed).collect())
    }
}

impl Clause {
    fn read(text: &str) -> Option<Self> {
        const OPERATORS: &[(&str, Operator)] = &[
            ("==", Operator::Equal),
            ("!=", Operator::NotEqual),
            (">=", Operator::GreaterEqual),
            ("<=", Operator::LessEqual),
            ("~=", Operator::Compatible),
            (">", Operator::Greater),
            ("<", Operator::Less),
            ("=", Operator::Prefix),
            ("", Operator::Equal),
        ];
        let (sign, operator) = OPERATORS.iter().find(|(sign, _)| text.starts_with(sign))?;
        let said = text.strip_prefix(sign)?;
        let version = said.trim_end_matches('*').trim_end_matches('.');
        let is_glob = said.ends_with('*');
        let operator = match operator {
            Operator::Equal if is_glob => Operator::Prefix,
            Operator::NotEqual if is_glob => Operator::NotPrefix,
            // Conda drops the star of `>=1.2.*`.
            other => *other,
        };
        let sound = version.starts_with(|c: char| c.is_ascii_alphanumeric())
            && !version.contains(['=', '<', '>', '!', '~', '*']);
        sound.then(|| Self {
            operator,
            version: version.to_owned(),
        })
    }

    fn specifier(&self) -> Option<VersionSpecifier> {
        let version = &self.version;
        let said = match self.operator {
            Operator::Equal => format!("=={version}"),
            Operator::Prefix => format!("=={version}.*"),
            Operator::NotEqual => format!("!={version}"),
            Operator::NotPrefix => format!("!={version}.*"),
            Operator::Greater => format!(">{version}"),
            Operator::GreaterEqual => format!(">={version}"),
            Operator::Less => format!("<{version}"),
            Operator::LessEqual => format!("<={version}"),
            Operator::Compatible => format!("~={version}"),
        };
        VersionSpecifier::from_str(&said).ok()
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = &self.version;
        match self.operator {
            Operator::Equal => write!(f, "=={version}"),
            Operator::Prefix => write!(f, "{version}.*"),
            Operator::NotEqual => write!(f, "!={version}"),
            Operator::NotPrefix => write!(f, "!={version}.*"),
            Operator::Greater => write!(f, ">{version}"),
            Operator::GreaterEqual => write!(f, ">={version}"),
            Operator::Less => write!(f, "<{version}"),
            Operator::LessEqual => write!(f, "<={version}"),
            Operator::Compatible => {
                let series = version.rsplit_once('.').map_or(&**version, |it| it.0);
                write!(f, ">={version},{series}.*")
            }
        }
    }
}

/// As the line of an `environment.yml` says it, behind the name.
impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.0.first().and_then(|clauses| clauses.first());
        if first.is_some_and(|clause| clause.operator == Operator::Prefix) {
            f.write_str("=")?;
        }
        for (at, clauses) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("|")?;
            }
            for (at, clause) in clauses.iter().enumerate() {
                if at > 0 {
                    f.write_str(",")?;
                }
                clause.fmt(f)?;
            }
        }
        Ok(())
    }
}
