//! What people read must hold whatever the files hold.

use super::*;
use crate::engine;
use crate::plan::{Names, PlanRequest, plans};
use crate::rules::{Repository, Settings};
use crate::tree::{MemoryTree, TreePath};

fn page(files: &[(&str, &str)], told: Option<&str>) -> String {
    let tree = MemoryTree::new(files.iter().copied());
    let repository = Repository {
        tree: &tree,
        scope: TreePath::root(),
        remotes: None,
    };
    let settings = Settings::default();
    let outcome = engine::fix(&repository, &settings, Safety::Safe);
    let names = Names {
        told: told.map(str::to_owned),
        ..Names::default()
    };
    let plans = plans(&PlanRequest {
        outcome: &outcome,
        settings: &settings,
        names: &names,
        of_result: false,
    });
    markdown(&plans[0], &PathPrefix::plain(), ReadingPlace::Alone)
}

const FILES: &[(&str, &str)] = &[
    ("Procfile", "web: gunicorn app:server\n"),
    ("app.py", "server = None\n"),
    (
        "requirements.txt",
        "--extra-index-url https://me:hunter2@dash.example.com/Docs/packages?token=hunter2\ndash\ngunicorn\ndash-notes\n",
    ),
];

#[test]
fn credentials_are_never_in_it() {
    let text = page(FILES, None);
    assert!(text.contains("dash.example.com"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
    assert!(text.contains("`dash-notes`"), "{text}");
}

#[test]
fn values_are_never_in_it() {
    let mut files = FILES.to_vec();
    files[1].1 = "import os\nserver = os.environ.get('KEY', 'hunter2')\nos.environ['B'] = 'hunter2'\nos.environ['C']\n";
    let text = page(&files, None);
    assert!(text.contains("`KEY`: the code can do without"), "{text}");
    assert!(text.contains("\"C=<value>\""), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn a_name_is_text_in_markdown_and_one_word_in_a_shell() {
    let text = page(FILES, Some("<b>`x`; rm *"));
    assert!(text.starts_with("# Moving &lt;b>`x`; rm \\* to"), "{text}");
    assert!(text.contains("de apps create -n '<b>`x`; rm *'"), "{text}");
}

#[test]
fn sizes_are_read_by_people() {
    for (bytes, shown) in [
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (2_345_678, "2.3 MB"),
        (25_000_000_000, "25.0 GB"),
    ] {
        assert_eq!(sections::size(bytes), shown);
    }
}
