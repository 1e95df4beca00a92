//! `dashlift batch`.

use super::args::{BatchArgs, OutputArgs};
use super::output::Output;
use super::status::Status;

pub(super) fn run(_args: &BatchArgs, _how: &OutputArgs, output: &mut Output) -> Status {
    output.error("error: not built yet\n");
    Status::Refused
}
