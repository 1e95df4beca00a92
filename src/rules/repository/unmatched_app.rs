//! DL405: the inventory of the DE4 server has no such app, or more than one that it could be.

use crate::app::App;
use crate::inventory::Joined;
use crate::rules::{
    Case, Category, Check, Code, Finding, Inputs, Rule, Settings, Step, StepSite, Subject,
};

/// DL405.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(405),
    stem: "unmatched-app",
    category: Category::May,
    summary: "an app that the inventory of Dash Enterprise 4 does not have, or has twice",
    cases: &[UNKNOWN, AMBIGUOUS],
    inputs: Inputs::NONE,
    page: include_str!("../../../rules/DL405-unmatched-app.md"),
    check: Check::App(check),
};

const UNKNOWN: Case = Case::new("unknown");
const AMBIGUOUS: Case = Case::new("ambiguous");

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
    let Some(known) = &settings.server else {
        return Vec::new();
    };
    let (case, message) = match known.app_of(app.root()) {
        Joined::One(_) => return Vec::new(),
        Joined::Several(one, other) => (
            AMBIGUOUS,
            format!(
                "on the Dash Enterprise 4 server this app may be `{}` or `{}`, so nothing of the \
                 inventory is taken for it",
                one.name, other.name
            ),
        ),
        Joined::None => {
            let limit = if known.inventory.complete {
                ""
            } else {
                ", which is not complete"
            };
            (
                UNKNOWN,
                format!("no app of the inventory{limit} is called as this one may be"),
            )
        }
    };
    let subject = Subject::Path(app.root().to_string());
    let finding = RULE
        .report(case, subject, app.root(), message)
        .take(Step::new("Say which it is: `app-name = \"NAME\"` in the `dashlift.toml` of the app, a git remote of Dash Enterprise 4, or the folder's name. An app that was never deployed needs nothing.").at(StepSite::Clone))
        .done();
    vec![finding]
}
