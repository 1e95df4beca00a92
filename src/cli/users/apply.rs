//! `dashlift users apply`: prints what is to do, or was done, for each person.

use std::io::{self, BufRead, IsTerminal, Write};

use secrecy::SecretString;

use super::super::args::{ApplyArgs, OutputArgs};
use super::super::credentials::{self, Whose};
use super::super::output::Output;
use super::super::progress::Progress;
use super::table::{CONFLICT, FAILED, detail, line, sentence, word};
use crate::commands::status::Status;
use crate::commands::users::{AccountOutcome, AppliedList, ApplyChoices, Desk, PeopleCount, apply};
use crate::report::{safe, text};
use crate::users::{Person, SEAT};

static ADMINISTRATOR: Whose = Whose {
    user: "DASHLIFT_KEYCLOAK_USER",
    password: "DASHLIFT_KEYCLOAK_PASSWORD",
    user_prompt: "administrator of Keycloak",
    password_prompt: "password",
};

pub(super) fn run(args: &ApplyArgs, how: &OutputArgs, output: &mut Output) -> Status {
    let choices = ApplyChoices {
        list: &args.list,
        apply: args.apply,
        de5_host: args.de5_host.as_ref(),
        keycloak_url: args.keycloak_url.as_ref(),
        first_password: args.first_password.into(),
        passwords: args.passwords.as_deref(),
        seats: args.seats,
        yes: args.yes,
        authorities: &args.trust.ca_cert,
        timeout: args.timeout,
    };
    let mut desk = Terminal {
        output,
        how,
        progress: None,
    };
    let applied = apply(&choices, &mut desk);
    desk.end_look();
    match applied {
        Ok(applied) if args.apply => {
            close(args, &applied, output);
            end(args, applied, output)
        }
        Ok(applied) => {
            propose(args, &applied, output);
            end(args, applied, output)
        }
        Err(refused) => {
            output.error(&text::error(&refused.to_string()));
            if refused.is_interrupt() {
                Status::Interrupted
            } else {
                Status::Refused
            }
        }
    }
}

fn end(args: &ApplyArgs, applied: AppliedList, output: &mut Output) -> Status {
    match applied.stopped {
        Some(fault) => {
            output.error(&text::error(&fault.to_string()));
            if fault.is_interrupt() {
                Status::Interrupted
            } else {
                Status::Refused
            }
        }
        None => status(args, applied.count),
    }
}

fn status(args: &ApplyArgs, count: PeopleCount) -> Status {
    let is_left = count.conflicts + count.failed > 0;
    let is_to_do = !args.apply && count.create + count.change > 0;
    if is_left || is_to_do {
        Status::Findings
    } else {
        Status::Clean
    }
}

/// The end of a dry run.
fn propose(args: &ApplyArgs, applied: &AppliedList, output: &mut Output) {
    let (now, wanted) = applied.seats;
    output.people(&sentence(applied.count, false));
    output.people(&seats(now, wanted));
    if args.seats.is_some_and(|seats| wanted > seats) {
        output.people("That is more than --seats says: with --apply, nothing would be done.\n");
    }
    if applied.count.create + applied.count.change > 0 {
        output.people("Nothing was changed. Do it with --apply.\n");
    }
}

/// The end of a run that did something.
fn close(args: &ApplyArgs, applied: &AppliedList, output: &mut Output) {
    output.people(&sentence(applied.count, true));
    let AppliedList {
        invited, passwords, ..
    } = applied;
    if *invited > 0 {
        output.people(&format!("{invited} invitations were sent.\n"));
    }
    if let Some(path) = args.passwords.as_ref().filter(|_| *passwords > 0) {
        output.people(&format!(
            "{passwords} passwords are in {}; a line counts when its user was created.\n",
            safe(&path.display().to_string())
        ));
    }
    if applied.waiting > 0 {
        output.people(&format!(
            "{} accounts still wait for their first password. No mail is sent twice: whoever got \
             none is invited from Keycloak's own pages.\n",
            applied.waiting
        ));
    }
}

fn seats(now: usize, wanted: usize) -> String {
    format!("People with the role {SEAT}: {now} now, {wanted} then.\n")
}

/// The terminal that the command was typed in.
struct Terminal<'o> {
    output: &'o mut Output,
    how: &'o OutputArgs,
    progress: Option<Progress>,
}

impl Desk for Terminal<'_> {
    fn credentials(&mut self) -> Result<(String, SecretString), String> {
        credentials::ask(&ADMINISTRATOR).map_err(|error| error.to_string())
    }

    fn look_at(&mut self, number: usize, of: usize) {
        let how = self.how;
        let progress = self.progress.get_or_insert_with(|| Progress::new(how));
        progress.say(format!("looking at {number} of {of}"));
    }

    fn end_look(&mut self) {
        self.progress = None;
    }

    fn seats(&mut self, now: usize, wanted: usize) {
        self.output.people(&seats(now, wanted));
    }

    fn tell(&mut self, person: &Person, outcome: &AccountOutcome) {
        self.output.result(&match outcome {
            AccountOutcome::Steps(steps) => line(word(steps), person, &detail(steps)),
            AccountOutcome::Conflict(sentence) => line(CONFLICT, person, sentence),
            AccountOutcome::Failed(sentence) => line(FAILED, person, sentence),
        });
    }

    fn may_invite(&mut self, count: usize) -> Option<bool> {
        let input = io::stdin();
        if !input.is_terminal() {
            return None;
        }
        let mut people = io::stderr();
        let _ = write!(
            people,
            "Keycloak will send {count} invitations by mail. Go on? [y]es, [n]o: "
        );
        let _ = people.flush();
        let mut answer = String::new();
        let read = input.lock().read_line(&mut answer);
        let answer = answer.trim().to_ascii_lowercase();
        Some(read.is_ok() && matches!(answer.as_str(), "y" | "yes"))
    }
}
