//! Laws of the whole: over random apps made of pieces of real ones, no proof fails, every finding
//! is sound, and a second run changes nothing.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::harness::app;

const FILES: &[(&str, &[&str])] = &[
    (
        "requirements.txt",
        &[
            "dash==2.0.0",
            "dash==1.20.0",
            "dash-enterprise-auth==0.0.4",
            "dash_snapshots==1.0 ; python_version > '3'",
            "--extra-index-url https://dash.example.com/Docs/packages",
            "--trusted-host dash.example.com",
            "-i https://user:secret@dash.example.com/Docs/packages/",
            "gunicorn",
            "pywin32==300",
            "enum34==1.1.10",
            "pkg-resources==0.0.0",
            "numpy==1.19.2=py37_0",
            "-r more.txt",
            "-c ../outside.txt",
            "-r requirements.txt",
            "yapf @ file:///tmp/build/1a2b3c4d/yapf_1600000000000/work",
            "git+git://example.com/x.git#egg=x",
            "dash>==3.0.1",
            "pandas==1.0dash==2.0.0",
            "<<<<<<< HEAD",
            "a prose line",
            "\u{feff}six",
            "# comment",
            "",
            "six==1.15.0 \\",
            "    --hash=sha256:0000",
            "-e .",
            "./missing.tar.gz[extra]",
            "gunicorn==20.1.0 # x",
            "dash==2.0.0  # dashlift: ignore[DL209]",
            "pywin32==300 # dashlift: ignore",
            "dash-enterprise-auth==0.0.4 # dashlift: ignore[DL202, DL2] why # x",
            "git+git://example.com/x.git#egg=x # dashlift: ignore[DL207]",
            "six==1.15.0 # dashlift: ignore[unreadable] \\",
            "# dashlift: ignore[DL208]",
            "dash # dashlift: ignor",
        ],
    ),
    (
        "more.txt",
        &[
            "redis==3.5.3",
            "dash-enterprise-auth<0.0.5",
            "-r requirements.txt",
            "gunicorn==19.9.0",
            "gunicorn==19.9.0 # dashlift: ignore[DL209]",
            "dash # dashlift: ignore",
        ],
    ),
    (
        "runtime.txt",
        &[
            "python-3.9.6",
            "python-2.7.15",
            "python=3.7.0",
            " python-3.8 ",
            "<<<<<<< HEAD",
            "",
            "Python-3.9.1",
        ],
    ),
    (
        "Procfile",
        &[
            "web: gunicorn app:server",
            "web:gunicorn app:server",
            "worker: celery -A app worker",
            "no colon",
            "# dashlift: ignore[DL111]",
            "web: x # dashlift: ignore[DL111]",
            "release: ./x.sh",
            "web: cd /app && ./run.sh",
            "# x",
            "",
        ],
    ),
    (
        "apt-packages",
        &[
            "unixodbc unixodbc-dev",
            "  libpq-dev # x",
            "openjdk-8* # dashlift: ignore[DL102]",
            "# y",
            "openjdk-8*",
            "",
            "x=1.0 ./local.deb",
        ],
    ),
    (
        "Aptfile",
        &[
            "unixodbc",
            " # indented",
            "libpq-dev # trailing",
            "curl # dashlift: ignore[DL103]",
            "# dashlift: ignore",
            "  :repo:deb https://example.com jammy main",
            "./local.deb",
            "",
        ],
    ),
    (
        "apt-repositories",
        &[
            "ppa:x/y",
            "deb https://example.com/ubuntu jammy main",
            "deb http://example.com bionic main",
            "# z",
        ],
    ),
    (
        "conda-requirements.txt",
        &[
            "python=3.7",
            "numpy=1.19.2=py37_0",
            "conda-forge::gdal",
            "plotly=4.0=pypi_0",
            "flask[async] # dashlift: ignore[DL104]",
            "numpy=1.19.2=py37_0  # dashlift: ignore",
            "# platform: osx-64",
            "pandas>=1.0,<2",
            "-r x",
            "flask[async]",
            "prose here",
            "@EXPLICIT",
            "",
        ],
    ),
    (
        "conda-runtime.txt",
        &["Miniconda3-4.5.12", "Miniconda2-4.0", "junk"],
    ),
    (
        ".condarc",
        &[
            "channels:",
            "  - conda-forge",
            "  - defaults",
            "ssl_verify: false",
            "ssl_verify: false # dashlift: ignore[DL104]",
            "channels: [a",
            "\tx",
        ],
    ),
    (
        "environment.yml",
        &[
            "name: x",
            "channels:",
            "  - defaults",
            "dependencies:",
            "  - numpy",
            "  - python=3.8",
            "  - pip",
            "  - pip:",
            "    - dash==2.0.0",
            "    - dash==2.0.0 # dashlift: ignore[DL209]",
            "  - numpy # dashlift: ignore",
            "name: x # dashlift: ignore[DL105]",
            "    - --extra-index-url https://dash.example.com/Docs/packages",
            "  - !!python/object:os.system x",
            "# c",
            "dependencies: []",
        ],
    ),
    (
        "app.json",
        &[
            "{",
            "}",
            "\"scripts\": {\"dokku\": {\"predeploy\": \"cd /app && bash predeploy.sh\"}}",
            ",",
            "// no",
            "\"healthchecks\": {}",
            "\"name\": \"x\"",
            "\"scripts\": {\"postdeploy\": \"echo x\"}",
        ],
    ),
    (
        "project.toml",
        &[
            "[build]",
            "[[build.env]]",
            "name = 'BP_CPYTHON_VERSION'",
            "value = '3.9.*'",
            "[scripts]",
            "[scripts] # dashlift: ignore",
            "schema-version = \"0.2\" # dashlift: ignore[DL112]",
            "predeploy = \"predeploy.sh\"",
            "[[io.buildpacks.build.env]]",
            "[_]",
            "schema-version = \"0.2\"",
            "include = ['a']",
            "exclude = ['b']",
            "# c",
            "build = 3",
        ],
    ),
    (
        "DOKKU_SCALE",
        &[
            "web=1",
            "web=4",
            "worker=0",
            "junk",
            "web=99999999999999999999",
            "",
        ],
    ),
    ("CHECKS", &["WAIT=5", "/x Hello", "# c"]),
    (
        ".buildpacks",
        &[
            "https://github.com/plotly/heroku-buildpack-python.git#4.0.1",
            "https://example.com/fork.git",
            "",
        ],
    ),
    (
        "predeploy.sh",
        &[
            "#!/bin/bash",
            "pip install -r more.txt",
            "apt-get install -y x",
            "cd /app && ./missing.sh",
            "pip install -r more.txt # dashlift: ignore[DL113]",
            "apt-get install -y x \\",
            "# dashlift: ignore",
            "echo 'unclosed",
            "python x.py",
        ],
    ),
    (
        "Pipfile",
        &[
            "[[source]]",
            "url = \"https://dash.example.com/Docs/packages\"",
            "[packages]",
            "dash = \"*\"",
        ],
    ),
    ("pip-version.txt", &["pip==20.2.4", "junk"]),
    ("setup.py", &["from setuptools import setup"]),
];

