//! DL113.

use crate::harness::{Case, app};

const WEB: (&str, &str) = ("Procfile", "web: gunicorn app:server\n");

fn with(script: &str) -> Case {
    app([
        WEB,
        ("requirements.txt", "dash\n"),
        ("predeploy.sh", script),
    ])
    .rule("DL113")
}

#[test]
fn sound_scripts_are_quiet() {
    for script in [
        "#!/bin/bash\n# apt-get install x, cd /app\npython predeploy.py > /tmp/log\n",
        "#!/bin/bash\npip install --upgrade pip\n",
        "cat /etc/hosts | grep x\n",
        "echo sudo apt-get\n",
        "cat > x <<EOF\napt-get install y\nEOF\n",
        "",
    ] {
        let case = app([WEB, ("predeploy.sh", script), ("predeploy.py", "")]).rule("DL113");
        assert!(case.check().is_empty(), "{script:?}: {:?}", case.check());
    }
}

#[test]
fn windows_line_ends_go() {
    let case = with("#!/bin/bash\r\necho a\r\necho b");
    assert_eq!(
        case.check(),
        [
            "predeploy.sh:1:1: DL113 predeploy.sh has Windows line ends, which the shell takes for parts of words"
        ]
    );
    assert_eq!(
        case.fix().text("predeploy.sh"),
        "#!/bin/bash\necho a\necho b"
    );
    let after = with("\u{feff}#!/bin/bash\r\necho a\r\n").fix();
    assert_eq!(after.text("predeploy.sh"), "#!/bin/bash\necho a\n");
}

#[test]
fn the_folder_of_de4_is_said_line_by_line() {
    assert_eq!(
        with("#!/app/.heroku/python/bin/bash\ncd /app # /app\ncp a \"/app/data\"\nls x/app\n")
            .check(),
        [
            "predeploy.sh:1:3: DL113 predeploy.sh names /app, where Dash Enterprise 5 does not keep the app",
            "predeploy.sh:2:4: DL113 predeploy.sh names /app, where Dash Enterprise 5 does not keep the app",
            "predeploy.sh:3:7: DL113 predeploy.sh names /app, where Dash Enterprise 5 does not keep the app",
        ]
    );
}

#[test]
fn what_only_root_can_do_is_said() {
    for (script, place, what) in [
        (
            "apt-get update && sudo apt-get install -y libx",
            "1:1",
            "runs apt-get, which needs root",
        ),
        ("dpkg -i x.deb", "1:1", "runs dpkg, which needs root"),
        ("ls\nldconfig", "2:1", "runs ldconfig, which needs root"),
        (
            "echo '1.2.3.4 x' >> /etc/hosts",
            "1:1",
            "writes to /etc/hosts, which needs root",
        ),
        (
            "cp krb5.conf /etc/krb5.conf",
            "1:1",
            "writes to /etc/krb5.conf, which needs root",
        ),
        (
            "echo x | tee -a /etc/hosts",
            "1:10",
            "writes to /etc/hosts, which needs root",
        ),
        ("sudo ./x", "1:1", "runs sudo"),
    ] {
        let found = with(script).check();
        assert!(
            found[0].starts_with(&format!("predeploy.sh:{place}: DL113 predeploy.sh {what}")),
            "{found:?}"
        );
    }
    let findings = with("apt-get install -y libaio1 unixodbc\n").findings();
    assert_eq!(
        findings[0].steps[0].text,
        "List the packages in Aptfile, one per line, and remove the command: libaio1, unixodbc."
    );
}

fn hidden(script: &str, requirements: Option<&str>) -> Case {
    let mut files = vec![WEB, ("predeploy.sh", script), ("other.txt", "numpy\n")];
    files.extend(requirements.map(|list| ("requirements.txt", list)));
    app(files).rule("DL113")
}

#[test]
fn hidden_requirements_move_when_asked() {
    let case = hidden(
        "#!/bin/bash\nset -e\npip install -q -r other.txt\necho done\n",
        Some("dash"),
    );
    assert_eq!(
        case.check(),
        [
            "predeploy.sh:3:1: DL113 predeploy.sh installs other.txt with pip, where the build of Dash Enterprise 5 does not see it"
        ]
    );
    assert_eq!(case.fix().text("requirements.txt"), "dash");
    let after = case.unsafe_fixes().fix();
    assert_eq!(after.text("requirements.txt"), "dash\n-r other.txt\n");
    assert_eq!(
        after.text("predeploy.sh"),
        "#!/bin/bash\nset -e\necho done\n"
    );
    assert!(after.open.is_empty());
}

#[test]
fn hidden_requirements_make_a_list_where_there_is_none() {
    let case = hidden(
        "cd /app && python3 -m pip install \\\n  --requirement=other.txt",
        None,
    );
    let after = case.unsafe_fixes().fix();
    assert_eq!(after.text("requirements.txt"), "-r other.txt\n");
    assert_eq!(after.text("predeploy.sh"), "");
    let after = hidden(
        "pip install -r other.txt\n",
        Some("dash\r\n-r ./other.txt\r\n"),
    )
    .unsafe_fixes()
    .fix();
    assert_eq!(after.text("requirements.txt"), "dash\r\n-r ./other.txt\r\n");
    assert!(after.steps[0].starts_with("Remove predeploy.sh"));
}

