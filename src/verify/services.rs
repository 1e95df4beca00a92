//! Redis and Postgres of this machine, for the time of a trial, with their files in its folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Untried;
use crate::children::{Grounds, Limit, PassedVariable, Program, run};

/// Where Debian keeps Postgres's programs, which are on no `PATH`.
const POSTGRES: [&str; 4] = ["17", "16", "15", "14"];

/// A service to start.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ServiceProgram {
    name: &'static str,
    command: Vec<String>,
    folder: PathBuf,
    environment: BTreeMap<String, String>,
    port: u16,
    #[serde(skip)]
    variable: Option<(String, String)>,
}

impl ServiceProgram {
    /// The variable with its address that the platform sets.
    pub(super) fn variable(&self) -> Option<(String, String)> {
        self.variable.clone()
    }
}

/// The services that this machine has. What it has not is noted.
///
/// # Errors
/// When there is no free port.
pub(super) fn find(
    folder: &Path,
    grounds: &Grounds,
    notes: &mut Vec<String>,
) -> Result<Vec<ServiceProgram>, Untried> {
    let mut found = Vec::new();
    match redis(folder, grounds)? {
        Some(service) => found.push(service),
        None => notes
            .push("Redis is not on this machine (redis-server), so it was not started".to_owned()),
    }
    match postgres(folder, grounds)? {
        Ok(service) => found.push(service),
        Err(why) => notes.push(format!("Postgres was not started: {why}")),
    }
    Ok(found)
}

fn redis(folder: &Path, grounds: &Grounds) -> Result<Option<ServiceProgram>, Untried> {
    let Some(program) = Program::find("redis-server", grounds) else {
        return Ok(None);
    };
    let port = super::process::free_port()?;
    let words = [
        program.path().to_string_lossy().into_owned(),
        "--port".to_owned(),
        port.to_string(),
        "--bind".to_owned(),
        "127.0.0.1".to_owned(),
        "--save".to_owned(),
        String::new(),
        "--dir".to_owned(),
        folder.join("out").to_string_lossy().into_owned(),
    ];
    Ok(Some(ServiceProgram {
        name: "Redis",
        command: words.to_vec(),
        folder: folder.to_owned(),
        environment: BTreeMap::new(),
        port,
        variable: Some(("REDIS_URL".to_owned(), format!("redis://127.0.0.1:{port}"))),
    }))
}

fn postgres(folder: &Path, grounds: &Grounds) -> Result<Result<ServiceProgram, String>, Untried> {
    let Some((initdb, server)) = postgres_programs(grounds) else {
        return Ok(Err("it is not on this machine".to_owned()));
    };
    let data = folder.join("out").join("postgres");
    let mut command = initdb.command(PassedVariable::Nothing, folder);
    command
        .args(["-A", "trust", "-U", "postgres", "-D"])
        .arg(&data);
    let ran = run(&mut command, "", Limit::seconds(60))?;
    if !ran.is_good {
        return Ok(Err(super::environment::last_line(&ran)));
    }
    let port = super::process::free_port()?;
    let words = [
        server.path().to_string_lossy().into_owned(),
        "-D".to_owned(),
        data.to_string_lossy().into_owned(),
        "-h".to_owned(),
        "127.0.0.1".to_owned(),
        "-p".to_owned(),
        port.to_string(),
        "-k".to_owned(),
        folder.join("out").to_string_lossy().into_owned(),
    ];
    let address = format!("postgresql://postgres@127.0.0.1:{port}/postgres");
    Ok(Ok(ServiceProgram {
        name: "Postgres",
        command: words.to_vec(),
        folder: folder.to_owned(),
        environment: BTreeMap::new(),
        port,
        variable: Some(("DATABASE_URL".to_owned(), address)),
    }))
}

fn postgres_programs(grounds: &Grounds) -> Option<(Program, Program)> {
    let on_path = Program::find("initdb", grounds).zip(Program::find("postgres", grounds));
    on_path.or_else(|| {
        POSTGRES.iter().find_map(|major| {
            let folder = PathBuf::from(format!("/usr/lib/postgresql/{major}/bin"));
            let (initdb, server) = (folder.join("initdb"), folder.join("postgres"));
            let is_there = initdb.is_file() && server.is_file();
            is_there.then(|| (Program::own(initdb), Program::own(server)))
        })
    })
}
