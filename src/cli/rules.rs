//! `dashlift rules`: the list of all rules.

use super::args::{Format, OutputArgs};
use super::output::Output;
use crate::commands::status::Status;
use crate::report::catalogue::{RuleEntry, table};
use crate::report::json;
use crate::rules;

pub(super) fn run(how: &OutputArgs, output: &mut Output) -> Status {
    let all = rules::all();
    match how.format {
        Format::Concise => {
            for rule in all {
                output.result(&format!("{} {}\n", rule.code, rule.stem));
            }
        }
        Format::Json => {
            let entries: Vec<RuleEntry> = all.iter().map(|rule| RuleEntry::of(rule)).collect();
            output.document(json::document(&entries));
        }
        _ => output.result(&table(all)),
    }
    Status::Clean
}
