//! `dashlift report`: joins the states of batches into one report.

use std::path::PathBuf;

use super::args::{OutputArgs, ReportArgs};
use super::formats;
use super::output::{Output, unwritten};
use crate::commands::Status;
use crate::commands::fleet::{self, WaveChoices};
use crate::report;
use crate::report::fleet::Fleet;

pub(super) fn run(args: &ReportArgs, how: &OutputArgs, output: &mut Output) -> Status {
    let read = fleet::read(&args.states).map_err(|error| error.to_string());
    let made = read.and_then(|mut fleet| {
        join(&mut fleet, args, output)?;
        print(&fleet, args, how, output)
    });
    match made {
        Ok(()) => Status::Clean,
        Err(sentence) => {
            output.error(&report::text::error(&sentence));
            Status::Refused
        }
    }
}

/// Takes in what the old server says, and writes what goes to people.
fn join(fleet: &mut Fleet, args: &ReportArgs, output: &mut Output) -> Result<(), String> {
    let Some(inventory) = &args.inventory else {
        return Ok(());
    };
    let choices = WaveChoices {
        waves: args.waves.map(usize::from),
        hand_out: args.hand_out.as_deref(),
    };
    let written = fleet::join(fleet, inventory, choices).map_err(|error| error.to_string())?;
    if let (Some(count), Some(folder)) = (written, &args.hand_out) {
        let shown = report::safe(&folder.display().to_string());
        output.people(&format!("{count} files written to {shown}.\n"));
    }
    Ok(())
}

fn print(
    fleet: &Fleet,
    args: &ReportArgs,
    how: &OutputArgs,
    output: &mut Output,
) -> Result<(), String> {
    let Some(path) = &args.output else {
        let reporter = how.reporter();
        if let Some(coloured) = reporter.coloured_fleet(fleet) {
            output.result(&coloured);
            return Ok(());
        }
        let mut bytes = Vec::new();
        let written = reporter.fleet(fleet, &mut bytes);
        written.map_err(|error| format!("the report could not be made: {error}"))?;
        output.bytes(&bytes);
        return Ok(());
    };
    let is_state = |state: &PathBuf| state.canonicalize().ok() == path.canonicalize().ok();
    if path.exists() && args.states.iter().any(is_state) {
        let path = path.display();
        return Err(format!(
            "{path} is one of the states; name another file for the report"
        ));
    }
    let written = fleet::write(fleet, formats::choose(path, how.format).reporter(), path);
    written.map_err(|error| unwritten(path, error))?;
    output.people(&format!(
        "Written to {}.\n",
        report::safe(&path.display().to_string())
    ));
    Ok(())
}
