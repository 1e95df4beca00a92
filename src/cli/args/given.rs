//! The options that were given, for the commands that are proposed: each repeats them, so that it
//! does what the run before it did, and one thing more.

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory, FromArgMatches};

use super::Cli;
use crate::cli::formats::describe;
use crate::text::shell_word;

/// A command line, as it was typed.
#[derive(Debug, Clone, Default)]
pub(in crate::cli) struct Given {
    /// All commands.
    known: Command,
    /// What the command was told.
    told: ArgMatches,
}

impl Cli {
    /// Reads a command line, whose first word is the program.
    ///
    /// # Errors
    /// When it is none of ours; or asks for help, which is printed in the same way.
    pub(in crate::cli) fn read(
        line: impl IntoIterator<Item = OsString>,
    ) -> Result<Self, clap::Error> {
        let mut known = describe(Self::command());
        let told = known.try_get_matches_from_mut(line)?;
        let read = Self::from_arg_matches(&told);
        let mut cli = read.map_err(|error| error.format(&mut known))?;
        cli.output.given = Given {
            told: innermost(&told).clone(),
            known,
        };
        Ok(cli)
    }
}

/// What the command itself was told.
fn innermost(told: &ArgMatches) -> &ArgMatches {
    match told.subcommand() {
        Some((_, below)) => innermost(below),
        None => told,
    }
}

impl Given {
    /// A command to propose: `name` may be of several words, `path` is ready for a shell. Every
    /// option that was given and that this command has too is repeated; how to print is for each
    /// command anew. Then come the options of `more`, each ready for a shell and in the place of
    /// what was given of it or of its opposite.
    pub(in crate::cli) fn propose(&self, name: &str, path: Option<&str>, more: &[&str]) -> String {
        let path = path.map(str::to_owned);
        let mut words = vec!["dashlift".to_owned(), name.to_owned()];
        words.extend(path);
        let command = name
            .split(' ')
            .try_fold(&self.known, |above, name| above.find_subcommand(name));
        let arguments = command.into_iter().flat_map(Command::get_arguments);
        let kept = arguments.filter(|it| !more.iter().any(|more| is_replaced(it, more)));
        words.extend(kept.flat_map(|it| self.repeat(it)));
        words.extend(more.iter().map(|&more| more.to_owned()));
        words.join(" ")
    }

    /// The option as it was given; nothing where it was not.
    fn repeat(&self, option: &Arg) -> Vec<String> {
        let (Some(name), false) = (option.get_long(), option.is_global_set()) else {
            return Vec::new();
        };
        let id = option.get_id().as_str();
        let Ok(Some(values)) = self.told.try_get_raw(id) else {
            return Vec::new();
        };
        if self.told.value_source(id) != Some(ValueSource::CommandLine) {
            return Vec::new();
        }
        if matches!(option.get_action(), ArgAction::SetTrue) {
            return vec![format!("--{name}")];
        }
        // A value that looks like an option is one, but behind this sign.
        let looks = values
            .clone()
            .any(|it| it.as_encoded_bytes().starts_with(b"-"));
        let between = if looks { '=' } else { ' ' };
        let words = values.map(|value| shell_word(&value.to_string_lossy()));
        let words: Vec<String> = words.collect();
        let words = match option.get_value_delimiter() {
            Some(between) => vec![words.join(&between.to_string())],
            None => words,
        };
        let words = words.into_iter();
        words
            .map(|word| format!("--{name}{between}{word}"))
            .collect()
    }
}

/// Whether `more` stands in the place of the option.
fn is_replaced(option: &Arg, more: &str) -> bool {
    let more = more.split([' ', '=']).next().unwrap_or_default();
    let more = more.trim_start_matches('-');
    let Some(name) = option.get_long() else {
        return false;
    };
    let opposite = |a: &str, b: &str| a.strip_prefix("no-") == Some(b);
    name == more || opposite(name, more) || opposite(more, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn propose(line: &str, name: &str, more: &[&str]) -> String {
        let words = shlex::split(line).unwrap();
        let cli = Cli::read(words.into_iter().map(OsString::from)).unwrap();
        cli.output.given.propose(name, Some("apps/one"), more)
    }

    #[test]
    fn every_option_is_repeated_that_the_command_has() {
        let line = "dashlift check apps --de5-host d.example.com --mapping '/a b:/b' \
                    --mapping /c:/d --select DL1,DL2 --no-config --private=-x --format concise -v";
        assert_eq!(
            propose(line, "migrate", &["--force"]),
            "dashlift migrate apps/one --select DL1,DL2 --de5-host d.example.com \
             --mapping '/a b:/b',/c:/d --private-packages=-x --no-config --force"
        );
    }

    #[test]
    fn what_is_added_replaces_what_was_given() {
        let line = "dashlift migrate --force --no-unsafe-fixes --branch 'a;b' --with-plan";
        assert_eq!(
            propose(line, "migrate", &["--force", "--unsafe-fixes"]),
            "dashlift migrate apps/one --branch 'a;b' --with-plan --force --unsafe-fixes"
        );
        assert_eq!(
            propose(line, "baseline write", &[]),
            "dashlift baseline write apps/one --no-unsafe-fixes"
        );
    }

    #[test]
    fn a_proposal_is_a_command_line() {
        for name in ["fix", "migrate", "plan", "baseline write"] {
            let line = "dashlift check --unsafe-fixes --strict --no-baseline";
            let words = shlex::split(&propose(line, name, &[])).unwrap();
            Cli::read(words.into_iter().map(OsString::from)).unwrap();
        }
    }
}
