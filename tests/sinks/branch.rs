//! Committing on a branch: what it makes, what it leaves alone, what it refuses.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use dashlift::git::{BranchRequest, GitError, commit_on_branch, discover};
use dashlift::tree::{Change, EntryKind, TreePath};
use git2::{Oid, Repository};

use crate::support::{Scratch, changes, git_in, written};

const BRANCH: &str = "dash-enterprise-5";
const APP: [(&str, &str); 4] = [
    ("Procfile", "web: gunicorn app:server\n"),
    ("apps/one/runtime.txt", "python-3.9\n"),
    ("run.sh", "#!/bin/sh\n"),
    ("app.py", "import dash\n"),
];

fn some_changes() -> BTreeMap<TreePath, Change> {
    changes(&[
        ("project.toml", written("[project]\n")),
        ("new/folder/file", written("x\n")),
        ("run.sh", written("#!/bin/bash\n")),
        ("apps/one/runtime.txt", Change::Remove),
        ("not-there", Change::Remove),
    ])
}

fn try_commit(place: &Path, branch: &str, force: bool) -> Result<Oid, GitError> {
    let workspace = discover(place)?.unwrap();
    let request = BranchRequest {
        base: workspace.head()?.commit()?,
        branch,
        force,
        message: "Move to Dash Enterprise 5\n\nBody.\n",
        may_sign: true,
        changes: &some_changes(),
    };
    commit_on_branch(workspace.repository(), &request)
}

fn app() -> Scratch {
    let scratch = Scratch::with(&APP);
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(scratch.path.join("run.sh"), executable).unwrap();
    scratch.init();
    scratch.git(&["add", "."]);
    scratch.git(&["commit", "--quiet", "--message", "first"]);
    scratch
}

/// Everything in a folder but the objects and the branch that was asked for.
fn state(folder: &Path) -> BTreeMap<String, (Vec<u8>, u32, SystemTime)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let name = path.to_string_lossy().into_owned();
            let metadata = entry.metadata().unwrap();
            if metadata.is_dir() {
                folders.push(path);
            } else if !name.contains("/objects/") && !name.contains(BRANCH) {
                let facts = (metadata.permissions().mode(), metadata.modified().unwrap());
                found.insert(name, (fs::read(path).unwrap(), facts.0, facts.1));
            }
        }
    }
    found
}

#[test]
fn index_head_and_work_tree_stay_byte_for_byte() {
    let scratch = app();
    scratch.write("app.py", "import dash # changed\n");
    scratch.write("staged.txt", "x");
    scratch.git(&["add", "staged.txt"]);
    scratch.write("untracked.txt", "x");
    for hook in [
        "pre-commit",
        "commit-msg",
        "post-commit",
        "reference-transaction",
    ] {
        let hook = format!(".git/hooks/{hook}");
        scratch.write(&hook, "#!/bin/sh\ntouch HOOK-RAN\nexit 1\n");
        let executable = fs::Permissions::from_mode(0o755);
        fs::set_permissions(scratch.path.join(hook), executable).unwrap();
    }
    let before = state(&scratch.path);
    let commit = try_commit(&scratch.path, BRANCH, false).unwrap();
    assert_eq!(state(&scratch.path), before);
    assert_eq!(scratch.git(&["rev-parse", BRANCH]), commit.to_string());
}

#[test]
fn the_commit_holds_the_changes_and_the_modes() {
    let scratch = app();
    try_commit(&scratch.path, BRANCH, false).unwrap();
    let listed = scratch.git(&["ls-tree", "-r", "--format=%(objectmode) %(path)", BRANCH]);
    assert_eq!(
        listed,
        "100644 Procfile\n100644 app.py\n100644 new/folder/file\n100644 project.toml\n\
         100755 run.sh"
    );
    assert_eq!(
        scratch.git(&["show", &format!("{BRANCH}:run.sh")]),
        "#!/bin/bash"
    );
    assert_eq!(
        scratch.git(&["log", "--format=%an <%ae>|%s|%b", "-1", BRANCH]),
        "A Developer <dev@example.com>|Move to Dash Enterprise 5|Body."
    );
    assert_eq!(
        scratch.git(&["rev-parse", &format!("{BRANCH}^")]),
        scratch.git(&["rev-parse", "HEAD"])
    );
    let log = scratch.git(&["reflog", "show", "--format=%gn %gs", BRANCH]);
    assert_eq!(
        log,
        "A Developer dashlift migrate: Move to Dash Enterprise 5"
    );
    scratch.git(&["fsck", "--strict", "--no-dangling"]);
}

