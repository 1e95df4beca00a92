//! People: a list of them (CSV), drafted from what an old server knows and brought to the Keycloak of
//! a Dash Enterprise 5 server through its documented administration interface.
//!
//! The server is the state: what is to do is found by asking it, person by person, so a run that was
//! stopped anywhere is gone on with by running again, and a second run finds nothing to do. Nothing
//! here deletes, takes away a role, sets a password of somebody who is there, or touches an account
//! that a directory keeps. Files and terminals are not known here.

mod apply;
mod draft;
mod keycloak;
mod list;
mod password;
mod plan;
mod realm;
mod wire;

pub use apply::{Applied, FirstPassword, NewPasswords, apply};
pub use draft::{Draft, draft};
pub use keycloak::{Administrator, Keycloak, KeycloakError};
pub use list::{COLUMNS, Link, ListError, Person, read, write};
pub use password::generate;
pub use plan::{AccountStep, AccountVerdict, PlannedAccount, plan};
pub use realm::{CLIENT, REALM, Realm, SEAT};
