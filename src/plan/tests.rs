//! Readiness and the parts of a plan, on small apps and on findings made for the purpose.

use super::steps::MANY;
use super::*;
use crate::engine::{self, FailedProof, ProofFailure};
use crate::rules::{Category, Draft, Finding, Fix, Repository, Step, StepSite, Subject};
use crate::text::Span;
use crate::tree::{MemoryTree, Overlay};

fn plan_of(files: &[(&str, &str)], settings: &Settings) -> Plan {
    let mut files: Vec<(&str, &str)> = files.to_vec();
    files.push(("requirements.txt", "dash==2.9.0\ngunicorn==20.1.0\n"));
    files.push(("app.py", "server = None\n"));
    let tree = MemoryTree::new(files);
    let repository = Repository {
        tree: &tree,
        scope: TreePath::root(),
        remotes: None,
    };
    let outcome = engine::fix(&repository, settings, Safety::Safe);
    only(&outcome, settings)
}

fn only(outcome: &Outcome, settings: &Settings) -> Plan {
    let plans = plans(&PlanRequest {
        outcome,
        settings,
        names: &Names::default(),
        of_result: false,
    });
    let [plan] = plans.try_into().unwrap();
    plan
}

const PROCFILE: (&str, &str) = ("Procfile", "web: gunicorn app:server\n");

fn draft(code: &str) -> Draft {
    let rule = crate::rules::find(code).unwrap();
    let case = *rule.cases.first().unwrap();
    let path = TreePath::new("app.py").unwrap();
    rule.report(case, Subject::Whole, &path, "a fact")
        .category(Category::Must)
}

fn safe() -> Fix {
    Fix::safe("do it")
}

/// The duties and readiness that these findings leave.
fn ready(fixed: Vec<Finding>, open: Vec<Finding>, failed: bool) -> (Readiness, Duties) {
    let python = "[[build.env]]\nname = 'BP_CPYTHON_VERSION'\nvalue = '3.10.*'\n";
    let tree = MemoryTree::new([
        PROCFILE,
        ("project.toml", python),
        ("requirements.txt", "dash\n"),
        ("app.py", ""),
    ]);
    let reported = |finding| Reported {
        finding,
        text: None,
        evidence: Vec::new(),
    };
    let failed = failed.then(|| {
        Box::new(FailedProof {
            failure: ProofFailure::NotRepaired("DL101".to_owned()),
            rejected: std::collections::BTreeMap::new(),
        })
    });
    let app = AppOutcome {
        suppressed: Vec::new(),
        root: TreePath::root(),
        fixed: fixed.into_iter().map(reported).collect(),
        open: open.into_iter().map(reported).collect(),
        skipped: Vec::new(),
        failed,
    };
    let outcome = Outcome {
        suppressed: Vec::new(),
        baselined: crate::engine::Baselined::default(),
        apps: vec![app],
        repository: Vec::new(),
        result: Overlay::new(&tree),
    };
    let plan = only(&outcome, &Settings::default());
    (plan.readiness, plan.duties)
}

#[test]
fn an_app_without_findings_is_ready() {
    assert_eq!(ready(vec![], vec![], false).0, Readiness::Ready);
}

#[test]
fn safe_repairs_with_steps_of_minutes_make_it_ready() {
    let fixed = vec![
        draft("DL101").fix(safe()),
        draft("DL102").step("Look once.").fix(safe()),
    ];
    let (readiness, duties) = ready(fixed, vec![], false);
    assert_eq!(readiness, Readiness::AfterBranch);
    assert_eq!(duties.set_up.len(), 1);
    assert!(duties.person.is_empty());
}

#[test]
fn steps_of_hours_and_unsafe_repairs_need_a_person() {
    let hours = draft("DL101").step("Try it.").effort(Effort::Hours);
    let (readiness, duties) = ready(vec![hours.fix(safe())], vec![], false);
    assert_eq!(readiness, Readiness::NeedsPerson(1));
    assert_eq!(duties.person[0].effort, Effort::Hours);
    let unsafe_ = draft("DL101").step("Test it.").fix(Fix::unsafe_("do it"));
    let (readiness, _) = ready(vec![unsafe_], vec![], false);
    assert_eq!(readiness, Readiness::NeedsPerson(1));
    let unsafe_ = draft("DL101").fix(Fix::unsafe_("do it"));
    let (readiness, duties) = ready(vec![unsafe_], vec![], false);
    assert_eq!(readiness, Readiness::NeedsPerson(1));
    let step = "Check what is right in most cases, but not in all: do it.";
    assert_eq!(duties.person[0].text, step);
}

