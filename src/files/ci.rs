//! Lines of CI files and shell scripts that deploy to DE4: addresses of its git server, and pushes
//! to a remote. What else such a file says is not read.

use std::sync::LazyLock;

use regex::Regex;

use super::{Model, Problem};
use crate::text::{self, Span, Text};

/// Names that people give to the remote of DE4; Plotly's documentation of DE4 uses the first.
const REMOTES: &[&str] = &["plotly", "dokku"];

/// What a file deploys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CiScript {
    deploys: Vec<Deploy>,
}

/// A place that deploys to DE4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deploy {
    /// What it is.
    pub kind: DeployKind,
    /// The address; or the command from `git` to the remote's name.
    pub span: Span,
}

/// The two things that give a deploy away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeployKind {
    /// The address of an app on DE4's git server.
    Address,
    /// `git push plotly`.
    Push,
}

impl CiScript {
    /// The places, in order.
    pub fn deploys(&self) -> &[Deploy] {
        &self.deploys
    }
}

impl Model for CiScript {
    fn parse(text: &Text) -> Result<Self, Problem> {
        let content = text.as_str();
        // Building the patterns costs more than all else that is done for an app.
        if !(may_hold_address(content) || content.contains("push")) {
            return Ok(Self::default());
        }
        let named = remotes(content);
        let mut deploys = Vec::new();
        for line in text::lines(content).filter(|line| !is_comment(line.span.slice(content))) {
            let shown = line.span.slice(content);
            deploys.extend(address(shown).map(|span| Deploy {
                kind: DeployKind::Address,
                span: span.shift(line.span.start),
            }));
            deploys.extend(push(shown, &named).map(|span| Deploy {
                kind: DeployKind::Push,
                span: span.shift(line.span.start),
            }));
        }
        deploys.sort_by_key(|deploy| deploy.span);
        Ok(Self { deploys })
    }
}

/// A line that shells and YAML (`#`) or Groovy (`//`) skip.
fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('#') || line.starts_with("//")
}

fn may_hold_address(text: &str) -> bool {
    text.contains("dokku@") || text.contains("/GIT/")
}

/// The first address of DE4's git server in `text`: `dokku@host:app`, `ssh://dokku@host/app`,
/// `https://host/GIT/app`.
pub fn address(text: &str) -> Option<Span> {
    static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let ssh = r"(?:ssh://)?dokku@[^\s:/'\x22]+(?::[0-9]+/|:|/)[^\s'\x22;&|)]+";
        let http = r"https?://[^\s'\x22;&|]*/GIT/[^\s'\x22;&|)]+";
        Regex::new(&format!("{ssh}|{http}")).ok()
    });
    if !may_hold_address(text) {
        return None;
    }
    let found = ADDRESS.as_ref()?.find(text)?;
    Some(Span::new(found.start(), found.end()))
}

/// `git push [options] remote`, where the remote is one of DE4.
fn push(line: &str, remotes: &[&str]) -> Option<Span> {
    static PUSH: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\bgit\s+(?:-\S+\s+)*push\s+(?:-\S+\s+)*([\w.-]+)").ok());
    let mut found = PUSH.as_ref()?.captures_iter(line);
    found.find_map(|captures| {
        let (all, remote) = (captures.get(0)?, captures.get(1)?);
        remotes
            .contains(&remote.as_str())
            .then(|| Span::new(all.start(), all.end()))
    })
}

/// The remotes that are DE4's: by their usual names, or because this file gives them its address.
fn remotes(text: &str) -> Vec<&str> {
    static ADD: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"\bgit\s+remote\s+(?:add|set-url)\s+(?:-\S+\s+)*([\w.-]+)\s+(\S+)").ok()
    });
    let mut remotes = REMOTES.to_vec();
    if may_hold_address(text)
        && let Some(add) = ADD.as_ref()
    {
        let added = add.captures_iter(text).filter_map(|captures| {
            let (name, url) = (captures.get(1)?, captures.get(2)?);
            address(url.as_str()).map(|_| name.as_str())
        });
        remotes.extend(added);
    }
    remotes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn deploys(content: &str) -> Vec<(DeployKind, &str)> {
        let model = CiScript::parse(&Text::new(content)).unwrap();
        let deploys = model.deploys().iter();
        deploys
            .map(|deploy| (deploy.kind, deploy.span.slice(content)))
            .collect()
    }

    #[test]
    fn deploys_are_seen_in_every_spelling() {
        use DeployKind::{Address, Push};
        let content = "script:\n  - git remote add de4 https://ci:$KEY@dash.example.com/GIT/sales\n  # git push plotly master\n  - git push --force de4 HEAD:master\n  - git push origin main\n  - git -c http.sslVerify=false push -f plotly master && git push \"dokku@dash.example.com:sales\"\n  - git push ssh://dokku@dash.example.com:3022/sales master\n";
        let found = deploys(content);
        assert_eq!(
            found[0],
            (Address, "https://ci:$KEY@dash.example.com/GIT/sales")
        );
        assert_eq!(found[1], (Push, "git push --force de4"));
        assert_eq!(
            found[2..],
            [
                (Address, "dokku@dash.example.com:sales"),
                (Address, "ssh://dokku@dash.example.com:3022/sales"),
            ]
        );
    }

    #[test]
    fn other_servers_are_not_de4() {
        assert_eq!(
            deploys("git push origin plotly\ngit remote add up git@host.example.com:a/b\n"),
            []
        );
        assert_eq!(
            deploys("see https://example.com/git/app\npip install dokku\n"),
            []
        );
    }

    proptest! {
        #[test]
        fn spans_lie_in_the_text(bytes in proptest::collection::vec(any::<u8>(), 0..80), content in "(git |push |-f |plotly |dokku@|https://|/GIT/|[a-z:\u{e9}\r\n ]){0,20}") {
            for text in [Text::decode(&bytes).ok(), Some(Text::new(content))].into_iter().flatten() {
                let model = CiScript::parse(&text).unwrap();
                for deploy in model.deploys() {
                    let shown = text.as_str().get(deploy.span.range());
                    prop_assert!(shown.is_some_and(|shown| !shown.is_empty() && !shown.contains('\n')));
                }
            }
        }
    }
}
