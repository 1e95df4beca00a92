//! People of a list, brought to Keycloak: everybody is looked at first, the seats are added up, and
//! only then is done what was asked for.

mod draft;
mod passwords;

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use thiserror::Error;

use super::client::{ClientRefusal, open_client};
use crate::disk::{self, DiskError, FileKind};
use crate::interrupt;
use crate::network::Address;
use crate::users::{
    self, AccountStep, AccountVerdict, Administrator, FirstPassword, Keycloak, KeycloakError,
    ListError, Person, PlannedAccount, Realm, SEAT,
};

pub use draft::{DraftRefusal, draft};
use passwords::KeptPasswords;

/// Why nothing was begun.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the sentence of each says what it is")]
pub enum ApplyRefusal {
    #[error("{} cannot be read: {error}", .path.display())]
    Unreadable { path: PathBuf, error: DiskError },
    #[error("{}: {error}", .path.display())]
    List { path: PathBuf, error: ListError },
    #[error("{0}")]
    Client(#[from] ClientRefusal),
    #[error("{0}")]
    Credentials(String),
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

impl ApplyRefusal {
    /// Whether the user ended it.
    pub fn is_interrupt(&self) -> bool {
        matches!(self, Self::Fault(fault) if fault.is_interrupt())
    }
}

/// Who is brought where, and how.
#[derive(Debug, Clone, Copy)]
pub struct ApplyChoices<'a> {
    /// The list of people.
    pub list: &'a Path,
    /// Whether it is done, not only said.
    pub apply: bool,
    /// The new server.
    pub de5_host: Option<&'a Address>,
    /// Where Keycloak is, if it is elsewhere.
    pub keycloak_url: Option<&'a Address>,
    /// How somebody new gets in.
    pub first_password: FirstPassword,
    /// The new file for random passwords.
    pub passwords: Option<&'a Path>,
    /// The most people that may have a seat.
    pub seats: Option<usize>,
    /// Whether invitations are sent without asking.
    pub yes: bool,
    /// Certificates of authorities to trust, files of PEM.
    pub authorities: &'a [PathBuf],
    /// Seconds that an answer may take.
    pub timeout: u64,
}

/// What is to do for somebody, or was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountOutcome {
    /// These steps; none where the account is as it is to be.
    Steps(Vec<AccountStep>),
    /// A person has to decide.
    Conflict(String),
    /// The server refused.
    Failed(String),
}

/// Whoever sits at the command: is told how it goes, and asked.
pub trait Desk {
    /// Name and password of an administrator of Keycloak.
    ///
    /// # Errors
    /// When nobody gives them; why.
    fn credentials(&mut self) -> Result<(String, SecretString), String>;
    /// Person `number` of `of` is looked at.
    fn look_at(&mut self, number: usize, of: usize);
    /// All have been looked at.
    fn end_look(&mut self);
    /// Before the first change: how many people have a seat now, and will.
    fn seats(&mut self, now: usize, wanted: usize);
    /// What is to do for somebody, or was done.
    fn tell(&mut self, person: &Person, outcome: &AccountOutcome);
    /// Whether so many invitations may be sent; none where nobody can be asked.
    fn may_invite(&mut self, count: usize) -> Option<bool>;
}

/// How many people there are of each kind.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct PeopleCount {
    /// Those who get an account.
    pub create: usize,
    /// Those whose account gets something.
    pub change: usize,
    /// Those of whom nothing is to do.
    pub as_they_are: usize,
    /// Those about whom a person has to decide.
    pub conflicts: usize,
    /// Those whom the server refused.
    pub failed: usize,
}

impl PeopleCount {
    fn count(&mut self, outcome: &AccountOutcome) {
        match outcome {
            AccountOutcome::Conflict(_) => self.conflicts += 1,
            AccountOutcome::Failed(_) => self.failed += 1,
            AccountOutcome::Steps(steps) if steps.is_empty() => self.as_they_are += 1,
            AccountOutcome::Steps(steps) if steps.contains(&AccountStep::Create) => {
                self.create += 1;
            }
            AccountOutcome::Steps(_) => self.change += 1,
        }
    }
}

/// What came of a list.
#[derive(Debug, Default)]
pub struct AppliedList {
    /// The people.
    pub count: PeopleCount,
    /// How many have a seat before, and then.
    pub seats: (usize, usize),
    /// How many invitations were sent.
    pub invited: usize,
    /// How many accounts wait for their first password.
    pub waiting: usize,
    /// How many passwords were made.
    pub passwords: usize,
    /// Why it ended early.
    pub stopped: Option<KeycloakError>,
}

/// Looks at everybody of a list; with `apply`, does what is to do.
///
/// # Errors
/// When nothing can be begun. What ends it later is in the outcome, with what was done before.
pub fn apply(choices: &ApplyChoices, desk: &mut dyn Desk) -> Result<AppliedList, ApplyRefusal> {
    let people = read_list(choices)?;
    if let Some(path) = choices.passwords.filter(|path| path.exists()) {
        return Err(ApplyRefusal::PasswordsThere(path.to_owned()));
    }
    let address = find_keycloak(choices)?;
    let client = open_client(address, choices.authorities, None, choices.timeout)?;
    let credentials = desk.credentials();
    let (user, password) = credentials.map_err(ApplyRefusal::Credentials)?;
    let keycloak = Keycloak::new(client, Administrator { user, password });
    interrupt::watch();
    let realm = Realm::read(&keycloak, &people)?;
    let now = realm.seats(&keycloak)?;
    let mut all = Vec::new();
    for (index, person) in people.iter().enumerate() {
        desk.look_at(index + 1, people.len());
        all.push((person, plan_person(&keycloak, &realm, person, choices)?));
    }
    desk.end_look();
    let seats = all.iter().filter(|(_, planned)| takes_seat(planned));
    let wanted = now + seats.count();
    let mut applied = AppliedList {
        seats: (now, wanted),
        ..AppliedList::default()
    };
    if choices.apply {
        desk.seats(now, wanted);
        may_begin(choices, &realm, &all, wanted, desk)?;
        apply_all(choices, &keycloak, &realm, &people, desk, &mut applied);
    } else {
        for (person, planned) in all {
            applied.tell(desk, person, &planned.verdict.into());
        }
    }
    Ok(applied)
}

