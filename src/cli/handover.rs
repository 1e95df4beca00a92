//! `dashlift handover`: a script and a checklist for the new server, into a folder.

use super::args::HandoverArgs;
use super::output::Output;
use crate::commands::Status;
use crate::commands::handover::{HandoverChoices, hand_over};
use crate::report;

pub(super) fn run(args: &HandoverArgs, output: &mut Output) -> Status {
    let choices = HandoverChoices {
        inventory: &args.inventory,
        de5_host: &args.de5_host,
        apps: args.app.as_deref(),
        wave: args.wave,
        waves: args.waves.as_deref(),
        folder: &args.output,
    };
    let done = match hand_over(choices) {
        Ok(done) => done,
        Err(refused) => {
            let sentence = report::safe(&refused.to_string());
            output.error(&report::text::error(&sentence));
            return Status::Refused;
        }
    };
    if !done.is_complete {
        output.people("note: the inventory is not complete\n");
    }
    let (count, noun) = (done.apps, if done.apps == 1 { "app" } else { "apps" });
    let shown = report::safe(&args.output.display().to_string());
    output.people(&format!(
        "{count} {noun}: read {shown}/handover.sh and {shown}/checklist.md, then run the script.\n"
    ));
    Status::Clean
}
