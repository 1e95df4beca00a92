//! The script. Only names that mean nothing to a shell are put into it; all others are a line of the
//! checklist.

use std::fmt::Write as _;

use super::{Handover, is_variable, is_word, own_variables, services};
use crate::inventory::{InventoryApp, is_server_name};
use crate::text::shell_word;

/// What is the same in every script.
const HEAD: &str = include_str!("head.sh");

pub(super) fn script(handover: &Handover) -> String {
    let apps = handover.apps.iter();
    let apps: Vec<&InventoryApp> = apps
        .copied()
        .filter(|app| is_server_name(&app.name))
        .collect();
    let host = shell_word(handover.host);
    let made = concat!("dashlift ", env!("CARGO_PKG_VERSION"));
    let day = &handover.inventory.read_on;
    let day: String = day
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '-')
        .collect();
    let mut text = format!(
        "#!/usr/bin/env bash\n# Sets apps up on Dash Enterprise 5, {} in all. Written by {made} from the inventory of {day}.\n# Read it before you run it.\nHOST={host}\n{HEAD}",
        apps.len()
    );
    for (index, app) in apps.iter().enumerate() {
        text.push('\n');
        text.push_str(&function(index + 1, app));
    }
    text.push_str(&ending(&apps));
    text
}

fn function(number: usize, app: &InventoryApp) -> String {
    let name = &app.name;
    let mut text = format!("app_{number}() {{\n  app='{name}'\n");
    let mut line = |command: String, certainty: &str| {
        let _ = writeln!(text, "  {command} # {certainty}");
    };
    line(format!("make_app {name} || return"), "S: de apps create -n");
    for kind in services(app) {
        line(
            format!("make_service {name} {kind}"),
            "S: de services create --app-name --type",
        );
    }
    if app
        .mappings
        .as_ref()
        .is_some_and(|mappings| !mappings.is_empty())
    {
        line(
            format!("run de apps update -n {name} --persistent-filesystem"),
            "D",
        );
    }
    let upper = name.to_ascii_uppercase().replace('-', "_");
    for variable in own_variables(app).filter(|name| is_variable(name)) {
        line(
            format!(
                "set_variable {name} {variable} \"${{DASHLIFT_VALUE_{upper}_{variable}:-${{DASHLIFT_VALUE_{variable}:-}}}}\""
            ),
            "W: de apps update --name --add-environment-variable",
        );
    }
    let teams = app.viewers.iter().flat_map(|viewers| &viewers.teams);
    for team in teams.filter(|team| is_word(team)) {
        line(
            format!("run de apps update --name {name} --add-group-viewer {team}"),
            "S, needs the client 1.2 or newer, and the group",
        );
    }
    line(
        format!("deploy {name}"),
        "D: de deploy PATH --name --message -y, not with the GitHub integration",
    );
    text.push_str("}\n");
    text
}

fn ending(apps: &[&InventoryApp]) -> String {
    let mut text = "\none() {\n  case $1 in\n".to_owned();
    for (index, app) in apps.iter().enumerate() {
        let _ = writeln!(text, "  '{}') app_{} ;;", app.name, index + 1);
    }
    text.push_str(
        "  *)\n    app=$1\n    fail \"it is not in this script\"\n    ;;\n  esac\n}\n\nall=(",
    );
    for app in apps {
        let _ = write!(text, "\n  {}", app.name);
    }
    text.push_str(
        "\n)\n[ $# -gt 0 ] || set -- ${all[@]+\"${all[@]}\"}\nfor name in \"$@\"; do\n  one \"$name\"\ndone\n\
         say \"Apps: $#. Commands that failed: $failed. Left undone: $left.\"\n[ \"$failed\" -eq 0 ]\n",
    );
    text
}
