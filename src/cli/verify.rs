//! `dashlift verify`.

use super::args::{OutputArgs, VerifyArgs};
use super::output::Output;
use super::status::Status;

pub(super) fn run(_args: &VerifyArgs, _how: &OutputArgs, output: &mut Output) -> Status {
    output.error("error: not built yet\n");
    Status::Refused
}
