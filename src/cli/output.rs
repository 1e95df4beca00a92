//! The one room that prints. Standard output is the result, standard error is for people. A reader
//! that goes away (`| head`) ends the printing quietly.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anstream::adapter::strip_str;
use anstream::stream::{AsLockedWrite, RawStream};
use anstream::{AutoStream, ColorChoice};

use super::args::{Color, OutputArgs};
use crate::commands::status::Status;
use crate::disk::{DiskError, replace_named};
use crate::report::{safe, text};

/// Where everything is printed.
pub(super) struct Output {
    out: AutoStream<io::Stdout>,
    err: AutoStream<io::Stderr>,
    /// Whether a patch is printed to be read, not to be applied.
    patch_is_read: bool,
    /// The file that the result goes to, not standard output, and what goes there.
    file: Option<(PathBuf, Vec<u8>)>,
    quiet: bool,
    verbose: bool,
    /// What kept the result from being printed.
    failure: Option<io::Error>,
}

/// Standard error for people who are asked something, with the colours that were asked for.
pub(super) fn people(args: &OutputArgs) -> impl Write {
    AutoStream::new(io::stderr(), choice(args))
}

fn choice(args: &OutputArgs) -> ColorChoice {
    match args.color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    }
}

/// Why a file that was named could not be written.
pub(super) fn unwritten(file: &Path, error: DiskError) -> String {
    let reason = match error {
        DiskError::NotFound => "there is no such folder".to_owned(),
        DiskError::Io(reason) => reason,
        error => error.to_string(),
    };
    format!(
        "{} cannot be written: {reason}",
        safe(&file.display().to_string())
    )
}

impl Output {
    /// Standard output and standard error, with the colours that were asked for.
    pub(super) fn new(args: &OutputArgs) -> Self {
        let choice = choice(args);
        let out = AutoStream::new(io::stdout(), choice);
        let coloured = out.current_choice() != ColorChoice::Never;
        Self {
            // A variable that forces colours into a pipe must not break `git apply` behind it.
            patch_is_read: args.color == Color::Always || (coloured && out.is_terminal()),
            out,
            err: AutoStream::new(io::stderr(), choice),
            file: None,
            quiet: args.quiet,
            verbose: args.verbose,
            failure: None,
        }
    }

    /// Whether a patch is for eyes. If not, it must come out byte for byte.
    pub(super) fn patch_is_read(&self) -> bool {
        self.patch_is_read
    }

    /// Keeps the result for this file, which is written when all of it is there.
    pub(super) fn write_into(&mut self, file: PathBuf) {
        self.file = Some((file, Vec::new()));
    }

    /// Prints a part of the result.
    pub(super) fn result(&mut self, text: &str) {
        if let Some((_, kept)) = &mut self.file {
            kept.extend_from_slice(strip_str(text).to_string().as_bytes());
            return;
        }
        let written = put(&mut self.out, io::stdout(), text);
        self.keep(written);
    }

    /// Prints a document that was made, or keeps why it could not be.
    pub(super) fn document(&mut self, document: Result<String, impl Into<io::Error>>) {
        match document {
            Ok(text) => self.result(&text),
            Err(error) => self.keep(Err(error.into())),
        }
    }

    /// Prints bytes of the result as they are: a patch holds the bytes of files.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        if let Some((_, kept)) = &mut self.file {
            kept.extend_from_slice(bytes);
            return;
        }
        let written = io::stdout().lock().write_all(bytes);
        self.keep(written);
    }

    /// Prints something for people, unless they asked for quiet.
    pub(super) fn people(&mut self, text: &str) {
        if !self.quiet {
            self.error(text);
        }
    }

    /// Prints something for people who asked for more.
    pub(super) fn note(&mut self, text: &str) {
        if self.verbose {
            self.error(text);
        }
    }

    /// Prints what people must see. When standard error is closed there is nobody to tell.
    pub(super) fn error(&mut self, text: &str) {
        if !text.is_empty() {
            let flushed = self.out.flush();
            self.keep(flushed);
            let _ = put(&mut self.err, io::stderr(), text);
        }
    }

    /// The status of the run, now that everything is printed: a result that could not be printed
    /// makes it an error, a reader that had enough does not.
    pub(super) fn finish(mut self, status: Status) -> Status {
        if let Some((file, kept)) = self.file.take()
            && let Err(error) = replace_named(&file, &kept)
        {
            self.error(&text::error(&unwritten(&file, error)));
            return Status::Refused;
        }
        let flushed = self.out.flush();
        self.keep(flushed);
        match self.failure.take() {
            Some(error) if error.kind() != ErrorKind::BrokenPipe => {
                self.error(&format!(
                    "error: the result could not be printed: {error}\n"
                ));
                Status::Refused
            }
            _ => status,
        }
    }

    fn keep(&mut self, written: io::Result<()>) {
        if let Err(error) = written {
            self.failure.get_or_insert(error);
        }
    }
}

/// Writes a text in one piece where nothing of it is a colour: a system call for each line would
/// take longer than to make it.
fn put(
    coloured: &mut AutoStream<impl RawStream + AsLockedWrite>,
    mut plain: impl Write,
    text: &str,
) -> io::Result<()> {
    if coloured.current_choice() == ColorChoice::Never {
        plain.write_all(strip_str(text).to_string().as_bytes())
    } else {
        coloured.write_all(text.as_bytes())
    }
}
