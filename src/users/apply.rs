//! Brings one person to the server: one step at a time, and then looks whether it shows.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::keycloak::{Keycloak, KeycloakError, encoded, refused};
use super::list::{Link, Person};
use super::plan::{AccountStep, AccountVerdict, CHOOSE, PlannedAccount, plan};
use super::realm::{Realm, path};
use crate::network::{HttpAnswer, Method, NetworkError, Repeat};

/// So often a person is looked at again, after answers that were lost on the way.
const ROUNDS: usize = 6;

/// How somebody new gets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstPassword {
    /// By a mail with a link, which Keycloak sends.
    Invite,
    /// By a password of chance that is changed at the first sign-in.
    Random,
    /// By an identity provider, or by what somebody does later.
    None,
}

/// Makes first passwords, and keeps each where people find it before it is used.
pub trait NewPasswords {
    /// A password for the user of that name.
    ///
    /// # Errors
    /// When it could not be made or kept; why.
    fn make(&mut self, username: &str) -> Result<SecretString, String>;
}

/// What was done for a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// The steps, in their order.
    pub done: Vec<AccountStep>,
    /// What a person has to decide.
    pub conflict: Option<String>,
    /// Whether an invitation was sent.
    pub invited: bool,
    /// Why no invitation was sent to somebody new.
    pub not_invited: Option<String>,
    /// Whether the account waits for its first password.
    pub waits: bool,
}

/// Does for a person what is to do, and looks whether it shows.
///
/// # Errors
/// When the server refuses, or does not answer. What was done before stays, and is found by the next
/// run.
pub fn apply(
    keycloak: &Keycloak,
    realm: &Realm,
    person: &Person,
    first: FirstPassword,
    passwords: &mut dyn NewPasswords,
) -> Result<Applied, KeycloakError> {
    let mut work = Work {
        keycloak,
        realm,
        person,
        first,
        applied: Applied::default(),
        password: None,
        lost: None,
    };
    for _ in 0..ROUNDS {
        if work.round(passwords)? {
            return Ok(work.applied);
        }
    }
    Err(work.lost.unwrap_or(KeycloakError::Untrue))
}

/// One person at work.
struct Work<'a> {
    keycloak: &'a Keycloak,
    realm: &'a Realm,
    person: &'a Person,
    first: FirstPassword,
    applied: Applied,
    /// The first password, once it was made: an account that has to be made again gets the same.
    password: Option<SecretString>,
    /// Why the last account that was asked for may not have been made. Something is here since the
    /// first attempt to make one.
    lost: Option<KeycloakError>,
}

impl Work<'_> {
    /// Looks, and does what is to do: whether nothing was.
    fn round(&mut self, passwords: &mut dyn NewPasswords) -> Result<bool, KeycloakError> {
        let PlannedAccount {
            verdict,
            account,
            waits,
        } = plan(self.keycloak, self.realm, self.person)?;
        self.applied.waits = waits;
        if let Some(id) = &account
            && self.lost.take().is_some()
        {
            self.is_made(id)?;
        }
        match (verdict, account) {
            (AccountVerdict::AsItIs, _) => Ok(true),
            (AccountVerdict::Conflict(sentence), _) => {
                self.applied.conflict = Some(sentence);
                Ok(true)
            }
            (AccountVerdict::Steps(_), None) => {
                if self.first == FirstPassword::Random && self.password.is_none() {
                    let made = passwords.make(&self.person.username.to_lowercase());
                    self.password = Some(made.map_err(KeycloakError::Password)?);
                }
                self.lost = Some(self.create()?);
                Ok(false)
            }
            (AccountVerdict::Steps(steps), Some(id)) => {
                carry_out(self.keycloak, self.realm, &id, &steps)?;
                self.applied.done.extend(steps);
                Ok(false)
            }
        }
    }

    /// The account that this run made is there.
    fn is_made(&mut self, id: &str) -> Result<(), KeycloakError> {
        self.applied.done.insert(0, AccountStep::Create);
        if self.first != FirstPassword::Invite {
            return Ok(());
        }
        match invite(self.keycloak, id) {
            Ok(()) => self.applied.invited = true,
            Err(fault) if fault.is_of_one() => {
                self.applied.not_invited = Some(fault.to_string());
            }
            Err(fault) => return Err(fault),
        }
        Ok(())
    }

    /// Asks for the account. The next look tells whether it is there; what comes back is what to say
    /// if it is not.
    fn create(&self) -> Result<KeycloakError, KeycloakError> {
        const WHAT: &str = "create the user";
        let body = new_account(self.person, self.first, self.password.as_ref());
        let users = path("/users");
        let made = self
            .keycloak
            .ask(WHAT, Method::Post, &users, Some(&body), Repeat::Refused);
        match made {
            Ok(answer) if answer.status == 201 => Ok(KeycloakError::Untrue),
            Ok(answer) if answer.status >= 500 => Ok(refused(WHAT, &answer)),
            Ok(answer) => Err(refused(WHAT, &answer)),
            Err(
                lost @ KeycloakError::Network(
                    NetworkError::TimedOut { .. }
                    | NetworkError::Garbled { .. }
                    | NetworkError::Unreachable { .. },
                ),
            ) => Ok(lost),
            Err(fault) => Err(fault),
        }
    }
}

