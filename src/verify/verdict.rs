//! What came of a trial, and whether a version or something of the app's own is in the way.

use std::collections::BTreeSet;
use std::fmt;

use super::traceback::Raised;

/// How far an app came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The list does not install.
    NotInstalled {
        /// Why, a sentence without a full stop.
        reason: String,
    },
    /// The build's script failed.
    NotPrepared {
        /// Its last words.
        reason: String,
    },
    /// The web process raised while it was starting.
    NotImported {
        /// What.
        raised: Raised,
        /// Who is to blame.
        cause: FailureCause,
    },
    /// The web process ended, or waits for no connection, and no exception tells why.
    NotStarted {
        /// Its last words.
        reason: String,
    },
    /// It serves, but with errors.
    NotAnswering {
        /// What it was asked, and the status of the answer.
        path: String,
        /// The status; `None` where the connection was closed.
        status: Option<u16>,
        /// The exception that it printed.
        raised: Option<Raised>,
        /// Who is to blame.
        cause: FailureCause,
    },
    /// It serves.
    Answers {
        /// What was asked, with the status of each answer.
        answers: Vec<(String, u16)>,
        /// Whether it gave a Dash layout.
        has_layout: bool,
    },
}

impl Verdict {
    /// The word for it in documents.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NotInstalled { .. } => "does-not-install",
            Self::NotPrepared { .. } => "predeploy-fails",
            Self::NotImported { .. } => "does-not-import",
            Self::NotStarted { .. } => "does-not-start",
            Self::NotAnswering { .. } => "does-not-answer",
            Self::Answers { .. } => "answers",
        }
    }

    /// Whether the app answers.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Answers { .. })
    }

    /// Who is to blame, where it is known that somebody is.
    pub fn cause(&self) -> Option<&FailureCause> {
        match self {
            Self::NotImported { cause, .. } | Self::NotAnswering { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

/// Why a process raised: versions that do not go together, or something that the app needs and a
/// scratch environment has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FailureCause {
    /// A version broke it: `package` (the folder or module of the installed package) raised, or
    /// lacks what was asked of it.
    Version {
        /// The package.
        package: String,
    },
    /// An environment variable is not there.
    Variable(String),
    /// A service or the network does not answer.
    Service,
    /// A file is not there.
    DataFile,
    /// A package that only a private index has.
    PrivatePackage(String),
    /// A module that no list names.
    UnlistedModule(String),
    /// The app's own code.
    OwnCode,
    /// Nobody can tell.
    Unknown,
}

impl FailureCause {
    /// The word for it in documents.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Version { .. } => "version",
            Self::Variable(_) => "variable",
            Self::Service => "service",
            Self::DataFile => "data-file",
            Self::PrivatePackage(_) => "private-package",
            Self::UnlistedModule(_) => "unlisted-module",
            Self::OwnCode => "own-code",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for FailureCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version { package } => write!(
                f,
                "the versions do not go together here: {package} raised it, or lacks what was asked of it"
            ),
            Self::Variable(name) => write!(f, "the app needs the environment variable {name}"),
            Self::Service => f.write_str("the app needs a service or the network"),
            Self::DataFile => f.write_str("the app needs a file that is not in the repository"),
            Self::PrivatePackage(name) => write!(
                f,
                "the app needs {name}, which only the package index of a Dash Enterprise server has"
            ),
            Self::UnlistedModule(name) => {
                write!(f, "the app imports {name}, which no list asks for")
            }
            Self::OwnCode => f.write_str("the app's own code raised it"),
            Self::Unknown => f.write_str("whether a version is to blame cannot be told from here"),
        }
    }
}

/// What is known of an app's lists when something was raised.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    /// The modules of packages that were left out because only a private index has them, with the
    /// name of the package.
    pub(super) private: Vec<(String, String)>,
    /// The top-level modules that are installed.
    pub(super) installed: BTreeSet<String>,
    /// The top-level modules of the app itself.
    pub(super) own: BTreeSet<String>,
}

