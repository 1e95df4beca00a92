//! `minimise --online` with the package index of the machine.

use serde_json::Value;

use crate::{Ran, Scratch, has_uv};

/// Frozen: of requests dashlift's snapshot knows what it needs, of rich-argparse and rich not.
const LIST: &str = "\
certifi==2023.7.22
charset-normalizer==3.2.0
idna==3.4
markdown-it-py==3.0.0
mdurl==0.1.2
Pygments==2.16.1
requests==2.31.0
rich==13.6.0
rich-argparse==1.4.0
urllib3==2.0.7
";

fn app(list: &str) -> Scratch {
    let source = "import requests\nimport rich_argparse\nserver = None\n";
    Scratch::new(&[("app.py", source), ("requirements.txt", list)])
}

fn document(ran: &Ran) -> Value {
    let mut document: Value = serde_json::from_str(&ran.out).unwrap();
    document["apps"][0].take()
}

#[test]
#[ignore = "needs the network"]
fn a_resolver_tells_what_packages_need() {
    if !has_uv() {
        return;
    }
    let scratch = app(LIST);
    let minimise = ["minimise", "--python", "3.10", "--online"];
    let ran = scratch.run(&minimise);
    assert_eq!(ran.code, 1, "{}", ran.err);
    for words in [
        "  mdurl==0.1.2               brought by rich-argparse > rich > markdown-it-py\n",
        "  idna==3.4                  brought by requests\n",
        "What they need is told by uv (for 10).\n",
        "uv gives the same releases for the shorter list.\n",
    ] {
        assert!(ran.out.contains(words), "{}", ran.out);
    }
    let ran = scratch.run(&[&minimise[..], &["--format", "json"]].concat());
    let found = document(&ran);
    assert_eq!(found["sources"][0]["kind"], "online");
    assert_eq!(found["sources"][0]["name"], "uv");
    assert_eq!(found["confirmed_by"], "uv");

    let ran = scratch.run(&[&minimise[..], &["--write"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let list = "-c constraints.txt\nrequests==2.31.0\nrich-argparse==1.4.0\n";
    assert_eq!(scratch.read("requirements.txt"), list);
    assert!(scratch.read("constraints.txt").contains("\nmdurl==0.1.2\n"));
}

#[test]
#[ignore = "needs the network"]
fn a_list_without_releases_is_not_made_shorter() {
    if !has_uv() {
        return;
    }
    let list = LIST.replace("urllib3==2.0.7", "urllib3==1.20");
    let scratch = app(&list);
    let minimise = ["minimise", "--python", "3.10", "--online", "--write"];
    let ran = scratch.run(&minimise);
    assert_eq!(ran.code, 4, "{}{}", ran.out, ran.err);
    let words = "finds no releases for the list as it is (requests 2.31.0 needs urllib3";
    assert!(ran.out.contains(words), "{}", ran.out);
    assert_eq!(scratch.read("requirements.txt"), list);
    let names = ["Procfile", "app.py", "requirements.txt"];
    assert_eq!(scratch.names(), names);
}
