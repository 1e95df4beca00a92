//! The fleet beside the inventory of the old server: who owns an app, when it was last looked at, in
//! which wave it moves; and the files that go to people.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::super::markdown::{cell, code, sentence};
use super::super::words::{self, counted};
use super::{Fleet, Readiness};
use crate::inventory::{Inventory, Placed, Waves, Weight, waves};

/// A file to hand out: its name and its text.
pub type HandOut = (String, String);

impl Fleet {
    /// Takes in what the server says of the apps, and puts them in so many waves. Apps of the server
    /// that no repository holds are told by [`Fleet::hand_outs`] and a note.
    pub fn join(&mut self, inventory: &Inventory, count: Option<usize>) -> Option<Waves> {
        let mut weights: BTreeMap<String, Weight> = BTreeMap::new();
        for app in &mut self.apps {
            let Some(known) = inventory.app(&app.name) else {
                continue;
            };
            app.owner = app.owner.take().or_else(|| known.owner.clone());
            app.visited = app.visited.take().or_else(|| known.visited.clone());
            let weight = Weight {
                readiness: Readiness::Ready as usize - app.readiness as usize,
                effort: app.effort as usize,
            };
            let kept = weights.entry(app.name.clone()).or_insert(weight);
            *kept = weight.max(*kept);
        }
        let has_repository = |name: &str| weights.contains_key(name);
        let missing = inventory
            .apps
            .iter()
            .filter(|app| !has_repository(&app.name));
        let missing: Vec<String> = missing.map(|app| format!("`{}`", app.name)).collect();
        if !missing.is_empty() {
            self.notes.push(format!(
                "{} of the server without a repository here: {}.",
                counted(missing.len(), "app"),
                missing.join(", ")
            ));
        }
        if !inventory.complete {
            self.notes.push("The inventory is not complete.".to_owned());
        }
        let made = waves(inventory, &weights, count?);
        for app in &mut self.apps {
            app.wave = made.wave_of(&app.name);
        }
        Some(made)
    }

    /// Whether a server was asked about any of the apps.
    pub(super) fn has_server(&self) -> bool {
        let mut apps = self.apps.iter();
        apps.any(|app| app.owner.is_some() || app.visited.is_some() || app.wave.is_some())
    }

    /// The files for people: the waves, the apps to ask about, and a notice for each owner.
    pub fn hand_outs(&self, made: &Waves) -> Vec<HandOut> {
        let mut files = vec![
            ("waves.md".to_owned(), self.waves_page(made)),
            ("retire.md".to_owned(), retire_page(made)),
        ];
        let mut names: BTreeSet<String> = BTreeSet::new();
        for owner in owners(made) {
            let name = take_name(&mut names, &file_word(owner));
            files.push((format!("notices/{name}.md"), self.notice(made, owner)));
        }
        files
    }

    fn waves_page(&self, made: &Waves) -> String {
        let mut text = "# Waves\n\nWhat is easy moves first; apps that share a folder or a service move together.\n".to_owned();
        for (index, wave) in made.waves.iter().enumerate() {
            let apps = counted(wave.len(), "app");
            let _ = write!(
                text,
                "\n## Wave {}: {apps}\n\n| app | owner | readiness | effort | moves with |\n|---|---|---|---|---|\n",
                index + 1
            );
            for placed in wave {
                let (readiness, effort) = self.need(&placed.app);
                let owner = placed.owner.as_deref().map_or_else(String::new, code);
                let with: Vec<String> = placed.with.iter().map(|name| code(name)).collect();
                let _ = writeln!(
                    text,
                    "| {} | {} | {readiness} | {effort} | {} |",
                    cell(&code(&placed.app)),
                    cell(&owner),
                    cell(&with.join(", "))
                );
            }
        }
        text
    }

    /// What an app needs, in words.
    fn need(&self, name: &str) -> (&'static str, &'static str) {
        let mut apps = self.apps.iter().filter(|app| app.name == name);
        let found = apps.next();
        found.map_or(("no repository of it was looked at", ""), |app| {
            (app.readiness.words(), words::effort(app.effort))
        })
    }

    fn notice(&self, made: &Waves, owner: &str) -> String {
        let mut text = format!(
            "# Your apps move to Dash Enterprise 5\n\nFor {}.\n",
            code(owner)
        );
        for (index, wave) in made.waves.iter().enumerate() {
            let own: Vec<&Placed> = wave
                .iter()
                .filter(|it| it.owner.as_deref() == Some(owner))
                .collect();
            if own.is_empty() {
                continue;
            }
            let _ = write!(text, "\n## Wave {}\n\n", index + 1);
            for placed in own {
                self.notice_of(placed, &mut text);
            }
        }
        let retire: Vec<_> = made
            .retire
            .iter()
            .filter(|it| it.owner.as_deref() == Some(owner))
            .collect();
        if !retire.is_empty() {
            text.push_str("\n## Do you still need these?\n\n");
            for retired in retire {
                let _ = writeln!(
                    text,
                    "- [ ] {}: {}",
                    code(&retired.app),
                    sentence(&retired.reason)
                );
            }
        }
        text
    }

    fn notice_of(&self, placed: &Placed, text: &mut String) {
        let (readiness, _) = self.need(&placed.app);
        let _ = writeln!(text, "- {}: {readiness}", code(&placed.app));
        if !placed.with.is_empty() {
            let with: Vec<String> = placed.with.iter().map(|name| code(name)).collect();
            let _ = writeln!(text, "  - moves together with {}", with.join(", "));
        }
        let app = self.apps.iter().find(|app| app.name == placed.app);
        for step in app.iter().flat_map(|app| &app.plan.person) {
            let _ = writeln!(
                text,
                "  - [ ] {} ({})",
                sentence(&step.text),
                words::effort(step.effort)
            );
        }
    }
}

fn owners(made: &Waves) -> BTreeSet<&str> {
    let placed = made
        .waves
        .iter()
        .flatten()
        .filter_map(|it| it.owner.as_deref());
    let retired = made.retire.iter().filter_map(|it| it.owner.as_deref());
    placed.chain(retired).collect()
}

fn retire_page(made: &Waves) -> String {
    let mut text =
        "# Apps that may not have to move\n\nThey are in no wave. Ask before they are gone.\n\n"
            .to_owned();
    if made.retire.is_empty() {
        text.push_str("There is none.\n");
        return text;
    }
    text.push_str("| app | owner | why |\n|---|---|---|\n");
    for retired in &made.retire {
        let owner = retired.owner.as_deref().map_or_else(String::new, code);
        let _ = writeln!(
            text,
            "| {} | {} | {} |",
            cell(&code(&retired.app)),
            cell(&owner),
            cell(&sentence(&retired.reason))
        );
    }
    text
}

/// The word, or the word with a number where another one has it; it is taken now.
pub(super) fn take_name(names: &mut BTreeSet<String>, word: &str) -> String {
    let mut numbered = (2..).map(|number| format!("{word}-{number}"));
    let mut name = word.to_owned();
    while !names.insert(name.clone()) {
        name = numbered.next().unwrap_or_default();
    }
    name
}

/// A name as a file's: what means something to a file system is a dash.
pub(super) fn file_word(name: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let word: String = name
        .chars()
        .take(60)
        .map(|c| if is_part(c) { c } else { '-' })
        .collect();
    let word = word.to_ascii_lowercase();
    if word.is_empty() {
        "-".to_owned()
    } else {
        word
    }
}
