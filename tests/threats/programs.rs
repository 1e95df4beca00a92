//! Nothing of a clone is started when a resolver is asked, and what is started knows little.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// An app with programs and modules that would be taken from the current folder; a folder of
/// programs of the machine beside it.
struct Scene(TempDir);

impl Scene {
    fn new(list: &str) -> Self {
        let scene = Self(TempDir::new().unwrap());
        let clone = scene.clone_folder();
        fs::create_dir_all(clone.join("bin")).unwrap();
        fs::create_dir(scene.machine()).unwrap();
        fs::write(clone.join("Procfile"), "web: gunicorn app:server\n").unwrap();
        fs::write(clone.join("app.py"), "server = None\n").unwrap();
        fs::write(clone.join("requirements.txt"), list).unwrap();
        let canary = scene.canary();
        let module = format!("open('{}', 'w')\n", canary.display());
        for name in ["pip.py", "typing.py", "encodings.py", "sitecustomize.py"] {
            fs::write(clone.join(name), &module).unwrap();
        }
        let script = format!("touch {}", canary.display());
        for name in ["uv", "python", "python3", "python3.10", "sh", "git"] {
            executable(&clone.join(name), &script);
            executable(&clone.join("bin").join(name), &script);
        }
        scene
    }

    fn clone_folder(&self) -> std::path::PathBuf {
        self.0.path().join("clone")
    }

    fn machine(&self) -> std::path::PathBuf {
        self.0.path().join("machine")
    }

    fn canary(&self) -> std::path::PathBuf {
        self.0.path().join("canary")
    }

    fn log(&self) -> std::path::PathBuf {
        self.0.path().join("log")
    }

    /// A program of the machine that writes down what it was given, and answers with nothing.
    fn recorder(&self, name: &str) {
        let log = self.log();
        let log = log.display();
        executable(
            &self.machine().join(name),
            &format!(
                "{{ echo \"run: $0 $*\"; pwd; env; cat; cat uv.toml requirements.txt; }} >> {log} 2>/dev/null\n\
                 echo 'pip 24.0 (python 3.10)'"
            ),
        );
    }

    fn run(&self, arguments: &[&str], elements: &[&Path]) -> Output {
        let path: OsString = std::env::join_paths(elements).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_dashlift"));
        command.current_dir(self.clone_folder()).args(arguments);
        command.env("PATH", path).env("MY_CI_SECRET", "hunter2");
        command.env("PYTHONPATH", self.clone_folder());
        command.output().unwrap()
    }
}

fn executable(path: &Path, script: &str) {
    fs::write(path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn said(output: &Output) -> String {
    let text = [&*output.stdout, &*output.stderr].concat();
    String::from_utf8_lossy(&text).into_owned()
}

const COMMANDS: [&[&str]; 5] = [
    &["solve"],
    &["solve", "--with", "pip"],
    &["solve", "--with", "uv"],
    &["minimise", "--online"],
    &["verify"],
];

#[test]
fn programs_of_a_clone_are_not_found() {
    let scene = Scene::new("six==1.12.0\n");
    let clone = scene.clone_folder();
    let link = scene.0.path().join("link");
    std::os::unix::fs::symlink(clone.join("bin"), &link).unwrap();
    let inside = clone.join("bin");
    let elements = [
        Path::new("."),
        Path::new("bin"),
        Path::new(""),
        &inside,
        &link,
    ];
    for command in COMMANDS {
        let output = scene.run(command, &elements);
        let words = said(&output);
        // The answer of `solve` itself needs no program; that none confirmed it is said.
        let is_refused = output.status.code() == Some(2)
            && (words.contains("found") || words.contains("is not on this machine"));
        let is_alone = command == ["solve"] && words.contains("not confirmed");
        assert!(is_refused || is_alone, "{command:?}: {words}");
        assert!(
            !scene.canary().exists(),
            "{command:?} ran a program of the clone"
        );
    }
}

#[test]
fn modules_of_a_clone_are_not_imported() {
    let scene = Scene::new("six==1.12.0\n");
    for folder in ["/usr/bin", "/bin"] {
        let output = scene.run(
            &["solve", "--with", "pip", "--timeout", "20"],
            &[Path::new(folder)],
        );
        assert!(!scene.canary().exists(), "{}", said(&output));
    }
}

#[test]
fn a_resolver_knows_little_and_reads_nothing_of_the_clone() {
    let list = "--index-url https://ada:${MY_CI_SECRET}@packages.example.com/simple\n\
                --find-links file://localhost/etc\n\
                --extra-index-url FILE:///etc\n\
                six==1.12.0\nother @ file:///etc/passwd\n";
    for tool in ["uv", "pip"] {
        let scene = Scene::new(list);
        scene.recorder("uv");
        scene.recorder("python3.10");
        let machine = scene.machine();
        let elements = [&*machine, Path::new("/usr/bin"), Path::new("/bin")];
        let arguments = ["solve", "--python", "3.10", "--with", tool];
        let output = scene.run(&arguments, &elements);
        let log = fs::read_to_string(scene.log()).unwrap_or_default();
        assert!(
            log.contains("packages.example.com"),
            "{tool}: {log}\n{}",
            said(&output)
        );
        assert!(log.contains("%24%7BMY_CI_SECRET%7D"), "{log}");
        for secret in ["hunter2", "file:", "FILE:", "PYTHONPATH"] {
            assert!(!log.contains(secret), "{tool} was given {secret}:\n{log}");
        }
        let clone = scene.clone_folder().display().to_string();
        assert!(!log.contains(&clone), "{tool} is near the clone:\n{log}");
        if tool == "pip" {
            assert!(log.contains(" -I -m pip install "), "{log}");
        } else {
            assert!(log.contains("--no-python-downloads"), "{log}");
        }

        let scene = Scene::new(list);
        scene.recorder("uv");
        scene.recorder("python3.10");
        let machine = scene.machine();
        let elements = [&*machine, Path::new("/usr/bin"), Path::new("/bin")];
        let mut allowed = arguments.to_vec();
        allowed.extend(["--allow-env", "MY_CI_SECRET"]);
        let output = scene.run(&allowed, &elements);
        let log = fs::read_to_string(scene.log()).unwrap_or_default();
        assert!(log.contains("ada:hunter2@"), "{log}");
        assert!(!said(&output).contains("hunter2"), "{}", said(&output));
    }
}
