//! Nothing of a repository is run, and no other repository is opened through it.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::support::{Fleet, Ran};

const MIGRATE: &[&str] = &["batch", ".", "--migrate"];

/// A batch over everything; the good repository is done and nothing else happened.
fn batch(fleet: &Fleet) -> Ran {
    let ran = fleet.run(MIGRATE);
    fleet.assert_unharmed();
    fleet.assert_good_is_converted();
    ran
}

#[test]
fn a_committed_bare_repository_signs_nothing() {
    let fleet = Fleet::new();
    fleet.clone_of("evil");
    let program = fleet.canary_program("clones/evil/sign");
    // The folder holds a commit, so that there would be something to migrate.
    fleet.git(
        "good",
        &["clone", "--quiet", "--bare", ".", "../evil/store"],
    );
    let config = format!(
        "[core]\n\tbare = true\n\trepositoryformatversion = 0\n[commit]\n\tgpgsign = true\n\
         [gpg]\n\tprogram = {}\n",
        program.display()
    );
    fleet.write("clones/evil/store/config", config);
    fleet.commit("evil");
    let ran = batch(&fleet);
    assert!(
        ran.all().contains("evil/store is laid out as a repository"),
        "{}",
        ran.all()
    );
    let ran = fleet.run_in(&fleet.at("evil/store"), &["migrate"]);
    fleet.assert_unharmed();
    assert!(!ran.out.contains("store.git"), "{}", ran.all());
    let branches = fleet.git("evil/store", &["for-each-ref", "--format=%(refname)"]);
    assert!(!branches.contains("dash-enterprise-5"), "{branches}");
}

#[test]
fn a_repository_starts_no_program_of_its_own() {
    let fleet = Fleet::new();
    fleet.clone_of("evil");
    let program = fleet.canary_program("clones/evil/.git/sign");
    let program = program.to_str().unwrap();
    for (key, value) in [
        ("commit.gpgSign", "true"),
        ("gpg.program", program),
        ("gpg.ssh.program", program),
        ("core.fsmonitor", program),
        ("core.hooksPath", program),
        ("filter.x.clean", program),
        ("filter.x.smudge", program),
        ("filter.x.required", "true"),
    ] {
        fleet.git("evil", &["config", key, value]);
    }
    fleet.write("clones/evil/.gitattributes", "* filter=x\n");
    fleet.canary_program("clones/evil/.git/hooks/reference-transaction");
    fleet.canary_program("clones/evil/.git/hooks/post-commit");
    batch(&fleet);
    let names = fleet.git("evil", &["ls-tree", "--name-only", "dash-enterprise-5"]);
    assert!(names.contains("project.toml"), "{names}");
    for command in ["check", "diff", "fix", "plan"] {
        fleet.run(&[command, "evil"]);
    }
    fleet.assert_unharmed();
}

#[test]
fn the_users_own_program_signs_and_a_git_of_the_repository_does_not() {
    let fleet = Fleet::new();
    fleet.clone_of("evil");
    fleet.canary_program("clones/evil/git");
    fs::create_dir(fleet.root().join("bin")).unwrap();
    let signer = "#!/bin/sh\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED D 1 8 00 1 X' >&2\n\
                  printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'\n";
    fleet.write("home/sign", signer);
    let signer = fleet.root().join("home/sign");
    Command::new("chmod")
        .arg("+x")
        .arg(&signer)
        .status()
        .unwrap();
    let config = format!(
        "[user]\n\tname = A\n\temail = a@example.com\n[commit]\n\tgpgsign = true\n\
         [includeIf \"gitdir:{}/\"]\n\tpath = more\n",
        fleet.root().join("clones").display()
    );
    fleet.write("home/.gitconfig", config);
    fleet.write(
        "home/more",
        format!("[gpg]\n\tprogram = {}\n", signer.display()),
    );
    let ran = Command::new(env!("CARGO_BIN_EXE_dashlift"))
        .arg("migrate")
        .current_dir(fleet.at("evil"))
        .env_clear()
        .env("HOME", fleet.root().join("home"))
        .env(
            "PATH",
            format!(
                ".::{}:/usr/local/bin:/usr/bin:/bin",
                fleet.at("evil").display()
            ),
        )
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}");
    let commit = fleet.git("evil", &["cat-file", "commit", "dash-enterprise-5"]);
    assert!(commit.contains("BEGIN PGP SIGNATURE"), "{commit}");
    fleet.assert_unharmed();
}

