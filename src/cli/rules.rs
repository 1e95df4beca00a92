//! `dashlift rules`: the list of all rules.

use super::args::OutputArgs;
use super::output::Output;
use crate::commands::Status;
use crate::rules;

pub(super) fn run(how: &OutputArgs, output: &mut Output) -> Status {
    output.document(how.reporter().rules(rules::all()));
    Status::Clean
}
