//! `dashlift inventory`: what a Dash Enterprise 4 server runs, into a file.

use std::fmt::Write as _;
use std::path::Path;

use super::args::{InventoryArgs, OutputArgs};
use super::credentials::{self, Whose};
use super::output::Output;
use super::progress::Progress;
use crate::commands::inventory::{InventoryChoices, WrittenInventory, make};
use crate::commands::status::Status;
use crate::network::Credentials;
use crate::{manager, report};

static ADMINISTRATOR: Whose = Whose {
    user: "DASHLIFT_DE4_USER",
    password: "DASHLIFT_DE4_KEY",
    user_prompt: "User name on Dash Enterprise 4",
    password_prompt: "API key",
};

pub(super) fn run(args: &InventoryArgs, how: &OutputArgs, output: &mut Output) -> Status {
    if args.print_query {
        output.result(&manager::document(args.with_values));
        return Status::Clean;
    }
    let Some(path) = &args.output else {
        return Status::Refused;
    };
    let choices = InventoryChoices {
        output: path,
        de4_host: args.de4_host.as_ref(),
        input: &args.input,
        with_values: args.with_values,
        resume: args.resume,
        authorities: &args.trust.ca_cert,
        certificate: args.de4_certificate.as_deref(),
        timeout: args.timeout,
    };
    let line = Progress::new(how);
    let say = |what: &str, done: usize, of: Option<u64>| {
        let of = of.map(|of| format!(" of {of}")).unwrap_or_default();
        line.say(format!("{done}{of} {what}"));
    };
    let made = make(&choices, &ask, &say);
    drop(line);
    match made {
        Ok(written) => {
            output.people(&summary(path, &written));
            if written.is_whole() {
                Status::Clean
            } else {
                Status::Findings
            }
        }
        Err(refused) => {
            output.error(&report::text::error(&refused.to_string()));
            if refused.is_interrupt() {
                Status::Interrupted
            } else {
                Status::Refused
            }
        }
    }
}

fn ask() -> Result<Credentials, String> {
    match credentials::ask(&ADMINISTRATOR) {
        Ok((user, key)) => Ok(Credentials::Basic { user, key }),
        Err(error) => Err(error.to_string()),
    }
}

fn summary(path: &Path, written: &WrittenInventory) -> String {
    let inventory = &written.inventory;
    let mut text = String::new();
    for note in &inventory.notes {
        text.push_str("note: ");
        text.push_str(&report::safe(note));
        text.push('\n');
    }
    let apps = inventory.apps.len();
    if let Some(counted) = inventory.counted.filter(|_| !inventory.complete) {
        let _ = writeln!(
            text,
            "The server counts {counted} apps and showed {apps}: the inventory is not complete."
        );
    }
    let noun = if apps == 1 { "app" } else { "apps" };
    let cost = written
        .traffic
        .map(|(requests, bytes)| format!(", {requests} requests, {} KiB", bytes.div_ceil(1024)));
    let file = report::safe(&path.display().to_string());
    let _ = writeln!(
        text,
        "{apps} {noun} written to {file}{}.",
        cost.unwrap_or_default()
    );
    if written.missing > 0 {
        text.push_str("Ask again for what is missing with --resume.\n");
    }
    text
}
