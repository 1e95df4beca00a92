//! How to print.

use clap::{ArgAction, Args, ValueEnum};

use super::Given;
use crate::report::{self, Reporter};

/// How to print.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub(in crate::cli) struct OutputArgs {
    /// How to print the result
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value = "text",
        global = true
    )]
    pub(in crate::cli) format: Format,
    /// When to use colours
    #[arg(
        long,
        value_enum,
        value_name = "WHEN",
        default_value = "auto",
        global = true,
        hide_possible_values = false
    )]
    pub(in crate::cli) color: Color,
    /// Print the result and errors only
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(in crate::cli) quiet: bool,
    /// Print more: what was skipped, what was taken back
    #[arg(long, short, global = true, action = ArgAction::SetTrue)]
    pub(in crate::cli) verbose: bool,
    /// What was given, for the commands that are proposed.
    #[arg(skip)]
    pub(in crate::cli) given: Given,
}

/// The formats of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Format {
    /// For people: source lines and help
    Text,
    /// One line per finding: path:line:column: CODE message
    Concise,
    /// For programs
    Json,
    /// For code scanning and editors: SARIF 2.1.0
    Sarif,
    /// Annotations and a job summary of GitHub Actions
    Github,
    /// Code quality report of GitLab
    Gitlab,
    /// Test report, for most other CI systems
    Junit,
    /// To paste into a pull request or an issue
    Markdown,
    /// A page for a browser
    Html,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    Always,
    Never,
}

impl OutputArgs {
    /// What prints the results.
    pub(in crate::cli) fn reporter(&self) -> &'static dyn Reporter {
        self.format.reporter()
    }
}

impl Format {
    /// What prints results in this format.
    pub(in crate::cli) fn reporter(self) -> &'static dyn Reporter {
        match self {
            Self::Text => &report::Text,
            Self::Concise => &report::Concise,
            Self::Json => &report::Json,
            Self::Sarif => &report::Sarif,
            Self::Github => &report::Github,
            Self::Gitlab => &report::Gitlab,
            Self::Junit => &report::Junit,
            Self::Markdown => &report::Markdown,
            Self::Html => &report::Html,
        }
    }
}
