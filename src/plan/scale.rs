//! Replicas: what `DOKKU_SCALE` said of each process type, and what has to be set.

use crate::app::App;
use crate::rules::MOST_REPLICAS;
use crate::text::Span;

/// What is known of a process type on Dash Enterprise 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replicas {
    /// `DOKKU_SCALE` gave it this many.
    Counted(u32),
    /// `DOKKU_SCALE` does not name it, so it did not run.
    NotStarted,
    /// There is no `DOKKU_SCALE` that tells it.
    Unknown,
}

/// A process type that does not simply run once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessScale {
    /// The process type.
    pub process: String,
    /// What it had.
    pub had: Replicas,
}

impl ProcessScale {
    /// The number to set in the Scale tab; `None` where a person has to know.
    pub fn set(&self) -> Option<u32> {
        match self.had {
            Replicas::Counted(count) => Some(count.min(MOST_REPLICAS)),
            Replicas::NotStarted => Some(0),
            Replicas::Unknown => None,
        }
    }
}

/// The process types of an app (before the repairs) whose replicas are not simply one.
pub(super) fn scale(app: &App) -> Vec<ProcessScale> {
    let counts = counts(app);
    let had = |name: &str| match &counts {
        None => Replicas::Unknown,
        Some(counts) => match counts.iter().find(|(counted, _)| counted == name) {
            Some((_, count)) => Replicas::Counted(*count),
            None => Replicas::NotStarted,
        },
    };
    let mut names: Vec<String> = counts
        .iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    names.extend(processes(app));
    let mut scales: Vec<ProcessScale> = Vec::new();
    for process in names {
        let had = had(&process);
        let is_known = scales.iter().any(|scale| scale.process == process);
        // `web` always ran, and `release` does not run on.
        let is_plain = had == Replicas::Counted(1)
            || process == "release"
            || (process == "web" && !matches!(had, Replicas::Counted(_)));
        if !is_known && !is_plain {
            scales.push(ProcessScale { process, had });
        }
    }
    scales
}

/// The counts of `DOKKU_SCALE`; `None` when it is not there or cannot be trusted.
fn counts(app: &App) -> Option<Vec<(String, u32)>> {
    let file = app.scale().present()?;
    let text = file.text.as_str();
    if !file.model.problems().is_empty() {
        return None;
    }
    let counts = file.model.counts().iter();
    let counts = counts.map(|count| (count.name.slice(text).to_owned(), count.count));
    Some(counts.collect())
}

fn processes(app: &App) -> Vec<String> {
    let Some(file) = app.procfile().present() else {
        return Vec::new();
    };
    let name_of = |span: Span| span.slice(file.text.as_str()).to_owned();
    let processes = file.model.processes().iter();
    processes.map(|process| name_of(process.name)).collect()
}
