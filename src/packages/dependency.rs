//! One dependency of a distribution, as its metadata states it (`Requires-Dist`).

use std::fmt;

use pep440_rs::VersionSpecifiers;

use super::Target;
use crate::files::requirements::{Content, Marker, Requirements};
use crate::text::Span;

/// What a distribution needs: `requests[socks] >=2.20; extra == "web"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The distribution, normalised.
    pub name: String,
    /// The extras that are asked of it, normalised.
    pub extras: Vec<String>,
    /// The versions that satisfy it; none for any.
    pub versions: Option<VersionSpecifiers>,
    /// When it holds; none for always.
    pub marker: Option<Marker>,
}

impl fmt::Display for Dependency {
    /// As a value of `Requires-Dist`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if !self.extras.is_empty() {
            write!(f, "[{}]", self.extras.join(","))?;
        }
        if let Some(versions) = self.versions.as_ref().filter(|it| !it.is_empty()) {
            write!(f, " {versions}")?;
        }
        match &self.marker {
            Some(marker) => write!(f, " ; {}", marker.as_str()),
            None => Ok(()),
        }
    }
}

impl Dependency {
    /// Reads a value of `Requires-Dist`; `None` for what is no named requirement. The old form
    /// `name (>=1.0)` is read too.
    pub fn parse(text: &str) -> Option<Self> {
        let line = Requirements::stated(text);
        let Content::Requirement(requirement) = line.content else {
            return None;
        };
        let of = |span: Span| text.get(span.start..span.end).unwrap_or_default();
        let marker = match requirement.marker {
            Some(span) => Some(Marker::parse(of(span))?),
            None => None,
        };
        let extras = requirement.extras.iter();
        let extras = extras.map(|span| crate::files::requirements::normalized_name(of(*span)));
        Some(Self {
            name: requirement.key?,
            extras: extras.collect(),
            versions: requirement.versions,
            marker,
        })
    }

    /// Whether it holds on the target for a distribution of which these extras (normalised) are
    /// asked. What cannot be known counts as true.
    pub fn applies(&self, target: Target, extras: &[String]) -> bool {
        let marker = self.marker.as_ref();
        marker.is_none_or(|marker| marker.holds_on(target.minor(), extras) != Some(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_that_compare_nothing_stop_nobody() {
        for marker in [
            "'linux' ~= sys_platform",
            "python_version ~= 'three'",
            "'' === platform_version",
        ] {
            let read = Dependency::parse(&format!("Flask>=1.0.4 ; {marker}")).unwrap();
            assert_eq!(read.name, "flask", "{marker}");
            let target = Target::new(10);
            assert!(read.applies(target, &[]), "{marker}");
        }
    }
}
