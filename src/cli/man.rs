//! `dashlift man`.

use super::args::{ManArgs, OutputArgs};
use super::output::Output;
use super::status::Status;

pub(super) fn run(_args: &ManArgs, _how: &OutputArgs, output: &mut Output) -> Status {
    output.error("error: not built yet\n");
    Status::Refused
}
