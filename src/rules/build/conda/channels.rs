//! Where `.condarc` lets packages come from, as the channels of an `environment.yml`.

use crate::app::Parsed;
use crate::files::condarc::Condarc;
use crate::files::environment_yml::Item;

/// Keys that say how conda talks to people, not what it installs.
const SILENT: &[&str] = &[
    "always_yes",
    "auto_activate_base",
    "auto_update_conda",
    "changeps1",
    "channel_alias",
    "channels",
    "default_channels",
    "notify_outdated_conda",
    "report_errors",
    "show_channel_urls",
    "use_pip",
];

/// The channels of the app's `.condarc` as an `environment.yml` says them; empty where it names
/// none. `defaults` becomes what `default_channels` says, a name gets the server of
/// `channel_alias`: nothing else on DE5 knows either.
///
/// # Errors
/// The channel whose address stands in `custom_channels`.
pub(super) fn read_channels(condarc: &Condarc) -> Result<Vec<String>, Item> {
    let mut channels: Vec<String> = Vec::new();
    let custom = |item: &&Item| {
        let mut names = condarc.custom_channels().iter();
        names.any(|name| name.value == item.value)
    };
    if let Some(item) = condarc.channels().iter().find(custom) {
        return Err(item.clone());
    }
    for item in condarc.channels() {
        if item.value == "defaults" && !condarc.default_channels().is_empty() {
            let defaults = condarc.default_channels().iter();
            channels.extend(defaults.map(|item| with_server(condarc, &item.value)));
        } else {
            channels.push(with_server(condarc, &item.value));
        }
    }
    if channels.is_empty() {
        let defaults = condarc.default_channels().iter();
        channels.extend(defaults.map(|item| with_server(condarc, &item.value)));
    }
    Ok(without_repetition(channels))
}

fn with_server(condarc: &Condarc, channel: &str) -> String {
    match condarc.channel_alias() {
        Some(alias) if channel != "defaults" && !channel.contains("://") && !is_path(channel) => {
            format!("{}/{channel}", alias.value.trim_end_matches('/'))
        }
        _ => channel.to_owned(),
    }
}

fn is_path(channel: &str) -> bool {
    channel.starts_with(['/', '.', '~'])
}

fn without_repetition(channels: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for channel in channels {
        if !kept.contains(&channel) {
            kept.push(channel);
        }
    }
    kept
}

/// What is left of `.condarc` for a person, if anything is: names of keys only, because values
/// can hold credentials.
pub(super) fn left_over(file: &Parsed<Condarc>) -> Option<String> {
    let keys = file.model.keys().iter();
    let left: Vec<String> = keys
        .filter(|key| !SILENT.contains(&key.value.as_str()))
        .map(|key| format!("`{}`", key.value))
        .collect();
    (!left.is_empty()).then(|| {
        format!(
            ".condarc also sets {}, which environment.yml cannot say and nothing on Dash \
             Enterprise 5 reads: check with your administrator whether the build needs it.",
            left.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Model;
    use crate::text::Text;

    fn channels(text: &str) -> Result<Vec<String>, String> {
        let condarc = Condarc::parse(&Text::new(text)).unwrap();
        read_channels(&condarc).map_err(|item| item.value)
    }

    #[test]
    fn names_become_what_conda_made_of_them() {
        assert_eq!(
            channels("channels: [conda-forge, defaults]").unwrap(),
            ["conda-forge", "defaults"]
        );
        assert_eq!(
            channels("channel_alias: https://c.example.com/\nchannels: [a, defaults, 'https://x.example.com/b']").unwrap(),
            ["https://c.example.com/a", "defaults", "https://x.example.com/b"]
        );
        assert_eq!(
            channels("default_channels: [https://c.example.com/main]\nchannels: [a, defaults]")
                .unwrap(),
            ["a", "https://c.example.com/main"]
        );
        assert_eq!(
            channels("default_channels: [https://c.example.com/main]").unwrap(),
            ["https://c.example.com/main"]
        );
        assert_eq!(channels("ssl_verify: true").unwrap(), [""; 0]);
        assert_eq!(
            channels("custom_channels: {a: https://c.example.com}\nchannels: [a]"),
            Err("a".to_owned())
        );
    }
}