impl From<AccountVerdict> for AccountOutcome {
    fn from(verdict: AccountVerdict) -> Self {
        match verdict {
            AccountVerdict::AsItIs => Self::Steps(Vec::new()),
            AccountVerdict::Steps(steps) => Self::Steps(steps),
            AccountVerdict::Conflict(sentence) => Self::Conflict(sentence),
        }
    }
}

impl AppliedList {
    fn tell(&mut self, desk: &mut dyn Desk, person: &Person, outcome: &AccountOutcome) {
        self.count.count(outcome);
        desk.tell(person, outcome);
    }
}

fn read_list(choices: &ApplyChoices) -> Result<Vec<Person>, ApplyRefusal> {
    let path = choices.list.to_owned();
    let bytes = match disk::read_named(&path, FileKind::List) {
        Ok(bytes) => bytes,
        Err(error) => return Err(ApplyRefusal::Unreadable { path, error }),
    };
    users::read(&bytes).map_err(|error| ApplyRefusal::List { path, error })
}

/// Where Keycloak is.
fn find_keycloak(choices: &ApplyChoices) -> Result<Address, ApplyRefusal> {
    match (choices.keycloak_url, choices.de5_host) {
        (Some(address), _) => Ok(address.clone()),
        (None, Some(host)) => {
            let guessed = format!("https://auth-{}/auth", host.host());
            Address::parse(&guessed).map_err(|_| ApplyRefusal::Address(host.clone()))
        }
        (None, None) => Err(ApplyRefusal::Declined),
    }
}

/// What is to do, with what can be known to fail.
fn plan_person(
    keycloak: &Keycloak,
    realm: &Realm,
    person: &Person,
    choices: &ApplyChoices,
) -> Result<PlannedAccount, KeycloakError> {
    let mut planned = users::plan(keycloak, realm, person)?;
    if choices.first_password == FirstPassword::Invite
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

/// What has to be settled before the first change.
fn may_begin(
    choices: &ApplyChoices,
    realm: &Realm,
    all: &[(&Person, PlannedAccount)],
    wanted: usize,
    desk: &mut dyn Desk,
) -> Result<(), ApplyRefusal> {
    if let Some(seats) = choices.seats.filter(|seats| wanted > *seats) {
        return Err(ApplyRefusal::Seats { wanted, seats });
    }
    let new = all.iter().filter(|(_, planned)| creates(planned)).count();
    if choices.first_password != FirstPassword::Invite || new == 0 {
        return Ok(());
    }
    if !realm.sends_mail {
        return Err(ApplyRefusal::NoMail);
    }
    if choices.yes {
        return Ok(());
    }
    match desk.may_invite(new) {
        Some(true) => Ok(()),
        Some(false) => Err(ApplyRefusal::Declined),
        None => Err(ApplyRefusal::NotAsked(new)),
    }
}

fn apply_all(
    choices: &ApplyChoices,
    keycloak: &Keycloak,
    realm: &Realm,
    people: &[Person],
    desk: &mut dyn Desk,
    applied: &mut AppliedList,
) {
    let mut passwords = KeptPasswords::new(choices.passwords.map(Path::to_owned));
    for person in people {
        let done = apply_one(choices, keycloak, realm, person, &mut passwords);
        match done {
            Ok(done) => {
                applied.waiting += usize::from(done.waits && !done.invited);
                applied.invited += usize::from(done.invited);
                let outcome = match done.conflict {
                    Some(sentence) => AccountOutcome::Conflict(sentence),
                    None => AccountOutcome::Steps(done.done),
                };
                applied.tell(desk, person, &outcome);
                if let Some(sentence) = done.not_invited {
                    applied.tell(desk, person, &AccountOutcome::Failed(sentence));
                }
            }
            Err(fault) if fault.is_of_one() => {
                applied.tell(desk, person, &AccountOutcome::Failed(fault.to_string()));
            }
            Err(fault) => {
                applied.stopped = Some(fault);
                break;
            }
        }
    }
    applied.passwords = passwords.made;
}

fn apply_one(
    choices: &ApplyChoices,
    keycloak: &Keycloak,
    realm: &Realm,
    person: &Person,
    passwords: &mut KeptPasswords,
) -> Result<users::Applied, KeycloakError> {
    let first = choices.first_password;
    if first == FirstPassword::Invite && person.email.is_none() {
        let planned = plan_person(keycloak, realm, person, choices)?;
        if let AccountVerdict::Conflict(sentence) = planned.verdict {
            return Ok(users::Applied {
                conflict: Some(sentence),
                ..users::Applied::default()
            });
        }
    }
    users::apply(keycloak, realm, person, first, passwords)
}
