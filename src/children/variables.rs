//! Which variables of our own environment another program gets: a list of names, never all.

use std::ffi::OsString;

/// What a program is started for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassedVariable {
    /// To ask package indexes: a home, proxies, certificates, and what uv and pip are told.
    Index,
    /// To sign a commit: a home, and where the user's keys and agents are.
    Signing,
    /// To push a branch: as for an index and a signature, and what git and the programs that know
    /// the user's credentials are told by.
    Pushing,
    /// To run code of an app: nothing but a language.
    Nothing,
}

/// What every program may know: where it is at home, where temporary files belong, the language.
const EVERY: &[&str] = &[
    "APPDATA",
    "COMSPEC",
    "HOME",
    "HOMEDRIVE",
    "HOMEPATH",
    "LANG",
    "LANGUAGE",
    "LOCALAPPDATA",
    "LOGNAME",
    "PATHEXT",
    "PROGRAMDATA",
    "PROGRAMFILES",
    "SYSTEMDRIVE",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "TMPDIR",
    "TZ",
    "USER",
    "USERNAME",
    "USERPROFILE",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_DIRS",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
];

/// Proxies and certificates.
const NETWORK: &[&str] = &[
    "ALL_PROXY",
    "CURL_CA_BUNDLE",
    "FTP_PROXY",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NETRC",
    "NO_PROXY",
    "PYENV_ROOT",
    "PYENV_VERSION",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "all_proxy",
    "ftp_proxy",
    "http_proxy",
    "https_proxy",
    "no_proxy",
];

/// What uv and pip are told by.
const RESOLVERS: &[&str] = &["PIP_", "UV_"];

/// What git, its signers and the windows that ask for a passphrase need.
const SIGNING: &[&str] = &[
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_SYSTEM",
    "GNUPGHOME",
    "GPG_AGENT_INFO",
    "GPG_TTY",
    "PINENTRY_USER_DATA",
    "SSH_AGENT_PID",
    "SSH_ASKPASS",
    "SSH_AUTH_SOCK",
    "TERM",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_RUNTIME_DIR",
];

/// What a git that pushes is told by: ssh, certificates, configuration of the session.
const PUSHING: &[&str] = &[
    "GH_CONFIG_DIR",
    "GH_ENTERPRISE_TOKEN",
    "GH_HOST",
    "GH_TOKEN",
    "GITHUB_TOKEN",
    "GITLAB_HOST",
    "GITLAB_TOKEN",
    "GIT_ASKPASS",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSH_VARIANT",
    "GIT_SSL_CAINFO",
    "GIT_SSL_CAPATH",
    "GIT_SSL_CERT",
    "GIT_SSL_KEY",
    "GIT_SSL_NO_VERIFY",
    "GLAB_CONFIG_DIR",
    "KRB5CCNAME",
];

/// The configuration of the session, numbered.
const PUSHING_NUMBERED: &[&str] = &["GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"];

/// Whether a program that is started for `need` gets the variable of this name.
pub fn is_variable_of(need: PassedVariable, name: &str) -> bool {
    let is_locale = name.starts_with("LC_");
    match need {
        PassedVariable::Nothing => name == "SYSTEMROOT",
        PassedVariable::Signing => is_locale || EVERY.contains(&name) || SIGNING.contains(&name),
        PassedVariable::Pushing => {
            let is_numbered = PUSHING_NUMBERED.iter().any(|start| name.starts_with(start));
            let lists = [EVERY, NETWORK, SIGNING, PUSHING];
            is_locale || is_numbered || lists.iter().any(|list| list.contains(&name))
        }
        PassedVariable::Index => {
            let of_resolvers = RESOLVERS.iter().any(|start| name.starts_with(start));
            is_locale || of_resolvers || EVERY.contains(&name) || NETWORK.contains(&name)
        }
    }
}

/// Whether a variable of ours says something.
pub fn is_variable_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// The value of one variable of ours that the user named.
pub fn value_of(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The variables of `all` that a program gets.
pub(super) fn variables(
    need: PassedVariable,
    all: impl Iterator<Item = (OsString, OsString)>,
) -> Vec<(OsString, OsString)> {
    let is_needed = |name: &OsString| {
        let name = name.to_str();
        // Names do not tell capitals apart there.
        let name = name.map(|name| {
            if cfg!(windows) {
                name.to_ascii_uppercase()
            } else {
                name.to_owned()
            }
        });
        name.is_some_and(|name| is_variable_of(need, &name))
    };
    all.filter(|(name, _)| is_needed(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_the_session_stay_here() {
        let secrets = [
            "AWS_SECRET_ACCESS_KEY",
            "CI_JOB_TOKEN",
            "GITHUB_TOKEN",
            "MY_CI_SECRET",
            "PYTHONPATH",
            "PYTHONSTARTUP",
            "LD_PRELOAD",
            "GIT_DIR",
            "PATH",
        ];
        for need in [
            PassedVariable::Index,
            PassedVariable::Signing,
            PassedVariable::Nothing,
        ] {
            for name in secrets {
                assert!(!is_variable_of(need, name), "{need:?} {name}");
            }
        }
        for name in [
            "AWS_SECRET_ACCESS_KEY",
            "GIT_DIR",
            "GIT_EXEC_PATH",
            "LD_PRELOAD",
            "PATH",
        ] {
            assert!(!is_variable_of(PassedVariable::Pushing, name), "{name}");
        }
        assert!(!is_variable_of(PassedVariable::Index, "SSH_AUTH_SOCK"));
        assert!(!is_variable_of(PassedVariable::Signing, "UV_INDEX_URL"));
        assert!(!is_variable_of(PassedVariable::Nothing, "HOME"));
    }

    #[test]
    fn what_programs_need_goes_on() {
        for name in [
            "HOME",
            "https_proxy",
            "UV_INDEX_URL",
            "PIP_INDEX_URL",
            "LC_ALL",
        ] {
            assert!(is_variable_of(PassedVariable::Index, name), "{name}");
        }
        for name in ["HOME", "GNUPGHOME", "SSH_AUTH_SOCK", "LANG"] {
            assert!(is_variable_of(PassedVariable::Signing, name), "{name}");
        }
        let all = [("HOME", "/h"), ("SECRET", "x")];
        let all = all.map(|(name, value)| (name.into(), value.into()));
        let kept = variables(PassedVariable::Index, all.clone().into_iter());
        assert_eq!(kept, all[..1]);
    }
}
