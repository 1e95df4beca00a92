//! `.condarc`: conda's configuration. Where it lets packages come from is told in full; of the
//! other keys only the names are, because values can hold credentials.

use super::yaml::{self, Item, Node, YamlContent};
use super::{Model, Problem};
use crate::text::Text;

/// Conda's configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Condarc {
    channels: Vec<Item>,
    default_channels: Vec<Item>,
    alias: Option<Item>,
    custom: Vec<Item>,
    keys: Vec<Item>,
}

impl Condarc {
    /// `channels`, first asked first. Conda reads a lone word as a list of one.
    pub fn channels(&self) -> &[Item] {
        &self.channels
    }

    /// `default_channels`: what the name `defaults` stands for.
    pub fn default_channels(&self) -> &[Item] {
        &self.default_channels
    }

    /// `channel_alias`: the server of the channels that are only names.
    pub fn channel_alias(&self) -> Option<&Item> {
        self.alias.as_ref()
    }

    /// The names of channels that `custom_channels` and `custom_multichannels` define.
    pub fn custom_channels(&self) -> &[Item] {
        &self.custom
    }

    /// The names of all keys, in order.
    pub fn keys(&self) -> &[Item] {
        &self.keys
    }
}

impl Model for Condarc {
    fn parse(text: &Text) -> Result<Self, Problem> {
        let root = yaml::read(text)?;
        let entries = match &root.content {
            YamlContent::Null => &[][..],
            YamlContent::Map(entries) => entries,
            _ => {
                return Err(Problem::new(
                    root.span,
                    "a document that is not `key: value`",
                ));
            }
        };
        let mut condarc = Self::default();
        for (key, value) in entries {
            let Some(name) = key.item() else {
                return Err(Problem::new(key.span, "a key that is not text"));
            };
            condarc.set(&name.value, value)?;
            condarc.keys.push(name);
        }
        Ok(condarc)
    }
}

impl Condarc {
    fn set(&mut self, name: &str, value: &Node) -> Result<(), Problem> {
        match name {
            "channels" => self.channels = strings(value)?,
            "default_channels" => self.default_channels = strings(value)?,
            "channel_alias" => self.alias = value.item(),
            "custom_channels" | "custom_multichannels" => {
                let entries = value.map().unwrap_or_default();
                self.custom
                    .extend(entries.iter().filter_map(|(key, _)| key.item()));
            }
            _ => {}
        }
        Ok(())
    }
}

fn strings(node: &Node) -> Result<Vec<Item>, Problem> {
    match &node.content {
        YamlContent::Null => Ok(Vec::new()),
        YamlContent::Text(_) => Ok(node.item().into_iter().collect()),
        YamlContent::List(items) => {
            let read = items.iter().map(|node| {
                node.item()
                    .ok_or_else(|| Problem::new(node.span, "a channel that is not text"))
            });
            read.collect()
        }
        _ => Err(Problem::new(node.span, "channels that are not a list")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values(items: &[Item]) -> Vec<&str> {
        items.iter().map(|item| item.value.as_str()).collect()
    }

    #[test]
    fn channels_are_read_in_every_style() {
        for text in [
            "channels:\n  - conda-forge\n  - defaults\n",
            "channels: [conda-forge, defaults] # both\r\n",
            "{channels: [conda-forge, 'defaults']}",
            "channels:\n- conda-forge\n- \"defaults\"",
        ] {
            let condarc = Condarc::parse(&Text::new(text)).unwrap();
            assert_eq!(values(condarc.channels()), ["conda-forge", "defaults"]);
            assert_eq!(condarc.channels()[1].span.slice(text), "defaults");
        }
        let lone = Condarc::parse(&Text::new("channels: conda-forge")).unwrap();
        assert_eq!(values(lone.channels()), ["conda-forge"]);
    }

    #[test]
    fn an_air_gapped_configuration_is_read() {
        let text = "channel_alias: https://conda.example.com\ndefault_channels:\n  - https://conda.example.com/main\ncustom_channels:\n  internal: https://user:secret@conda.example.com\nssl_verify: false\nproxy_servers: {http: x}\n";
        let condarc = Condarc::parse(&Text::new(text)).unwrap();
        assert_eq!(
            condarc.channel_alias().unwrap().value,
            "https://conda.example.com"
        );
        assert_eq!(
            values(condarc.default_channels()),
            ["https://conda.example.com/main"]
        );
        assert_eq!(values(condarc.custom_channels()), ["internal"]);
        assert_eq!(
            values(condarc.keys()),
            [
                "channel_alias",
                "default_channels",
                "custom_channels",
                "ssl_verify",
                "proxy_servers"
            ]
        );
    }

    #[test]
    fn problems_have_a_place() {
        for (text, at) in [
            ("- a\n", 0),
            ("channels: {a: b}\n", 10),
            ("a: [\n", 5),
            ("channels: [1]", 11),
        ] {
            let problem = Condarc::parse(&Text::new(text)).unwrap_err();
            assert_eq!(problem.span.start, at, "{text:?} {problem:?}");
        }
        assert_eq!(
            Condarc::parse(&Text::new("# none\n")).unwrap(),
            Condarc::default()
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(channels: )?[-a-c:\\[\\]{}'\" \\r\\n]{0,30}") {
            if let Ok(condarc) = Condarc::parse(&Text::new(&*text)) {
                for item in condarc.channels() {
                    prop_assert!(!item.verbatim || item.span.slice(&text) == item.value);
                }
            }
        }
    }
}