/// Exceptions of drivers and sockets when nobody answers.
const SERVICE_ERRORS: &[&str] = &[
    "ClientConnectorError",
    "ConnectTimeout",
    "ConnectionError",
    "ConnectionRefusedError",
    "ConnectionResetError",
    "EndpointConnectionError",
    "HTTPError",
    "InterfaceError",
    "MaxRetryError",
    "NewConnectionError",
    "NoBrokersAvailable",
    "NoCredentialsError",
    "NoRegionError",
    "OperationalError",
    "ProxyError",
    "ReadTimeout",
    "SSLError",
    "ServerSelectionTimeoutError",
    "TimeoutError",
    "TransportError",
    "URLError",
    "gaierror",
    "herror",
    "timeout",
];

/// Exceptions with which Python and packages say that a name, argument or type is not what it was.
const VERSION_ERRORS: &[&str] = &[
    "AssertionError",
    "AttributeError",
    "ContextualVersionConflict",
    "DistributionNotFound",
    "ImportError",
    "ModuleNotFoundError",
    "NameError",
    "ObsoleteAttributeException",
    "ObsoleteKwargException",
    "RecursionError",
    "RuntimeError",
    "SyntaxError",
    "TypeError",
    "ValueError",
    "VersionConflict",
];

/// Who is to blame for an exception.
pub(super) fn find_cause(raised: &Raised, lists: &Lists) -> FailureCause {
    if let Some(module) = missing_module(raised) {
        return cause_of_missing(&module, raised, lists);
    }
    if SERVICE_ERRORS.contains(&raised.class.as_str()) {
        return FailureCause::Service;
    }
    if raised.class == "FileNotFoundError" || raised.class == "NotADirectoryError" {
        return FailureCause::DataFile;
    }
    if let Some(name) = missing_variable(raised) {
        return FailureCause::Variable(name);
    }
    if let Some(package) = lacking_module(raised)
        && !lists.own.contains(&package)
    {
        return FailureCause::Version { package };
    }
    match &raised.package_file {
        Some(file) if VERSION_ERRORS.contains(&raised.class.as_str()) => FailureCause::Version {
            package: top_of(file).to_owned(),
        },
        None if raised.class.starts_with("Obsolete") => FailureCause::Version {
            package: "dash".to_owned(),
        },
        None if raised.class == "SyntaxError" => FailureCause::OwnCode,
        _ => FailureCause::Unknown,
    }
}

/// `No module named 'x.y'`.
fn missing_module(raised: &Raised) -> Option<String> {
    let is_missing = matches!(raised.class.as_str(), "ModuleNotFoundError" | "ImportError");
    let named = raised.message.strip_prefix("No module named ")?;
    is_missing.then(|| named.trim_matches(['\'', '"']).to_owned())
}

fn cause_of_missing(module: &str, raised: &Raised, lists: &Lists) -> FailureCause {
    let top = module.split('.').next().unwrap_or(module);
    let mut private = lists.private.iter();
    if let Some((_, package)) = private.find(|(known, _)| known == top) {
        return FailureCause::PrivatePackage(package.clone());
    }
    // A part of a package that is there: another version has it.
    if module.contains('.') && lists.installed.contains(top) {
        return FailureCause::Version {
            package: top.to_owned(),
        };
    }
    match &raised.package_file {
        // A package imports what its metadata does not ask for: another version does not.
        Some(file) => FailureCause::Version {
            package: top_of(file).to_owned(),
        },
        None if lists.own.contains(top) => FailureCause::OwnCode,
        None => FailureCause::UnlistedModule(top.to_owned()),
    }
}

/// The variable of `os.environ["NAME"]`.
fn missing_variable(raised: &Raised) -> Option<String> {
    let place = raised.place.as_ref()?;
    let name = raised.message.trim_matches(['\'', '"']);
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_read = place.code.contains("environ") || place.code.contains("getenv");
    (raised.class == "KeyError" && is_name && is_read).then(|| name.to_owned())
}

