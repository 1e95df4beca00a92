//! DL312.

use crate::harness::app;

fn check(code: &str) -> Vec<String> {
    app([
        ("Procfile", "web: python app.py\n"),
        ("requirements.txt", "dash\nopencv-python\n"),
        ("app.py", code),
    ])
    .rule("DL312")
    .check()
}

#[test]
fn commands_of_root_are_said() {
    for (code, shown) in [
        (
            "import os\nos.system('apt-get install -y libgl1')\n",
            "apt-get install -y libgl1",
        ),
        (
            "import os\nos.system('apt-get update && apt-get install -y gs')\n",
            "apt-get update ; apt-get install -y gs",
        ),
        (
            "import subprocess\nsubprocess.run(['apt', 'install', 'x'])\n",
            "apt install x",
        ),
        ("import os\nos.system('sudo ldconfig')\n", "sudo ldconfig"),
        (
            "from subprocess import call\ncall('ldconfig', shell=True)\n",
            "ldconfig",
        ),
        (
            "import os\nos.popen('dpkg -i chrome.deb')\n",
            "dpkg -i chrome.deb",
        ),
    ] {
        let lines = check(code);
        assert_eq!(lines.len(), 1, "{code} {lines:?}");
        assert!(
            lines[0].contains(&format!("DL312 the app runs `{shown}`, which needs root")),
            "{lines:?}"
        );
    }
}

#[test]
fn packages_that_the_app_installs_are_said() {
    for code in [
        "import os\nos.system('pip install openpyxl')\n",
        "import subprocess, sys\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', 'openpyxl'])\n",
        "import pip\npip.main(['install', 'openpyxl'])\n",
        "import os\nos.system('python -m pip install --user openpyxl')\n",
        "import os\nos.system('conda install -y openpyxl')\n",
    ] {
        let case = app([
            ("Procfile", "web: python app.py\n"),
            ("requirements.txt", "dash\n"),
            ("app.py", code),
        ])
        .rule("DL312");
        let findings = case.findings();
        assert_eq!(findings.len(), 1, "{code}");
        assert_eq!(
            findings[0].steps[0].text, "Write openpyxl into requirements.txt and remove the call.",
            "{code}"
        );
    }
}

#[test]
fn other_commands_are_quiet() {
    for code in [
        "import os\nos.system('wkhtmltopdf a.html b.pdf')\n",
        "print('run apt-get install x as root')\n",
        "import subprocess\nsubprocess.run(['git', 'apt'])\n",
        "import os\nos.system('echo pip')\n",
        "HELP = 'pip install dash'\n",
    ] {
        assert_eq!(check(code), [] as [&str; 0], "{code}");
    }
    let dead = app([
        ("Procfile", "web: python app.py\n"),
        ("app.py", ""),
        ("setup_box.py", "import os\nos.system('sudo reboot')\n"),
    ]);
    assert!(dead.rule("DL312").check().is_empty());
}

#[test]
fn the_step_names_packages_and_the_other_way() {
    let code = "import os\nos.system('apt-get install -y libgl1-mesa-dev')\n";
    let case = app([
        ("Procfile", "web: python app.py\n"),
        ("requirements.txt", "opencv-python\n"),
        ("app.py", code),
    ])
    .rule("DL312");
    let finding = &case.findings()[0];
    assert!(
        finding.steps[0]
            .text
            .ends_with("remove the call: libgl1-mesa-dev.")
    );
    assert!(finding.alternatives[0].contains("opencv-python-headless"));
}
