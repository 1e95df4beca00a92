//! The report on a fleet: joins the states of batches, takes in what the old server says, and writes
//! what goes to people.

use std::collections::BTreeSet;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::known::{self, KnownError};
use super::named_file::NamedFile;
use super::new_folder::{NewFolderError, fill_new_folder};
use crate::disk::{self, DiskError, FileKind, Replacement};
use crate::fleet::merge::{Merged, StateFile};
use crate::fleet::state::{Ending, Header, Record, Shard, StateError};
use crate::report::fleet::{Builder, EarlierError, EarlierReport, End, Fleet, FleetEntry, State};
use crate::report::{Reporter, json};

/// Why there is no report, or nothing to hand out.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the sentence of each says what it is")]
pub enum FleetRefusal {
    #[error(transparent)]
    State(#[from] StateError),
    #[error(transparent)]
    Inventory(#[from] KnownError),
    #[error(transparent)]
    Folder(#[from] NewFolderError),
    #[error(transparent)]
    Document(#[from] serde_json::Error),
    #[error("{} {error}", .path.display())]
    Unreadable { path: PathBuf, error: DiskError },
    #[error("{} {error}", .path.display())]
    Earlier { path: PathBuf, error: EarlierError },
}

/// How the apps of an inventory are divided, and where that is written.
#[derive(Debug, Clone, Copy)]
pub struct WaveChoices<'a> {
    /// Into so many waves.
    pub waves: Option<usize>,
    /// A new or empty folder for the waves and a notice for each owner.
    pub hand_out: Option<&'a Path>,
}

/// The report of these states.
///
/// # Errors
/// When a state cannot be read.
pub fn read(paths: &[PathBuf]) -> Result<Fleet, FleetRefusal> {
    let merged = Merged::open(paths)?;
    let mut builder = Builder::default();
    merged.each(|header, record| builder.add(entry(header, record)))?;
    let states = merged.files().iter().map(state).collect();
    Ok(builder.finish(states, notes(merged.files())))
}

/// Takes in what the old server says; how many files were written for people, none where that was
/// not asked for.
///
/// # Errors
/// When the inventory cannot be read, or the folder not be written.
pub fn join(
    fleet: &mut Fleet,
    inventory: &Path,
    choices: WaveChoices,
) -> Result<Option<usize>, FleetRefusal> {
    let inventory = known::read(&NamedFile::Anywhere(inventory.to_owned()))?;
    let waves = fleet.join(&inventory, choices.waves);
    let (Some(waves), Some(folder)) = (waves, choices.hand_out) else {
        return Ok(None);
    };
    let mut files = fleet.hand_outs(&waves);
    files.push(("waves.json".to_owned(), json::document(&waves)?));
    fill_new_folder(folder, &["notices"], &files)?;
    Ok(Some(files.len()))
}

/// Takes in what an earlier report in JSON says of the same apps.
///
/// # Errors
/// When it cannot be read.
pub fn compare(fleet: &mut Fleet, path: &Path) -> Result<(), FleetRefusal> {
    let bytes = disk::read_named(path, FileKind::Report).map_err(|error| {
        let path = path.to_owned();
        FleetRefusal::Unreadable { path, error }
    })?;
    let earlier = EarlierReport::read(&bytes).map_err(|error| {
        let path = path.to_owned();
        FleetRefusal::Earlier { path, error }
    })?;
    fleet.compare(&earlier, path.display().to_string());
    Ok(())
}

/// Writes title and body of a pull request for each branch into a new or empty folder; how many
/// there are.
///
/// # Errors
/// When the folder cannot be written.
pub fn write_pull_requests(fleet: &Fleet, folder: &Path) -> Result<usize, FleetRefusal> {
    let files = fleet.pull_requests();
    fill_new_folder(folder, &[], &files)?;
    let is_body = |name: &String| Path::new(name).extension().is_some_and(|it| it == "md");
    Ok(files.iter().filter(|(name, _)| is_body(name)).count())
}

/// Writes the report beside its place first: nobody meets half of it.
///
/// # Errors
/// When it cannot be written.
pub fn write(fleet: &Fleet, reporter: &dyn Reporter, path: &Path) -> Result<(), DiskError> {
    let mut buffer = BufWriter::new(Replacement::of_named(path)?);
    reporter.fleet(fleet, &mut buffer)?;
    let file = buffer
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?;
    file.finish()
}

fn entry(header: &Header, record: Record) -> FleetEntry {
    let end = match record.brief.outcome {
        Ending::NoApp => End::NoApp,
        ending if ending.is_unknown() => End::Failed(record.error.unwrap_or_else(|| {
            let word = ending.word().replace('_', " ");
            format!("it {word}")
        })),
        _ => End::Done,
    };
    FleetEntry {
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
    let of = parts.first()?.count_parts();
    if parts.iter().any(|part| part.count_parts() != of) {
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
