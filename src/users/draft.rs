//! A first list, from who owns and who may see the apps of an old server. It does not tell its users,
//! so what is not certain is marked, and stays undone until somebody looked at it.

use std::collections::{BTreeMap, BTreeSet};

use super::list::Person;
use super::realm::SEAT;
use crate::inventory::Inventory;

/// A list to be read by a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Who was seen, by name.
    pub people: Vec<Person>,
    /// Teams that may see apps, with how many; nobody outside the server knows who is in them.
    pub teams: BTreeMap<String, usize>,
    /// Names that Keycloak cannot have.
    pub left_out: Vec<String>,
}

/// What is known of a name.
#[derive(Default)]
struct KnownName {
    spellings: BTreeSet<String>,
    owns: bool,
}

/// Drafts the list.
pub fn draft(inventory: &Inventory) -> Draft {
    let mut seen: BTreeMap<String, KnownName> = BTreeMap::new();
    let mut teams = BTreeMap::new();
    let mut see = |name: &str, owns: bool| {
        let known = seen.entry(name.to_lowercase()).or_default();
        known.spellings.insert(name.to_owned());
        known.owns |= owns;
    };
    for app in &inventory.apps {
        if let Some(owner) = &app.owner {
            see(owner, true);
        }
        if let Some(viewers) = &app.viewers {
            for user in &viewers.users {
                see(user, false);
            }
            for team in &viewers.teams {
                *teams.entry(team.clone()).or_default() += 1;
            }
        }
    }
    let (known, left_out): (Vec<_>, Vec<_>) = seen.into_iter().partition(|(name, _)| is_name(name));
    let mut people: Vec<Person> = known
        .into_iter()
        .map(|(name, seen)| person(name, &seen))
        .collect();
    clear_shared(&mut people);
    for (line, person) in (2..).zip(&mut people) {
        person.line = line;
    }
    Draft {
        people,
        teams,
        left_out: left_out.into_iter().map(|(name, _)| name).collect(),
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn person(username: String, seen: &KnownName) -> Person {
    let mut guesses = Vec::new();
    if seen.spellings.len() > 1 {
        let spellings: Vec<&str> = seen.spellings.iter().map(String::as_str).collect();
        guesses.push(format!(
            "{} are one user for Keycloak",
            spellings.join(" and ")
        ));
    }
    let email = if username.contains('@') {
        Some(username.clone())
    } else {
        let from_name = address(&username);
        if from_name.is_some() {
            guesses.push("the e-mail address is read out of the name".to_owned());
        }
        from_name
    };
    Person {
        email,
        roles: seen.owns.then(|| SEAT.to_owned()).into_iter().collect(),
        guess: (!guesses.is_empty()).then(|| guesses.join("; ")),
        username,
        ..Person::default()
    }
}

/// The address that Dash Enterprise 4 wrote as `ana_example.com`, perhaps.
fn address(name: &str) -> Option<String> {
    let (local, host) = name.rsplit_once('_')?;
    let (_, top) = host.rsplit_once('.')?;
    let is_host = host
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
        && !host.starts_with('.')
        && !host.contains("..");
    let is_top = top.len() >= 2 && top.chars().all(|c| c.is_ascii_alphabetic());
    (is_host && is_top && !local.is_empty()).then(|| format!("{local}@{host}"))
}

/// An address of two people is of neither until somebody decides.
fn clear_shared(people: &mut [Person]) {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for email in people.iter().filter_map(|person| person.email.as_ref()) {
        *times.entry(email.clone()).or_default() += 1;
    }
    for person in people {
        let email = person.email.as_deref();
        let is_shared = email.is_some_and(|email| times.get(email).is_some_and(|n| *n > 1));
        let is_own = email == Some(person.username.as_str());
        if is_shared && !is_own {
            person.email = None;
            person.guess =
                Some("its e-mail address seems to be another user's: are they one?".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::{InventoryApp, VERSION, Viewers};

    fn app(name: &str, owner: &str, users: &[&str], teams: &[&str]) -> InventoryApp {
        let strings = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect();
        InventoryApp {
            name: name.to_owned(),
            owner: Some(owner.to_owned()),
            viewers: Some(Viewers {
                users: strings(users),
                teams: strings(teams),
            }),
            ..InventoryApp::default()
        }
    }

    #[test]
    fn every_guess_is_marked() {
        let inventory = Inventory {
            version: VERSION,
            tool: String::new(),
            host: None,
            read_on: "2026-11-30".to_owned(),
            complete: true,
            counted: None,
            with_values: false,
            notes: Vec::new(),
            apps: vec![
                app(
                    "a",
                    "Ana",
                    &["bob", "cho_example.com", "two words"],
                    &["north"],
                ),
                app(
                    "b",
                    "ana",
                    &["dan@example.com", "dan_example.com", "e_f"],
                    &["north"],
                ),
            ],
        };
        let draft = draft(&inventory);
        let told: Vec<(&str, &str, &str, bool)> = draft
            .people
            .iter()
            .map(|it| {
                let email = it.email.as_deref().unwrap_or_default();
                let role = it.roles.first().map_or("", String::as_str);
                (it.username.as_str(), email, role, it.guess.is_some())
            })
            .collect();
        assert_eq!(
            told,
            [
                ("ana", "", "licensed_user", true),
                ("bob", "", "", false),
                ("cho_example.com", "cho@example.com", "", true),
                ("dan@example.com", "dan@example.com", "", false),
                ("dan_example.com", "", "", true),
                ("e_f", "", "", false),
            ]
        );
        assert_eq!(draft.teams, BTreeMap::from([("north".to_owned(), 2)]));
        assert_eq!(draft.left_out, ["two words"]);
        let written = super::super::list::write(&draft.people).unwrap();
        assert_eq!(super::super::list::read(&written), Ok(draft.people));
    }
}
