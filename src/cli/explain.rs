//! `dashlift explain`: the pages of rules.

use super::args::{ExplainArgs, OutputArgs};
use super::output::Output;
use crate::commands::status::Status;
use crate::commands::suggest::nearest;
use crate::report::text;
use crate::rules::{self, Rule};

pub(super) fn run(args: &ExplainArgs, how: &OutputArgs, output: &mut Output) -> Status {
    let mut found: Vec<&Rule> = Vec::new();
    let mut status = Status::Clean;
    for name in &args.rules {
        if let Some(rule) = rules::find(name.trim()) {
            found.push(rule);
        } else {
            output.error(&unknown(name));
            status = Status::Refused;
        }
    }
    output.document(how.reporter().pages(&found));
    status
}

fn unknown(name: &str) -> String {
    let codes: Vec<String> = rules::all()
        .iter()
        .map(|rule| rule.code.to_string())
        .collect();
    let stems = rules::all().iter().map(|rule| rule.stem);
    let known = stems.chain(codes.iter().map(String::as_str));
    let hint = match nearest(name, known) {
        Some(known) => format!("did you mean `{known}`?"),
        None => "`dashlift rules` lists them".to_owned(),
    };
    text::error(&format!("there is no rule `{name}`; {hint}"))
}
