//! What a user can tell the rules: the target release, the DE5 server, what to do with indexes.

mod patterns;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use thiserror::Error;

use super::{Code, Rule};
use crate::inventory::KnownInventory;
use crate::packages::Ran;
use crate::packages::edges::Metadata;
use crate::tree::TreePath;

pub use patterns::{FileIgnores, FileIgnoresError, PatternError};

/// A DE5 release, of which the minor decides what a build can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    /// The minor of `5.minor`; `u8::MAX` stands for the newest.
    minor: u8,
}

impl Release {
    /// The newest release, `5.x`.
    pub const NEWEST: Self = Self { minor: u8::MAX };

    /// Release `5.minor`.
    pub const fn new(minor: u8) -> Self {
        Self { minor }
    }

    /// The minor; newer than every known one for `5.x`.
    pub const fn minor(self) -> u8 {
        self.minor
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::NEWEST {
            f.write_str("5.x")
        } else {
            write!(f, "5.{}", self.minor)
        }
    }
}

/// A text that names no DE5 release.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a Dash Enterprise 5 release; write 5.0 to 5.99, or 5.x for the newest")]
pub struct ReleaseError(String);

impl FromStr for Release {
    type Err = ReleaseError;

    fn from_str(text: &str) -> Result<Self, ReleaseError> {
        let error = || ReleaseError(text.to_owned());
        let mut parts = text.strip_prefix("5.").ok_or_else(error)?.split('.');
        let minor = parts.next().ok_or_else(error)?;
        let patch_is_number = parts.all(|part| part.parse::<u8>().is_ok());
        match minor {
            "x" => Ok(Self::NEWEST),
            number if patch_is_number => match number.parse() {
                Ok(minor) if minor < 100 => Ok(Self { minor }),
                _ => Err(error()),
            },
            _ => Err(error()),
        }
    }
}

/// A DE4 directory mapping: `/srv/data:/data`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryMapping {
    /// The folder on the DE4 server.
    pub host: String,
    /// The folder that the app saw.
    pub app: String,
}

/// A text that is no directory mapping.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{0}` is not a directory mapping; write HOST:APP with two absolute paths, as in /srv/data:/data"
)]
pub struct MappingError(String);

impl FromStr for DirectoryMapping {
    type Err = MappingError;

    fn from_str(text: &str) -> Result<Self, MappingError> {
        match text.split_once(':') {
            Some((host, app))
                if [host, app].iter().all(|it| it.starts_with('/'))
                    && app.len() > 1
                    && !app.contains(':') =>
            {
                Ok(Self {
                    host: host.to_owned(),
                    app: app.trim_end_matches('/').to_owned(),
                })
            }
            _ => Err(MappingError(text.to_owned())),
        }
    }
}

/// What becomes of the option that names a DE4 package index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PackageIndex {
    /// The same option with the DE5 server's URL, when the server is known.
    #[default]
    Rewrite,
    /// The option goes: newer DE5 configures its index by itself.
    Remove,
}

/// A rule code or the beginning of one: `DL101`, `DL2`, `DL`. A rule's name stands for its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector(String);

/// A text that selects no rule.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` selects no rule; {}`dashlift rules` lists the codes", meant(.near.as_ref()))]
pub struct SelectorError {
    text: String,
    /// The code or name that it is a slip of.
    near: Option<String>,
}

fn meant(near: Option<&String>) -> String {
    near.map_or_else(String::new, |near| format!("did you mean {near}? "))
}

/// What the text is a slip of. A number that no rule has is near to many, and so to none.
fn near(text: &str) -> Option<String> {
    let text = text.trim();
    let upper = text.to_ascii_uppercase();
    let lower = text.to_lowercase().replace('_', "-");
    let is_near = |name: &str| strsim::osa_distance(name, &lower) <= name.len() / 4;
    let measured = |stem: &&'static str| strsim::osa_distance(stem, &lower);
    let stems = super::all().iter().map(|rule| rule.stem);
    let stem = stems.filter(|stem| is_near(stem)).min_by_key(measured);
    let mut codes = super::all().iter().map(|rule| rule.code);
    let digits = upper.trim_start_matches(|it: char| !it.is_ascii_digit());
    let has_number = |code: &Code| digits.len() == 3 && code.to_string().ends_with(digits);
    let code = codes.find(|code| has_number(code) && upper.len() <= 7);
    stem.map(str::to_owned)
        .or(code.map(|code| code.to_string()))
}

impl Selector {
    /// Whether the selector covers the rule.
    pub fn covers(&self, code: Code) -> bool {
        code.to_string().starts_with(&self.0)
    }
}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, SelectorError> {
        let name = text.trim();
        let named = super::all().iter().find(|rule| rule.stem == name);
        let code = named.map_or_else(|| name.to_ascii_uppercase(), |rule| rule.code.to_string());
        let selector = Self(code);
        if selector.0.starts_with("DL")
            && super::all().iter().any(|rule| selector.covers(rule.code))
        {
            Ok(selector)
        } else {
            Err(SelectorError {
                text: text.to_owned(),
                near: near(name),
            })
        }
    }
}

