//! The file. Its fields are described for programs in `docs/schemas/inventory.json`. What the server
//! did not tell is `null`, which is not the same as none.

use std::fmt;
use std::io::{self, Write};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// The version of the file. A change that takes something away or gives it another meaning makes
/// the next one.
pub const VERSION: u32 = 1;

/// Everything that was read of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    /// [`VERSION`].
    pub version: u32,
    /// The program that made it, with its version.
    pub tool: String,
    /// The address of the Dash Enterprise 4 server, when it is known.
    pub host: Option<String>,
    /// The day on which reading began, as in `2026-11-30` (UTC).
    pub read_on: String,
    /// Whether the server's own count of its apps says that these are all.
    pub complete: bool,
    /// How many apps there are by the server's own count.
    pub counted: Option<u64>,
    /// Whether the values of environment variables were asked for.
    pub with_values: bool,
    /// What a reader must know, a sentence each.
    pub notes: Vec<String>,
    /// The apps, by name.
    pub apps: Vec<InventoryApp>,
}

/// An app as the server runs it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InventoryApp {
    /// Its name, which is different for every app of a server.
    pub name: String,
    /// Who made it.
    #[serde(default)]
    pub owner: Option<String>,
    /// Where it is on the server.
    #[serde(default)]
    pub url: Option<String>,
    /// Its title on the portal.
    #[serde(default)]
    pub title: Option<String>,
    /// Who may see it: `restricted`, `authenticated`, `unauthenticated`.
    #[serde(default)]
    pub access: Option<String>,
    /// Who may see it when it is restricted.
    #[serde(default)]
    pub viewers: Option<Viewers>,
    /// Folders of the server that it sees.
    #[serde(default)]
    pub mappings: Option<Vec<InventoryMapping>>,
    /// Its process types.
    #[serde(default)]
    pub processes: Option<Vec<InventoryProcess>>,
    /// Services that it is linked to.
    #[serde(default)]
    pub services: Option<Vec<InventoryService>>,
    /// Its environment variables.
    #[serde(default)]
    pub variables: Option<Vec<InventoryVariable>>,
    /// Whether it has a workspace.
    #[serde(default)]
    pub workspace: Option<bool>,
    /// Whether it runs.
    #[serde(default)]
    pub running: Option<bool>,
    /// When it was made, as the server writes it.
    #[serde(default)]
    pub created: Option<String>,
    /// When it was last deployed.
    #[serde(default)]
    pub updated: Option<String>,
    /// When somebody last looked at it.
    #[serde(default)]
    pub visited: Option<String>,
    /// The commit that is deployed.
    #[serde(default)]
    pub commit: Option<String>,
    /// `pip freeze` of its running container, a line each.
    #[serde(default)]
    pub pins: Option<Vec<String>>,
}

/// Who may see a restricted app.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewers {
    /// Names of users.
    pub users: Vec<String>,
    /// Names of teams.
    pub teams: Vec<String>,
}

/// A folder of the server that an app sees.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InventoryMapping {
    /// The folder on the server.
    pub host: String,
    /// The folder that the app sees.
    pub app: String,
}

/// A process type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InventoryProcess {
    /// Its name, as in the `Procfile`.
    #[serde(rename = "type")]
    pub kind: String,
    /// How many run.
    pub replicas: u32,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InventoryService {
    /// Its name, which is different for every service of its kind.
    pub name: String,
    /// `redis` or `postgres`; lower case.
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

/// An environment variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InventoryVariable {
    /// Its name.
    pub name: String,
    /// Whether the platform sets it.
    #[serde(default)]
    pub readonly: Option<bool>,
    /// Its value, in a file that was asked for with values. It is written and never read back.
    #[serde(default, skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub value: Option<SecretValue>,
}

/// The value of an environment variable, which is a secret.
#[derive(Clone)]
pub struct SecretValue(SecretString);

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value(***)")
    }
}

impl PartialEq for SecretValue {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}

impl Eq for SecretValue {}

impl Serialize for SecretValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose_secret())
    }
}

impl<'de> Deserialize<'de> for SecretValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self(SecretString::from(text)))
    }
}