/// The module of `module 'numpy' has no attribute 'bool'` and of `cannot import name 'x' from 'y.z'`.
fn lacking_module(raised: &Raised) -> Option<String> {
    let quoted = |text: &str| {
        let name = text.split(['\'', '"']).nth(1)?;
        name.split('.').next().map(str::to_owned)
    };
    let message = raised.message.as_str();
    match raised.class.as_str() {
        "AttributeError" => quoted(message.strip_prefix("module ")?),
        "ImportError" => quoted(message.split_once(" from ")?.1),
        _ => None,
    }
}

/// The package of a file below `site-packages`.
fn top_of(file: &str) -> &str {
    let top = file.split('/').next().unwrap_or(file);
    top.strip_suffix(".py").unwrap_or(top)
}

#[cfg(test)]
mod tests {
    use super::super::traceback::AppLine;
    use super::*;

    fn raised(class: &str, message: &str, code: &str, package_file: Option<&str>) -> Raised {
        Raised {
            class: class.to_owned(),
            message: message.to_owned(),
            place: Some(AppLine {
                file: "app.py".to_owned(),
                line: 1,
                code: code.to_owned(),
            }),
            package_file: package_file.map(str::to_owned),
        }
    }

    fn lists() -> Lists {
        Lists {
            private: vec![("dash_design_kit".to_owned(), "dash-design-kit".to_owned())],
            installed: ["dash", "werkzeug", "pandas"].map(str::to_owned).into(),
            own: ["data", "pages"].map(str::to_owned).into(),
        }
    }

    #[track_caller]
    fn assert_cause(found: &Raised, expected: &str) {
        assert_eq!(find_cause(found, &lists()).name(), expected, "{found:?}");
    }

    #[test]
    fn what_is_missing_tells_who_is_to_blame() {
        let missing = |module: &str, file| {
            let message = format!("No module named '{module}'");
            raised("ModuleNotFoundError", &message, "import it", file)
        };
        assert_cause(&missing("dash_design_kit", None), "private-package");
        assert_cause(&missing("openpyxl", None), "unlisted-module");
        assert_cause(&missing("werkzeug.contrib", None), "version");
        assert_cause(&missing("six", Some("dash/dash.py")), "version");
        assert_cause(&missing("data", None), "own-code");
        assert_cause(&missing("data.load", None), "own-code");
    }

    #[test]
    fn needs_of_the_app_are_no_versions() {
        let read = "KEY = os.environ['API_KEY']";
        let found = raised("KeyError", "'API_KEY'", read, None);
        assert_eq!(
            find_cause(&found, &lists()),
            FailureCause::Variable("API_KEY".to_owned())
        );
        assert_cause(
            &raised("KeyError", "'API_KEY'", "x = d['API_KEY']", None),
            "unknown",
        );
        assert_cause(
            &raised(
                "FileNotFoundError",
                "[Errno 2] No such file",
                "open('x')",
                None,
            ),
            "data-file",
        );
        let driver = Some("psycopg2/__init__.py");
        assert_cause(
            &raised("OperationalError", "could not connect", "", driver),
            "service",
        );
        assert_cause(
            &raised("ConnectionError", "Error 111", "", Some("redis/c.py")),
            "service",
        );
    }

    #[test]
    fn versions_are_blamed_for_what_they_lack() {
        let no_bool = "module 'numpy' has no attribute 'bool'.";
        assert_cause(
            &raised("AttributeError", no_bool, "np.bool", None),
            "version",
        );
        let no_name = "cannot import name 'url_quote' from 'werkzeug.urls' (/x/y.py)";
        assert_cause(
            &raised("ImportError", no_name, "", Some("flask/a.py")),
            "version",
        );
        assert_cause(
            &raised("ObsoleteAttributeException", "app.run_server", "", None),
            "version",
        );
        assert_cause(
            &raised("TypeError", "got an unexpected", "", Some("x/y.py")),
            "version",
        );
        let own = "module 'data' has no attribute 'load'";
        assert_cause(
            &raised("AttributeError", own, "data.load()", None),
            "unknown",
        );
    }
}