#[test]
fn a_work_tree_elsewhere_is_not_touched() {
    let fleet = Fleet::new();
    fleet.app("outside/app");
    fleet.clone_of("evil");
    for elsewhere in ["outside/app", "clones"] {
        let elsewhere = fleet.root().join(elsewhere);
        fleet.git(
            "evil",
            &["config", "core.worktree", elsewhere.to_str().unwrap()],
        );
        for command in ["fix", "migrate", "check"] {
            let ran = fleet.run(&[command, "evil"]);
            assert_eq!(ran.code, Some(2), "{}", ran.all());
            assert!(ran.err.contains("core.worktree"), "{}", ran.all());
        }
    }
    let text = fs::read_to_string(fleet.outside().join("app/runtime.txt")).unwrap();
    assert_eq!(text, "python-3.9.6\n");
    fs::remove_dir_all(fleet.outside().join("app")).unwrap();
    batch(&fleet);
}

#[test]
fn a_git_file_that_leads_to_another_repository_is_refused() {
    let fleet = Fleet::new();
    fleet.clone_of("victim");
    let before = fleet.git("victim", &["for-each-ref"]);
    let victim = fleet.at("victim/.git");
    for name in ["by-file", "by-link", "by-common"] {
        fleet.app(&format!("clones/{name}"));
    }
    fleet.write(
        "clones/by-file/.git",
        format!("gitdir: {}\n", victim.display()),
    );
    symlink(&victim, fleet.at("by-link/.git")).unwrap();
    fleet.write(
        "clones/by-common/.git/commondir",
        format!("{}\n", victim.display()),
    );
    fleet.write("clones/by-common/.git/HEAD", "ref: refs/heads/main\n");
    fleet.write(
        "clones/by-common/.git/gitdir",
        format!("{}\n", fleet.at("by-common/.git").display()),
    );
    for name in ["by-file", "by-link", "by-common"] {
        for command in ["migrate", "fix"] {
            let ran = fleet.run(&[command, name]);
            assert_eq!(ran.code, Some(2), "{name}: {}", ran.all());
            assert!(
                ran.err.contains("leads to a repository elsewhere"),
                "{}",
                ran.all()
            );
        }
    }
    assert_eq!(fleet.git("victim", &["for-each-ref"]), before);
}

#[test]
fn git_files_that_are_pipes_or_links_stop_nobody() {
    let fleet = Fleet::new();
    let mkfifo = |path: &str| {
        let path = fleet.at(path);
        let _ = fs::remove_file(&path);
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    };
    let names = [
        "config",
        "HEAD",
        "packed-refs",
        "index",
        "refs/heads/pipe",
        "info/exclude",
    ];
    for (at, name) in names.iter().enumerate() {
        fleet.clone_of(&format!("evil{at}"));
        mkfifo(&format!("evil{at}/.git/{name}"));
    }
    fleet.clone_of("linked");
    let heads = fleet.at("linked/.git/refs/heads");
    symlink(fleet.outside(), heads.join("out")).unwrap();
    fleet.write("clones/linked/dashlift.toml", "branch = \"out/branch\"\n");
    fleet.clone_of("includes");
    fleet.git("includes", &["config", "include.path", "pipe"]);
    mkfifo("includes/.git/pipe");
    fleet.clone_of("zero");
    fs::remove_file(fleet.at("zero/.git/info/exclude")).unwrap();
    symlink("/dev/zero", fleet.at("zero/.git/info/exclude")).unwrap();
    let ran = batch(&fleet);
    let all = ran.all();
    assert!(
        all.matches("is not a regular file").count() >= names.len(),
        "{all}"
    );
    assert!(all.contains("linked/.git/refs/heads/out"), "{all}");
    assert!(all.contains("includes/.git/pipe"), "{all}");
    assert!(all.contains("zero/.git/info/exclude"), "{all}");
}

