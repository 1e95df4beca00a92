//! The realm of Dash Enterprise 5, with what of it a list of people may name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::keycloak::{Keycloak, KeycloakError, encoded};
use super::list::Person;
use super::wire::{Account, ClientAnswer, GroupAnswer, ProviderAnswer, RealmAnswer, RoleAnswer};

/// The realm.
pub const REALM: &str = "dash";
/// The client whose roles count.
pub const CLIENT: &str = "dash";
/// The role that is counted before it is given.
pub const SEAT: &str = "licensed_user";
/// What is asked for at once.
const PAGE: usize = 100;

/// What the realm has.
#[derive(Debug)]
pub struct Realm {
    /// The client as addresses name it.
    client: String,
    /// Roles of the client by name, with their numbers.
    roles: BTreeMap<String, String>,
    /// Groups by path, with their numbers; those of the list only.
    groups: BTreeMap<String, String>,
    /// Whether it can send mail.
    pub sends_mail: bool,
}

/// A path of the realm.
pub(super) fn path(rest: &str) -> String {
    format!("/admin/realms/{REALM}{rest}")
}

impl Realm {
    /// Looks at the realm, and whether it has all that the list names.
    ///
    /// # Errors
    /// When it is not there, or lacks something: everything that it lacks is named.
    pub fn read(keycloak: &Keycloak, people: &[Person]) -> Result<Self, KeycloakError> {
        let host = keycloak.host();
        let realm: Option<RealmAnswer> = keycloak.find("look at the realm", &path(""))?;
        let realm = realm.filter(|realm| realm.realm.as_deref() == Some(REALM));
        let Some(realm) = realm else {
            return Err(KeycloakError::Missing(format!(
                "the Keycloak of {host} has no realm `{REALM}`; is it that of Dash Enterprise 5?"
            )));
        };
        let found: Vec<ClientAnswer> = keycloak.get(
            "look at clients",
            &path(&format!("/clients?clientId={CLIENT}")),
        )?;
        let Some(client) = found.into_iter().find(|it| it.client_id == CLIENT) else {
            return Err(KeycloakError::Missing(format!(
                "the realm `{REALM}` of {host} has no client `{CLIENT}`; is it that of Dash \
                 Enterprise 5?"
            )));
        };
        let roles = format!("/clients/{}/roles?max=1000", encoded(&client.id));
        let roles: Vec<RoleAnswer> = keycloak.get("look at roles", &path(&roles))?;
        let mut known = Self {
            client: client.id,
            roles: roles.into_iter().map(|role| (role.name, role.id)).collect(),
            groups: BTreeMap::new(),
            sends_mail: realm.smtp_server.is_some_and(|told| !told.is_empty()),
        };
        let lacking = known.look_for(keycloak, people)?;
        if lacking.is_empty() {
            return Ok(known);
        }
        Err(KeycloakError::Missing(format!(
            "the realm `{REALM}` of {host} has no {}; make it there, or take it out of the list",
            lacking.join(", no ")
        )))
    }

    /// What the list names and the realm lacks, with the first line that names it.
    fn look_for(
        &mut self,
        keycloak: &Keycloak,
        people: &[Person],
    ) -> Result<Vec<String>, KeycloakError> {
        let mut lacking = BTreeMap::new();
        let mut providers: Option<BTreeSet<String>> = None;
        for person in people {
            for role in person
                .roles
                .iter()
                .filter(|role| !self.roles.contains_key(*role))
            {
                lacking
                    .entry(format!("role `{role}`"))
                    .or_insert(person.line);
            }
            for group in &person.groups {
                let name = format!("group `{group}`");
                if self.groups.contains_key(group) || lacking.contains_key(&name) {
                    continue;
                }
                match find_group(keycloak, group)? {
                    Some(id) => drop(self.groups.insert(group.clone(), id)),
                    None => drop(lacking.insert(name, person.line)),
                }
            }
            let Some(link) = &person.link else { continue };
            if providers.is_none() {
                let told: Vec<ProviderAnswer> = keycloak.get(
                    "look at identity providers",
                    &path("/identity-provider/instances"),
                )?;
                providers = Some(told.into_iter().map(|it| it.alias).collect());
            }
            if !providers.iter().flatten().any(|it| *it == link.provider) {
                let name = format!("identity provider `{}`", link.provider);
                lacking.entry(name).or_insert(person.line);
            }
        }
        let told = lacking.into_iter();
        Ok(told
            .map(|(name, line)| format!("{name} (line {line})"))
            .collect())
    }

    /// Where a person's roles of the client are.
    pub(super) fn mappings(&self, user: &str) -> String {
        let (user, client) = (encoded(user), encoded(&self.client));
        path(&format!("/users/{user}/role-mappings/clients/{client}"))
    }

    /// Roles as Keycloak wants them.
    pub(super) fn roles(&self, names: &[String]) -> Value {
        let known = names
            .iter()
            .filter_map(|name| Some(json!({"id": self.roles.get(name)?, "name": name})));
        Value::Array(known.collect())
    }

    /// A group as addresses name it.
    pub(super) fn group(&self, path: &str) -> Option<&str> {
        self.groups.get(path).map(String::as_str)
    }

    /// How many people have a seat now.
    ///
    /// # Errors
    /// When the server does not say.
    pub fn seats(&self, keycloak: &Keycloak) -> Result<usize, KeycloakError> {
        if !self.roles.contains_key(SEAT) {
            return Ok(0);
        }
        let mut known = BTreeSet::new();
        loop {
            let page = format!(
                "/clients/{}/roles/{SEAT}/users?first={}&max={PAGE}",
                encoded(&self.client),
                known.len()
            );
            let page: Vec<Account> = keycloak.get("count seats", &path(&page))?;
            let before = known.len();
            known.extend(page.into_iter().map(|account| account.id));
            // A server that shows the same page again shows nothing new.
            if known.len() < before + PAGE {
                return Ok(known.len());
            }
        }
    }
}

fn find_group(keycloak: &Keycloak, group: &str) -> Result<Option<String>, KeycloakError> {
    let parts: Vec<String> = group.split('/').map(encoded).collect();
    let address = path(&format!("/group-by-path/{}", parts.join("/")));
    let found: Option<GroupAnswer> = keycloak.find("look at groups", &address)?;
    let is_it = |path: &str| path.trim_start_matches('/') == group;
    let found = found.filter(|found| found.path.as_deref().is_none_or(is_it));
    Ok(found.map(|found| found.id))
}
