//! What may start a program, or decides that one is started, is taken from the user's own
//! configuration of git and from that of the machine, never from a repository's: that one came
//! with an archive or a copy, and says nothing about what the user wants to run.

use git2::{Config, ConfigLevel};

/// The value of `key` in the user's and the system's configuration; the user's wins.
pub(super) fn value(config: &Config, key: &str) -> Option<String> {
    let entries = config.entries(Some(&pattern(key))).ok()?;
    let mut best: Option<(i32, String)> = None;
    entries
        .for_each(|entry| {
            let rank = rank(entry.level());
            let value = entry.value().ok().map(str::to_owned);
            if let (Some(rank), Some(value)) = (rank, value)
                && best.as_ref().is_none_or(|(best, _)| *best <= rank)
            {
                best = Some((rank, value));
            }
        })
        .ok()?;
    best.map(|(_, value)| value)
}

/// Whether `key` is on there.
pub(super) fn is_on(config: &Config, key: &str) -> bool {
    value(config, key).is_some_and(|value| Config::parse_bool(value).unwrap_or(false))
}

/// The key as libgit2's pattern for it.
fn pattern(key: &str) -> String {
    format!("^{}$", key.to_ascii_lowercase().replace('.', "\\."))
}

fn rank(level: ConfigLevel) -> Option<i32> {
    match level {
        ConfigLevel::ProgramData => Some(1),
        ConfigLevel::System => Some(2),
        ConfigLevel::XDG => Some(3),
        ConfigLevel::Global => Some(4),
        _ => None,
    }
}