#[test]
fn objects_that_are_pipes_stop_nobody() {
    let fleet = Fleet::new();
    let pipe_for = |clone: &str, store: &str| {
        let blob = fleet.git(clone, &["rev-parse", "HEAD:requirements.txt"]);
        let object = format!("{store}/{}/{}", &blob[..2], &blob[2..]);
        let path = fleet.root().join(object);
        fs::remove_file(&path).unwrap();
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    };
    fleet.clone_of("loose");
    pipe_for("loose", "clones/loose/.git/objects");
    fleet.clone_of("borrows");
    let lent = fleet.root().join("lent");
    fs::rename(fleet.at("borrows/.git/objects"), &lent).unwrap();
    fleet.write(
        "clones/borrows/.git/objects/info/alternates",
        format!("{}\n", lent.display()),
    );
    pipe_for("borrows", "lent");
    for name in ["loose", "borrows"] {
        for command in ["check", "migrate"] {
            let ran = fleet.run(&[command, name]);
            assert_eq!(ran.code, Some(2), "{command} {name}: {}", ran.all());
            assert!(ran.err.contains("is not a regular file"), "{}", ran.all());
        }
    }
    let ran = batch(&fleet);
    let all = ran.all();
    assert_eq!(all.matches("is not a regular file").count(), 2, "{all}");
}

#[test]
fn a_branch_that_stands_for_another_is_left_alone() {
    let fleet = Fleet::new();
    fleet.clone_of("evil");
    let before = fleet.git("evil", &["rev-parse", "main"]);
    fleet.git(
        "evil",
        &[
            "symbolic-ref",
            "refs/heads/dash-enterprise-5",
            "refs/heads/main",
        ],
    );
    let ran = fleet.run(&["migrate", "evil", "--force"]);
    assert_eq!(ran.code, Some(2), "{}", ran.all());
    assert!(
        ran.err.contains("stands for another reference"),
        "{}",
        ran.all()
    );
    assert_eq!(fleet.git("evil", &["rev-parse", "main"]), before);
}

#[test]
fn bare_repositories_are_opened_as_git_does() {
    let fleet = Fleet::new();
    fleet.git(
        "good",
        &["clone", "--quiet", "--bare", ".", "../mirror.git"],
    );
    let ran = fleet.run(&["migrate", "mirror.git"]);
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    fleet.write(
        "home/.gitconfig",
        "[user]\n\tname = A\n\temail = a@example.com\n[safe]\n\tbareRepository = explicit\n",
    );
    let ran = fleet.run(&["migrate", "mirror.git", "--force"]);
    assert_eq!(ran.code, Some(2), "{}", ran.all());
    assert!(ran.err.contains("safe.bareRepository"), "{}", ran.all());
    batch(&fleet);
}

#[test]
fn ordinary_work_trees_and_submodules_work_on() {
    let fleet = Fleet::new();
    fleet.git(
        "good",
        &["worktree", "add", "--quiet", "../linked", "-b", "other"],
    );
    fleet.clone_of("around");
    let good = fleet.at("good");
    fleet.git(
        "around",
        &["submodule", "--quiet", "add", good.to_str().unwrap(), "sub"],
    );
    fleet.git(
        "good",
        &["worktree", "add", "--quiet", "deep/er", "-b", "third"],
    );
    for (at, name) in ["linked", "around/sub", "good/deep/er"].iter().enumerate() {
        let branch = format!("--branch=b{at}");
        let ran = fleet.run(&["migrate", name, &branch]);
        assert_eq!(ran.code, Some(0), "{name}: {}", ran.all());
        let ran = fleet.run(&["fix", name]);
        assert_eq!(ran.code, Some(0), "{name}: {}", ran.all());
        assert!(fleet.at(name).join("project.toml").exists(), "{name}");
    }
}

#[test]
fn split_and_sparse_indexes_do_not_stop_migrate() {
    let fleet = Fleet::new();
    fleet.clone_of("split");
    fleet.git("split", &["update-index", "--split-index"]);
    fleet.write("clones/split/requirements.txt", "dash==2.9.0\n");
    fleet.clone_of("sparse");
    fleet.write("clones/sparse/other/file", "x");
    fleet.commit("sparse");
    fleet.git(
        "sparse",
        &["sparse-checkout", "init", "--cone", "--sparse-index"],
    );
    for name in ["split", "sparse"] {
        let ran = fleet.run(&["migrate", name]);
        assert_eq!(ran.code, Some(0), "{name}: {}", ran.all());
        let uncommitted = ran
            .all()
            .contains("requirements.txt has uncommitted changes");
        assert_eq!(uncommitted, name == "split", "{}", ran.all());
    }
    batch(&fleet);
}
