//! `dashlift report`: joins the states of batches into one report.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::args::{OutputArgs, ReportArgs};
use super::formats;
use super::output::Output;
use crate::commands::known;
use crate::commands::status::Status;
use crate::commands::values::Named;
use crate::disk::{self, DiskError, Replacement};
use crate::fleet::merge::{Merged, StateFile};
use crate::fleet::state::{Ending, Header, Record, Shard};
use crate::report::fleet::{Builder, End, Entry, Fleet, State};
use crate::report::{self, Reporter, json};

pub(super) fn run(args: &ReportArgs, how: &OutputArgs, output: &mut Output) -> Status {
    let made = read(&args.states).and_then(|mut fleet| {
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

/// The report of these states, or a sentence on why there is none.
fn read(paths: &[PathBuf]) -> Result<Fleet, String> {
    let merged = Merged::open(paths).map_err(|error| error.to_string())?;
    let mut builder = Builder::default();
    let added = merged.each(|header, record| builder.add(entry(header, record)));
    added.map_err(|error| error.to_string())?;
    let states = merged.files().iter().map(state).collect();
    Ok(builder.finish(states, notes(merged.files())))
}

/// Takes in what the old server says, and writes what goes to people.
fn join(fleet: &mut Fleet, args: &ReportArgs, output: &mut Output) -> Result<(), String> {
    let Some(path) = &args.inventory else {
        return Ok(());
    };
    let inventory =
        known::read(&Named::Anywhere(path.clone())).map_err(|error| error.to_string())?;
    let waves = fleet.join(&inventory, args.waves.map(usize::from));
    let (Some(waves), Some(folder)) = (waves, &args.hand_out) else {
        return Ok(());
    };
    let unwritable = |error: DiskError| format!("{} cannot be written: {error}", folder.display());
    let place = disk::open_or_create_folder(folder).map_err(unwritable)?;
    if !place.names("").map_err(unwritable)?.is_empty() {
        let folder = folder.display();
        return Err(format!(
            "{folder} is not empty; name a new folder, so that nothing of an earlier run is mixed in"
        ));
    }
    let made = place.create_folder("notices");
    made.map_err(|error| unwritable(error.into()))?;
    let mut files = fleet.hand_outs(&waves);
    let document = json::document(&waves).map_err(|error| error.to_string())?;
    files.push(("waves.json".to_owned(), document));
    for (name, text) in &files {
        let written = place
            .create_new(name)
            .and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| unwritable(error.into()))?;
    }
    let shown = report::safe(&folder.display().to_string());
    output.people(&format!("{} files written to {shown}.\n", files.len()));
    Ok(())
}

fn entry(header: &Header, record: Record) -> Entry {
    let end = match record.brief.outcome {
        Ending::NoApp => End::NoApp,
        ending if ending.is_failure() => End::Failed(record.error.unwrap_or_else(|| {
            let word = ending.word().replace('_', " ");
            format!("it {word}")
        })),
        _ => End::Done,
    };
    Entry {
        repository: record.brief.repository,
        commit: record.brief.commit,
        dirty: record.brief.dirty,
        command: header.command.clone(),
        end,
        result: record.result,
    }
}

fn state(file: &StateFile) -> State {
    let last = file.headers.last();
    let of = |field: fn(&Header) -> &str| last.map_or("", field).to_owned();
    State {
        file: file.path.display().to_string(),
        command: of(|header| &header.command),
        tool: of(|header| &header.tool),
        source: of(|header| &header.source),
        shard: last
            .and_then(|header| header.shard)
            .map(|shard| shard.to_string()),
        repositories: file.records,
    }
}

/// What a reader must know about the states, a sentence each.
fn notes(files: &[StateFile]) -> Vec<String> {
    let headers = || files.iter().flat_map(|file| &file.headers);
    let different = |of: fn(&Header) -> &str| headers().map(of).collect::<BTreeSet<&str>>();
    let listed = |words: BTreeSet<&str>| {
        let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        words.join(", ")
    };
    let mut notes = Vec::new();
    let tools = different(|header| &header.tool);
    if tools.len() > 1 {
        let tools = listed(tools);
        notes.push(format!(
            "Different versions of dashlift made the states: {tools}."
        ));
    }
    let commands = different(|header| &header.command);
    if commands.len() > 1 {
        let commands = listed(commands);
        notes.push(format!("Different commands made the states: {commands}. After `migrate`, findings are those that are left."));
    }
    if different(|header| &header.configuration).len() > 1 {
        notes.push("The states were made with different options, so the apps may have been measured differently.".to_owned());
    }
    notes.extend(missing_parts(headers()));
    for file in files.iter().filter(|file| file.is_cut) {
        notes.push(format!(
            "The last line of `{}` was cut off and is left out; `--resume` does that repository again.",
            file.path.display()
        ));
    }
    notes
}

/// Says which parts of a fleet are not among the states.
fn missing_parts<'a>(headers: impl Iterator<Item = &'a Header>) -> Option<String> {
    let parts: Vec<Shard> = headers.filter_map(|header| header.shard).collect();
    let of = parts.first()?.of();
    if parts.iter().any(|part| part.of() != of) {
        return Some(
            "The states are parts of differently divided fleets, so repositories may be missing."
                .to_owned(),
        );
    }
    let has = |number: &u32| parts.iter().any(|part| part.number() == *number);
    let missing = (1..=of).filter(|number| !has(number));
    let missing: Vec<String> = missing.map(|number| format!("{number}/{of}")).collect();
    (!missing.is_empty()).then(|| {
        let (noun, verb) = if missing.len() == 1 {
            ("part", "is")
        } else {
            ("parts", "are")
        };
        format!(
            "The {noun} {} {verb} not among the states.",
            missing.join(", ")
        )
    })
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
    let written = write(fleet, formats::of_file(path, how.format).reporter(), path);
    written.map_err(|error| {
        let reason = match error {
            DiskError::NotFound => "there is no such folder".to_owned(),
            DiskError::Io(reason) => reason,
            error => error.to_string(),
        };
        format!("{} cannot be written: {reason}", path.display())
    })?;
    output.people(&format!(
        "Written to {}.\n",
        report::safe(&path.display().to_string())
    ));
    Ok(())
}

/// Writes the report beside its place first: nobody meets half of it.
fn write(fleet: &Fleet, reporter: &dyn Reporter, path: &Path) -> Result<(), DiskError> {
    let mut buffer = BufWriter::new(Replacement::of_named(path)?);
    reporter.fleet(fleet, &mut buffer)?;
    let file = buffer
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?;
    file.finish()
}
