//! The command lines of `docs/fleet.md` and the files of `packaging/` that it names do what the page
//! says, as the schedulers run them.

use std::env;
use std::path::Path;
use std::process::Command;

use serde_yaml::Value;

use crate::support::Fleet;

const PAGE: &str = include_str!("../../docs/fleet.md");
const WORKFLOW: &str = include_str!("../../packaging/github/fleet.yml");
const JOB: &str = include_str!("../../packaging/kubernetes/job.yaml");

/// The fenced blocks with this info string below the heading, up to the next one.
fn blocks(heading: &str, info: &str) -> Vec<String> {
    let page = format!("\n{PAGE}");
    let below = page.split(&format!("\n{heading}\n")).nth(1).unwrap();
    let level = heading.split(' ').next().unwrap();
    let below = below.split(&format!("\n{level} ")).next().unwrap();
    let opening = format!("```{info}\n");
    let blocks = below.split(&opening).skip(1);
    let block = |rest: &str| rest.split("```").next().unwrap().to_owned();
    blocks.map(block).collect()
}

/// A fleet in a folder `clones`, as the page has it.
fn clones() -> Fleet {
    let fleet = Fleet::of(12);
    std::fs::rename(fleet.path("fleet"), fleet.path("clones")).unwrap();
    fleet
}

/// Runs the script as a scheduler would; its exit code.
fn run(fleet: &Fleet, script: &str, environment: &[(&str, &str)]) -> i32 {
    let program = Path::new(env!("CARGO_BIN_EXE_dashlift"));
    let usual = env::var("PATH").unwrap();
    let path = format!("{}:{usual}", program.parent().unwrap().display());
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).current_dir(fleet.path("."));
    fleet.isolated(&mut shell);
    shell.env("PATH", path).envs(environment.iter().copied());
    shell.output().unwrap().status.code().unwrap()
}

/// The parts hold every repository once, and the report joins them.
fn joined(fleet: &Fleet, parts: usize, report: &str) {
    let mut names = Vec::new();
    for part in 1..=parts {
        let records = fleet.records(&format!("part-{part}.jsonl"));
        names.extend(records.into_keys());
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 12);
    assert_eq!(run(fleet, report, &[]), 0, "{report}");
    let page = fleet.read("fleet.html");
    for name in names {
        // HTML writes the slash in another way.
        let last = name.rsplit('/').next().unwrap();
        assert!(page.contains(last), "{name}");
    }
}

#[test]
fn one_machine() {
    let fleet = clones();
    let first = &blocks("# A fleet", "sh")[0];
    let again = &blocks("## Time, Ctrl-C, and going on", "sh")[0];
    let codes: Vec<i32> = first
        .lines()
        .chain(again.lines())
        .map(|line| run(&fleet, line, &[]))
        .collect();
    assert_eq!(codes, [1, 1, 0, 0, 0, 0]);
    assert!(fleet.read("fleet.html").contains("app-000"));
}

#[test]
fn two_parts() {
    let fleet = clones();
    let lines = &blocks("## More than one machine", "sh")[0];
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(run(&fleet, lines[0], &[]), 1);
    assert_eq!(run(&fleet, lines[1], &[]), 1);
    joined(&fleet, 2, lines[2]);
}

#[test]
fn a_matrix_of_github_actions() {
    let fleet = clones();
    let workflow: Value = serde_yaml::from_str(WORKFLOW).unwrap();
    let part = &workflow["jobs"]["part"];
    let parts = part["strategy"]["matrix"]["part"].as_sequence().unwrap();
    let commands = |job: &Value| -> Vec<String> {
        let steps = job["steps"].as_sequence().unwrap().iter();
        let runs = steps.filter_map(|step| step["run"].as_str());
        runs.filter(|run| run.starts_with("dashlift"))
            .map(str::to_owned)
            .collect()
    };
    for number in parts {
        let number = number.as_u64().unwrap().to_string();
        for command in commands(part) {
            let script = format!("set -e\n{command}");
            assert_eq!(run(&fleet, &script, &[("PART", &number)]), 0, "{command}");
        }
    }
    joined(
        &fleet,
        parts.len(),
        &commands(&workflow["jobs"]["report"])[0],
    );
}

#[test]
fn an_array_of_slurm() {
    let fleet = clones();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/slurm");
    // The second time as a task that was queued again.
    for _ in 0..2 {
        for part in 1..=4 {
            let environment = [
                ("SLURM_ARRAY_TASK_ID", part.to_string()),
                ("SLURM_ARRAY_TASK_COUNT", "4".to_owned()),
            ];
            let environment = environment
                .each_ref()
                .map(|(name, it)| (*name, it.as_str()));
            let script = format!("sh '{folder}/batch.sh' clones --migrate");
            assert_eq!(run(&fleet, &script, &environment), 0);
        }
    }
    joined(&fleet, 4, &format!("sh '{folder}/report.sh'"));
}

#[test]
fn an_indexed_job_of_kubernetes() {
    let fleet = clones();
    let job: Value = serde_yaml::from_str(JOB).unwrap();
    let parts = job["spec"]["completions"].as_u64().unwrap();
    let container = &job["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(container["command"][0], "sh");
    for index in 0..parts {
        let script = container["args"][0].as_str().unwrap();
        let index = index.to_string();
        assert_eq!(run(&fleet, script, &[("JOB_COMPLETION_INDEX", &index)]), 0);
    }
    let report = "dashlift report part-*.jsonl --output fleet.html";
    assert!(PAGE.contains(report));
    joined(&fleet, usize::try_from(parts).unwrap(), report);
}

#[test]
fn every_outcome_and_exit_code_is_on_the_page() {
    for outcome in dashlift::fleet::state::Ending::ALL {
        assert!(
            PAGE.contains(&format!("\n| `{}` | ", outcome.word())),
            "{outcome:?}"
        );
    }
    for code in [0, 1, 2, 3, 4, 5, 130] {
        assert!(PAGE.contains(&format!("\n| {code} | ")), "{code}");
    }
}
