//! The file of first passwords: new, for its owner's eyes, a line for each before it is used.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use csv::WriterBuilder;
use secrecy::{ExposeSecret, SecretString};

use crate::users::{self, NewPasswords};

/// First passwords, kept in a file that is made with the first of them.
pub(super) struct KeptPasswords {
    path: Option<PathBuf>,
    file: Option<File>,
    /// How many were kept.
    pub(super) made: usize,
}

impl KeptPasswords {
    /// Passwords for this file, or none at all.
    pub(super) fn new(path: Option<PathBuf>) -> Self {
        Self {
            path,
            file: None,
            made: 0,
        }
    }

    fn line(&mut self, username: &str, password: &str) -> Result<(), String> {
        let path = self.path.as_ref().ok_or("no file was named for it")?;
        let said = |error: std::io::Error| format!("{}: {error}", path.display());
        let mut writer = WriterBuilder::new().from_writer(Vec::new());
        if self.file.is_none() {
            self.file = Some(create(path).map_err(said)?);
            let header = writer.write_record(["username", "password"]);
            header.map_err(|error| error.to_string())?;
        }
        let record = writer.write_record([username, password]);
        record.map_err(|error| error.to_string())?;
        let bytes = writer.into_inner().map_err(|error| error.to_string())?;
        let Some(file) = &mut self.file else {
            return Err("the file is gone".to_owned());
        };
        file.write_all(&bytes).map_err(said)?;
        file.sync_data().map_err(said)
    }
}

impl NewPasswords for KeptPasswords {
    fn make(&mut self, username: &str) -> Result<SecretString, String> {
        let password = users::generate().map_err(|error| error.to_string())?;
        self.line(username, password.expose_secret())?;
        self.made += 1;
        Ok(password)
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "a file that a person named, which must be new and is for its owner only"
)]
fn create(path: &std::path::Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
