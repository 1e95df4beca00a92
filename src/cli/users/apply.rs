//! `dashlift users apply`: looks at everybody first, adds the seats up, and only then does what was
//! asked for.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

use super::super::args::{ApplyArgs, FirstPasswordArg, OutputArgs};
use super::super::credentials::{self, CredentialsError, Whose};
use super::super::output::Output;
use super::super::progress::Progress;
use super::passwords::Kept;
use super::table::{AS_IT_IS, CONFLICT, FAILED, PeopleCount, detail, line, word};
use crate::commands::status::Status;
use crate::disk::{self, DiskError, FileKind};
use crate::interrupt;
use crate::network::{Address, Client, Limits, Trust, TrustError};
use crate::report::text;
use crate::users::{
    self, AccountStep, AccountVerdict, Administrator, Keycloak, KeycloakError, ListError, Person,
    PlannedAccount, Realm, SEAT,
};

static ADMINISTRATOR: Whose = Whose {
    user: "DASHLIFT_KEYCLOAK_USER",
    password: "DASHLIFT_KEYCLOAK_PASSWORD",
    user_prompt: "administrator of Keycloak",
    password_prompt: "password",
};

/// Why nothing was begun, or why it ended early.
#[derive(Debug, Error)]
enum ApplyError {
    #[error("{} cannot be read: {error}", .path.display())]
    Unreadable { path: PathBuf, error: DiskError },
    #[error("{}: {error}", .path.display())]
    List { path: PathBuf, error: ListError },
    #[error("{} {error}", .path.display())]
    Certificate { path: PathBuf, error: TrustError },
    #[error("{0}")]
    Trust(TrustError),
    #[error("{0}")]
    Credentials(#[from] CredentialsError),
    #[error("{0} is no address that Keycloak could be asked at; give it with --keycloak-url")]
    Address(Address),
    #[error(
        "{} is there already, with passwords of a run before perhaps; name another file", .0.display()
    )]
    PasswordsThere(PathBuf),
    #[error(
        "the realm sends no mail, so nobody can be invited: configure its mail server, or take \
         --first-password random or none"
    )]
    NoMail,
    #[error("{0} invitations would be sent; nobody was asked, so nothing was done. Add --yes")]
    NotAsked(usize),
    #[error("nothing was done")]
    Declined,
    #[error(
        "{wanted} people would have the role {SEAT}, and --seats says {seats}; nothing was done"
    )]
    Seats { wanted: usize, seats: usize },
    #[error("{0}")]
    Fault(#[from] KeycloakError),
}

pub(super) fn run(args: &ApplyArgs, how: &OutputArgs, output: &mut Output) -> Status {
    match work(args, how, output) {
        Ok(count) => status(args, &count),
        Err(refused) => {
            output.error(&text::error(&refused.to_string()));
            match refused {
                ApplyError::Fault(fault) if fault.is_interrupt() => Status::Interrupted,
                _ => Status::Refused,
            }
        }
    }
}

fn status(args: &ApplyArgs, count: &PeopleCount) -> Status {
    let is_left = count.conflicts + count.failed > 0;
    let is_to_do = !args.apply && count.create + count.change > 0;
    if is_left || is_to_do {
        Status::Findings
    } else {
        Status::Clean
    }
}

fn work(
    args: &ApplyArgs,
    how: &OutputArgs,
    output: &mut Output,
) -> Result<PeopleCount, ApplyError> {
    let people = list(args)?;
    if let Some(path) = args.passwords.as_ref().filter(|path| path.exists()) {
        return Err(ApplyError::PasswordsThere(path.clone()));
    }
    let client = client(args)?;
    let (user, password) = credentials::ask(&ADMINISTRATOR)?;
    let keycloak = Keycloak::new(client, Administrator { user, password });
    interrupt::watch();
    let progress = Progress::new(how);
    let realm = Realm::read(&keycloak, &people)?;
    let now = realm.seats(&keycloak)?;
    let mut all = Vec::new();
    for (index, person) in people.iter().enumerate() {
        progress.say(format!("looking at {} of {}", index + 1, people.len()));
        all.push((person, plan_person(&keycloak, &realm, person, args)?));
    }
    drop(progress);
    let wanted = now
        + all
            .iter()
            .filter(|(_, planned)| takes_seat(planned))
            .count();
    let seats = format!("People with the role {SEAT}: {now} now, {wanted} then.\n");
    if args.apply {
        output.people(&seats);
        may_begin(args, &realm, &all, wanted)?;
        return apply(args, &keycloak, &realm, &people, output);
    }
    let count = show(&all, output);
    output.people(&count.sentence(false));
    output.people(&seats);
    if args.seats.is_some_and(|seats| wanted > seats) {
        output.people("That is more than --seats says: with --apply, nothing would be done.\n");
    }
    if count.create + count.change > 0 {
        output.people("Nothing was changed. Do it with --apply.\n");
    }
    Ok(count)
}

fn list(args: &ApplyArgs) -> Result<Vec<Person>, ApplyError> {
    let path = &args.list;
    let bytes = disk::read_named(path, FileKind::List).map_err(|error| ApplyError::Unreadable {
        path: path.clone(),
        error,
    })?;
    users::read(&bytes).map_err(|error| ApplyError::List {
        path: path.clone(),
        error,
    })
}

