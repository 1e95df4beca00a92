//! `dashlift users`: a list of people, drafted and brought to Keycloak.

mod apply;
mod draft;
mod table;

use super::args::{OutputArgs, UsersAction, UsersArgs};
use super::output::Output;
use crate::commands::status::Status;

pub(super) fn run(args: &UsersArgs, how: &OutputArgs, output: &mut Output) -> Status {
    match &args.action {
        UsersAction::Draft(args) => draft::run(args, output),
        UsersAction::Apply(args) => apply::run(args, how, output),
    }
}
