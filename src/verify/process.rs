//! The web process of an app, started by its own command and asked as a browser would ask it.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::environment::{VirtualEnvironment, last_line};
use super::services::{self, ServiceProgram};
use super::traceback::find_last;
use super::verdict::{FailureCause, Lists, Verdict, find_cause};
use super::{Trial, Untried};
use crate::children::{Grounds, Limit, PassedVariable, Program, Stopped, run};
use crate::resolver::Terms;
use crate::secrets::redacted;

/// Starts a process, asks it, and writes down what came of it.
const HARNESS: &str = include_str!("trial.py");

/// The name under which the platform would know the app.
const NAME: &str = "verify";

/// What a Dash app answers; other apps answer the first.
const PATHS: [&str; 3] = ["/", "/_dash-layout", "/_dash-dependencies"];

/// The last lines of a log that are shown.
const LAST_LINES: usize = 3;

/// What the harness is told.
#[derive(Serialize)]
struct Task<'a> {
    web: Start<'a>,
    services: Vec<ServiceProgram>,
    scratch: &'a Path,
    port: u16,
    paths: [&'static str; 3],
    prefixes: [&'static str; 2],
    seconds: u64,
}

#[derive(Serialize)]
struct Start<'a> {
    command: Vec<String>,
    folder: &'a Path,
    environment: BTreeMap<String, String>,
}

/// What the harness tells.
#[derive(Debug, Deserialize)]
struct HarnessReport {
    /// The service that did not come up.
    service: Option<String>,
    exit: Option<i32>,
    port: Option<u16>,
    #[serde(default)]
    answers: Vec<PathAnswer>,
    #[serde(default)]
    log: String,
}

#[derive(Debug, Deserialize)]
struct PathAnswer {
    path: String,
    status: u16,
    is_json: bool,
}

/// Runs the build's script, starts the web process and asks it.
///
/// # Errors
/// When nothing can be started here.
pub(super) fn start(
    trial: &Trial,
    environment: &VirtualEnvironment,
    lists: &Lists,
    terms: &Terms,
    notes: &mut Vec<String>,
) -> Result<Verdict, Untried> {
    let (limit, grounds) = (terms.limit, &terms.grounds);
    let services = if trial.with_services {
        services::find(environment.path(), grounds, notes)?
    } else {
        Vec::new()
    };
    let port = free_port()?;
    let variables = variables(environment, port, &services);
    let shell = shell(grounds)?;
    if let Some(script) = trial.predeploy
        && let Some(reason) = run_script(environment, &shell, script, &variables, limit)?
    {
        return Ok(Verdict::NotPrepared { reason });
    }
    let app = environment.app();
    let task = Task {
        web: Start {
            command: vec![shell, "-c".to_owned(), trial.command.to_owned()],
            folder: &app,
            environment: variables,
        },
        services,
        scratch: environment.path(),
        port,
        paths: PATHS,
        prefixes: ["", "/verify"],
        // It has to have the time to tell what came of it.
        seconds: limit.seconds_left().saturating_sub(3).min(MOST_SECONDS),
    };
    let told = run_harness(environment, &task, terms, notes)?;
    Ok(judge(&told, &app, lists))
}

/// So long (seconds) may an app take to answer; the platform gives up before.
const MOST_SECONDS: u64 = 180;

fn run_harness(
    environment: &VirtualEnvironment,
    task: &Task,
    terms: &Terms,
    notes: &mut Vec<String>,
) -> Result<HarnessReport, Untried> {
    let scratch = environment.scratch();
    let unreadable = |error: serde_json::Error| Untried::NoEnvironment(error.to_string());
    let text = serde_json::to_vec(task).map_err(unreadable)?;
    scratch.write("trial.json", &text, false)?;
    scratch.write("trial.py", HARNESS.as_bytes(), false)?;
    let folder = environment.path();
    let python = environment.base();
    let mut command = if let Some(mut sandbox) = sandbox(folder, &terms.grounds) {
        sandbox.arg(python.path());
        sandbox
    } else {
        notes.push(
            "bubblewrap is not here or may not be used: the app's code ran as you, without a \
             sandbox"
                .to_owned(),
        );
        python.command(PassedVariable::Nothing, folder)
    };
    command.args(["-I", "trial.py", "trial.json", "out/told.json"]);
    let ran = run(&mut command, "", terms.limit)?;
    let told = scratch.read("out/told.json");
    told.ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or_else(|| Untried::NoEnvironment(last_line(&ran)))
}

