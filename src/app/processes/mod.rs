//! What the process types of an app start: programs, modules, the names taken out of them, read
//! as a shell would read their commands. Whether that is right is for the rules to say.

mod arguments;
mod configuration;
mod modules;
pub(crate) mod runners;
mod shell;

use crate::app::App;
use crate::files::procfile::ProcfileProcess;
use crate::text::Text;
use crate::tree::TreePath;

pub(crate) use modules::{Located, binds, facts, locate, modules_in, names, nearest};
pub(crate) use shell::{Folders, Reading, Start, Wanted};

use shell::{Home, Shell};

/// How deep scripts are opened.
const DEPTH: u8 = 1;

/// What a process of the `Procfile` at `path`, whose text is given, starts.
pub(crate) fn starts(
    app: &App,
    path: &TreePath,
    text: &Text,
    process: &ProcfileProcess,
) -> Vec<Start> {
    let command = process.command.slice(text.as_str());
    starts_of_text(app, path, process.command.start, command)
}

/// What a command or script of the app starts; `offset` is where its text begins in the file.
pub(crate) fn starts_of_text(app: &App, path: &TreePath, offset: usize, text: &str) -> Vec<Start> {
    let home = Home::at(path.clone(), offset);
    Shell::new(app).read(app, &home, text, DEPTH)
}