#[test]
fn options_are_no_steps_and_many_places_take_hours() {
    let one = || {
        draft("DL113")
            .note("So it is.")
            .alternative("Or so.")
            .guide("Do it.")
    };
    let (_, duties) = ready(vec![], vec![one()], false);
    let step = &duties.person[0];
    assert_eq!(duties.person.len(), 1);
    assert_eq!(step.effort, Effort::Minutes);
    assert_eq!((step.notes.len(), step.alternatives.len()), (1, 1));
    let path = TreePath::new("app.py").unwrap();
    let many = (0..MANY).fold(draft("DL113"), |draft, _| {
        draft.evidence(&path, Span::at(0), "here, too")
    });
    let (_, duties) = ready(vec![], vec![many.guide("Do it.")], false);
    assert_eq!(duties.person[0].effort, Effort::Hours);
}

#[test]
fn an_open_finding_needs_a_person_and_its_fix_is_a_step() {
    let guide = draft("DL113").step("One.").guide("Two.");
    assert_eq!(
        ready(vec![], vec![guide], false).0,
        Readiness::NeedsPerson(2)
    );
    let unsafe_ = draft("DL101")
        .step("Test it.")
        .fix(Fix::unsafe_("raise it"));
    let (readiness, duties) = ready(vec![], vec![unsafe_], false);
    assert_eq!(readiness, Readiness::NeedsPerson(2));
    assert_eq!(
        duties.person[0].text,
        "Run dashlift with `--unsafe-fixes` and check the result, or do it by hand: raise it."
    );
    let (_, duties) = ready(vec![], vec![draft("DL101").fix(safe())], true);
    assert!(
        duties.person[0]
            .text
            .starts_with("Do this by hand, because")
    );
}

#[test]
fn the_same_step_counts_once() {
    let guide = || draft("DL113").guide("Ask.");
    let other = draft("DL111").guide("Ask.");
    let (readiness, duties) = ready(vec![], vec![guide(), guide(), other], false);
    assert_eq!(readiness, Readiness::NeedsPerson(1));
    assert_eq!(duties.person[0].asked_by.len(), 2);
}

#[test]
fn advice_does_not_count() {
    let advice = draft("DL107").category(Category::May).guide("Look.");
    let (readiness, duties) = ready(vec![], vec![advice], false);
    assert_eq!(readiness, Readiness::Ready);
    assert_eq!(duties.advice.len(), 1);
}

#[test]
fn commands_for_the_server_are_no_work() {
    let create = || {
        let step = Step::new("Create it.").at(StepSite::Server);
        step.command("de services create --app-name APP --type redis")
    };
    let service = draft("DL305").take(create()).done();
    let (readiness, duties) = ready(vec![], vec![service], false);
    assert_eq!(readiness, Readiness::Ready);
    // The plan of an app that shows no Redis does not create one: the step says it.
    assert_eq!(duties.set_up.len(), 1);
    let mixed = draft("DL305").take(create()).guide("Mend it.");
    assert_eq!(
        ready(vec![], vec![mixed], false).0,
        Readiness::NeedsPerson(1)
    );
    let set = Step::new("Set each of these.")
        .at(StepSite::Server)
        .restating();
    let variables = draft("DL306").take(set).done();
    assert_eq!(ready(vec![], vec![variables], false).0, Readiness::Ready);
}

#[test]
fn scale_tells_what_is_not_simply_one() {
    let scaled = |files: &[(&str, &str)]| {
        let scale = plan_of(files, &Settings::default()).scale;
        let scale = scale.into_iter();
        scale
            .map(|it| (it.process.clone(), it.had, it.set()))
            .collect::<Vec<_>>()
    };
    let procfile = (
        "Procfile",
        "web: gunicorn app:server\nworker: python app.py\nrelease: python app.py\nbeat: python app.py\n",
    );
    assert_eq!(
        scaled(&[procfile, ("DOKKU_SCALE", "web=12\nworker=1\n")]),
        [
            ("web".to_owned(), Replicas::Counted(12), Some(10)),
            ("beat".to_owned(), Replicas::NotStarted, Some(0)),
        ]
    );
    assert_eq!(
        scaled(&[procfile]),
        [
            ("worker".to_owned(), Replicas::Unknown, None),
            ("beat".to_owned(), Replicas::Unknown, None),
        ]
    );
    assert_eq!(scaled(&[PROCFILE]), []);
    // A contradiction: nothing is sure.
    let broken = scaled(&[procfile, ("DOKKU_SCALE", "worker=1\nworker=2\n")]);
    assert_eq!(broken[0].1, Replicas::Unknown);
}