#[test]
fn hidden_requirements_that_are_not_plain_are_a_persons() {
    for script in [
        "pip install -r missing.txt\n",
        "pip install -r other.txt numpy\n",
        "pip install -r other.txt --index-url https://dash.example.com/x\n",
        "pip install -r $FILE\n",
        "if [ -f other.txt ]; then\npip install -r other.txt\nfi\n",
        "pip install -r other.txt || true\n",
        "cd sub\npip install -r other.txt\n",
        "pip install -r other.txt # why\n",
        "pip install numpy==1.0\n",
    ] {
        let after = hidden(script, Some("dash\n")).unsafe_fixes().fix();
        assert_eq!(after.text("predeploy.sh"), script);
        assert!(
            after
                .open
                .iter()
                .any(|line| line.contains("with pip, where the build")),
            "{script}: {:?}",
            after.open
        );
    }
    let conda = app([
        WEB,
        ("environment.yml", "dependencies: [python]\n"),
        ("other.txt", "x\n"),
        ("predeploy.sh", "pip install -r other.txt\n"),
    ]);
    let after = conda.rule("DL113").unsafe_fixes().fix();
    assert!(!after.paths().contains(&"requirements.txt"));
}

#[test]
fn a_missing_script_is_said_where_it_is_named() {
    let case = app([
        WEB,
        (
            "project.toml",
            "[scripts]\npredeploy = \"setup.sh\"\nlint = \"x.sh\"\n",
        ),
        (
            "app.json",
            "{\"scripts\": {\"dokku\": {\"postdeploy\": \"bash after.sh\"}}}",
        ),
    ])
    .rule("DL113");
    assert_eq!(
        case.check(),
        [
            "app.json:1:38: DL113 app.json names after.sh as a deploy script, which is not in the repository",
            "project.toml:2:13: DL113 project.toml names setup.sh as a deploy script, which is not in the repository",
        ]
    );
}

#[test]
fn scripts_of_any_name_are_looked_into() {
    let case = app([
        WEB,
        (
            "project.toml",
            "[scripts]\npostdeploy = \"install_client\"\n",
        ),
        ("install_client", "ldconfig\n"),
    ])
    .rule("DL113");
    assert!(case.check()[0].starts_with("install_client:1:1: DL113 install_client runs ldconfig"));
    let case = app([
        WEB,
        ("app.json", "{\"scripts\": {\"predeploy\": \"/app/p.py\"}}"),
        ("p.py", "import apt\r\napt-get\r\n"),
    ])
    .rule("DL113");
    assert_eq!(case.check().len(), 1);
    assert_eq!(case.fix().text("p.py"), "import apt\napt-get\n");
}

#[test]
fn a_called_file_that_is_missing_is_said() {
    assert_eq!(
        with("#!/bin/bash\nbash bin/a.sh\n./b.sh\npython c.py\nbash predeploy.sh\n").check(),
        [
            "predeploy.sh:2:6: DL113 predeploy.sh calls bin/a.sh, which is not in the repository",
            "predeploy.sh:3:1: DL113 predeploy.sh calls b.sh, which is not in the repository",
            "predeploy.sh:4:8: DL113 predeploy.sh calls c.py, which is not in the repository",
        ]
    );
    for script in [
        "cd sub\nbash a.sh\n",
        "curl -O https://dash.example.com/a.sh\nbash a.sh\n",
        "bash $A\n",
        "bash -c ls\n",
    ] {
        assert!(with(script).check().is_empty(), "{script}");
    }
}

#[test]
fn bytes_that_are_no_text_are_left() {
    let case = app([
        ("Procfile", &b"web: x\n"[..]),
        ("predeploy.sh", b"echo \xff\n"),
    ])
    .rule("DL113");
    assert!(case.check()[0].starts_with("predeploy.sh:1:6: DL113 predeploy.sh cannot be used"));
}

#[test]
fn a_needless_change_of_folder_goes() {
    for (script, after) in [
        (
            "set -e\ncd /app\npython load.py\n",
            "set -e\npython load.py\n",
        ),
        ("cd /app && python load.py\n", "python load.py\n"),
        ("#!/bin/bash\ncd /app;\nls\n", "#!/bin/bash\nls\n"),
        ("cd /app/ && ls && pwd\n", "ls && pwd\n"),
    ] {
        let files = [WEB, ("load.py", ""), ("predeploy.sh", script)];
        let fixed = app(files).rule("DL113").fix();
        assert_eq!(fixed.text("predeploy.sh"), after);
        assert!(fixed.open.is_empty(), "{:?}", fixed.open);
    }
    for script in [
        "cd src\ncd /app\nls\n",
        "cd /app/src && ls\n",
        "x=1 cd /app\n",
    ] {
        let files = [WEB, ("predeploy.sh", script)];
        let fixed = app(files).rule("DL113").fix();
        assert_eq!(fixed.text("predeploy.sh"), script);
    }
}
