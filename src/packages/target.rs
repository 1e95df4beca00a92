//! The Python and the platform that a list is to install on.

use std::str::FromStr;

use pep440_rs::Version;

/// `CPython` 3.`minor` on Linux x86-64: what Dash Enterprise 5 builds with. Markers are evaluated
/// for it, never for the machine that this program runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    minor: u8,
}

impl Target {
    /// Python 3.`minor`.
    pub const fn new(minor: u8) -> Self {
        Self { minor }
    }

    /// The minor: 10 for Python 3.10.
    pub const fn minor(self) -> u8 {
        self.minor
    }

    /// The version, as in `3.10`.
    pub fn python(self) -> Version {
        Version::new([3, u64::from(self.minor)])
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Python 3.{}", self.minor)
    }
}

/// A text that names no Python 3.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a Python version; write 3.10")]
pub struct TargetError(String);

impl FromStr for Target {
    type Err = TargetError;

    /// Reads `3.10` or `3.10.4`.
    fn from_str(text: &str) -> Result<Self, TargetError> {
        let error = || TargetError(text.to_owned());
        let mut parts = text.trim().strip_prefix("3.").ok_or_else(error)?.split('.');
        let minor = parts.next().and_then(|minor| minor.parse().ok());
        let rest_is_number = parts.all(|part| part.parse::<u16>().is_ok());
        minor
            .filter(|_| rest_is_number)
            .map(Self::new)
            .ok_or_else(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_read_strictly() {
        assert_eq!("3.10".parse::<Target>().unwrap(), Target::new(10));
        assert_eq!("3.9.6".parse::<Target>().unwrap(), Target::new(9));
        for bad in ["3", "2.7", "3.", "3.x", "3.10rc1", "310", ""] {
            assert!(bad.parse::<Target>().is_err(), "{bad}");
        }
    }
}
