//! What Keycloak sends, as far as it matters here. Every field may be missing.

use serde::Deserialize;

/// The answer to a sign-in.
#[derive(Deserialize)]
pub(super) struct TokenAnswer {
    pub(super) access_token: String,
    /// Its life in seconds.
    #[serde(default)]
    pub(super) expires_in: u64,
}

/// Keycloak's ways of saying no.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Complaint {
    pub(super) error: Option<String>,
    pub(super) error_description: Option<String>,
    #[serde(rename = "errorMessage")]
    pub(super) error_message: Option<String>,
}

/// A realm.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RealmAnswer {
    pub(super) realm: Option<String>,
    pub(super) smtp_server: Option<serde_json::Map<String, serde_json::Value>>,
}

/// A client, by the name that people know and the one that addresses need.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientAnswer {
    pub(super) id: String,
    pub(super) client_id: String,
}

/// A role.
#[derive(Deserialize)]
pub(super) struct RoleAnswer {
    pub(super) id: String,
    pub(super) name: String,
}

/// A group.
#[derive(Deserialize)]
pub(super) struct GroupAnswer {
    pub(super) id: String,
    pub(super) path: Option<String>,
}

/// An identity provider.
#[derive(Deserialize)]
pub(super) struct ProviderAnswer {
    pub(super) alias: String,
}

/// An account.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) username: String,
    #[serde(default)]
    pub(super) email: Option<String>,
    #[serde(default)]
    pub(super) enabled: Option<bool>,
    /// The directory that keeps it.
    #[serde(default)]
    pub(super) federation_link: Option<String>,
    /// The client whose own account it is.
    #[serde(default)]
    pub(super) service_account_client_id: Option<String>,
    #[serde(default)]
    pub(super) required_actions: Vec<String>,
}

/// A link of an account to an identity provider.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinkAnswer {
    pub(super) identity_provider: String,
    #[serde(default)]
    pub(super) user_id: Option<String>,
}
