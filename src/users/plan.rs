//! What is to do for somebody: found by asking the server, which changes nothing.

use std::collections::BTreeSet;

use super::keycloak::{Keycloak, KeycloakError, encoded};
use super::list::{Link, Person};
use super::realm::{Realm, path};
use super::wire::{Account, GroupAnswer, LinkAnswer, RoleAnswer};

/// Keycloak's word for "must choose a password at the next sign-in".
pub(super) const CHOOSE: &str = "UPDATE_PASSWORD";

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountStep {
    /// Make the account.
    Create,
    /// Give a role.
    AddRole(String),
    /// Put into a group.
    Join(String),
    /// Link to an account at an identity provider.
    Link(Link),
}

/// What is to do for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountVerdict {
    /// Nothing: all is as the list says.
    AsItIs,
    /// These, in this order.
    Steps(Vec<AccountStep>),
    /// Nothing, because a person has to decide: why.
    Conflict(String),
}

/// A person with what is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedAccount {
    /// What is to do.
    pub verdict: AccountVerdict,
    /// The account, when there is one.
    pub(super) account: Option<String>,
    /// Whether the account waits for its first password.
    pub waits: bool,
}

/// Finds out what is to do for a person.
///
/// # Errors
/// When the server does not say.
pub fn plan(
    keycloak: &Keycloak,
    realm: &Realm,
    person: &Person,
) -> Result<PlannedAccount, KeycloakError> {
    let planned = |verdict| PlannedAccount {
        verdict,
        account: None,
        waits: false,
    };
    if let Some(guess) = &person.guess {
        let sentence = format!(
            "{guess}; check it, and empty the column guess of line {}",
            person.line
        );
        return Ok(planned(AccountVerdict::Conflict(sentence)));
    }
    let Some(account) = find_user(keycloak, "username", &person.username)? else {
        if let Some(email) = &person.email
            && let Some(other) = find_user(keycloak, "email", email)?
        {
            let sentence = format!("its e-mail address is taken by {}", other.username);
            return Ok(planned(AccountVerdict::Conflict(sentence)));
        }
        if let Some(taken) = link_taken(keycloak, person, None)? {
            return Ok(planned(AccountVerdict::Conflict(taken)));
        }
        let mut steps = vec![AccountStep::Create];
        steps.extend(person.roles.iter().cloned().map(AccountStep::AddRole));
        steps.extend(person.groups.iter().cloned().map(AccountStep::Join));
        steps.extend(person.link.iter().cloned().map(AccountStep::Link));
        return Ok(planned(AccountVerdict::Steps(steps)));
    };
    Ok(PlannedAccount {
        verdict: of_account(keycloak, realm, person, &account)?,
        waits: account.required_actions.iter().any(|it| it == CHOOSE),
        account: Some(account.id),
    })
}

/// What an account lacks.
fn of_account(
    keycloak: &Keycloak,
    realm: &Realm,
    person: &Person,
    account: &Account,
) -> Result<AccountVerdict, KeycloakError> {
    if account.service_account_client_id.is_some() {
        let sentence = "that name is the account of a program; it is left alone";
        return Ok(AccountVerdict::Conflict(sentence.to_owned()));
    }
    if let Some(sentence) = differs(person, account) {
        return Ok(AccountVerdict::Conflict(sentence));
    }
    let mut steps = lacking_roles(keycloak, realm, person, account)?;
    steps.extend(lacking_groups(keycloak, person, account)?);
    match lacking_link(keycloak, person, account)? {
        Ok(link) => steps.extend(link.map(AccountStep::Link)),
        Err(sentence) => return Ok(AccountVerdict::Conflict(sentence)),
    }
    if steps.is_empty() {
        return Ok(AccountVerdict::AsItIs);
    }
    if account.federation_link.is_some() {
        let sentence =
            "a directory keeps the account, which is left alone; give it there what it lacks";
        return Ok(AccountVerdict::Conflict(sentence.to_owned()));
    }
    Ok(AccountVerdict::Steps(steps))
}

fn differs(person: &Person, account: &Account) -> Option<String> {
    if account.enabled == Some(false) {
        return Some("the account is switched off on the server".to_owned());
    }
    let wanted = person.email.as_deref()?;
    match account.email.as_deref() {
        Some(known) if is_same(known, wanted) => None,
        Some(known) => Some(format!("the account has another e-mail address: {known}")),
        None => Some(
            "the account has no e-mail address; add it there, or take it out of the list"
                .to_owned(),
        ),
    }
}