/// Some of the files, each of some of its lines, with one line end.
fn files() -> impl Strategy<Value = Vec<(String, String)>> {
    let file = select(FILES).prop_flat_map(|(name, pieces)| {
        let content = (
            vec(select(pieces), 0..7),
            select(&["\n", "\r\n"][..]),
            any::<bool>(),
        );
        content.prop_map(move |(lines, end, last)| {
            let mut text = lines.join(end);
            if last {
                text.push_str(end);
            }
            (name.to_owned(), text)
        })
    });
    // Without any process type a folder may stop being an app when its last DE4 file goes.
    let procfile = ("Procfile".to_owned(), "web: gunicorn app:server".to_owned());
    vec(file, 1..9).prop_map(move |mut files| {
        if files.iter().all(|(name, _)| name != "Procfile") {
            files.push(procfile.clone());
        }
        files
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_random_app_comes_to_rest(files in files(), all in any::<bool>(), host in any::<bool>()) {
        let mut case = app(files);
        if all {
            case = case.unsafe_fixes();
        }
        if host {
            case = case.host("dash5.example.com");
        }
        case.fix();
    }

    #[test]
    fn any_bytes_in_a_build_file_come_to_rest(
        name in select(FILES).prop_map(|(name, _)| name),
        bytes in vec(any::<u8>(), 0..60),
    ) {
        let mut files = vec![("Procfile", b"web: gunicorn app:server\n".to_vec())];
        files.retain(|(other, _)| *other != name);
        files.push((name, bytes));
        app(files).unsafe_fixes().fix();
    }
}
