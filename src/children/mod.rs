//! The one door to other programs (git, uv, pip, Python, and this program itself). Whatever is
//! started through it is found by an absolute path outside the folders that are worked on, begins
//! in a folder of our own, gets a few variables by name and never the whole environment, and is
//! ended with everything that it started.
#![allow(
    clippy::disallowed_methods,
    reason = "it is the door to other programs, and says which variables they get"
)]

mod limits;
mod program;
mod run;
mod variables;

pub use limits::limit_ourselves;
pub use program::{Grounds, Program, this_program};
pub use run::{Limit, Ran, Stopped, end_group, own_group, run};
pub use variables::{PassedVariable, is_variable_of, is_variable_set, value_of};

use std::io;

/// A folder of our own, empty, which nobody else may open and which is gone when the value is:
/// no module, configuration or program of a repository is in it.
///
/// # Errors
/// When the temporary folder of the machine cannot be written.
pub fn scratch() -> io::Result<tempfile::TempDir> {
    tempfile::Builder::new().prefix("dashlift-").tempdir()
}