/// Why a file is no inventory.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InventoryError {
    /// Not JSON, or JSON of something else.
    #[error("is no inventory: {0}; `dashlift inventory` makes one")]
    Unreadable(String),
    /// Made by a newer program.
    #[error(
        "is an inventory of version {0}, and this program reads version {VERSION}; take a newer dashlift, or make it again"
    )]
    Version(u64),
    /// Two apps of one name.
    #[error("names the app {0} twice; make it again")]
    Doubled(String),
}

impl Inventory {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is something else, or of a newer version.
    pub fn read(bytes: &[u8]) -> Result<Self, InventoryError> {
        #[derive(Deserialize)]
        struct InventoryHead {
            version: u64,
        }
        let unreadable =
            |error: serde_json::Error| InventoryError::Unreadable(describe_error(&error));
        let head: InventoryHead = serde_json::from_slice(bytes).map_err(unreadable)?;
        if head.version != u64::from(VERSION) {
            return Err(InventoryError::Version(head.version));
        }
        let read: Self = serde_json::from_slice(bytes).map_err(unreadable)?;
        let mut names: Vec<&str> = read.apps.iter().map(|app| app.name.as_str()).collect();
        names.sort_unstable();
        let mut pairs = names.iter().zip(names.iter().skip(1));
        match pairs.find(|(one, other)| one == other) {
            Some((name, _)) => Err(InventoryError::Doubled((*name).to_owned())),
            None => Ok(read),
        }
    }

    /// Writes the file. The one place where values of variables are written.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, mut to: impl Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut to, self)?;
        to.write_all(b"\n")
    }

    /// The app of that name.
    pub fn app(&self, name: &str) -> Option<&InventoryApp> {
        self.apps.iter().find(|app| app.name == name)
    }
}

/// What is wrong, without what stands there: it may be a secret.
fn describe_error(error: &serde_json::Error) -> String {
    let kind = match error.classify() {
        serde_json::error::Category::Syntax => "it is not JSON",
        serde_json::error::Category::Eof => "it ends too early",
        _ => "it has other fields",
    };
    format!("{kind} (line {}, column {})", error.line(), error.column())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inventory(apps: Vec<InventoryApp>) -> Inventory {
        Inventory {
            version: VERSION,
            tool: "dashlift 0.0.0".to_owned(),
            host: Some("https://dash.example.com".to_owned()),
            read_on: "2026-11-30".to_owned(),
            complete: true,
            counted: Some(1),
            with_values: true,
            notes: Vec::new(),
            apps,
        }
    }

    fn named(name: &str) -> InventoryApp {
        InventoryApp {
            name: name.to_owned(),
            ..InventoryApp::default()
        }
    }

    #[test]
    fn values_are_written_and_not_read_back() {
        let mut app = named("sales");
        let value: SecretValue = serde_json::from_str("\"canary-77\"").unwrap();
        app.variables = Some(vec![InventoryVariable {
            name: "TOKEN".to_owned(),
            readonly: Some(false),
            value: Some(value),
        }]);
        let written = inventory(vec![app]);
        assert!(!format!("{written:?}").contains("canary"));
        let mut bytes = Vec::new();
        written.write(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("canary-77"));
        let read = Inventory::read(text.as_bytes()).unwrap();
        let variables = read.app("sales").unwrap().variables.as_ref().unwrap();
        assert_eq!(
            (variables[0].name.as_str(), &variables[0].value),
            ("TOKEN", &None)
        );
    }

    #[test]
    fn other_files_get_a_sentence() {
        let two = inventory(vec![named("a"), named("b"), named("a")]);
        for (text, error) in [
            ("{", "is no inventory: it ends too early"),
            ("[]", "is no inventory: it has other fields (line 1"),
            ("{\"version\": 2}", "of version 2"),
            ("{\"version\": 1}", "it has other fields"),
            ("pw: x", "it is not JSON"),
        ] {
            let said = Inventory::read(text.as_bytes()).unwrap_err().to_string();
            assert!(said.contains(error), "{said}");
        }
        let mut bytes = Vec::new();
        two.write(&mut bytes).unwrap();
        let doubled = Inventory::read(&bytes);
        assert_eq!(doubled, Err(InventoryError::Doubled("a".to_owned())));
    }
}
