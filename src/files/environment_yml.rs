//! `environment.yml`: conda's list of channels and dependencies, with pip's list inside. What a
//! spec or a requirement means is not known here.

mod edit;

use super::conda_spec;
use super::yaml::{self, Node, YamlContent};
use super::{Model, Problem};
use crate::text::{Span, Text};

pub use super::yaml::Item;
pub use edit::{Change, EditError, edit, scalar};

/// A conda environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CondaEnvironment {
    root: Option<Node>,
    channels: Vec<Item>,
    dependencies: Vec<Item>,
    pip: Vec<Item>,
    pip_key: Option<Span>,
}

/// One item of the `pip:` list: a line of a requirements file.
pub type PipItem = Item;

impl CondaEnvironment {
    /// The channels, first asked first.
    pub fn channels(&self) -> &[Item] {
        &self.channels
    }

    /// The conda specs, in order, without the `pip:` list.
    pub fn dependencies(&self) -> &[Item] {
        &self.dependencies
    }

    /// The items of all `pip:` lists, in order.
    pub fn pip_items(&self) -> &[PipItem] {
        &self.pip
    }

    /// The word `pip` of the first `pip:` list, if there is one.
    pub fn pip_key(&self) -> Option<Span> {
        self.pip_key
    }

    /// The conda spec of the distribution `name` (lower case), if there is one.
    pub fn dependency(&self, name: &str) -> Option<&Item> {
        let mut specs = self.dependencies.iter();
        specs.find(|item| spec_name(&item.value).eq_ignore_ascii_case(name))
    }

    /// The value of a key at the top that is a string: `name`, `prefix`.
    pub fn setting(&self, name: &str) -> Option<Item> {
        let (_, value) = self.root.as_ref()?.entry(name)?;
        value.item()
    }

    fn add_dependencies(&mut self, items: &[Node]) -> Result<(), Problem> {
        for node in items {
            match (&node.content, node.item()) {
                (_, Some(spec)) => self.dependencies.push(spec),
                (YamlContent::Map(entries), _) => {
                    for (key, value) in entries {
                        self.add_pip_list(key, value)?;
                    }
                }
                _ => {
                    let message = "an item that is neither a package nor a `pip:` list";
                    return Err(Problem::new(node.span, message));
                }
            }
        }
        Ok(())
    }

    fn add_pip_list(&mut self, key: &Node, value: &Node) -> Result<(), Problem> {
        if key.text() != Some("pip") {
            let message = "a list of an installer that conda does not know; it knows `pip`";
            return Err(Problem::new(key.span, message));
        }
        self.pip_key.get_or_insert(key.span);
        self.pip.extend(strings(value, "the `pip` list")?);
        Ok(())
    }
}

impl Model for CondaEnvironment {
    fn parse(text: &Text) -> Result<Self, Problem> {
        let root = yaml::read(text)?;
        let mut environment = Self::default();
        match &root.content {
            YamlContent::Null => return Ok(environment),
            YamlContent::Map(_) => {}
            _ => {
                return Err(Problem::new(
                    root.span,
                    "a document that is not `key: value`",
                ));
            }
        }
        if let Some((_, channels)) = root.entry("channels") {
            environment.channels = strings(channels, "`channels`")?;
        }
        if let Some((key, dependencies)) = root.entry("dependencies") {
            match &dependencies.content {
                YamlContent::Null => {}
                YamlContent::List(items) => environment.add_dependencies(items)?,
                _ => {
                    return Err(Problem::new(
                        key.span,
                        "`dependencies`, which is not a list",
                    ));
                }
            }
        }
        environment.root = Some(root);
        Ok(environment)
    }
}

/// The distribution that a conda spec names: `numpy` of `conda-forge::numpy>=1`.
pub fn spec_name(spec: &str) -> &str {
    conda_spec::find_name(spec, Span::new(0, spec.len())).slice(spec)
}

/// The strings of a list; a list without anything is an empty one.
fn strings(node: &Node, name: &str) -> Result<Vec<Item>, Problem> {
    let items = match &node.content {
        YamlContent::Null => return Ok(Vec::new()),
        YamlContent::List(items) => items,
        _ => return Err(Problem::new(node.span, format!("{name} is not a list"))),
    };
    let read = items.iter().map(|node| {
        node.item().ok_or_else(|| {
            let message = format!("an item of {name} that is not text");
            Problem::new(node.span, message)
        })
    });
    read.collect()
}

#[cfg(test)]
mod tests;
