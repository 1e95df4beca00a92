//! `dashlift users draft`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use tempfile::NamedTempFile;

use super::super::args::DraftArgs;
use super::super::output::Output;
use crate::commands::status::Status;
use crate::disk::{self, FileKind};
use crate::inventory::Inventory;
use crate::report::{safe, text};
use crate::users::{self, Draft, SEAT};

pub(super) fn run(args: &DraftArgs, output: &mut Output) -> Status {
    match make(args) {
        Ok(draft) => {
            output.people(&summary(&args.output, &draft));
            Status::Clean
        }
        Err(sentence) => {
            output.error(&text::error(&sentence));
            Status::Refused
        }
    }
}

fn make(args: &DraftArgs) -> Result<Draft, String> {
    let given = args.inventory.display();
    let bytes = disk::read_named(&args.inventory, FileKind::Inventory)
        .map_err(|error| format!("{given} cannot be read: {error}"))?;
    let inventory = Inventory::read(&bytes).map_err(|error| format!("{given} {error}"))?;
    let draft = users::draft(&inventory);
    let path = args.output.display();
    let list = users::write(&draft.people);
    let list = list.map_err(|error| format!("the list could not be made: {error}"))?;
    if args.output.exists() {
        return Err(format!(
            "{path} is there already, perhaps with what somebody wrote into it; name another file"
        ));
    }
    let written = write(&args.output, &list);
    written.map_err(|error| format!("{path} cannot be written: {error}"))?;
    Ok(draft)
}

/// Whole or not at all, and over nothing.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    Ok(())
}

fn summary(path: &Path, draft: &Draft) -> String {
    let mut text = String::new();
    let guesses = draft.people.iter().filter(|it| it.guess.is_some()).count();
    let seats = draft
        .people
        .iter()
        .filter(|it| !it.roles.is_empty())
        .count();
    let _ = writeln!(
        text,
        "{} written to {}. {} the role {SEAT}, which takes a seat: whoever owns an app. Take it out \
         where somebody needs none.",
        match draft.people.len() {
            1 => "1 person was".to_owned(),
            count => format!("{count} people were"),
        },
        safe(&path.display().to_string()),
        match seats {
            1 => "1 of them has".to_owned(),
            _ => format!("{seats} of them have"),
        },
    );
    if guesses > 0 {
        let _ = writeln!(
            text,
            "{guesses} lines hold a guess: check each, and empty its column `guess`; until then it is \
             passed over."
        );
    }
    for name in &draft.left_out {
        let _ = writeln!(
            text,
            "left out, because Keycloak has no such names: {}",
            safe(name)
        );
    }
    if !draft.teams.is_empty() {
        let teams = draft.teams.iter();
        let teams: Vec<String> = teams
            .map(|(team, apps)| format!("{} ({apps})", safe(team)))
            .collect();
        let _ = writeln!(
            text,
            "Teams that may see apps, with how many; who is in them is not told, so write their people \
             in yourself: {}",
            teams.join(", ")
        );
    }
    text
}
