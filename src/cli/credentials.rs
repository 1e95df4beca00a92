//! A name and its password: from the environment, from standard input, or asked for. Never from an
//! argument, which every user of the machine can read.

use std::io::{self, BufRead, IsTerminal, Write};

use thiserror::Error;

use crate::network::SecretString;

/// Whose name and password.
#[derive(Debug)]
pub(super) struct Whose {
    /// The variable with the name.
    pub(super) user: &'static str,
    /// The variable with the password.
    pub(super) password: &'static str,
    /// What a person is asked for the name.
    pub(super) user_prompt: &'static str,
    /// What a person is asked for the password.
    pub(super) password_prompt: &'static str,
}

/// Why there is none.
#[derive(Debug, Error)]
pub(super) enum CredentialsError {
    #[error(
        "no {what} was given; set {} and {}, or write the two on standard input, a line each",
        .whose.user, .whose.password
    )]
    Missing {
        whose: &'static Whose,
        what: &'static str,
    },
    #[error("{0} is no text")]
    NotText(&'static str),
    #[error("the password cannot be read: {0}")]
    Unreadable(#[from] io::Error),
}

/// The name and the password.
pub(super) fn ask(whose: &'static Whose) -> Result<(String, SecretString), CredentialsError> {
    let input = io::stdin();
    let is_terminal = input.is_terminal();
    let mut input = input.lock();
    let user = if let Some(user) = variable(whose.user)? {
        user
    } else {
        if is_terminal {
            let mut people = io::stderr();
            let _ = write!(people, "{}: ", whose.user_prompt);
            let _ = people.flush();
        }
        line(&mut input)?
    };
    let password = match variable(whose.password)? {
        Some(password) => password,
        None if user.trim().is_empty() => String::new(),
        None if is_terminal => {
            drop(input);
            rpassword::prompt_password(format!("{}: ", whose.password_prompt))?
        }
        None => line(&mut input)?,
    };
    let missing = |what| Err(CredentialsError::Missing { whose, what });
    if user.trim().is_empty() {
        return missing(whose.user_prompt);
    }
    if password.is_empty() {
        return missing(whose.password_prompt);
    }
    Ok((user.trim().to_owned(), SecretString::from(password)))
}

fn variable(name: &'static str) -> Result<Option<String>, CredentialsError> {
    #[allow(
        clippy::disallowed_methods,
        reason = "a place where the password of a server is read"
    )]
    let value = std::env::var_os(name).filter(|value| !value.is_empty());
    let value = value.map(|value| {
        let text = value.into_string();
        text.map_err(|_| CredentialsError::NotText(name))
    });
    value.transpose()
}

/// A line without its end. Spaces may be a part of a password.
fn line(input: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