/// Everything to read, the scratch folder alone to write, processes of its own: where bubblewrap is
/// there and the machine lets it.
fn sandbox(folder: &Path, grounds: &Grounds) -> Option<std::process::Command> {
    let program = Program::find("bwrap", grounds)?;
    let begin = || {
        let mut command = program.command(PassedVariable::Nothing, folder);
        command.args(["--die-with-parent", "--unshare-pid", "--unshare-ipc"]);
        command.args(["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]);
        command.arg("--bind").arg(folder).arg(folder);
        command.arg("--chdir").arg(folder);
        command
    };
    let mut trial = begin();
    trial.arg("true");
    let ran = run(&mut trial, "", Limit::seconds(10)).ok()?;
    ran.is_good.then(begin)
}

/// Runs a script of the app in the app's folder; gives back its last words when it fails.
fn run_script(
    environment: &VirtualEnvironment,
    shell: &str,
    script: &str,
    variables: &BTreeMap<String, String>,
    limit: Limit,
) -> Result<Option<String>, Untried> {
    let shell = Program::own(shell.into());
    let mut command = shell.command(PassedVariable::Nothing, &environment.app());
    command.env_clear().envs(variables).arg(script);
    match run(&mut command, "", limit) {
        Ok(ran) if ran.is_good => Ok(None),
        Ok(ran) => Ok(Some(last_line(&ran))),
        Err(Stopped::TimedOut(seconds)) => {
            Ok(Some(format!("it did not end within {seconds} seconds")))
        }
        Err(stopped) => Err(stopped.into()),
    }
}

fn shell(grounds: &Grounds) -> Result<String, Untried> {
    let found = ["bash", "sh"]
        .iter()
        .find_map(|name| Program::find(name, grounds));
    let found = found.ok_or_else(|| Untried::NoEnvironment("there is no shell".to_owned()))?;
    Ok(found.path().to_string_lossy().into_owned())
}

/// A port of loopback that nobody uses at the moment.
pub(super) fn free_port() -> Result<u16, Untried> {
    let listener = TcpListener::bind(("127.0.0.1", 0));
    let address = listener.and_then(|listener| listener.local_addr());
    let address = address?;
    Ok(address.port())
}

/// What the platform sets, with harmless values, and nothing of our own environment.
fn variables(
    environment: &VirtualEnvironment,
    port: u16,
    services: &[ServiceProgram],
) -> BTreeMap<String, String> {
    let home = environment.path().join("home");
    let home = home.to_string_lossy();
    let programs = environment.programs();
    let path = format!(
        "{}:/usr/local/bin:/usr/bin:/bin",
        programs.to_string_lossy()
    );
    let port_text = port.to_string();
    let bind = format!("--bind 127.0.0.1:{port}");
    let fixed = [
        ("PATH", path.as_str()),
        ("HOME", &home),
        ("TMPDIR", &home),
        ("LANG", "C.UTF-8"),
        ("PYTHONDONTWRITEBYTECODE", "1"),
        ("PYTHONNOUSERSITE", "1"),
        ("PYTHONUNBUFFERED", "1"),
        ("PORT", &port_text),
        ("HOST", "127.0.0.1"),
        ("GUNICORN_CMD_ARGS", &bind),
        ("DASH_APP_NAME", NAME),
        ("DASH_REQUESTS_PATHNAME_PREFIX", "/verify/"),
        ("DASH_DOMAIN_BASE", "dash.example.com"),
        ("DASH_SECRET_KEY", "not-a-secret"),
        ("DASH_JWKS_URL", "https://auth.example.com/jwks"),
        ("DASH_LOGOUT_URL", "https://auth.example.com/logout"),
        ("DASH_USER_INFO_URL", "https://auth.example.com/userinfo"),
        ("DASH_AUD", NAME),
        ("GIT_REV", "0"),
    ];
    let fixed = fixed.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let linked = services.iter().filter_map(ServiceProgram::variable);
    fixed.into_iter().chain(linked).collect()
}

fn judge(told: &HarnessReport, app: &Path, lists: &Lists) -> Verdict {
    if let Some(service) = &told.service {
        return Verdict::NotStarted {
            reason: format!("{service} of this machine did not start"),
        };
    }
    let raised = find_last(&told.log, &app.to_string_lossy());
    let serves = told.exit.is_none() && told.port.is_some();
    if !serves {
        return match raised {
            Some(raised) => Verdict::NotImported {
                cause: find_cause(&raised, lists),
                raised: without_secrets(raised),
            },
            None => Verdict::NotStarted {
                reason: why_not_started(told),
            },
        };
    }
    // Whoever wants a login answers.
    let is_bad = |answer: &&PathAnswer| answer.status >= 500;
    let bad = told.answers.iter().find(is_bad);
    if bad.is_some() || told.answers.is_empty() {
        let path = bad.map_or(PATHS[0], |answer| &answer.path).to_owned();
        return Verdict::NotAnswering {
            path,
            status: bad.map(|answer| answer.status),
            cause: raised
                .as_ref()
                .map_or(FailureCause::Unknown, |raised| find_cause(raised, lists)),
            raised: raised.map(without_secrets),
        };
    }
    let has_layout = |answer: &PathAnswer| {
        answer.path.ends_with(PATHS[1]) && answer.status == 200 && answer.is_json
    };
    let answers = told.answers.iter();
    Verdict::Answers {
        has_layout: answers.clone().any(has_layout),
        answers: answers.map(|it| (it.path.clone(), it.status)).collect(),
    }
}

fn without_secrets(mut raised: super::Raised) -> super::Raised {
    raised.message = redacted(&raised.message);
    raised
}

fn why_not_started(told: &HarnessReport) -> String {
    let lines = told.log.lines().filter(|line| !line.trim().is_empty());
    let lines: Vec<&str> = lines.collect();
    let from = lines.len().saturating_sub(LAST_LINES);
    let last = lines.get(from..).unwrap_or_default().join(" / ");
    let last = redacted(&last);
    match told.exit {
        Some(code) if last.is_empty() => format!("it ended with exit code {code}"),
        Some(code) => format!("it ended with exit code {code}: {last}"),
        None if last.is_empty() => "it waits for no connection".to_owned(),
        None => format!("it waits for no connection: {last}"),
    }
}