/// Keycloak keeps names and addresses in lower case.
fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// The account whose field is exactly that. Old servers find parts of it, too.
pub(super) fn find_user(
    keycloak: &Keycloak,
    field: &'static str,
    wanted: &str,
) -> Result<Option<Account>, KeycloakError> {
    let query = format!(
        "/users?{field}={}&exact=true",
        encoded(&wanted.to_lowercase())
    );
    let found: Vec<Account> = keycloak.get("look for users", &path(&query))?;
    let is_it = |account: &Account| match field {
        "email" => account
            .email
            .as_deref()
            .is_some_and(|it| is_same(it, wanted)),
        _ => is_same(&account.username, wanted),
    };
    Ok(found.into_iter().find(is_it))
}

fn lacking_roles(
    keycloak: &Keycloak,
    realm: &Realm,
    person: &Person,
    account: &Account,
) -> Result<Vec<AccountStep>, KeycloakError> {
    if person.roles.is_empty() {
        return Ok(Vec::new());
    }
    // Those that come by other roles and by groups, too.
    let address = format!("{}/composite", realm.mappings(&account.id));
    let has: Vec<RoleAnswer> = keycloak.get("look at a user's roles", &address)?;
    let has: BTreeSet<String> = has.into_iter().map(|role| role.name).collect();
    let lacking = person.roles.iter().filter(|role| !has.contains(*role));
    Ok(lacking.cloned().map(AccountStep::AddRole).collect())
}

fn lacking_groups(
    keycloak: &Keycloak,
    person: &Person,
    account: &Account,
) -> Result<Vec<AccountStep>, KeycloakError> {
    if person.groups.is_empty() {
        return Ok(Vec::new());
    }
    let address = path(&format!("/users/{}/groups?max=1000", encoded(&account.id)));
    let is_in: Vec<GroupAnswer> = keycloak.get("look at a user's groups", &address)?;
    let is_in: BTreeSet<String> = is_in
        .into_iter()
        .filter_map(|group| Some(group.path?.trim_start_matches('/').to_owned()))
        .collect();
    let lacking = person.groups.iter().filter(|group| !is_in.contains(*group));
    Ok(lacking.cloned().map(AccountStep::Join).collect())
}

fn lacking_link(
    keycloak: &Keycloak,
    person: &Person,
    account: &Account,
) -> Result<Result<Option<Link>, String>, KeycloakError> {
    let Some(wanted) = &person.link else {
        return Ok(Ok(None));
    };
    let links = links(keycloak, account)?;
    match links
        .iter()
        .find(|link| link.identity_provider == wanted.provider)
    {
        Some(link) if link.user_id.as_deref() == Some(&wanted.id) => Ok(Ok(None)),
        Some(_) => Ok(Err(format!(
            "the account is linked to another one of {}",
            wanted.provider
        ))),
        None => match link_taken(keycloak, person, Some(account))? {
            Some(sentence) => Ok(Err(sentence)),
            None => Ok(Ok(Some(wanted.clone()))),
        },
    }
}

fn links(keycloak: &Keycloak, account: &Account) -> Result<Vec<LinkAnswer>, KeycloakError> {
    let address = path(&format!(
        "/users/{}/federated-identity",
        encoded(&account.id)
    ));
    keycloak.get("look at a user's links", &address)
}

/// Whether somebody else is linked to what the person shall be linked to: the sentence about it.
fn link_taken(
    keycloak: &Keycloak,
    person: &Person,
    account: Option<&Account>,
) -> Result<Option<String>, KeycloakError> {
    let Some(wanted) = &person.link else {
        return Ok(None);
    };
    let query = format!(
        "/users?idpAlias={}&idpUserId={}&max=2",
        encoded(&wanted.provider),
        encoded(&wanted.id)
    );
    let found: Vec<Account> = keycloak.get("look for linked users", &path(&query))?;
    for other in found {
        if account.is_some_and(|account| account.id == other.id) {
            continue;
        }
        // An old server does not know these questions and shows anybody.
        let links = links(keycloak, &other)?;
        let is_it = |link: &LinkAnswer| {
            link.identity_provider == wanted.provider
                && link.user_id.as_deref() == Some(wanted.id.as_str())
        };
        if links.iter().any(is_it) {
            let sentence = format!(
                "its account at {} is linked to {}",
                wanted.provider, other.username
            );
            return Ok(Some(sentence));
        }
    }
    Ok(None)
}