fn client(args: &ApplyArgs) -> Result<Client, ApplyError> {
    let address = match (&args.keycloak_url, &args.de5_host) {
        (Some(address), _) => address.clone(),
        (None, Some(host)) => {
            let guessed = format!("https://auth-{}/auth", host.host());
            Address::parse(&guessed).map_err(|_| ApplyError::Address(host.clone()))?
        }
        (None, None) => return Err(ApplyError::Declined),
    };
    let mut trust = Trust::default();
    for path in &args.trust.ca_cert {
        let pem =
            disk::read_named(path, FileKind::Source).map_err(|error| ApplyError::Unreadable {
                path: path.clone(),
                error,
            })?;
        let added = trust.add_authorities(&pem);
        added.map_err(|error| ApplyError::Certificate {
            path: path.clone(),
            error,
        })?;
    }
    let limits = Limits {
        time: Duration::from_secs(args.timeout),
        ..Limits::default()
    };
    Client::new(address, &trust, limits).map_err(ApplyError::Trust)
}

/// What is to do, with what can be known to fail.
fn plan_person(
    keycloak: &Keycloak,
    realm: &Realm,
    person: &Person,
    args: &ApplyArgs,
) -> Result<PlannedAccount, KeycloakError> {
    let mut planned = users::plan(keycloak, realm, person)?;
    if args.first_password == FirstPasswordArg::Invite
        && person.email.is_none()
        && creates(&planned)
    {
        let sentence = "without an e-mail address nobody can be invited";
        planned.verdict = AccountVerdict::Conflict(sentence.to_owned());
    }
    Ok(planned)
}

fn creates(planned: &PlannedAccount) -> bool {
    matches!(&planned.verdict, AccountVerdict::Steps(steps) if steps.contains(&AccountStep::Create))
}

fn takes_seat(planned: &PlannedAccount) -> bool {
    let seat = AccountStep::AddRole(SEAT.to_owned());
    matches!(&planned.verdict, AccountVerdict::Steps(steps) if steps.contains(&seat))
}

fn show(all: &[(&Person, PlannedAccount)], output: &mut Output) -> PeopleCount {
    let mut count = PeopleCount::default();
    for (person, planned) in all {
        output.result(&match &planned.verdict {
            AccountVerdict::AsItIs => {
                count.as_they_are += 1;
                line(AS_IT_IS, person, "")
            }
            AccountVerdict::Steps(steps) => {
                count.steps(steps);
                line(word(steps), person, &detail(steps))
            }
            AccountVerdict::Conflict(sentence) => {
                count.conflicts += 1;
                line(CONFLICT, person, sentence)
            }
        });
    }
    count
}

/// What has to be settled before the first change.
fn may_begin(
    args: &ApplyArgs,
    realm: &Realm,
    all: &[(&Person, PlannedAccount)],
    wanted: usize,
) -> Result<(), ApplyError> {
    if let Some(seats) = args.seats.filter(|seats| wanted > *seats) {
        return Err(ApplyError::Seats { wanted, seats });
    }
    let new = all.iter().filter(|(_, planned)| creates(planned)).count();
    if args.first_password != FirstPasswordArg::Invite || new == 0 {
        return Ok(());
    }
    if !realm.sends_mail {
        return Err(ApplyError::NoMail);
    }
    if args.yes {
        return Ok(());
    }
    let input = io::stdin();
    if !input.is_terminal() {
        return Err(ApplyError::NotAsked(new));
    }
    let mut people = io::stderr();
    let _ = write!(
        people,
        "Keycloak will send {new} invitations by mail. Go on? [y]es, [n]o: "
    );
    let _ = people.flush();
    let mut answer = String::new();
    let read = input.lock().read_line(&mut answer);
    match (read, answer.trim().to_ascii_lowercase().as_str()) {
        (Ok(_), "y" | "yes") => Ok(()),
        _ => Err(ApplyError::Declined),
    }
}

fn apply(
    args: &ApplyArgs,
    keycloak: &Keycloak,
    realm: &Realm,
    people: &[Person],
    output: &mut Output,
) -> Result<PeopleCount, ApplyError> {
    let mut count = PeopleCount::default();
    let mut passwords = Kept::new(args.passwords.clone());
    let (mut waiting, mut invited) = (0, 0);
    let mut end = Ok(());
    for person in people {
        let is_uninvitable =
            args.first_password == FirstPasswordArg::Invite && person.email.is_none();
        if is_uninvitable {
            let planned = plan_person(keycloak, realm, person, args)?;
            if let AccountVerdict::Conflict(sentence) = planned.verdict {
                count.conflicts += 1;
                output.result(&line(CONFLICT, person, &sentence));
                continue;
            }
        }
        let first = args.first_password.into();
        match users::apply(keycloak, realm, person, first, &mut passwords) {
            Ok(applied) => {
                waiting += usize::from(applied.waits && !applied.invited);
                invited += usize::from(applied.invited);
                if let Some(sentence) = applied.conflict {
                    count.conflicts += 1;
                    output.result(&line(CONFLICT, person, &sentence));
                } else {
                    count.steps(&applied.done);
                    output.result(&line(word(&applied.done), person, &detail(&applied.done)));
                }
                if let Some(sentence) = applied.not_invited {
                    count.failed += 1;
                    output.result(&line(FAILED, person, &sentence));
                }
            }
            Err(fault) if fault.is_of_one() => {
                count.failed += 1;
                output.result(&line(FAILED, person, &fault.to_string()));
            }
            Err(fault) => {
                end = Err(fault.into());
                break;
            }
        }
    }
    output.people(&count.sentence(true));
    if invited > 0 {
        output.people(&format!("{invited} invitations were sent.\n"));
    }
    if let Some(path) = args.passwords.as_ref().filter(|_| passwords.made > 0) {
        output.people(&format!(
            "{} passwords are in {}; a line counts when its user was created.\n",
            passwords.made,
            crate::report::safe(&path.display().to_string())
        ));
    }
    if waiting > 0 {
        output.people(&format!(
            "{waiting} accounts still wait for their first password. No mail is sent twice: whoever \
             got none is invited from Keycloak's own pages.\n"
        ));
    }
    end.map(|()| count)
}
