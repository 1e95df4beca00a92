//! A folder of clones, and a home of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// No run over a few small repositories takes this long; one that waits for a pipe never ends.
const PATIENCE: Duration = Duration::from_mins(2);

/// What a run of the program gave back.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Everything that was printed.
    pub(crate) fn all(&self) -> String {
        format!("{}{}", self.out, self.err)
    }
}

/// Clones in a folder, a home beside them, and a place where nobody may write.
pub(crate) struct Fleet {
    folder: TempDir,
}

impl Fleet {
    /// A folder with one good repository, `good`.
    pub(crate) fn new() -> Self {
        let fleet = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        for name in ["home", "clones", "outside"] {
            fs::create_dir(fleet.root().join(name)).unwrap();
        }
        fs::write(fleet.outside().join("bytes"), "as they were").unwrap();
        fleet.write(
            "home/.gitconfig",
            "[user]\n\tname = A\n\temail = a@example.com\n",
        );
        fleet.clone_of("good");
        fleet
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    /// The clone with this name.
    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.root().join("clones").join(name)
    }

    /// The folder that nothing may be written to.
    pub(crate) fn outside(&self) -> PathBuf {
        self.root().join("outside")
    }

    /// Writes a file, its path from the folder of the test.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes the files of an app that has something to do.
    pub(crate) fn app(&self, path: &str) {
        self.write(&format!("{path}/Procfile"), "web: gunicorn app:server\n");
        self.write(&format!("{path}/app.py"), "server = None\n");
        self.write(
            &format!("{path}/requirements.txt"),
            "dash==2.9.0\ngunicorn==20.1.0\n",
        );
        self.write(&format!("{path}/runtime.txt"), "python-3.9.6\n");
    }

    /// A repository with an app, committed.
    pub(crate) fn clone_of(&self, name: &str) {
        self.app(&format!("clones/{name}"));
        self.git(name, &["init", "--quiet", "--initial-branch=main"]);
        self.commit(name);
    }

    /// Commits everything.
    pub(crate) fn commit(&self, name: &str) {
        self.git(name, &["add", "--force", "."]);
        self.git(name, &["commit", "--quiet", "--message", "x"]);
    }

    /// Runs git in a clone.
    pub(crate) fn git(&self, name: &str, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .args(["-c", "protocol.file.allow=always"])
            .args(arguments)
            .current_dir(self.at(name))
            .env("HOME", self.root().join("home"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {error}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// A program that leaves a canary when it runs.
    pub(crate) fn canary_program(&self, path: &str) -> PathBuf {
        let text = format!(
            "#!/bin/sh\ntouch {}\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED D 1 8 00 1 X' >&2\n\
             printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'\n",
            self.canary().display()
        );
        self.write(path, text);
        let path = self.root().join(path);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn canary(&self) -> PathBuf {
        self.outside().join("canary")
    }

    /// Runs the program in the folder of clones.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_in(&self.at(""), arguments)
    }

    /// Runs the program, which must come to an end.
    pub(crate) fn run_in(&self, folder: &Path, arguments: &[&str]) -> Ran {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dashlift"))
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.root().join("home"))
            .stdin(Stdio::null())
            .stdout(fs::File::create(self.root().join("stdout")).unwrap())
            .stderr(fs::File::create(self.root().join("stderr")).unwrap())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        let code = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status.code();
            }
            if begun.elapsed() > PATIENCE {
                child.kill().unwrap();
                assert!(begun.elapsed() < PATIENCE, "{arguments:?} does not end");
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let read = |name: &str| fs::read(self.root().join(name)).unwrap();
        Ran {
            code,
            out: String::from_utf8_lossy(&read("stdout")).into_owned(),
            err: String::from_utf8_lossy(&read("stderr")).into_owned(),
        }
    }

    /// Nothing ran, nothing was written outside.
    pub(crate) fn assert_unharmed(&self) {
        let names: Vec<_> = fs::read_dir(self.outside()).unwrap().flatten().collect();
        assert_eq!(names.len(), 1, "something was written: {names:?}");
        let bytes = fs::read_to_string(self.outside().join("bytes")).unwrap();
        assert_eq!(bytes, "as they were");
    }

    /// The good repository is converted.
    pub(crate) fn assert_good_is_converted(&self) {
        let names = self.git("good", &["ls-tree", "--name-only", "dash-enterprise-5"]);
        assert!(names.contains("project.toml"), "{names}");
    }
}