/// An account as Keycloak wants it. Roles in it would be passed over; they are given afterwards.
fn new_account(person: &Person, first: FirstPassword, password: Option<&SecretString>) -> Value {
    let mut account = json!({"username": person.username.to_lowercase(), "enabled": true});
    let fields = [
        ("email", &person.email),
        ("firstName", &person.first_name),
        ("lastName", &person.last_name),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            account[name] = Value::from(value.as_str());
        }
    }
    if first == FirstPassword::Invite {
        account["requiredActions"] = json!([CHOOSE]);
    }
    if let Some(password) = password {
        // With the account, in one request: nobody is left without.
        account["credentials"] = json!([
            {"type": "password", "value": password.expose_secret(), "temporary": true}
        ]);
    }
    account
}

/// Has Keycloak send the mail with which somebody chooses a password.
///
/// # Errors
/// When it does not.
fn invite(keycloak: &Keycloak, id: &str) -> Result<(), KeycloakError> {
    const WHAT: &str = "send the invitation";
    let address = path(&format!("/users/{}/execute-actions-email", encoded(id)));
    let actions = json!([CHOOSE]);
    // Twice asked would be two mails.
    let answer = keycloak.ask(WHAT, Method::Put, &address, Some(&actions), Repeat::Refused)?;
    accepted(WHAT, &answer)
}

fn carry_out(
    keycloak: &Keycloak,
    realm: &Realm,
    id: &str,
    steps: &[AccountStep],
) -> Result<(), KeycloakError> {
    let is_role = |step: &AccountStep| match step {
        AccountStep::AddRole(role) => Some(role.clone()),
        _ => None,
    };
    let roles: Vec<String> = steps.iter().filter_map(is_role).collect();
    if !roles.is_empty() {
        const WHAT: &str = "give roles";
        let body = realm.roles(&roles);
        let address = realm.mappings(id);
        let answer = keycloak.ask(WHAT, Method::Post, &address, Some(&body), Repeat::Always)?;
        accepted(WHAT, &answer)?;
    }
    for step in steps {
        match step {
            AccountStep::Join(group) => join(keycloak, realm, id, group)?,
            AccountStep::Link(link) => make_link(keycloak, id, link)?,
            AccountStep::Create | AccountStep::AddRole(_) => {}
        }
    }
    Ok(())
}

fn join(keycloak: &Keycloak, realm: &Realm, id: &str, group: &str) -> Result<(), KeycloakError> {
    const WHAT: &str = "put the user into a group";
    let Some(group) = realm.group(group) else {
        return Err(KeycloakError::Missing(format!(
            "the group `{group}` was not looked up"
        )));
    };
    let address = path(&format!("/users/{}/groups/{}", encoded(id), encoded(group)));
    let answer = keycloak.ask(WHAT, Method::Put, &address, None, Repeat::Always)?;
    accepted(WHAT, &answer)
}

fn make_link(keycloak: &Keycloak, id: &str, link: &Link) -> Result<(), KeycloakError> {
    const WHAT: &str = "link the user";
    let provider = encoded(&link.provider);
    let address = path(&format!(
        "/users/{}/federated-identity/{provider}",
        encoded(id)
    ));
    let body = json!({
        "identityProvider": link.provider,
        "userId": link.id,
        "userName": link.name,
    });
    let answer = keycloak.ask(WHAT, Method::Post, &address, Some(&body), Repeat::Always)?;
    // It is there already when the first answer was lost; the next look tells whether it is this one.
    if answer.status == 409 {
        return Ok(());
    }
    accepted(WHAT, &answer)
}

fn accepted(what: &'static str, answer: &HttpAnswer) -> Result<(), KeycloakError> {
    match answer.status {
        200..=299 => Ok(()),
        _ => Err(refused(what, answer)),
    }
}
