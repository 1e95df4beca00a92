//! `dashlift report`: joins the states of batches into one report.

use std::path::{Path, PathBuf};

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
        if let Some(earlier) = &args.since {
            fleet::compare(&mut fleet, earlier).map_err(|error| error.to_string())?;
        }
        if let Some(folder) = &args.pull_requests {
            open_requests(&fleet, folder, output)?;
        }
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

/// Writes the pull requests, and says how many there are.
fn open_requests(fleet: &Fleet, folder: &Path, output: &mut Output) -> Result<(), String> {
    let written = fleet::write_pull_requests(fleet, folder);
    let shown = report::safe(&folder.display().to_string());
    output.people(&match written.map_err(|error| error.to_string())? {
        0 => "No repository of these states has a branch to ask for.\n".to_owned(),
        1 => format!("1 pull request written to {shown}: read gh.sh or glab.sh, and run it.\n"),
        count => format!(
            "{count} pull requests written to {shown}: read gh.sh or glab.sh, and run it.\n"
        ),
    });
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
