//! How lists are to be solved: what a user can choose.

use std::str::FromStr;

use crate::packages::Target;
use crate::packages::snapshot::Day;
use crate::packages::target::TargetError;

use super::AskedTool;

/// Seconds that one app may take: enough for a long list on a slow network.
pub const TIMEOUT: u64 = 600;

/// Which Python to install on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PythonChoice {
    /// The app's own where the release has it, else the one where least changes.
    #[default]
    Own,
    /// The one where least changes.
    Least,
    /// This one.
    Given(Target),
}

impl FromStr for PythonChoice {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        match text {
            "default" => Ok(Self::Own),
            "least" => Ok(Self::Least),
            text => text.parse().map(Self::Given),
        }
    }
}

/// Which way to go.
#[derive(Debug, Clone)]
pub struct SolveChoices {
    /// The Python.
    pub python: PythonChoice,
    /// What no line pins is taken as it was on this day; none for that of the app.
    pub as_of: Option<Day>,
    /// Whether Dash and its components go to their newest releases first.
    pub latest_dash: bool,
    /// Whether constraints are upper bounds.
    pub caps: bool,
    /// Whether nobody is asked.
    pub offline: bool,
    /// Seconds that one app may take.
    pub timeout: u64,
    /// Variables that may be filled in into addresses of package indexes.
    pub allow_env: Vec<String>,
    /// The program to ask; where none is named, uv or pip, whichever is there.
    pub tool: Option<AskedTool>,
}

impl Default for SolveChoices {
    fn default() -> Self {
        Self {
            python: PythonChoice::Own,
            as_of: None,
            latest_dash: false,
            caps: false,
            offline: false,
            timeout: TIMEOUT,
            allow_env: Vec::new(),
            tool: None,
        }
    }
}

/// Whether and how the changes are written into the work tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// Not at all.
    Nothing,
    /// Into files without uncommitted changes.
    Clean,
    /// Into all files.
    All,
}

impl Writing {
    /// What two switches of a command line say.
    pub fn new(write: bool, allow_dirty: bool) -> Self {
        match (write, allow_dirty) {
            (false, _) => Self::Nothing,
            (true, false) => Self::Clean,
            (true, true) => Self::All,
        }
    }
}
