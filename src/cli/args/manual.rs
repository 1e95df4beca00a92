//! The commands that say what there is.

use clap::Args;
use clap_complete::Shell;

/// List all rules
#[derive(Debug, Args)]
pub(in crate::cli) struct RulesArgs {}

/// Explain rules: what they find, why it matters, what to do
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift explain DL101
  dashlift explain runtime-txt conda | less")]
pub(in crate::cli) struct ExplainArgs {
    /// Code (DL101) or name (runtime-txt) of a rule
    #[arg(required = true, value_name = "RULE")]
    pub(in crate::cli) rules: Vec<String>,
}

/// Print the completions of a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift completions bash > ~/.local/share/bash-completion/completions/dashlift
  dashlift completions zsh > ~/.zfunc/_dashlift
  dashlift completions fish > ~/.config/fish/completions/dashlift.fish")]
pub(in crate::cli) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(in crate::cli) shell: Shell,
}

/// Print the manual page
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift man | man -l -
  dashlift man > ~/.local/share/man/man1/dashlift.1")]
pub(in crate::cli) struct ManArgs {}
