//! The user's name and key: from the environment, from standard input, or asked for. Never from an
//! argument, which every user of the machine can read.

use std::io::{self, BufRead, IsTerminal, Write};

use thiserror::Error;

use crate::network::{Credentials, SecretString};

const USER: &str = "DASHLIFT_DE4_USER";
const KEY: &str = "DASHLIFT_DE4_KEY";

/// Why there is no key.
#[derive(Debug, Error)]
pub(super) enum KeyError {
    #[error(
        "no {0} was given; set DASHLIFT_DE4_USER and DASHLIFT_DE4_KEY, or write the two on standard \
         input, a line each"
    )]
    Missing(&'static str),
    #[error("{0} is no text")]
    NotText(&'static str),
    #[error("the key cannot be read: {0}")]
    Unreadable(io::Error),
}

/// The name and the key.
pub(super) fn ask() -> Result<Credentials, KeyError> {
    let input = io::stdin();
    let is_terminal = input.is_terminal();
    let mut input = input.lock();
    let user = if let Some(user) = variable(USER)? {
        user
    } else {
        if is_terminal {
            let mut people = io::stderr();
            let _ = write!(people, "User name on Dash Enterprise 4: ");
            let _ = people.flush();
        }
        line(&mut input)?
    };
    if user.is_empty() {
        return Err(KeyError::Missing("user name"));
    }
    let key = match variable(KEY)? {
        Some(key) => key,
        None if is_terminal => {
            drop(input);
            rpassword::prompt_password("API key: ").map_err(KeyError::Unreadable)?
        }
        None => line(&mut input)?,
    };
    if key.is_empty() {
        return Err(KeyError::Missing("API key"));
    }
    Ok(Credentials::Basic {
        user,
        key: SecretString::from(key),
    })
}

fn variable(name: &'static str) -> Result<Option<String>, KeyError> {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place where the key of a server is read"
    )]
    let value = std::env::var_os(name).filter(|value| !value.is_empty());
    let value = value.map(|value| value.into_string().map_err(|_| KeyError::NotText(name)));
    Ok(value.transpose()?.map(|value| value.trim().to_owned()))
}

fn line(input: &mut impl BufRead) -> Result<String, KeyError> {
    let mut line = String::new();
    input.read_line(&mut line).map_err(KeyError::Unreadable)?;
    Ok(line.trim().to_owned())
}