#[test]
fn an_existing_branch_is_replaced_by_force_only() {
    let scratch = app();
    scratch.git(&["branch", BRANCH]);
    let old = scratch.git(&["rev-parse", BRANCH]);
    let refused = try_commit(&scratch.path, BRANCH, false);
    assert_eq!(refused, Err(GitError::BranchExists(BRANCH.to_owned())));
    assert_eq!(scratch.git(&["rev-parse", BRANCH]), old);
    let new = try_commit(&scratch.path, BRANCH, true).unwrap();
    assert_eq!(scratch.git(&["rev-parse", BRANCH]), new.to_string());
    scratch.git(&["pack-refs", "--all"]);
    let refused = try_commit(&scratch.path, BRANCH, false);
    assert_eq!(refused, Err(GitError::BranchExists(BRANCH.to_owned())));
}

#[test]
fn a_branch_that_is_checked_out_is_never_moved() {
    let scratch = app();
    let other = Scratch::new();
    let linked = other.path.join("linked");
    scratch.git(&[
        "worktree",
        "add",
        "--quiet",
        "-b",
        BRANCH,
        linked.to_str().unwrap(),
    ]);
    for (from, branch, place) in [
        (&scratch.path, BRANCH, &linked),
        (&linked, BRANCH, &linked),
        (&linked, "main", &scratch.path),
        (&scratch.path, "main", &scratch.path),
    ] {
        let refused = try_commit(from, branch, true);
        let (branch, place) = (branch.to_owned(), place.clone());
        assert_eq!(refused, Err(GitError::BranchCheckedOut { branch, place }));
    }
    assert!(try_commit(&linked, "free", false).is_ok());
}

#[test]
fn names_that_cannot_be_branches_are_refused() {
    let scratch = app();
    for name in [
        "", "a b", "-x", "HEAD", "a..b", "x.lock", "a/", "/a", "a~1", "@{x", "a\0b",
    ] {
        let refused = try_commit(&scratch.path, name, true);
        assert!(
            matches!(refused, Err(GitError::BranchName(_) | GitError::Other(_))),
            "{name}"
        );
    }
    let clash = |branch: &str, other: &str| {
        let (branch, other) = (branch.to_owned(), other.to_owned());
        Err(GitError::BranchClash { branch, other })
    };
    scratch.git(&["branch", "moved/dash"]);
    assert_eq!(
        try_commit(&scratch.path, "moved", true),
        clash("moved", "moved/dash")
    );
    scratch.git(&["pack-refs", "--all"]);
    assert_eq!(
        try_commit(&scratch.path, "main/x", true),
        clash("main/x", "main")
    );
    assert!(try_commit(&scratch.path, "moved/other", false).is_ok());
}

#[test]
fn every_kind_of_repository_gets_its_branch() {
    let scratch = app();
    let url = scratch.path.to_str().unwrap();
    let other = Scratch::new();
    let identity = |place: &Path| {
        git_in(place, &["config", "user.name", "A"]);
        git_in(place, &["config", "user.email", "a@example.com"]);
    };
    other.git(&["clone", "--quiet", "--bare", url, "bare.git"]);
    other.git(&[
        "clone",
        "--quiet",
        "--depth",
        "1",
        &format!("file://{url}"),
        "shallow",
    ]);
    other.git(&["clone", "--quiet", url, "detached"]);
    git_in(
        &other.path.join("detached"),
        &["checkout", "--quiet", "--detach"],
    );
    let around = Scratch::repository(&[("x", "")]);
    around.git(&["submodule", "--quiet", "add", url, "sub"]);
    let places = [
        other.path.join("bare.git"),
        other.path.join("shallow"),
        other.path.join("detached"),
        around.path.join("sub"),
    ];
    for place in places {
        identity(&place);
        let commit = try_commit(&place, BRANCH, false).unwrap();
        assert_eq!(git_in(&place, &["rev-parse", BRANCH]), commit.to_string());
        git_in(&place, &["fsck", "--strict", "--no-dangling"]);
    }
    assert_eq!(
        git_in(
            &around.path,
            &["status", "--porcelain", "--ignore-submodules=none"]
        ),
        "A  .gitmodules\nA  sub"
    );
}

#[test]
fn an_unborn_branch_has_nothing_to_start_from() {
    let scratch = Scratch::with(&APP);
    scratch.init();
    let refused = try_commit(&scratch.path, BRANCH, false);
    assert_eq!(refused, Err(GitError::Unborn("main".to_owned())));
}