#[test]
fn data_is_counted_with_its_size() {
    let json = "x".repeat(200 * 1024);
    let csv = "y".repeat(1000);
    let plan = plan_of(
        &[
            PROCFILE,
            ("data/a.csv", &csv),
            ("data/B.CSV", "1"),
            ("big.json", &json),
            ("package.json", "{}"),
            ("notes.txt", "no data"),
        ],
        &Settings::default(),
    );
    let data = &plan.filesystem.data;
    assert_eq!((data.files, data.bytes), (3, 200 * 1024 + 1001));
    assert_eq!(data.folders[0].path, TreePath::root());
    assert_eq!(data.folders[1].files, 2);
    assert_eq!(plan.filesystem.need(), DataNeed::No);
}

#[test]
fn commands_come_in_order_with_the_names_filled_in() {
    let settings = Settings {
        de5_host: Some("dash.example.com".to_owned()),
        mappings: vec!["/srv/data:/data".parse().unwrap()],
        ..Settings::default()
    };
    let tree = MemoryTree::new([
        ("a b/Procfile", "web: gunicorn app:server\n"),
        ("a b/requirements.txt", "dash\n"),
        ("a b/runtime.txt", "python-3.9.6\n"),
        (
            "a b/app.py",
            "import os\nos.environ['REDIS_URL']\nos.environ['KEY']\nos.getenv('X', '1')\n",
        ),
    ]);
    let repository = Repository {
        tree: &tree,
        scope: TreePath::root(),
        remotes: None,
    };
    let outcome = engine::fix(&repository, &settings, Safety::Safe);
    let plan = only(&outcome, &settings);
    let commands: Vec<&str> = plan.commands.iter().map(|it| it.command.as_str()).collect();
    assert_eq!(
        commands,
        [
            "pip install dash-enterprise-libraries --extra-index-url https://dash.example.com/packages",
            "de --host dash.example.com login",
            "de apps create -n a-b",
            "de services create --app-name a-b --type redis",
            "de apps update -n a-b --persistent-filesystem",
            "de apps update --name a-b --add-environment-variable \"KEY=<value>\"",
            "de apps update --name a-b --python-version 3.9",
            "de deploy 'a b' --name a-b --message \"Move to Dash Enterprise 5\" -y",
        ]
    );
}

#[test]
fn what_has_no_counterpart_is_listed() {
    let plan = plan_of(
        &[
            PROCFILE,
            ("apt-keys", "https://example.com/key\n"),
            ("apt-repositories", "ppa:a/b\n"),
            ("CHECKS", "/status\n"),
            ("app.json", "{\"healthchecks\": {\"web\": []}}"),
            ("Pipfile", ""),
        ],
        &Settings::default(),
    );
    let missing: Vec<String> = plan
        .missing
        .iter()
        .map(|missing| format!("{} {}", missing.code, missing.at.path))
        .collect();
    for expected in ["DL102 apt-keys", "DL102 apt-repositories", "DL107 CHECKS"] {
        assert!(missing.contains(&expected.to_owned()), "{missing:?}");
    }
    assert!(!missing.iter().any(|it| it.contains("Pipfile")));
}

#[test]
fn an_app_that_is_declined_has_no_commands() {
    let tree = MemoryTree::new([("init.R", "x\n"), ("Procfile", "web: R -f app.R\n")]);
    let repository = Repository {
        tree: &tree,
        scope: TreePath::root(),
        remotes: None,
    };
    let settings = Settings::default();
    let outcome = engine::fix(&repository, &settings, Safety::Safe);
    let plan = only(&outcome, &settings);
    assert!(!plan.is_python && plan.commands.is_empty());
    assert!(matches!(plan.readiness, Readiness::NeedsPerson(_)));
}

#[test]
fn what_is_not_known_takes_the_word_ready_away() {
    let tree = MemoryTree::new([
        PROCFILE,
        (
            "requirements.txt",
            "dash\nin-house-charts==1.0\ndash-design-kit\n",
        ),
        ("app.py", ""),
    ]);
    let whole = Repository {
        tree: &tree,
        scope: TreePath::root(),
        remotes: None,
    };
    let outcome = engine::check(&whole, &Settings::default());
    let plan = only(&outcome, &Settings::default());
    let kinds: Vec<&str> = plan.unknown.iter().map(|it| it.kind.name()).collect();
    assert_eq!(kinds, ["python", "private-package", "distribution"]);
    let lines: Vec<Option<usize>> = plan
        .unknown
        .iter()
        .map(|it| it.at.as_ref().and_then(|at| at.line))
        .collect();
    assert_eq!(lines, [None, Some(3), Some(2)]);
}