/// Everything that a user can tell the rules.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The DE5 release to move to.
    pub target: TargetRelease,
    /// The DE5 server's host name, as in `dash.example.com`.
    pub de5_host: Option<String>,
    /// DE4 directory mappings.
    pub mappings: Vec<DirectoryMapping>,
    /// What the DE4 server said of its apps.
    pub server: Option<Arc<KnownInventory>>,
    /// What becomes of DE4 package indexes.
    pub package_index: PackageIndex,
    /// Distributions that only a private index has.
    pub private_packages: Vec<String>,
    /// An installed environment that tells what distributions need.
    pub installed: Option<Arc<Metadata>>,
    /// Whether the versions of requirements that go are forgotten.
    pub drop_pins: bool,
    /// The rules there are.
    pub rules: RuleSet,
    /// Only these rules; all when empty.
    pub select: Vec<Selector>,
    /// Not these rules. The longer selector wins over a shorter one in `select`.
    pub ignore: Vec<Selector>,
    /// Not these rules in these files.
    pub per_file_ignores: Vec<FileIgnores>,
}

/// The rules that a run chooses from: all of this program's, unless a test brings its own.
#[derive(Debug, Clone)]
pub struct RuleSet(pub Vec<&'static Rule>);

impl Default for RuleSet {
    fn default() -> Self {
        Self(super::all().to_vec())
    }
}

/// The release to move to, the newest unless told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TargetRelease(pub Release);

impl Default for TargetRelease {
    fn default() -> Self {
        Self(Release::NEWEST)
    }
}

impl Settings {
    /// The rules that are asked for.
    pub fn selected(&self) -> impl Iterator<Item = &'static Rule> {
        let rules = self.rules.0.iter().copied();
        rules.filter(|rule| self.selects(rule.code))
    }

    /// The DE4 directory mappings of the app in the folder `root`: those that the user told, and
    /// those that the server told of it.
    pub fn mappings_of(&self, root: &TreePath) -> Vec<DirectoryMapping> {
        let mut mappings = self.mappings.clone();
        let app = self
            .server
            .as_ref()
            .and_then(|known| known.app_of(root).one());
        for told in app
            .into_iter()
            .flat_map(|app| app.mappings.iter().flatten())
        {
            let Ok(mapping) = format!("{}:{}", told.host, told.app).parse::<DirectoryMapping>()
            else {
                continue;
            };
            let is_told = mappings.iter().any(|known| known.app == mapping.app);
            if !is_told {
                mappings.push(mapping);
            }
        }
        mappings
    }

    /// What the app in the folder `root` ran with on the old server, as far as that was told.
    pub fn ran(&self, root: &TreePath) -> Ran {
        let known = self.server.as_ref();
        let app = known.and_then(|known| known.app_of(root).one());
        let pins = app.into_iter().flat_map(|app| app.pins.iter().flatten());
        Ran::of_freeze(pins.map(String::as_str))
    }

    /// Whether findings of the rule about the file are to be left out. A `folder` is what is no
    /// file.
    pub fn ignores_in(&self, path: &TreePath, folder: bool, code: Code) -> bool {
        let mut patterns = self.per_file_ignores.iter();
        patterns.any(|ignores| ignores.covers(path, folder, code))
    }

    /// Whether the rule is asked for.
    pub fn selects(&self, code: Code) -> bool {
        let longest = |selectors: &[Selector]| {
            let covering = selectors.iter().filter(|selector| selector.covers(code));
            covering.map(|selector| selector.0.len()).max()
        };
        match (longest(&self.select), longest(&self.ignore)) {
            (None, _) if !self.select.is_empty() => false,
            (None, ignored) => ignored.is_none(),
            (Some(selected), ignored) => ignored.is_none_or(|ignored| selected > ignored),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read_strictly() {
        assert_eq!("5.4".parse::<Release>().unwrap(), Release::new(4));
        assert_eq!("5.8.5".parse::<Release>().unwrap().to_string(), "5.8");
        assert_eq!("5.x".parse::<Release>().unwrap(), Release::NEWEST);
        for bad in ["5", "4.3", "5.", "5.y", "5.4.z", "5.100", ""] {
            assert!(bad.parse::<Release>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_longer_selector_wins() {
        let selectors = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
        let settings = Settings {
            select: selectors(&["DL1", "DL101"]),
            ignore: selectors(&["DL10"]),
            ..Settings::default()
        };
        assert!(settings.selects(Code(101)));
        assert!(!settings.selects(Code(102)));
        assert!(settings.selects(Code(110)));
        assert!(!settings.selects(Code(201)));
        assert!(Settings::default().selects(Code(201)));
    }

    #[test]
    fn a_name_stands_for_its_code() {
        assert_eq!(
            "runtime-txt".parse::<Selector>().unwrap(),
            "DL101".parse().unwrap()
        );
        assert!("runtime".parse::<Selector>().is_err());
    }

    #[test]
    fn a_mapping_has_two_absolute_paths() {
        assert_eq!(
            "/srv/data:/data/".parse::<DirectoryMapping>().unwrap().app,
            "/data"
        );
        assert!("data:/data".parse::<DirectoryMapping>().is_err());
        assert!("/data".parse::<DirectoryMapping>().is_err());
    }
}
