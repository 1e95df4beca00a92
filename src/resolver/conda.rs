//! A solver of conda: `micromamba`, `mamba`, `conda` or `pixi`, asked whether an environment can be
//! made for Linux, without making it.

use serde_json::Value;

use super::Terms;
use super::workshop::{Workshop, ask};
use crate::children::{Program, Ran};
use crate::files::conda_spec::{Meaning, read_item};
use crate::files::environment_yml::scalar;
use crate::packages::ladder::CondaRequest;
use crate::packages::solve::SolveFailure;

/// The solvers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CondaTool {
    /// micromamba.
    Micromamba,
    /// mamba.
    Mamba,
    /// conda.
    Conda,
    /// pixi.
    Pixi,
}

/// The platform of Dash Enterprise 5.
const PLATFORM: &str = "linux-64";

/// The longest reason that is shown, in characters.
const LONGEST: usize = 300;

impl CondaTool {
    /// The program's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Micromamba => "micromamba",
            Self::Mamba => "mamba",
            Self::Conda => "conda",
            Self::Pixi => "pixi",
        }
    }
}

/// A solver of this machine, with a folder of its own for all questions.
pub struct Conda {
    tool: CondaTool,
    program: Program,
    workshop: Workshop,
    terms: Terms,
}

impl Conda {
    /// The solver that was asked for.
    ///
    /// # Errors
    /// When it is not on this machine, or no temporary file can be written.
    pub fn find(tool: CondaTool, terms: &Terms) -> Result<Self, SolveFailure> {
        let program = Program::find(tool.name(), &terms.grounds);
        Ok(Self {
            tool,
            program: program.ok_or(SolveFailure::NotInstalled(tool.name()))?,
            workshop: Workshop::new("")?,
            terms: terms.clone(),
        })
    }

    /// Which one it is.
    pub fn tool(&self) -> CondaTool {
        self.tool
    }

    /// Whether the packages can be had together: `Ok(None)`, or why not, in the solver's words.
    /// Nothing is installed and no code of a package runs.
    ///
    /// # Errors
    /// When it cannot be asked: a channel does not answer, the time is over.
    pub fn ask(&self, request: &CondaRequest) -> Result<Option<String>, SolveFailure> {
        let mut command = self.workshop.command(&self.program);
        command.env("CONDA_SUBDIR", PLATFORM);
        if self.tool == CondaTool::Pixi {
            self.workshop.write("pixi.toml", &manifest(request)?)?;
            command.args(["lock", "--manifest-path", "pixi.toml", "--no-progress"]);
        } else {
            self.workshop
                .write("environment.yml", &environment(request)?)?;
            let prefix = self.workshop.path().join("prefix");
            match self.tool {
                CondaTool::Micromamba => {
                    command.args(["create", "--platform", PLATFORM, "--root-prefix"]);
                    command.arg(self.workshop.path().join("root"));
                }
                _ => {
                    command.args(["env", "create"]);
                }
            }
            command.args(["--yes", "--dry-run", "--json", "--file", "environment.yml"]);
            command.arg("--prefix").arg(prefix);
        }
        let ran = ask(&mut command, "", self.terms.limit)?;
        if ran.is_good {
            return Ok(None);
        }
        match refusal(&ran) {
            Some(reason) => Ok(Some(reason)),
            None => Err(SolveFailure::Other(format!(
                "{} could not say: {}",
                self.tool.name(),
                last_line(&ran)
            ))),
        }
    }
}

/// The request as an `environment.yml` without a `pip:` list.
fn environment(request: &CondaRequest) -> Result<String, SolveFailure> {
    let mut text = String::new();
    for (key, items) in [
        ("channels", &request.channels),
        ("dependencies", &request.specs),
    ] {
        if items.is_empty() {
            continue;
        }
        text.push_str(key);
        text.push_str(":\n");
        for item in items {
            let item =
                scalar(item, false).map_err(|error| SolveFailure::Other(error.to_string()))?;
            text.extend(["- ", item.as_str(), "\n"]);
        }
    }
    Ok(text)
}

