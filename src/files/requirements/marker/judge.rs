//! What a marker comes to on one platform: true, false, or not to be known. The comparisons are
//! those of pip's `packaging` library.

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifier};

use super::{Clause, MarkerVariable, Operator, Term, normalized_name};

/// Linux on x86-64 with `CPython` 3.`minor`.
pub(super) struct Platform {
    python: String,
    full: String,
}

impl Platform {
    pub(super) fn new(minor: u8) -> Self {
        Self {
            python: format!("3.{minor}"),
            // Markers ask for a patch release so seldom that any one will do.
            full: format!("3.{minor}.9"),
        }
    }

    /// The value of a variable; `None` for the server's kernel, which nobody knows, and for
    /// `extra`, which is no property of a platform.
    fn value(&self, variable: MarkerVariable) -> Option<&str> {
        Some(match variable {
            MarkerVariable::ImplementationName => "cpython",
            MarkerVariable::ImplementationVersion | MarkerVariable::PythonFullVersion => &self.full,
            MarkerVariable::PythonVersion => &self.python,
            MarkerVariable::OsName => "posix",
            MarkerVariable::PlatformMachine => "x86_64",
            MarkerVariable::PlatformPythonImplementation => "CPython",
            MarkerVariable::PlatformSystem => "Linux",
            MarkerVariable::SysPlatform => "linux",
            MarkerVariable::PlatformRelease
            | MarkerVariable::PlatformVersion
            | MarkerVariable::Extra => return None,
        })
    }
}

impl Clause {
    /// What the clause comes to; without a platform only extras are known.
    pub(super) fn judge(&self, platform: Option<&Platform>, extras: &[String]) -> Option<bool> {
        match self {
            Self::Any(parts) => settle(parts, true, platform, extras),
            Self::All(parts) => settle(parts, false, platform, extras),
            Self::Compare(left, operator, right) => {
                compare(left, *operator, right, platform, extras)
            }
        }
    }

    /// As of the marker of this name.
    pub(super) fn stops_pip(&self) -> bool {
        match self {
            Self::Any(parts) | Self::All(parts) => parts.iter().any(Self::stops_pip),
            Self::Compare(_, Operator::Sign("~="), right) => !right.may_be_compatible(),
            Self::Compare(..) => false,
        }
    }
}

/// `or` is settled by one part that is true, `and` by one that is false; without one, a part that
/// is not known leaves the whole unknown.
fn settle(
    parts: &[Clause],
    by: bool,
    platform: Option<&Platform>,
    extras: &[String],
) -> Option<bool> {
    let mut whole = Some(!by);
    for part in parts {
        match part.judge(platform, extras) {
            Some(value) if value == by => return Some(by),
            Some(_) => {}
            None => whole = None,
        }
    }
    whole
}

fn compare(
    left: &Term,
    operator: Operator,
    right: &Term,
    platform: Option<&Platform>,
    extras: &[String],
) -> Option<bool> {
    let versions = match (left, right) {
        (Term::Variable(MarkerVariable::Extra), Term::Text(name))
        | (Term::Text(name), Term::Variable(MarkerVariable::Extra)) => {
            return compare_extra(name, operator, extras);
        }
        (Term::Variable(one), Term::Text(_)) | (Term::Text(_), Term::Variable(one)) => {
            one.is_version()
        }
        (Term::Variable(one), Term::Variable(other)) => one.is_version() && other.is_version(),
        // Two texts ask nothing of the environment.
        (Term::Text(_), Term::Text(_)) => return None,
    };
    let platform = platform?;
    let left = left.value(platform)?;
    let right = right.value(platform)?;
    match operator {
        Operator::In => Some(right.contains(left)),
        Operator::NotIn => Some(!right.contains(left)),
        Operator::Sign(sign) if versions => compare_versions(left, sign, right),
        Operator::Sign(sign) => compare_texts(left, sign, right),
    }
}

fn compare_extra(name: &str, operator: Operator, extras: &[String]) -> Option<bool> {
    let name = normalized_name(name);
    let asked = extras.contains(&name);
    match operator {
        Operator::Sign("==" | "===") => Some(asked),
        Operator::Sign("!=") => Some(!asked),
        _ => None,
    }
}

/// Unknown where one side is no version: resolvers differ on that.
fn compare_versions(left: &str, sign: &str, right: &str) -> Option<bool> {
    let version = Version::from_str(left.trim()).ok()?;
    let specifier = VersionSpecifier::from_str(&format!("{sign}{}", right.trim())).ok()?;
    Some(specifier.contains(&version))
}

fn compare_texts(left: &str, sign: &str, right: &str) -> Option<bool> {
    Some(match sign {
        "==" | "===" => left == right,
        "!=" => left != right,
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        ">=" => left >= right,
        // `~=` says nothing of texts; pip stops there.
        _ => return None,
    })
}

impl Term {
    fn value<'t>(&'t self, platform: &'t Platform) -> Option<&'t str> {
        match self {
            Self::Variable(variable) => platform.value(*variable),
            Self::Text(text) => Some(text),
        }
    }

    /// Whether `~=` may be asked of it: it takes a version of two numbers or more.
    fn may_be_compatible(&self) -> bool {
        match self {
            Self::Variable(variable) => variable.is_version() || !variable.is_known(),
            Self::Text(text) => VersionSpecifier::from_str(&format!("~={}", text.trim())).is_ok(),
        }
    }
}

impl MarkerVariable {
    /// Whether its value on the server is known here; see [`Platform::value`].
    fn is_known(self) -> bool {
        Platform::new(0).value(self).is_some()
    }

    /// Whether its values are versions.
    fn is_version(self) -> bool {
        matches!(
            self,
            Self::ImplementationVersion | Self::PythonFullVersion | Self::PythonVersion
        )
    }
}