#[test]
fn a_locked_branch_is_an_error() {
    let scratch = app();
    scratch.write(&format!(".git/refs/heads/{BRANCH}.lock"), "");
    let refused = try_commit(&scratch.path, BRANCH, false);
    assert!(matches!(refused, Err(GitError::Locked(_))), "{refused:?}");
    fs::remove_file(scratch.path.join(format!(".git/refs/heads/{BRANCH}.lock"))).unwrap();
    assert!(try_commit(&scratch.path, BRANCH, false).is_ok());
}

#[test]
fn a_repository_that_may_not_be_written_is_an_error() {
    let scratch = app();
    let heads = scratch.path.join(".git/refs/heads");
    fs::set_permissions(&heads, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(heads.join("probe"), "").is_ok() {
        // The superuser may write anywhere.
        return;
    }
    let refused = try_commit(&scratch.path, BRANCH, false);
    assert!(
        matches!(refused, Err(GitError::NotWritable(_))),
        "{refused:?}"
    );
    fs::set_permissions(&heads, fs::Permissions::from_mode(0o755)).unwrap();
    let objects = scratch.path.join(".git/objects");
    let locked = git_in(&scratch.path, &["count-objects"]);
    chmod_all(&objects, 0o555);
    let refused = try_commit(&scratch.path, BRANCH, false);
    assert!(
        matches!(refused, Err(GitError::NotWritable(_))),
        "{refused:?}"
    );
    assert_eq!(git_in(&scratch.path, &["count-objects"]), locked);
    chmod_all(&objects, 0o755);
}

fn chmod_all(folder: &Path, mode: u32) {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            chmod_all(&entry.path(), mode);
        }
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn what_changes_nothing_is_not_committed() {
    let scratch = app();
    let repository = Repository::open(&scratch.path).unwrap();
    let base = repository.head().unwrap().target().unwrap();
    let mut request = BranchRequest {
        base,
        branch: BRANCH,
        force: false,
        message: "x",
        may_sign: true,
        changes: &changes(&[("app.py", written(APP[3].1))]),
    };
    assert_eq!(
        commit_on_branch(&repository, &request),
        Err(GitError::NothingChanged)
    );
    let link = Change::Write {
        contents: (*b"x").into(),
        kind: EntryKind::Symlink,
    };
    let dangling = changes(&[("link", link)]);
    request.changes = &dangling;
    let refused = commit_on_branch(&repository, &request);
    assert!(matches!(refused, Err(GitError::DanglingLink(_))));
    assert!(
        repository
            .find_branch(BRANCH, git2::BranchType::Local)
            .is_err()
    );
}

#[test]
fn a_removed_link_goes_itself() {
    let scratch = Scratch::with(&[("real", "x")]);
    scratch.link("link", "real");
    scratch.init();
    scratch.git(&["add", "."]);
    scratch.git(&["commit", "--quiet", "--message", "first"]);
    let repository = Repository::open(&scratch.path).unwrap();
    let request = BranchRequest {
        base: repository.head().unwrap().target().unwrap(),
        branch: BRANCH,
        force: false,
        message: "x",
        may_sign: true,
        changes: &changes(&[("link", Change::Remove)]),
    };
    commit_on_branch(&repository, &request).unwrap();
    assert_eq!(scratch.git(&["ls-tree", "--name-only", BRANCH]), "real");
}

/// A program that signs as gpg does for git: a line of status, and a signature.
const SIGNER: &str = "#!/bin/sh\ncat >/dev/null\n\
    echo '[GNUPG:] SIG_CREATED D 1 8 00 1 X' >&2\n\
    printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'\n";

/// An app whose user signs with a program: the home folder of the user is that of the app.
fn signing_app(program: &str) -> Scratch {
    let scratch = app();
    let signer = scratch.path.join(".git/signer");
    fs::write(&signer, program).unwrap();
    fs::set_permissions(&signer, fs::Permissions::from_mode(0o755)).unwrap();
    let signer = signer.to_str().unwrap();
    let file = scratch.path.join(".gitconfig");
    let set = |key: &str, value: &str| {
        scratch.git(&["config", "--file", file.to_str().unwrap(), key, value]);
    };
    set("commit.gpgSign", "true");
    set("gpg.program", signer);
    scratch
}

#[test]
fn a_commit_is_signed_when_the_configuration_asks() {
    let scratch = signing_app(SIGNER);
    // What a repository brings decides nothing: this one would sign with a program of its own.
    scratch.git(&["config", "gpg.program", "/bin/false"]);
    scratch.git(&["config", "gpg.format", "x509"]);
    in_child("branch::child_that_signs", &scratch, &[]);
    let raw = scratch.git(&["cat-file", "commit", BRANCH]);
    assert!(
        raw.contains("gpgsig -----BEGIN PGP SIGNATURE-----"),
        "{raw}"
    );
    assert!(
        raw.contains("author A Developer <dev@example.com>"),
        "{raw}"
    );
    assert_eq!(
        scratch.git(&["log", "--format=%s|%b", "-1", BRANCH]),
        "Move to Dash Enterprise 5|Body."
    );
}

#[test]
#[ignore = "started by a_commit_is_signed_when_the_configuration_asks"]
fn child_that_signs() {
    assert!(try_commit(&place_of_parent(), BRANCH, false).is_ok());
}

#[test]
fn a_signature_that_fails_leaves_no_branch() {
    let scratch = signing_app("#!/bin/sh\necho no secret key >&2\nexit 1\n");
    let before = state(&scratch.path);
    in_child("branch::child_that_cannot_sign", &scratch, &[]);
    assert_eq!(state(&scratch.path), before);
    assert!(
        !scratch
            .path
            .join(format!(".git/refs/heads/{BRANCH}"))
            .exists()
    );
}

#[test]
#[ignore = "started by a_signature_that_fails_leaves_no_branch"]
fn child_that_cannot_sign() {
    let refused = try_commit(&place_of_parent(), BRANCH, false);
    assert!(matches!(refused, Err(GitError::Signing(_))), "{refused:?}");
}

/// Runs one of the ignored tests below in a process with this environment.
fn in_child(test: &str, scratch: &Scratch, environment: &[(&str, &str)]) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored"])
        .env("HOME", &scratch.path)
        .env("XDG_CONFIG_HOME", &scratch.path)
        .env("DASHLIFT_TEST_PLACE", &scratch.path)
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

/// The folder of the test that started this process.
fn place_of_parent() -> PathBuf {
    std::env::var_os("DASHLIFT_TEST_PLACE").unwrap().into()
}

#[test]
fn without_git_nothing_is_signed_and_everything_else_works() {
    let scratch = signing_app(SIGNER);
    let nowhere = scratch.path.to_str().unwrap();
    in_child("branch::child_without_git", &scratch, &[("PATH", nowhere)]);
}

#[test]
#[ignore = "started by without_git_nothing_is_signed_and_everything_else_works"]
fn child_without_git() {
    let place = place_of_parent();
    let refused = try_commit(&place, BRANCH, false);
    assert!(matches!(refused, Err(GitError::NoSigner(_))), "{refused:?}");
    let mut config = git2::Config::open(&place.join(".gitconfig")).unwrap();
    config.set_bool("commit.gpgSign", false).unwrap();
    assert!(try_commit(&place, BRANCH, false).is_ok());
}

fn anonymous_app() -> Scratch {
    let scratch = app();
    scratch.git(&["config", "--unset", "user.name"]);
    scratch.git(&["config", "--unset", "user.email"]);
    scratch
}

#[test]
fn nobody_cannot_commit() {
    in_child("branch::child_without_identity", &anonymous_app(), &[]);
}

#[test]
#[ignore = "started by nobody_cannot_commit"]
fn child_without_identity() {
    let place = place_of_parent();
    assert_eq!(try_commit(&place, BRANCH, false), Err(GitError::Identity));
    let words = GitError::Identity.to_string();
    assert!(words.contains("git config --global user.name"), "{words}");
    assert!(words.contains("git config --global user.email"), "{words}");
    assert!(!place.join(format!(".git/refs/heads/{BRANCH}")).exists());
}

#[test]
fn the_environment_may_name_who_commits() {
    let scratch = anonymous_app();
    let environment = [
        ("GIT_AUTHOR_NAME", "Ada"),
        ("GIT_AUTHOR_EMAIL", "ada@example.com"),
        ("GIT_AUTHOR_DATE", "2005-04-07T22:13:13+0200"),
        ("GIT_COMMITTER_NAME", "Grace"),
        ("GIT_COMMITTER_EMAIL", "grace@example.com"),
        ("GIT_COMMITTER_DATE", "@1112911993 +0000"),
    ];
    in_child("branch::child_with_identity", &scratch, &environment);
    let format = "--format=%an %ae %at %cn %ce %ct";
    assert_eq!(
        scratch.git(&["log", "-1", format, BRANCH]),
        "Ada ada@example.com 1112904793 Grace grace@example.com 1112911993"
    );
}

#[test]
#[ignore = "started by the_environment_may_name_who_commits"]
fn child_with_identity() {
    try_commit(&place_of_parent(), BRANCH, false).unwrap();
}
