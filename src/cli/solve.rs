//! `dashlift solve`.

use super::args::{OutputArgs, SolveArgs};
use super::output::Output;
use super::status::Status;

pub(super) fn run(_args: &SolveArgs, _how: &OutputArgs, output: &mut Output) -> Status {
    output.error("error: not built yet\n");
    Status::Refused
}
