//! `dashlift users draft`.

use std::fmt::Write as _;
use std::path::Path;

use super::super::args::DraftArgs;
use super::super::output::Output;
use crate::commands::status::Status;
use crate::commands::users::draft;
use crate::report::{safe, text};
use crate::users::{Draft, SEAT};

pub(super) fn run(args: &DraftArgs, output: &mut Output) -> Status {
    match draft(&args.inventory, &args.output) {
        Ok(draft) => {
            output.people(&summary(&args.output, &draft));
            Status::Clean
        }
        Err(refused) => {
            output.error(&text::error(&refused.to_string()));
            Status::Refused
        }
    }
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
