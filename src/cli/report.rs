//! `dashlift report`.

use super::args::{OutputArgs, ReportArgs};
use super::output::Output;
use super::status::Status;

pub(super) fn run(_args: &ReportArgs, _how: &OutputArgs, output: &mut Output) -> Status {
    output.error("error: not built yet\n");
    Status::Refused
}