/// The request as pixi reads it. pixi takes no channels from elsewhere.
fn manifest(request: &CondaRequest) -> Result<String, SolveFailure> {
    let mut document = toml_edit::DocumentMut::new();
    let own = ["defaults".to_owned()];
    let channels = if request.channels.is_empty() {
        &own[..]
    } else {
        &request.channels
    };
    let mut workspace = toml_edit::Table::new();
    let platforms: toml_edit::Array = [PLATFORM].into_iter().collect();
    workspace.insert("name", toml_edit::value("question"));
    workspace.insert(
        "channels",
        toml_edit::value(channels.iter().collect::<toml_edit::Array>()),
    );
    workspace.insert("platforms", toml_edit::value(platforms));
    let mut packages = toml_edit::Table::new();
    for item in &request.specs {
        let not_read = || SolveFailure::Other(format!("`{item}` cannot be said to pixi"));
        let spec = read_item(item).ok_or_else(not_read)?;
        let allowed = spec.allowed(item, Meaning::Environment);
        let versions = allowed.ok_or_else(not_read)?.to_string();
        let mut one = toml_edit::InlineTable::new();
        one.insert(
            "version",
            if versions.is_empty() {
                "*".into()
            } else {
                versions.into()
            },
        );
        if let Some(build) = spec.build() {
            one.insert("build", build.slice(item).into());
        }
        if let Some(channel) = spec.channel {
            one.insert("channel", channel.slice(item).into());
        }
        packages.insert(spec.name.slice(item), toml_edit::value(one));
    }
    document.insert("workspace", toml_edit::Item::Table(workspace));
    document.insert("dependencies", toml_edit::Item::Table(packages));
    Ok(document.to_string())
}

/// Why the packages cannot be had; `None` where the solver failed for another reason.
fn refusal(ran: &Ran) -> Option<String> {
    /// conda's names of such errors.
    const ERRORS: &[&str] = &[
        "LibMambaUnsatisfiableError",
        "PackagesNotFoundError",
        "ResolvePackageNotFound",
        "SpecsConfigurationConflictError",
        "UnsatisfiableError",
    ];
    /// What micromamba, mamba and pixi say then.
    const WORDS: &[&str] = &[
        "could not solve",
        "cannot solve",
        "nothing provides",
        "no candidates were found",
        "do not exist",
        "does not exist",
        "following packages are incompatible",
    ];
    if let Ok(document) = serde_json::from_str::<Value>(&ran.out) {
        let problems = document.get("solver_problems").and_then(Value::as_array);
        if let Some(first) = problems.and_then(|all| all.first()?.as_str()) {
            return Some(short(first));
        }
        let error = document.get("exception_name").and_then(Value::as_str);
        if error.is_some_and(|error| ERRORS.contains(&error)) {
            let message = document.get("message").and_then(Value::as_str);
            return Some(short(message.unwrap_or_default()));
        }
        if error.is_some() {
            return None;
        }
    }
    let said = if ran.err.trim().is_empty() {
        &ran.out
    } else {
        &ran.err
    };
    let lower = said.to_ascii_lowercase();
    WORDS
        .iter()
        .any(|words| lower.contains(words))
        .then(|| short(said))
}

/// On one line, without what stands in addresses, and not longer than people read.
fn short(said: &str) -> String {
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = crate::secrets::redacted(&line);
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}...", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

fn last_line(ran: &Ran) -> String {
    let document: Option<Value> = serde_json::from_str(&ran.out).ok();
    let message = document.as_ref().and_then(|it| it.get("message")?.as_str());
    let said = message.unwrap_or(&ran.err);
    let last = said.lines().rev().find(|line| !line.trim().is_empty());
    short(last.unwrap_or("it says nothing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(out: &str, err: &str) -> Ran {
        Ran {
            is_good: false,
            out: out.to_owned(),
            err: err.to_owned(),
        }
    }

    #[test]
    fn a_no_is_told_from_a_failure() {
        let no = |out: &str, err: &str| refusal(&ran(out, err));
        let problems = "{\"success\": false, \"solver_problems\": [\"nothing provides numpy 9\"]}";
        assert_eq!(
            no(problems, "").as_deref(),
            Some("nothing provides numpy 9")
        );
        let conda = "{\"exception_name\": \"ResolvePackageNotFound\", \"message\": \"- a=1\"}";
        assert_eq!(no(conda, "").as_deref(), Some("- a=1"));
        let network = "{\"exception_name\": \"CondaHTTPError\", \"message\": \"nothing provides\"}";
        assert_eq!(no(network, ""), None);
        let pixi = "Cannot solve the request because of: No candidates were found for a 1.";
        assert!(no("", pixi).is_some());
        assert_eq!(no("", "Connection refused"), None);
        assert!(short(&"word ".repeat(200)).len() < 310);
    }

    #[test]
    fn a_request_is_said_as_each_solver_reads_it() {
        let request = CondaRequest {
            channels: vec!["https://conda.example.com/main".to_owned()],
            specs: vec![
                "python=3.7".to_owned(),
                "conda-forge::numpy>=1,<2".to_owned(),
            ],
        };
        assert_eq!(
            environment(&request).unwrap(),
            "channels:\n- https://conda.example.com/main\ndependencies:\n- python=3.7\n- conda-forge::numpy>=1,<2\n"
        );
        let manifest = manifest(&request).unwrap();
        assert!(
            manifest.contains("python = { version = \"=3.7.*\" }"),
            "{manifest}"
        );
        assert!(manifest.contains("channel = \"conda-forge\""), "{manifest}");
    }
}
