//! Tests of DL401.

use crate::harness::{Case, app};
use dashlift::rules::Remotes;
use dashlift::text::Text;
use dashlift::tree::TreePath;

fn case<const N: usize>(files: [(&str, &str); N]) -> Case {
    let mut all = vec![("Procfile", "web: gunicorn app:server\n")];
    all.extend(files);
    app(all).rule("DL401")
}

fn remotes(urls: &[(&str, &str)]) -> Remotes {
    let sections = urls
        .iter()
        .map(|(name, url)| format!("[remote \"{name}\"]\n\turl = {url}\n"));
    Remotes {
        path: TreePath::new(".git/config").unwrap(),
        text: Text::new(sections.collect::<String>()),
        urls: urls
            .iter()
            .map(|(name, url)| ((*name).to_owned(), (*url).to_owned()))
            .collect(),
    }
}

#[test]
fn remotes_of_de4_are_said_without_credentials() {
    let config = remotes(&[
        ("origin", "git@git.example.com:acme/sales.git"),
        ("plotly", "https://me:s3cret@dash.example.com/GIT/sales"),
        ("old", "dokku@dash.example.com:sales"),
        ("ssh", "ssh://dokku@dash.example.com:3022/sales"),
        ("other", "https://git.example.com/GIT-mirror/sales"),
    ]);
    let found = case([]).remotes(config.clone()).findings();
    let said: Vec<String> = found
        .iter()
        .map(|finding| finding.message.clone())
        .collect();
    assert_eq!(
        said,
        [
            "the remote `plotly` deploys to Dash Enterprise 4 (https://***@dash.example.com/GIT/sales)",
            "the remote `old` deploys to Dash Enterprise 4 (dokku@dash.example.com:sales)",
            "the remote `ssh` deploys to Dash Enterprise 4 (ssh://dokku@dash.example.com:3022/sales)",
        ]
    );
    let spans = found
        .iter()
        .map(|finding| finding.place.span.unwrap().slice(config.text.as_str()));
    assert_eq!(spans.collect::<Vec<_>>()[1], "dokku@dash.example.com:sales");
    let commands: Vec<&str> = found[0]
        .steps
        .iter()
        .filter_map(|step| step.command.as_deref())
        .collect();
    assert_eq!(
        commands,
        [
            "de deploy PATH --name APP --message \"…\" -y",
            "git remote remove plotly"
        ]
    );
}

#[test]
fn pushes_in_ci_files_are_said() {
    let push = "deploy:\n  - git push plotly master\n";
    for path in [
        ".gitlab-ci.yml",
        ".github/workflows/deploy.yml",
        ".circleci/config.yml",
        "azure-pipelines.yml",
        "bitbucket-pipelines.yml",
        ".travis.yml",
        "Jenkinsfile",
        "scripts/deploy.sh",
    ] {
        let found = case([(path, push)]).check();
        let name = path.rsplit('/').next().unwrap();
        assert_eq!(
            found,
            [format!(
                "{path}:2:5: DL401 {name} deploys to Dash Enterprise 4 (`git push plotly`)"
            )]
        );
    }
}

#[test]
fn one_finding_per_file_shows_all_places() {
    let text = "git remote add prod https://ci:$KEY@dash.example.com/GIT/sales\ngit push --force prod HEAD:master\n";
    let found = case([("deploy.sh", text)]).findings();
    let [finding] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(
        finding.message,
        "deploy.sh deploys to Dash Enterprise 4 (https://***@dash.example.com/GIT/sales)"
    );
    let notes: Vec<&str> = finding
        .evidence
        .iter()
        .map(|evidence| evidence.note.as_str())
        .collect();
    assert_eq!(notes, ["`git push --force prod`"]);
    assert!(!format!("{finding:?}").contains("$KEY"));
}

#[test]
fn other_pushes_are_nobodys_business() {
    let quiet = case([
        (
            ".gitlab-ci.yml",
            "script:\n  - git push origin main\n  # git push plotly master\n",
        ),
        ("README.md", "git push plotly master\n"),
        ("sub/.gitlab-ci.yml", "git push plotly master\n"),
        ("deploy.sh", "de deploy . --name sales -y\n"),
    ]);
    assert_eq!(quiet.check(), [""; 0]);
}
